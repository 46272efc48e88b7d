"""Every page and endpoint there is, attacked from the other workspace: a route without an attack fails."""

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.timezone import now

from api.keys.models import ApiKey
from api.keys.operations import create_key
from api.scim.operations.settings import make_scim_token
from core.events.models import Event
from core.ids import new_id
from crm.bookmarks.operations import set_bookmark
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.models.labels import LifecycleStage, Tag
from crm.customers.operations.companies import create_company
from crm.customers.operations.contacts import create_contact, delete_contact
from crm.customers.records import CONTACTS
from crm.files.operations import add_file
from crm.history.models import ChangeSet, Duplicate
from crm.history.operations.merging import merge_records
from crm.notes.operations import add_note
from crm.notifications.models import Notification
from crm.notifications.operations import notify
from crm.sharing.operations import share_record
from crm.transfer.models import Export, Import
from crm.transfer.saving import save_mapping
from crm.views.operations import create_view, share_view_with
from tenants.members.models import Invitation, Role, Session, Team, User
from tenants.members.operations.domains import add_domain
from tenants.members.operations.factors import add_passkey
from tenants.members.operations.service_accounts import create_service_account
from tenants.sso.models import Connection, GroupRule
from tests.conftest import Visitor, inside

CANARY = "Canary-of-Acme"
METHODS = ("get", "post", "put", "patch", "delete")
# What a stranger may be told. 200 is looked at more closely: it may not hold anything of Acme's.
FINE = {200, 201, 204, 302, 400, 401, 403, 404, 405, 406, 409, 410, 415, 422, 429}


def routes() -> Iterator[tuple[str, list[str]]]:
    """Yield each address of a workspace, with the names of its parts."""
    yield from _walk(get_resolver(settings.ROOT_URLCONF).url_patterns, "/", [])


def _walk(
    patterns: list[URLPattern | URLResolver], prefix: str, names: list[str]
) -> Iterator[tuple[str, list[str]]]:
    for entry in patterns:
        route = entry.pattern
        path, parts = prefix + str(route), [*names, *route.converters]
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, path, parts)
        else:
            yield path, parts


ROUTES = sorted({path for path, _names in routes() if "<" in path})
OPEN = sorted({path for path, _names in routes() if "<" not in path})


@pytest.fixture
def loot(alice) -> dict[str, UUID | int]:
    """One of everything that has an address, at Acme."""
    actor = alice.as_actor()
    company = create_company(actor=actor, name=CANARY)
    contact = create_contact(
        actor=actor, given_name=CANARY, emails=[{"email": "canary@acme.test", "primary": True}]
    )
    key, _secret = create_key(actor=actor, name=CANARY)
    robot = create_service_account(name=CANARY, role=Role.objects.get(key="rep"), actor=actor)
    invitation = Invitation.objects.create(
        email="canary@acme.test",
        role=Role.objects.get(key="rep"),
        token_hash="x",
        created_at=alice.joined_at,
        expires_at=alice.joined_at,
    )
    return {
        "company": company.pk,
        "contact": contact.pk,
        "key": key.pk,
        "robot": robot.pk,
        "invitation": invitation.pk,
        "member": alice.pk,
        "stage": LifecycleStage.objects.first().pk,
        "tag": Tag.objects.first().pk,
        "factor": _factor_of(alice),
        "session": _session_of(alice),
        **_work_of(alice),
        **_past_of(alice, contact.pk),
        **_hanging_on(contact, alice),
        **_provider_of(alice),
    }


def _provider_of(alice: User) -> dict[str, UUID]:
    """Return what members sign in through, and what a group there means."""
    told = {"authorization": "https://idp.example/", "issuer": CANARY, "token": "", "keys": ""}
    values = {"name": CANARY, "issuer": CANARY, "client_id": CANARY, "endpoints": told}
    oidc = Connection.objects.create(protocol="oidc", reach=2, is_on=True, **values)
    values |= {"name": f"{CANARY} 2", "endpoints": {"sso": "https://idp.example/"}}
    saml = Connection.objects.create(protocol="saml", reach=2, is_on=True, **values)
    rule = GroupRule.objects.create(connection=oidc, value=CANARY, role=alice.role)
    make_scim_token(actor=alice.as_actor(), at=now())
    return {"oidc": oidc.pk, "saml": saml.pk, "group_rule": rule.pk}


def _factor_of(alice: User) -> int:
    """Return the number of Alice's passkey; those are counted, and Eve has none."""
    add_passkey(alice, name=CANARY, credential={}, keep="", actor=alice.as_actor())
    return Authenticator.objects.get(type="webauthn").pk


def _session_of(alice: User) -> UUID:
    """Return where Alice is logged in."""
    values = {"session_key": CANARY, "user": alice, "expire_date": now() + timedelta(days=1)}
    return Session.objects.create(**values).pk


def _hanging_on(contact: Contact, alice: User) -> dict[str, UUID]:
    """Return what hangs on a record, and what its member was told of it."""
    actor = alice.as_actor()
    note = add_note(contact, html=f"<p>{CANARY}</p>", actor=actor)
    file = add_file(contact, name=f"{CANARY}.txt", chunks=[CANARY.encode()], actor=actor)
    set_bookmark(contact, kind="star", is_set=True, actor=actor)
    notify([alice.pk], kind="note", actor=actor, record_type="contact", record_id=contact.pk)
    told = Notification.objects.get()
    team = Team.objects.create(name=CANARY)
    share = share_record(contact, level="change", actor=actor, team=team)
    return {
        "note": note.pk,
        "file": file.pk,
        "notification": told.pk,
        "team": team.pk,
        "role": Role.objects.create(name=CANARY).pk,
        "domain": add_domain(f"{CANARY}.test", role=Role.objects.get(key="rep"), actor=actor).pk,
        "share": share.pk,
    }


def _work_of(alice: User) -> dict[str, UUID]:
    """Return what Alice has begun or set up, by what it is."""
    upload = Import.objects.create(
        file_name=CANARY, record_type="company", owner=alice, mapping={"columns": []}
    )
    exported = Export.objects.create(
        owner=alice,
        record_type="contact",
        format="csv",
        columns=["given_name"],
        query=CANARY,
        expires_at=alice.joined_at,
    )
    mapping = save_mapping(upload, name=CANARY, actor=alice.as_actor())
    view = create_view(actor=alice.as_actor(), record_type="company", name=CANARY, is_shared=True)
    shared = share_view_with(view, team=Team.objects.create(name="Viewers"), actor=alice.as_actor())
    return {
        "view": view.pk,
        "view_share": shared.pk,
        "import": upload.pk,
        "export": exported.pk,
        "mapping": mapping.pk,
    }


def _past_of(alice: User, contact: UUID) -> dict[str, UUID]:
    """Return what Alice did to many records, and what became of them."""
    actor = alice.as_actor()
    survivor, merged = (create_contact(actor=actor, given_name=CANARY) for _number in range(2))
    merge_records(CONTACTS, survivor=survivor.pk, others=[merged.pk], choices={}, actor=actor)
    trashed = create_contact(actor=actor, given_name=CANARY)
    delete_contact(trashed, actor=actor)
    twice = Duplicate.objects.create(
        record_type="contact",
        first_id=contact,
        second_id=survivor.pk,
        reason="name",
        score=64,
        seen_at=alice.joined_at,
    )
    return {
        "merge": ChangeSet.objects.get(kind="merge").pk,
        "merged": merged.pk,
        "trashed": trashed.pk,
        "duplicate": twice.pk,
    }


def checksums() -> dict[str, object]:
    """Return what every table of the bound workspace holds, folded."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.app_config.name not in settings.TENANT_APPS or not model._meta.managed:
                continue
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT count(*), sum(hashtextextended(t::text, 0)) FROM {table} t")
            found[table] = cursor.fetchone()
    return found


def addresses(path: str, loot: dict[str, UUID | int]) -> list[str]:
    """Return the address with each of Acme's ids in it; other parts are made up."""
    if "<int:pk>" in path:
        return [_filled(path.replace("<int:pk>", str(loot["factor"])), "canary")]
    if "uuid:" in path or "<pk>" in path or "(?P<pk>" in path:
        return [_filled(path, str(identity)) for identity in loot.values()]
    return [_filled(path, "canary")]


def _filled(path: str, value: str) -> str:
    plain = re.sub(
        r"\(\?P<\w+>[^)]*\)", value, path.replace("^", "").replace("$", "").replace("\\Z", "")
    )
    plain = re.sub(r"<int:\w+>", "1", plain).replace("<str:name>", "title")
    return re.sub(r"<[^>]+>", value, plain).replace("\\.", ".").replace("?", "")


@pytest.mark.parametrize("path", ROUTES)
def test_acmes_ids_open_nothing_for_eve(path, loot, as_member, eve):
    visitor = as_member(eve)
    before = checksums()

    for address in addresses(path, loot):
        for method in METHODS:
            response = getattr(visitor, method)(address)
            assert response.status_code in FINE, (method, address)
            assert (
                CANARY.encode() not in b"".join(response)
                if response.streaming
                else (CANARY.encode() not in response.content)
            ), (method, address)

    assert checksums() == before


@pytest.mark.parametrize("path", [path for path in OPEN if path.startswith("/api/v1/")])
def test_acmes_key_opens_no_endpoint_of_globex(path, alice, globex):
    _key, secret = create_key(actor=alice.as_actor(), name="mine")
    thief = Visitor(globex, HTTP_AUTHORIZATION=f"Bearer {secret}")
    before = inside(globex, checksums)

    for method in METHODS:
        assert getattr(thief, method)(path).status_code in (401, 405), (method, path)

    assert inside(globex, checksums) == before


@pytest.mark.parametrize("path", OPEN)
def test_acmes_session_opens_no_page_of_globex(path, as_member, alice, globex):
    thief = Visitor(globex)
    thief.cookies = deepcopy(as_member(alice).cookies)
    stranger = Visitor(globex)

    for method in ("get", "post"):
        answer = getattr(thief, method)(path)
        assert answer.status_code == getattr(stranger, method)(path).status_code, (method, path)
        assert b"alice@acme.test" not in (b"" if answer.streaming else answer.content)


def test_acmes_ids_are_no_values_in_eves_own_records(loot, as_member, eve, globex):
    visitor = as_member(eve)
    before = checksums()
    bodies = (
        ("/api/v1/companies/", {"name": "Mine", "parent": str(loot["company"])}),
        ("/api/v1/companies/", {"name": "Mine", "owner": str(loot["member"])}),
        ("/api/v1/companies/", {"name": "Mine", "tags": [str(loot["tag"]), str(new_id())]}),
        (
            "/api/v1/contacts/",
            {"family_name": "Mine", "companies": [{"company": str(loot["company"])}]},
        ),
    )

    for path, body in bodies:
        response = visitor.post(path, body, content_type="application/json")
        assert response.status_code == 400, (path, body)

    assert inside(globex, Company.objects.count) == 0
    assert inside(globex, Contact.objects.count) == 0
    assert checksums() == before


def test_the_attacks_reach_every_kind_of_address():
    assert {"/companies/<uuid:pk>/", "/settings/api-keys/<uuid:pk>/revoke/"} <= set(ROUTES)
    assert len(ROUTES) + len(OPEN) > 40
    assert ApiKey.objects.count() == Event.objects.count() == 0
