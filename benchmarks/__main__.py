"""`make bench`: one table, printed and written to benchmarks/README.md."""

import argparse
import os
import platform
import shutil
import sys
from pathlib import Path

os.environ.setdefault("ATRIUM_ENV", "development")
os.environ.setdefault("ATRIUM_HOME", "var/bench")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")
HOME = Path(os.environ["ATRIUM_HOME"])
README = Path(__file__).parent / "README.md"


def main() -> None:
    arguments = _arguments()
    # A benchmark begins with an empty server; another run's leftovers would count.
    shutil.rmtree(HOME, ignore_errors=True)
    from config import embedded

    embedded.start()
    import django

    django.setup()
    from benchmarks.report import as_markdown, as_text, replace_part
    from benchmarks.suite import run

    if arguments.contacts:
        from benchmarks.scale import as_lines
        from benchmarks.suite import run_at_scale

        lines = as_lines(*run_at_scale(HOME, arguments.contacts, workspaces=arguments.workspaces))
        print("\n".join(lines))
        if arguments.write:
            replace_part(README, lines, machine=_machine())
        return
    rows = run(companies=arguments.companies, workspaces=arguments.workspaces)
    print(as_text(rows))
    if arguments.write:
        text = as_markdown(rows, machine=_machine(), arguments=arguments)
        replace_part(README, text=text)
    if arguments.strict and not all(row.is_within for row in rows):
        sys.exit("Some figures are past what is allowed.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the product beside the bare database.")
    parser.add_argument(
        "--companies", type=int, default=41_700, help="about 2.4 contacts each: 100,000"
    )
    parser.add_argument("--workspaces", type=int, default=200)
    parser.add_argument(
        "--contacts", type=int, nargs="*", help="measure many customers instead: 100000 1000000"
    )
    parser.add_argument("--strict", action="store_true", help="fail when a ratio is missed")
    parser.add_argument("--write", action="store_true", help="write benchmarks/README.md")
    return parser.parse_args()


def _machine() -> str:
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"


if __name__ == "__main__":
    main()
