"""List, search, open and create through the API and the pages, beside the limit, all over HTTP."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db import connections, transaction
from django.test import Client

from api.keys.operations import create_key
from benchmarks.measuring import Row, medians_ms
from benchmarks.people import Databases, fill_limit, settle
from benchmarks.servers import Site, serving, session_headers
from benchmarks.staff import hire
from core.isolation.scope import Workspace, bind_workspace
from tenants.members.models import User

TIMES = 60
LIMIT_PORT, OUR_PORT = 8791, 8792
PERSON = json.dumps(
    {
        "given_name": "Margaret",
        "family_name": "Thompson",
        "emails": [{"email": "margaret@example.com", "label": "work", "primary": True}],
        "phones": [{"number": "+442079460123", "label": "work", "primary": True}],
    }
)


def measure_requests(workspace: Workspace, databases: Databases) -> list[Row]:
    """Return a row for each operation, median at one client."""
    with bind_workspace(workspace):
        person = fill_limit(databases)
        api, page = _sites(workspace)
    connections.close_all()
    settle(databases)
    limit = Site(LIMIT_PORT, {"Content-Type": "application/json"})
    with (
        serving("benchmarks.limit:application", port=LIMIT_PORT, LIMIT_URL=databases.limit),
        serving("config.wsgi:application", port=OUR_PORT),
    ):
        return [*_reads(limit, api, page, person), *_writes(limit, api)]


def measure_rights(workspace: Workspace, databases: Databases) -> list[Row]:
    """Return what a list takes whom only some of the records are shown, beside the limit that shows all."""
    staff = hire(workspace)
    with bind_workspace(workspace):
        person = fill_limit(databases)
        sites = {name: _sites(workspace, member) for name, member in staff._asdict().items()}
    connections.close_all()
    settle(databases)
    limit = Site(LIMIT_PORT, {"Content-Type": "application/json"})
    rows: list[Row] = []
    with (
        serving("benchmarks.limit:application", port=LIMIT_PORT, LIMIT_URL=databases.limit),
        serving("config.wsgi:application", port=OUR_PORT),
    ):
        for name, (api, page) in sites.items():
            rows += _listed(limit, api, page, person["stage"], SEEN_BY[name])
    return rows


# What is shown to whom, as the table says it.
SEEN_BY = {
    "rep": "the same for a rep among 200 members: those of 10 in one of 20 teams",
    "lead": "the same for a lead: those of 50 in five of 20 teams",
}


def _sites(workspace: Workspace, member: User | None = None) -> tuple[Site, Site]:
    host = f"{workspace.slug}.localhost"
    browser = Client(HTTP_HOST=host)
    with transaction.atomic():
        admin = User.objects.select_related("role").order_by("joined_at")[0]
        caller = member or admin
        # Reps make no keys of their own; theirs is as good as one an admin allowed.
        holder = replace(admin.as_actor(), user_id=caller.pk)
        _key, secret = create_key(actor=holder, name="bench")
        browser.force_login(caller)
    headers = {
        "Host": host,
        "Authorization": f"Bearer {secret}",
        "Content-Type": "application/json",
    }
    return Site(OUR_PORT, headers), Site(OUR_PORT, session_headers(host, browser.cookies))


def _reads(limit: Site, api: Site, page: Site, person: dict[str, Any]) -> list[Row]:
    stage, identity = person["stage"], person["id"]
    return [
        *_listed(limit, api, page, stage, "list of 50, filtered, sorted, counted"),
        *_searches(limit, api, page, person["family_name"][:3]),
        *_compared(
            "open a contact",
            partial(limit.ask, f"/open?id={identity}"),
            (partial(api.ask, f"/api/v1/contacts/{identity}/"), 15),
            (partial(page.ask, f"/contacts/{identity}/"), 25),
        ),
    ]


def _listed(limit: Site, api: Site, page: Site, stage: str, name: str) -> list[Row]:
    listing = urlencode({"lifecycle_stage": stage, "ordering": "name"})
    shown = urlencode({"lifecycle_stage": stage, "sort": "name", "size": 50})
    return _compared(
        name,
        partial(limit.ask, f"/list?{urlencode({'stage': stage})}"),
        (partial(api.ask, f"/api/v1/contacts/?{listing}"), 10),
        (partial(page.ask, f"/contacts/?{shown}"), 20),
    )


def _searches(limit: Site, api: Site, page: Site, beginning: str) -> list[Row]:
    """Measure the search over everything, and a list that was searched."""
    search, listing = urlencode({"q": beginning}), urlencode({"search": beginning})
    bare = partial(limit.ask, f"/search?{search}")
    return [
        *_compared(
            "search by the beginning of a name",
            bare,
            (partial(api.ask, f"/api/v1/search/?{search}"), 6),
            (partial(page.ask, f"/search/?{search}"), 12),
        ),
        *_compared(
            "list of 50 found by the beginning of a name",
            bare,
            (partial(api.ask, f"/api/v1/contacts/?{listing}"), 10),
            (partial(page.ask, f"/contacts/?{listing}"), 20),
        ),
    ]


def _writes(limit: Site, api: Site) -> list[Row]:
    bare = partial(limit.tell, "/create", PERSON, expected=200)
    return _compared("create a contact", bare, (partial(api.tell, "/api/v1/contacts/", PERSON), 10))


def _compared(
    name: str, bare: Callable[[], bytes], *ours: tuple[Callable[[], bytes], float]
) -> list[Row]:
    baseline, *taken = medians_ms([bare, *(action for action, _allowed in ours)], times=TIMES)
    return [
        Row(f"{door}: {name}", value, baseline=baseline, allowed=allowed)
        for door, value, (_action, allowed) in zip(("API", "page"), taken, ours, strict=False)
    ]
