"""Many customers: what is asked most, at a hundred thousand and a million contacts, and the heavy work."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from benchmarks.crowd import write_file
from benchmarks.doors import Doors, Latency, Question, at_once, one_after_another
from benchmarks.measuring import Row
from benchmarks.report import as_table
from benchmarks.servers import Site, database_environment, serving
from core.isolation.scope import Workspace, bind_workspace
from crm.customers.models.contacts import Contact
from crm.customers.models.labels import LifecycleStage
from crm.customers.operations.contacts import update_contact
from tenants.members.models import User

PORT = 8793
HEAVY = "import django; django.setup(); from benchmarks.heavy import main; main()"
UNLIMITED = "1000000/min"
TIMES, CLIENTS, SECONDS = 30, 8, 3.0


@dataclass(frozen=True, slots=True)
class Asked:
    """How one question fared among so many contacts and workspaces."""

    question: Question
    contacts: int
    workspaces: int
    statements: int
    alone: Latency
    together: Latency


@dataclass(frozen=True, slots=True)
class Done:
    """What one heavy piece of work took."""

    name: str
    rows: int
    seconds: float
    peak_mb: float

    @property
    def rate(self) -> float:
        return self.rows / self.seconds


def do(name: str, workspace: Workspace, argument: str, *, told: str) -> Done:
    """Do a piece of work in a process of its own."""
    command = [sys.executable, "-c", HEAVY, name, workspace.slug, argument]
    answer = subprocess.run(
        command, env=database_environment(), cwd=settings.BASE_DIR, check=True, capture_output=True
    )
    return Done(told, **json.loads(answer.stdout.splitlines()[-1]))


def import_crowd(workspace: Workspace, home: Path, *, count: int) -> Done:
    """Import so many people, creating the companies they name on the way."""
    path = home / "crowd.csv"
    write_file(path, count=count)
    return do("import", workspace, str(path), told="import with companies created and linked")


def heavy_work(workspace: Workspace) -> list[Done]:
    """Change every contact at once, then export them all."""
    return [
        do("bulk", workspace, "all", told="bulk edit, journalled, with undo"),
        do("export", workspace, "csv", told="export to CSV"),
        do("export", workspace, "xlsx", told="export to XLSX"),
    ]


def fill_up(workspace: Workspace, *, first: int, last: int) -> None:
    """Add more people, with two processes."""
    middle = (first + last) // 2
    commands = [
        [sys.executable, "-c", HEAVY, "fill", workspace.slug, f"{begin}-{end}"]
        for begin, end in ((first, middle), (middle, last))
    ]
    running = [
        subprocess.Popen(
            command, env=database_environment(), cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL
        )
        for command in commands
    ]
    if any(process.wait() for process in running):
        raise RuntimeError("Filling the workspace failed.")


def ask_everything(workspace: Workspace, *, workspaces: int) -> list[Asked]:
    """Measure every question at one client and at several."""
    person, count = _example(workspace)
    doors = Doors(workspace, PORT)
    questions = doors.questions(person)
    statements = [doors.statements(question) for question in questions]
    connections.close_all()
    # Nobody calls so often; what is measured is not the limit of calls.
    with serving("config.wsgi:application", port=PORT, workers=2, API_RATE=UNLIMITED):
        return [
            _asked(doors, question, count, workspaces, number)
            for question, number in zip(questions, statements, strict=True)
        ]


def _asked(
    doors: Doors, question: Question, contacts: int, workspaces: int, statements: int
) -> Asked:
    def connect() -> Site:
        return doors.site(question)

    alone = one_after_another(connect(), question, times=TIMES)
    together = at_once(connect, question, clients=CLIENTS, seconds=SECONDS)
    return Asked(question, contacts, workspaces, statements, alone, together)


def _example(workspace: Workspace) -> tuple[dict[str, Any], int]:
    """Return one of the people, put into a stage of a few hundred, and how many there are."""
    with bind_workspace(workspace), transaction.atomic():
        stage = LifecycleStage.objects.get(key="customer")
        actor = User.objects.select_related("role").order_by("joined_at")[0].as_actor()
        some = list(Contact.objects.order_by("pk")[:300])
        for each in some:
            if each.lifecycle_stage_id != stage.pk:
                update_contact(each, actor=actor, changes={"lifecycle_stage": stage.pk})
        count = Contact.objects.count()
        person = {"id": some[0].pk, "family_name": some[0].family_name, "stage": str(stage.pk)}
    return person, count


def as_lines(asked: Sequence[Asked], done: Sequence[Done], rights: Sequence[Row]) -> list[str]:
    """Return the tables in Markdown."""
    return [
        "| what | door | contacts | workspaces | statements | p50 / p95, one client | p50 / p95, eight clients | answers/s |",
        "|---|---|---|---|---|---|---|---|",
        *map(_line, asked),
        "",
        *_growth(asked),
        "",
        "| heavy work | rows | seconds | rows/s | most memory |",
        "|---|---|---|---|---|",
        *(
            f"| {each.name} | {each.rows:,} | {each.seconds:,.0f} | {each.rate:,.0f} | {each.peak_mb:,.0f} MB |"
            for each in done
        ),
        "",
        f"A list of 50 that shows some of {asked[-1].contacts:,} contacts, by rights; the bare database shows all:",
        "",
        *as_table(rights),
    ]


def _growth(asked: Sequence[Asked]) -> Iterator[str]:
    """Say how the middle answer of each question grows with contacts and with workspaces."""
    yield (
        "| p50 at one client | door | most contacts beside fewest (2x allowed) "
        "| most workspaces beside fewest (1.3x allowed) |"
    )
    yield "|---|---|---|---|"
    kinds: dict[tuple[str, str], list[Asked]] = {}
    for each in asked:
        kinds.setdefault((each.question.name, each.question.door), []).append(each)
    for (name, door), answers in kinds.items():
        few, many, most = answers[0], answers[1], answers[-1]
        crowded = most.alone.median / many.alone.median
        neighbours = many.alone.median / few.alone.median
        yield f"| {name} | {door} | {crowded:.1f}x | {neighbours:.1f}x |"


def _line(each: Asked) -> str:
    alone, together = each.alone, each.together
    return (
        f"| {each.question.name} | {each.question.door} | {each.contacts:,} | {each.workspaces} | {each.statements} "
        f"| {alone.median:.1f} / {alone.p95:.1f} ms | {together.median:.0f} / {together.p95:.0f} ms "
        f"| {together.per_second:,.0f} |"
    )
