"""What people and programs ask for, through both doors: the same questions, measured alike."""

import json
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api.keys.operations import create_key
from benchmarks.servers import Site, session_headers
from core.isolation.scope import Workspace, bind_workspace
from core.records.registry import record_type_named
from crm.views.operations import create_view
from tenants.members.models import User

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
WARM_UP = 3


@dataclass(frozen=True, slots=True)
class Question:
    """One request: what it is called, and how it is sent."""

    name: str
    door: str
    method: str
    path: str
    body: str = ""
    expected: int = 200


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds at the middle and near the end, and answers per second."""

    median: float
    p95: float
    per_second: float = 0.0


class Doors:
    """A workspace's API and pages, with a member who is logged in to both."""

    def __init__(self, workspace: Workspace, port: int) -> None:
        self.workspace, self.port = workspace, port
        self.host = f"{workspace.slug}.localhost"
        self.browser, self.program = Client(HTTP_HOST=self.host), Client(HTTP_HOST=self.host)
        with bind_workspace(workspace), transaction.atomic():
            self.member = User.objects.select_related("role").order_by("joined_at")[0]
            _key, self.secret = create_key(actor=self.member.as_actor(), name="bench")
            self.browser.force_login(self.member)
        connections.close_all()

    def questions(self, person: dict[str, Any]) -> list[Question]:
        """Return what is measured: reads and one small write, about this person's kind of people."""
        return [*self._asked("API", person), *self._asked("page", person)]

    def _asked(self, door: str, person: dict[str, Any]) -> Iterator[Question]:
        home, sort = ("/api/v1/contacts/", "ordering") if door == "API" else ("/contacts/", "sort")
        pk, family, stage = person["id"], person["family_name"], person["stage"]
        lists = {
            "list": {"lifecycle_stage": stage, sort: "name"},
            "filter": {
                "filter": f"or(title:contains:director,owner:any:me),lifecycle_stage:any:{stage}"
            },
        }
        for name, asked in lists.items():
            yield Question(name, door, "GET", f"{home}?{urlencode(asked)}")
        everywhere = "/api/v1/search/" if door == "API" else "/search/"
        yield Question("search", door, "GET", f"{everywhere}?{urlencode({'q': family[:3]})}")
        if door == "page":
            yield Question("saved view", door, "GET", f"{home}?view={self._view(stage)}")
        yield Question("open", door, "GET", f"{home}{pk}/")
        if door == "API":
            body = json.dumps({"title": "Director of Operations"})
            yield Question("edit", door, "PATCH", f"{home}{pk}/", body)
        else:
            body = urlencode({"title": "Director of Operations", "form": "field"})
            yield Question("edit", door, "POST", f"{home}{pk}/field/title/", body)

    def _view(self, stage: str) -> str:
        with bind_workspace(self.workspace), transaction.atomic():
            record_type = record_type_named("contact")
            name = record_type.name if record_type else ""
            query = urlencode({"filter": f"lifecycle_stage:any:{stage}", "sort": "name"})
            view = create_view(
                actor=self.member.as_actor(), record_type=name, name="Bench", query=query
            )
        connections.close_all()
        return str(view.pk)

    def site(self, question: Question) -> Site:
        """Return a connection of its own to this question's door."""
        if question.door == "API":
            headers = {
                "Host": self.host,
                "Authorization": f"Bearer {self.secret}",
                "Content-Type": "application/json",
            }
            return Site(self.port, headers)
        headers = session_headers(self.host, self.browser.cookies)
        token = self.browser.cookies.get("__Host-csrf")
        csrf = {"X-CSRFToken": token.value} if token else {}
        # Whole pages are read; only a cell that is edited is answered alone.
        part = {"HX-Request": "true"} if question.method == "POST" else {}
        return Site(self.port, {**headers, **FORM, **csrf, **part})

    def statements(self, question: Question) -> int:
        """Return how many statements the answer takes, asked in this process."""
        options: dict[str, Any] = {"HTTP_HOST": self.host}
        if question.door == "API":
            options |= {"HTTP_AUTHORIZATION": f"Bearer {self.secret}"}
        ask = partial(self._ask_here, question, options)
        ask()
        with CaptureQueriesContext(connection) as asked:
            ask()
        return len([each for each in asked.captured_queries if _is_counted(each["sql"])])

    def _ask_here(self, question: Question, options: dict[str, Any]) -> None:
        kind = "application/json" if question.door == "API" else FORM["Content-Type"]
        # A program has a key and no session; one that had both would be asked who it is twice.
        caller = self.program if question.door == "API" else self.browser
        caller.generic(question.method, question.path, question.body, kind, **options)


def _is_counted(sql: str) -> bool:
    return not sql.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))


def one_after_another(site: Site, question: Question, *, times: int) -> Latency:
    """Return the latency one client sees."""
    ask = partial(site.send, question.method, question.path, question.body, question.expected)
    for _turn in range(WARM_UP):
        ask()
    return _latency([_milliseconds(ask) for _turn in range(times)])


def at_once(
    connect: Callable[[], Site], question: Question, *, clients: int, seconds: float
) -> Latency:
    """Return the latency each of several clients sees, and how many answers they get together."""
    taken: list[float] = []
    until = time.perf_counter() + seconds

    def ask_on() -> None:
        site = connect()
        ask = partial(site.send, question.method, question.path, question.body, question.expected)
        while time.perf_counter() < until:
            taken.append(_milliseconds(ask))

    threads = [threading.Thread(target=ask_on) for _client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return _latency(taken, per_second=len(taken) / seconds)


def _milliseconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000


def _latency(taken: list[float], *, per_second: float = 0.0) -> Latency:
    if len(taken) < 2:
        return Latency(taken[0] if taken else 0.0, taken[0] if taken else 0.0, per_second)
    return Latency(statistics.median(taken), statistics.quantiles(taken, n=20)[-1], per_second)
