"""Each special right is needed for what it names and enough for it: tried without it, and with it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from api.keys.models import ApiKey
from core.events.models import Event
from core.permissions import all_permissions, for_owners, permissions
from crm.customers.models.companies import Company
from crm.customers.models.labels import LifecycleStage, Tag
from crm.customers.operations.contacts import create_contact
from crm.files.models import Attachment
from crm.files.operations import add_file
from crm.history.models import ChangeSet
from crm.notes.models import Note
from crm.notes.operations import add_note
from crm.views.models import SavedView
from crm.views.operations import create_view
from tenants.members.models import Invitation, LoginPolicy, Role, Team, User
from tenants.members.models.viewing import Viewing
from tests.conftest import make_member, nothing_written

API = "/api/v1/"
SEE = "customers.view_contact"
# What is taken back is changed, or deleted, by whoever takes it back.
UNDOING = frozenset(
    f"customers.{verb}_{kind}"
    for verb in ("view", "change", "delete")
    for kind in ("contact", "company")
)
WRITTEN = (
    User, Role, Team, Invitation, LoginPolicy, Viewing, ApiKey, ChangeSet, Note, Attachment,
    SavedView, Event,
)  # fmt: skip


class Try(NamedTuple):
    """A request that takes a right, and the other rights it takes besides."""

    method: str
    address: str
    body: Any = None
    beside: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Files:
    """A body that is sent as a form with a file."""

    values: Mapping[str, Any]


def of_note(name):
    return Try("patch", f"{API}notes/{{{name}}}/", {"html": "<p>Other</p>"}, frozenset({SEE}))


# What stands in braces is the id of something in the fixture `things`.
TRIES = {
    "members.manage_members": Try(
        "post", f"{API}invitations/", {"emails": ["ina@acme.test"], "role": "{empty}"}
    ),
    "members.manage_roles": Try("post", f"{API}roles/", {"name": "Scouts"}),
    "members.manage_teams": Try("post", f"{API}teams/", {"name": "North"}),
    "members.manage_service_accounts": Try(
        "post", f"{API}service-accounts/", {"name": "Ledger", "role": "{empty}"}
    ),
    "members.view_as": Try("post", "/settings/members/{colleague}/view-as/"),
    "members.change_security": Try("patch", f"{API}security-policy/", {"password_length": 16}),
    # Nobody but owners has it, and whoever gives the ownership gives every right.
    "members.transfer_ownership": Try(
        "post", f"{API}members/{{colleague}}/transfer-ownership/", {}, all_permissions()
    ),
    "keys.add_key": Try("post", f"{API}api-keys/", {"name": "Feed"}),
    "keys.revoke_key": Try("delete", f"{API}api-keys/{{own_key}}/"),
    "keys.manage_keys": Try(
        "delete", f"{API}api-keys/{{key}}/", {}, frozenset({"keys.revoke_key"})
    ),
    "history.undo": Try("post", f"{API}history/{{own_set}}/undo/", {}, UNDOING),
    "history.undo_others": Try(
        "post", f"{API}history/{{set}}/undo/", {},
        UNDOING | {"history.undo", "history.view_others"},
    ),
    "history.view_others": Try("get", f"{API}history/{{set}}/"),
    "views.add_view": Try(
        "post", f"{API}views/", {"record_type": "contact", "name": "New"}, frozenset({SEE})
    ),
    "views.change_view": Try(
        "patch", f"{API}views/{{own_view}}/", {"name": "New"}, frozenset({SEE})
    ),
    "views.delete_view": Try("delete", f"{API}views/{{own_view}}/"),
    "views.share_view": Try("patch", f"{API}views/{{own_view}}/", {"is_shared": True}),
    "views.set_default_view": Try("patch", f"{API}views/{{view}}/", {"is_default": True}),
    "notes.add_note": Try(
        "post", f"{API}notes/",
        {"record_type": "contact", "record_id": "{contact}", "html": "<p>New</p>"},
        frozenset({SEE}),
    ),
    "notes.change_note": of_note("own_note"),
    "notes.delete_note": Try("delete", f"{API}notes/{{own_note}}/", {}, frozenset({SEE})),
    "notes.change_any_note": of_note("note")._replace(beside=frozenset({SEE, "notes.change_note"})),
    "files.add_file": Try(
        "post", f"{API}files/", Files({"record_type": "contact", "record_id": "{contact}"}),
        frozenset({SEE}),
    ),
    "files.delete_file": Try("delete", f"{API}files/{{own_file}}/", {}, frozenset({SEE})),
    "files.delete_any_file": Try(
        "delete", f"{API}files/{{file}}/", {}, frozenset({SEE, "files.delete_file"})
    ),
}  # fmt: skip
# Asked for by an import that brings a word nobody used before: the column, and what is made of it.
WORDS = {"customers.add_tag": ("tags", Tag), "customers.add_stage": ("stage", LifecycleStage)}
IMPORTING = {"customers.import_company", "customers.add_company", "customers.view_company"}


@pytest.fixture(autouse=True)
def stored(tmp_path, settings):
    """A folder for files, empty at first."""
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


@pytest.fixture
def me():
    """Who tries; what they may do is said by the test."""
    return make_member("me@acme.test", Role.Key.VIEWER)


@pytest.fixture
def allow(me):
    """Have who tries be allowed exactly this."""

    def give(rights):
        role = Role.objects.create(name="Tried", grants=sorted(rights))
        User.objects.filter(pk=me.pk).update(role=role)
        return User.objects.select_related("role").get(pk=me.pk)

    return give


@pytest.fixture
def things(alice, me):
    """What the requests are about: of who tries, and of somebody else."""
    hers = alice.as_actor()
    mine = replace(hers, id=me.pk, user_id=me.pk)
    contact = create_contact(actor=hers, given_name="Ada")
    empty = Role.objects.create(name="Nothing")
    colleague = make_member("cole@acme.test", Role.Key.VIEWER)
    User.objects.filter(pk=colleague.pk).update(role=empty)
    made = {"contact": contact, "empty": empty, "colleague": colleague}
    for prefix, actor, user in (("own_", mine, me), ("", hers, alice)):
        made[f"{prefix}key"] = ApiKey.objects.create(user=user, name="Feed", secret_hash=user.email)
        made[f"{prefix}set"] = ChangeSet.objects.create(
            kind="edit", record_type="contact", owner=user, state="done", updated=1
        )
        made[f"{prefix}note"] = add_note(contact, html="<p>Hello</p>", actor=actor)
        made[f"{prefix}file"] = add_file(contact, name="a.txt", chunks=[b"Hello"], actor=actor)
        made[f"{prefix}view"] = create_view(
            actor=actor, record_type="contact", name=f"View{prefix}", is_shared=not prefix
        )
    return {name: str(each.pk) for name, each in made.items()}


def ask(visitor, name, things):
    """Send the request that takes this right."""
    method, address, body, _beside = TRIES[name]
    values = body.values if isinstance(body, Files) else body or {}
    said = {
        key: value.format(**things) if isinstance(value, str) else value
        for key, value in values.items()
    }
    send, address = getattr(visitor, method), address.format(**things)
    if isinstance(body, Files):
        return send(address, {**said, "file": SimpleUploadedFile("b.txt", b"Hello")})
    if method == "get" or not address.startswith(API):
        return send(address, said)
    return send(address, json.dumps(said), content_type="application/json")


@pytest.mark.parametrize("name", TRIES)
def test_without_it_nobody_does_it(as_member, allow, things, name):
    visitor = as_member(allow(all_permissions() - for_owners() - {name}))

    with nothing_written(*WRITTEN):
        answer = ask(visitor, name, things)

    assert answer.status_code in (403, 404)


@pytest.mark.parametrize("name", TRIES)
def test_with_it_alone_it_is_done(as_member, allow, things, name):
    visitor = as_member(allow({name} | TRIES[name].beside))

    answer = ask(visitor, name, things)

    assert answer.status_code in (200, 201, 202, 204, 302), answer.content


def bring(visitor, column, work):
    """Bring a company whose tag or stage nobody used before; return whether it came in."""
    file = SimpleUploadedFile("firms.csv", f"name,{column}\nInitech,Dormant\n".encode())
    url = visitor.post(f"{API}imports/", {"record_type": "company", "file": file}).json()["id"]
    url = f"{API}imports/{url}/"
    options = {"options": {"mode": "create", "creates_options": True}}
    assert visitor.patch(url, options, content_type="application/json").status_code == 200
    assert visitor.post(f"{url}check/").status_code == 200
    visitor.post(f"{url}run/")
    work()
    return Company.objects.exists()


@pytest.mark.parametrize("name", WORDS)
def test_without_it_no_import_makes_a_new_word(as_member, allow, work, name):
    column, model = WORDS[name]
    visitor = as_member(allow(all_permissions() - for_owners() - {name}))

    with nothing_written(model):
        assert not bring(visitor, column, work)


@pytest.mark.parametrize("name", WORDS)
def test_with_it_an_import_makes_one(as_member, allow, work, name):
    column, model = WORDS[name]

    assert bring(as_member(allow({name} | IMPORTING)), column, work)

    assert model.objects.filter(own_name="Dormant").exists()


def test_every_special_right_is_tried():
    special = {each.name for each in permissions() if not each.verb}

    assert special == TRIES.keys() | WORDS.keys()
