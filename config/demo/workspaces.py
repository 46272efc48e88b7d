"""The two demo workspaces, their members and what is written into demo.json."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.timezone import now

from api.keys.models import ApiKey
from api.keys.operations import create_key
from config.demo.cast import DEMOS, Demo, Group, Person
from core.actors import Actor
from core.isolation.scope import Workspace, bind_workspace, control_plane
from core.secret_hashes import hash_of
from crm.customers.models.companies import Company
from crm.home.samples.customers import fill_with_customers, owners_of_customers
from tenants.members.models import Role, Team, User
from tenants.members.operations.joining import add_member
from tenants.members.operations.own import update_profile
from tenants.members.operations.teams import create_team
from tenants.provisioning.operations import UnknownWorkspace, find_tenant, open_workspace

COMPANIES = 1200
PASSWORD = "atrium-demo-2026"  # noqa: S105  printed at every start


def prepare_demos(*, companies: int = COMPANIES) -> None:
    """Create the demo workspaces that are missing, fill them, and write demo.json."""
    kept = _kept_keys()
    entries = [_entry(demo, kept.get(demo.wanted.slug, ""), companies) for demo in DEMOS]
    _write(
        {
            "public_url": settings.PUBLIC_URL,
            "database_url": settings.DATABASE_URLS.application,
            "workspaces": entries,
        }
    )


def _entry(demo: Demo, kept_key: str, companies: int) -> dict[str, Any]:
    workspace = _open(demo)
    with bind_workspace(workspace):
        fill_demo(demo, companies=companies)
        with transaction.atomic():
            key = kept_key if _is_usable(kept_key) else _new_key(demo)
    return {
        "slug": workspace.slug,
        "name": workspace.name,
        "url": workspace.url,
        "language": workspace.language,
        "members": [
            {"email": person.email, "password": PASSWORD, "role": str(person.role)}
            for person in demo.people
        ],
        "api_key": key,
    }


def _open(demo: Demo) -> Workspace:
    try:
        tenant = find_tenant(demo.wanted.slug)
    except UnknownWorkspace:
        return open_workspace(demo.wanted, password=PASSWORD)
    with control_plane("read a demo workspace"), transaction.atomic():
        return tenant.as_workspace()


def fill_demo(demo: Demo, *, companies: int) -> None:
    """Give the bound workspace the demo's people and teams, and an empty one its customers."""
    with transaction.atomic():
        members = {person.email: _member(person, demo) for person in demo.people}
        for group in demo.groups:
            _team(group, members, actor=members[demo.wanted.email].as_actor())
        owners = owners_of_customers()
        is_empty = not Company.objects.exists()
    if is_empty:
        fill_with_customers(companies=companies, owners=owners, language=demo.wanted.language)


def _member(person: Person, demo: Demo) -> User:
    found = User.objects.select_related("role").filter(email=person.email).first()
    if found is None:
        return add_member(
            email=person.email,
            password_hash=make_password(PASSWORD),
            role=Role.objects.get(key=person.role),
            language=demo.wanted.language,
            time_zone=demo.wanted.time_zone,
            given_name=person.given_name,
            family_name=person.family_name,
        )
    if not found.given_name:
        names = {"given_name": person.given_name, "family_name": person.family_name}
        return update_profile(found, changes=names, actor=found.as_actor())
    return found


def _team(group: Group, members: Mapping[str, User], *, actor: Actor) -> None:
    """Make the team unless it is there; the one it lies under comes before it."""
    if Team.objects.filter(name=group.name).exists():
        return
    create_team(
        name=group.name,
        parent=Team.objects.filter(name=group.part_of).first(),
        manager=members[group.manager],
        members=[members[email].pk for email in group.members],
        actor=actor,
    )


def _is_usable(secret: str) -> bool:
    return ApiKey.objects.usable(at=now()).filter(secret_hash=hash_of(secret)).exists()


def _new_key(demo: Demo) -> str:
    admin = User.objects.select_related("role").get(email=demo.wanted.email)
    _key, secret = create_key(actor=admin.as_actor(), name="Demo")
    return secret


def path() -> Path:
    return Path(settings.HOME) / "demo.json"


def _kept_keys() -> dict[str, str]:
    if not path().exists():
        return {}
    kept = json.loads(path().read_text(encoding="utf-8"))
    return {entry["slug"]: entry["api_key"] for entry in kept["workspaces"]}


def _write(content: dict[str, Any]) -> None:
    path().touch(mode=0o600)
    path().write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
