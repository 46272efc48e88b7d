"""The table, for a terminal and for benchmarks/README.md."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measuring import Row

HEADS = ("what", "measured", "bare database", "ratio", "allowed", "")


SCALE = "## Many customers"


def replace_part(
    path: Path, lines: Sequence[str] = (), *, text: str = "", machine: str = ""
) -> None:
    """Write one part of the page anew and keep the other: ratios above, many customers below."""
    known = path.read_text(encoding="utf-8") if path.exists() else ""
    above, _, below = known.partition(SCALE)
    if lines:
        told = f"Measured on {datetime.now(tz=UTC):%Y-%m-%d}: {machine}; two processes serve."
        below = "\n".join(["", "", told, "", *lines, ""])
    path.write_text(
        f"{text or above.rstrip()}\n{SCALE}{below}" if below else text, encoding="utf-8"
    )


def _cells(row: Row) -> tuple[str, ...]:
    baseline = f"{row.baseline:,.2f} {row.unit}" if row.baseline else ""
    ratio = f"{row.ratio:.1f}x" if row.ratio else ""
    allowed = f"{row.allowed:g}x" if row.allowed else ""
    if row.allowed_value is not None:
        allowed = f"{row.allowed_value:g} {row.unit}"
    return (
        row.name,
        f"{row.value:,.2f} {row.unit}",
        baseline,
        ratio,
        allowed,
        "" if row.is_within else "missed",
    )


def as_text(rows: Sequence[Row]) -> str:
    """Return the table with columns in line."""
    cells = [HEADS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADS))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )


def as_markdown(rows: Sequence[Row], *, machine: str, arguments: argparse.Namespace) -> str:
    """Return benchmarks/README.md."""
    lines = [
        "# Benchmarks",
        "",
        "`make bench` measures the product beside psycopg doing the same work on plain tables in the same run, "
        "in one process and without a network between. Absolute times drift from machine to machine; the ratios are what counts. "
        "Nothing here is part of the tests.",
        "",
        f"Measured on {datetime.now(tz=UTC):%Y-%m-%d}: {machine}; {arguments.companies} companies with their contacts, "
        f"{arguments.workspaces} workspaces.",
        "",
        *as_table(rows),
        "",
    ]
    return "\n".join(lines)


def as_table(rows: Sequence[Row]) -> list[str]:
    """Return the rows as a table in Markdown."""
    lines = (HEADS, *map(_cells, rows))
    head, *body = ("| " + " | ".join(line) + " |" for line in lines)
    return [head, "|" + "---|" * len(HEADS), *body]
