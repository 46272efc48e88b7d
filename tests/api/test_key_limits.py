"""What a key may do: never more than its holder, and less when it says so."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError

from api.keys.grants import check_grants, group_names
from api.keys.models import ApiKey
from api.keys.operations import (
    MOST_KEYS,
    KeyIsOver,
    TooManyKeys,
    create_key,
    rotate_key,
    update_key,
)
from core.access import can
from core.actors import Scope
from core.events.models import Event
from crm.customers.operations.companies import create_company
from crm.customers.operations.contacts import create_contact
from crm.files.operations import add_file
from crm.notes.operations import add_note, delete_note
from tenants.members.models import Role, Team, TeamMembership
from tenants.members.operations.roles import change_role
from tests.api.conftest import Program
from tests.conftest import make_member, nothing_written

COMPANIES, CONTACTS = "/api/v1/companies/", "/api/v1/contacts/"


@pytest.fixture
def at():
    return datetime.now(UTC)


@pytest.fixture
def limited(acme):
    """Return a program whose key, of this member, is limited to these grants."""

    def make(member, *grants, **values):
        _key, secret = create_key(
            actor=member.as_actor(), name="Limited", grants=list(grants), **values
        )
        return Program(acme, secret)

    return make


def test_a_key_reads_what_it_names_and_nothing_else(limited, alice):
    program = limited(alice, "contacts:read")

    assert program.get(CONTACTS).status_code == 200
    assert program.get(COMPANIES).status_code == 403
    with nothing_written(Event):
        assert program.send("post", CONTACTS, {"given_name": "Zoë"}).status_code == 403


def test_a_key_that_writes_changes_and_does_not_destroy_for_good(limited, alice):
    contact = create_contact(actor=alice.as_actor(), given_name="Zoë")
    program = limited(alice, "contacts:write")

    assert program.send("patch", f"{CONTACTS}{contact.pk}/", {"title": "Chief"}).status_code == 200
    actor = ApiKey.objects.get().as_actor()
    assert can(actor, "customers.delete_contact")
    assert not can(actor, "customers.destroy_contact")


def test_a_key_of_a_viewer_does_not_write_whatever_it_names(limited, carol):
    program = limited(carol, "companies:write", "customers.add_company")

    assert program.get(COMPANIES).status_code == 200
    with nothing_written(Event):
        assert program.send("post", COMPANIES, {"name": "Initech"}).status_code == 403


def test_a_key_reaches_only_the_records_its_holder_reaches(limited, bob, alice):
    create_company(actor=alice.as_actor(), name="Hers")
    create_company(actor=bob.as_actor(), name="His")
    program = limited(bob, "companies:read")

    assert [each["name"] for each in program.get(COMPANIES).json()["results"]] == ["His"]


def test_a_key_may_reach_fewer_records_than_its_holder(limited, alice, bob):
    team = Team.objects.create(name="Sales")
    TeamMembership.objects.create(team=team, user=alice)
    TeamMembership.objects.create(team=team, user=bob)
    carl = make_member("carl@acme.test", Role.Key.REP)
    for member in (alice, bob, carl):
        create_company(actor=member.as_actor(), name=member.email)

    def seen(grant):
        answer = limited(alice, grant).get(COMPANIES)
        return sorted(each["name"] for each in answer.json()["results"])

    assert seen("customers.view_company:own") == ["alice@acme.test"]
    assert seen("customers.view_company:team") == ["alice@acme.test", "bob@acme.test"]
    assert len(seen("customers.view_company")) == 3


def test_a_wider_scope_than_the_holders_gives_no_more(bob):
    _key, _secret = create_key(
        actor=bob.as_actor(), name="Wide", grants=["customers.change_company:all"]
    )

    assert ApiKey.objects.get().as_actor().scopes == {"customers.change_company": Scope.OWN}


def test_a_key_loses_what_its_holder_loses_at_once(limited, bob, alice):
    program = limited(bob, "companies:write")
    assert program.send("post", COMPANIES, {"name": "Initech"}).status_code == 201

    change_role(bob, Role.objects.get(key=Role.Key.VIEWER), actor=alice.as_actor())

    assert program.send("post", COMPANIES, {"name": "Initrode"}).status_code == 403


@pytest.mark.parametrize(
    ("url", "group"),
    [
        ("/api/v1/notes/", "notes"),
        ("/api/v1/files/", "files"),
        ("/api/v1/imports/", "imports"),
        ("/api/v1/import-mappings/", "imports"),
        ("/api/v1/views/", "views"),
        ("/api/v1/history/", "history"),
        ("/api/v1/members/", "members"),
        ("/api/v1/notifications/", "own"),
        ("/api/v1/my-records/favourites/", "own"),
        ("/api/v1/api-keys/", "keys"),
    ],
)
def test_parts_that_ask_for_no_permission_are_closed_to_keys_that_do_not_name_them(
    limited, alice, url, group
):
    assert limited(alice, "contacts:write").get(url).status_code == 403
    assert limited(alice, "contacts:write", f"{group}:read").get(url).status_code == 200


@pytest.fixture
def noted(alice):
    """A contact with a note, another one that is deleted, and a file."""
    contact = create_contact(actor=alice.as_actor(), given_name="Zoë")
    add_note(contact, html="<p>The agreement ends in May</p>", actor=alice.as_actor())
    gone = add_note(contact, html="<p>Forget it</p>", actor=alice.as_actor())
    delete_note(gone, actor=alice.as_actor(), at=gone.created_at)
    add_file(contact, name="agreement.txt", chunks=[b"x"], actor=alice.as_actor())
    return contact


@pytest.mark.parametrize(
    ("grants", "found"),
    [
        (["contacts:read"], {}),
        (["customers.view_contact"], {}),
        (["contacts:read", "files:write"], {}),
        (["contacts:read", "notes:read"], {"note": ["Zoë"]}),
        (["contacts:read", "notes:write"], {"note": ["Zoë"]}),
        (["notes:read"], {}),
    ],
)
def test_a_search_tells_notes_only_to_keys_let_into_notes(limited, alice, noted, grants, found):
    answer = limited(alice, *grants).get("/api/v1/search/", {"q": "agreement"})

    told = {each["type"]: [hit["title"] for hit in each["hits"]] for each in answer.json()}
    assert (answer.status_code, told) == (200, found)


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        ([], {"contact"}),
        (["notes:read"], {"contact", "note"}),
        (["files:read"], {"contact", "file"}),
        (["notes:write", "files:read"], {"contact", "note", "file"}),
    ],
)
def test_a_timeline_tells_keys_only_of_what_they_are_let_into(limited, alice, noted, groups, told):
    program, url = limited(alice, "contacts:read", *groups), f"{CONTACTS}{noted.pk}/timeline/"

    entries = program.get(url).json()["results"]

    assert {each["event"].partition(".")[0] for each in entries} == told
    for kind, group in (("notes", "note"), ("files", "file")):
        assert program.get(url, {"kind": kind}).status_code == (200 if group in told else 403)


def test_favourites_are_not_changed_by_a_key_that_only_reads(limited, alice):
    contact = create_contact(actor=alice.as_actor(), given_name="Zoë")
    url = f"{CONTACTS}{contact.pk}/star/"

    assert limited(alice, "contacts:read").send("put", url, {"set": True}).status_code == 403
    granted = limited(alice, "contacts:read", "own:write")
    assert granted.send("put", url, {"set": True}).status_code == 200


def test_every_group_is_known_and_means_something(alice):
    grants = [f"{group}:{how}" for group in group_names() for how in ("read", "write")]

    assert check_grants(grants) == sorted(grants)


@pytest.mark.parametrize(
    "grants",
    [
        ["contacts"], ["contacts:all"], ["customers.fly"], ["customers.view_contact:mine"],
        ["customers.add_tag:own"], ["*"], [""], [], ["contacts:read"] * 61, ["x" * 200],
    ],
)  # fmt: skip
def test_unknown_grants_are_refused(bob, grants):
    with nothing_written(ApiKey, Event), pytest.raises(ValidationError):
        create_key(actor=bob.as_actor(), name="Odd", grants=grants)


def test_a_key_works_from_its_own_addresses_alone(acme, bob):
    _key, secret = create_key(
        actor=bob.as_actor(), name="Office", networks=["203.0.113.0/24", "2001:db8::/32"]
    )
    program = Program(acme, secret)

    for address in ("203.0.113.7", "::ffff:203.0.113.7", "2001:db8::7"):
        assert program.get(COMPANIES, REMOTE_ADDR=address).status_code == 200
    for address in ("203.0.114.7", "127.0.0.1", "2001:db9::7"):
        answer = program.get(COMPANIES, REMOTE_ADDR=address)
        assert (answer.status_code, answer.json()["code"]) == (403, "outside_networks_of_key")


def test_an_address_that_is_none_is_refused(bob):
    with nothing_written(ApiKey), pytest.raises(ValidationError):
        create_key(actor=bob.as_actor(), name="Office", networks=["the office"])


def test_both_keys_work_until_the_overlap_ends(acme, bob, at):
    old, before = create_key(
        actor=bob.as_actor(), name="Feed", grants=["companies:read"], networks=["127.0.0.1/32"]
    )
    fresh, after = rotate_key(old, overlap=timedelta(hours=1), actor=bob.as_actor(), at=at)

    assert Program(acme, before).get(COMPANIES).status_code == 200
    assert Program(acme, after).get(COMPANIES).status_code == 200
    assert (fresh.grants, fresh.networks) == (["companies:read"], ["127.0.0.1/32"])
    old.refresh_from_db()
    assert old.successor_id == fresh.pk
    assert old.expires_at == at + timedelta(hours=1)
    assert old.is_usable(at + timedelta(minutes=59))
    assert not old.is_usable(at + timedelta(hours=1))


def test_without_overlap_the_old_key_ends_at_once(acme, bob, at):
    old, before = create_key(actor=bob.as_actor(), name="Feed")
    rotate_key(old, overlap=timedelta(), actor=bob.as_actor(), at=at)

    assert Program(acme, before).get(COMPANIES).status_code == 401


def test_the_new_key_lasts_as_long_as_the_old_one_was_made_for(bob, at):
    old, _secret = create_key(actor=bob.as_actor(), name="Feed", expires_at=at + timedelta(days=30))
    later = at + timedelta(days=29)
    fresh, _secret = rotate_key(old, overlap=timedelta(days=7), actor=bob.as_actor(), at=later)

    assert abs(fresh.expires_at - later - timedelta(days=30)) < timedelta(minutes=1)
    old.refresh_from_db()
    assert old.expires_at == at + timedelta(days=30)


def test_a_key_is_renewed_once_and_only_while_it_works(bob, at):
    key, _secret = create_key(actor=bob.as_actor(), name="Feed")
    rotate_key(key, overlap=timedelta(hours=1), actor=bob.as_actor(), at=at)
    with nothing_written(ApiKey), pytest.raises(KeyIsOver):
        rotate_key(key, overlap=timedelta(hours=1), actor=bob.as_actor(), at=at)

    for overlap in (timedelta(days=8), -timedelta(hours=1)):
        other, _secret = create_key(actor=bob.as_actor(), name="Other")
        with pytest.raises(ValidationError):
            rotate_key(other, overlap=overlap, actor=bob.as_actor(), at=at)


def test_nobody_renews_somebody_elses_key(bob, alice, at):
    key, _secret = create_key(actor=bob.as_actor(), name="Feed")

    with nothing_written(ApiKey, Event), pytest.raises(PermissionDenied):
        rotate_key(key, overlap=timedelta(), actor=alice.as_actor(), at=at)
    with nothing_written(ApiKey, Event), pytest.raises(PermissionDenied):
        rotate_key(key, overlap=timedelta(), actor=key.as_actor(), at=at)


def test_making_and_renewing_are_told_by_mail(bob, at):
    key, secret = create_key(actor=bob.as_actor(), name="Feed")
    _fresh, again = rotate_key(key, overlap=timedelta(), actor=bob.as_actor(), at=at)

    assert [message.to for message in mail.outbox] == [["bob@acme.test"]] * 2
    assert [message.subject for message in mail.outbox] == [
        "An API key was made",
        "An API key was renewed",
    ]
    assert "Feed" in mail.outbox[0].body
    assert not any(told in message.body for message in mail.outbox for told in (secret, again))


def test_what_a_key_may_do_cannot_be_widened_later(as_member, bob):
    key, _secret = create_key(actor=bob.as_actor(), name="Feed", grants=["contacts:read"])
    visitor = as_member(bob)
    url = f"/api/v1/api-keys/{key.pk}/"

    with nothing_written(ApiKey, Event):
        for field in ("grants", "expires_at", "holder", "secret_hash", "user"):
            answer = visitor.patch(url, {field: None}, content_type="application/json")
            assert answer.status_code == 400
            assert list(answer.json()["errors"]) == [field]


def test_name_and_addresses_can_be_changed(bob):
    key, _secret = create_key(actor=bob.as_actor(), name="Feed")
    changed = update_key(
        key, changes={"name": "Ledger", "networks": ["10.0.0.0/8"]}, actor=bob.as_actor()
    )

    assert (changed.name, changed.networks) == ("Ledger", ["10.0.0.0/8"])
    assert Event.objects.get(name="key.updated").payload == {"fields": ["name", "networks"]}


def test_nobody_hoards_keys(bob):
    for number in range(MOST_KEYS):
        create_key(actor=bob.as_actor(), name=f"Key {number}")

    with nothing_written(ApiKey), pytest.raises(TooManyKeys):
        create_key(actor=bob.as_actor(), name="One more")
