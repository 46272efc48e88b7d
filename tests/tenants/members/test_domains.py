"""People of a proven domain join by themselves, and nobody learns who is a member."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.timezone import now

from billing.entitlements import answered_by
from core.events.models import Event
from tenants.members.giving import RightsExceeded
from tenants.members.jobs import check_domains
from tenants.members.models import Invitation, JoinRequest, MailDomain, Role, Team, User
from tenants.members.name_system import NotAnswered
from tenants.members.operations.asking import ask_to_join, forget_join_requests
from tenants.members.operations.domains import (
    RecordMissing,
    add_domain,
    check_domain,
    recheck_domains,
    remove_domain,
    update_domain,
)
from tests.conftest import Visitor, inside, make_member, nothing_written
from tests.tenants.members.name_server import name_server

JOINING = {"given_name": "Dora", "family_name": "Diaz", "password": "a sentence nobody guesses"}


def role(key):
    return Role.objects.get(key=key)


@pytest.fixture
def names(settings):
    with name_server() as server:
        settings.DNS_SERVERS = [server.server_address]
        yield server


@pytest.fixture
def added(alice):
    return add_domain("acme.test", role=role("rep"), actor=alice.as_actor())


@pytest.fixture
def proven(added, alice, names):
    names.texts["acme.test"] = ["v=spf1 -all", added.record]
    return check_domain(added, actor=alice.as_actor(), at=now())


@pytest.fixture
def ask(acme, work):
    def post(email="dora@acme.test"):
        mail.outbox.clear()
        response = Visitor(acme).post("/join/", {"email": email})
        work()
        return response

    return post


def link():
    return re.search(r"http://acme\.localhost:8000(/join/\S+)", mail.outbox[-1].body)[1]


def test_a_domain_is_proven_by_its_record(as_member, alice, names):
    visitor = as_member(alice)
    made = visitor.post("/settings/domains/new/", {"name": "@ACME.test.", "role": role("rep").pk})
    domain = MailDomain.objects.get()
    assert domain.record in visitor.get(made.url).content.decode()

    visitor.post(f"{made.url}check/")
    assert MailDomain.objects.get().verified_at is None
    names.texts["acme.test"] = ["other", domain.record]
    visitor.post(f"{made.url}check/")

    assert MailDomain.objects.get().verified_at is not None
    assert set(names.asked) == {"acme.test"}
    names_of = set(Event.objects.values_list("name", flat=True))
    assert names_of == {"domain.added", "domain.verified"}


def test_the_record_of_another_workspace_proves_nothing(added, alice, eve, globex, names):
    def at_globex():
        domain = add_domain("acme.test", role=role("rep"), actor=eve.as_actor())
        names.texts["acme.test"] = [added.record]
        with pytest.raises(RecordMissing):
            check_domain(domain, actor=eve.as_actor(), at=now())
        names.texts["acme.test"] = [added.record, domain.record]
        return check_domain(domain, actor=eve.as_actor(), at=now())

    assert inside(globex, at_globex).verified_at is not None
    assert check_domain(added, actor=alice.as_actor(), at=now()).verified_at is not None


def test_who_does_not_answer_said_nothing(proven, alice, names):
    names.texts["acme.test"] = None

    with pytest.raises(NotAnswered):
        check_domain(proven, actor=alice.as_actor(), at=now())
    for _night in range(3):
        recheck_domains(at=now())

    assert MailDomain.objects.get().verified_at is not None


def test_a_record_gone_twice_lets_the_domain_lapse(proven, ask, names):
    texts = names.texts.pop("acme.test")
    recheck_domains(at=now())
    names.texts["acme.test"] = texts
    recheck_domains(at=now())
    names.texts["acme.test"] = ["v=spf1 -all"]
    recheck_domains(at=now())
    assert MailDomain.objects.get().verified_at is not None

    recheck_domains(at=now())

    domain = MailDomain.objects.get()
    assert (domain.verified_at, domain.lapsed_at is None) == (None, False)
    assert Event.objects.filter(name="domain.lapsed").count() == 1
    ask()
    assert [each.to for each in mail.outbox] == [["alice@acme.test"]]
    assert "not proven any more" in mail.outbox[0].subject


def test_its_page_says_when_the_record_was_found_and_when_not(as_member, alice, proven, names):
    visitor, url = as_member(alice), f"/settings/domains/{proven.pk}/"
    assert "Last found" in visitor.get(url).content.decode()

    names.texts["acme.test"] = ["v=spf1 -all"]
    for _night in range(2):
        recheck_domains(at=now())
        page = visitor.get(url).content.decode()
        assert "Last found" not in page
        assert "Not found when we looked" in page

    names.texts["acme.test"] = [proven.record]
    visitor.post(f"{url}check/")
    assert "Last found" in visitor.get(url).content.decode()


def test_the_night_looks_at_every_domain(proven, acme, names):
    names.texts.clear()
    names.asked.clear()

    check_domains.task.func(workspace_id=str(acme.id))

    assert (set(names.asked), MailDomain.objects.get().missed) == ({"acme.test"}, 1)


@pytest.mark.parametrize(
    "name",
    ["gmail.com", "QQ.com", "163.com", "vip.163.com", "outlook.com", "proton.me", "foxmail.com"],
)
def test_domains_where_anybody_gets_an_address_are_refused(alice, name):
    with nothing_written(MailDomain, Event), pytest.raises(ValidationError) as refusal:
        add_domain(name, role=role("rep"), actor=alice.as_actor())

    assert list(refusal.value.message_dict) == ["name"]


@pytest.mark.parametrize("name", ["", "acme", "192.0.2.1", "a b.test", "-x.test", "acme..test"])
def test_what_is_no_domain_is_refused_at_its_field(as_member, alice, name):
    said = {"name": name, "role": role("rep").pk}

    assert as_member(alice).post("/settings/domains/new/", said).status_code == 422
    assert not MailDomain.objects.exists()


def test_nobody_becomes_an_admin_by_an_address(added, alice, bob):
    dan = make_member("dan@acme.test", Role.Key.REP)
    people = Role.objects.create(name="People", grants=["members.manage_members"])
    User.objects.filter(pk=dan.pk).update(role=people)
    dan = User.objects.select_related("role").get(pk=dan.pk)

    with nothing_written(MailDomain, Event):
        for key in ("owner", "admin"):
            with pytest.raises(ValidationError):
                update_domain(added, role=role(key), actor=alice.as_actor())
        with pytest.raises(RightsExceeded):
            update_domain(added, role=role("manager"), actor=dan.as_actor())
        for act in (
            lambda: add_domain("b.test", role=role("rep"), actor=bob.as_actor()),
            lambda: update_domain(added, role=role("rep"), actor=bob.as_actor()),
            lambda: check_domain(added, actor=bob.as_actor(), at=now()),
            lambda: remove_domain(added, actor=bob.as_actor()),
        ):
            with pytest.raises(PermissionDenied):
                act()


def test_a_colleague_joins_with_the_role_and_teams_of_the_domain(proven, ask, acme, alice):
    north = Team.objects.create(name="North")
    update_domain(proven, role=role("viewer"), teams=[north], actor=alice.as_actor())
    ask()
    visitor = Visitor(acme)

    assert visitor.post(link(), JOINING).url == "/"

    dora = User.objects.select_related("role").get(email="dora@acme.test")
    assert (dora.name, dora.role.key, list(dora.teams.all())) == ("Dora Diaz", "viewer", [north])
    assert Visitor(acme).get(link()).status_code == 410
    assert visitor.get("/settings/profile/").status_code == 200


def test_an_invitation_that_waits_counts_more_than_the_domain(proven, ask, acme, alice):
    Invitation.objects.create(
        email="Dora@acme.test",
        role=role("manager"),
        token_hash="x",
        created_at=now(),
        expires_at=now() + timedelta(days=1),
    )
    ask()

    with answered_by(lambda name: 2):
        Visitor(acme).post(link(), JOINING)

    assert User.objects.select_related("role").get(email="dora@acme.test").role.key == "manager"
    assert not Invitation.objects.open().exists()


def test_nobody_joins_without_a_seat_or_after_the_domain_went(proven, ask, acme, alice):
    ask()

    with answered_by(lambda name: 1), nothing_written(User):
        assert Visitor(acme).post(link(), JOINING).status_code == 402
    remove_domain(proven, actor=alice.as_actor())
    assert Visitor(acme).post(link(), JOINING).status_code == 410


def test_everybody_is_answered_alike(proven, ask):
    """A member, a stranger of the domain, and one of elsewhere: the page is the same for all."""
    pages = {}
    for email in ("alice@acme.test", "dora@acme.test", "dora@elsewhere.test"):
        response = ask(email)
        assert response.status_code == 200
        plain = re.sub(rb"[A-Za-z0-9]{64}", b"", response.content)
        pages[email] = plain.replace(email.encode(), b"-")
        told = {tuple(message.to): message.subject for message in mail.outbox}
        expected = {
            "alice@acme.test": {("alice@acme.test",): "You have an account at Acme"},
            "dora@acme.test": {("dora@acme.test",): "Join Acme"},
        }
        assert told == expected.get(email, {})
    assert len(set(pages.values())) == 1


def test_a_link_lasts_a_day_and_the_next_one_ends_it(proven, ask, acme):
    ask()
    first = link()
    ask()
    assert Visitor(acme).get(first).status_code == 410
    assert Visitor(acme).get(link()).status_code == 200

    JoinRequest.objects.update(expires_at=now())

    assert Visitor(acme).get(link()).status_code == 410
    assert forget_join_requests(at=now()) == 1


def test_asking_writes_nothing_for_addresses_of_elsewhere(proven):
    with nothing_written(JoinRequest, Event):
        for email in ("dora@elsewhere.test", "dora@sub.acme.test", "dora@acme.test.evil.test"):
            ask_to_join(email, language="en", at=now())


def test_mail_goes_to_the_very_domain_that_was_proven(alice, names):
    """Libraries read some letters in two ways, and somebody else has the other domain."""
    domain = add_domain("straße.test", role=role("rep"), actor=alice.as_actor())
    names.texts[domain.name] = [domain.record]
    check_domain(domain, actor=alice.as_actor(), at=now())

    ask_to_join("dora@STRASSE.test", language="en", at=now())
    assert not JoinRequest.objects.exists()
    ask_to_join("dora@straße.test", language="en", at=now())

    assert JoinRequest.objects.get().email == "dora@xn--strae-oqa.test"


def test_one_address_is_not_flooded(proven, acme):
    answers = [Visitor(acme).post("/join/", {"email": "dora@acme.test"}) for _each in range(5)]

    assert [each.status_code for each in answers] == [200] * 4 + [429]


def test_the_log_in_page_says_so_only_where_people_may_join(acme, added, names, alice):
    assert b"/join/" not in Visitor(acme).get("/login/").content

    names.texts["acme.test"] = [added.record]
    check_domain(added, actor=alice.as_actor(), at=now())

    assert b"/join/" in Visitor(acme).get("/login/").content


def test_programs_do_the_same(program_of, alice, bob, names):
    program, url = program_of(alice), "/api/v1/mail-domains/"
    body = {"name": "acme.test", "role": role("rep").pk}

    made = program.send("post", url, body).json()
    one = f"{url}{made['id']}/"
    assert program.send("post", f"{one}check/", {}).status_code == 409
    names.texts["acme.test"] = [made["record"]]
    assert program.send("post", f"{one}check/", {}).json()["verified_at"]
    assert program.send("patch", one, {"role": role("admin").pk}).status_code == 400
    changed = program.send("patch", one, {"role": role("viewer").pk}).json()
    assert changed["role"] == str(role("viewer").pk)
    assert [each["name"] for each in program.get(url).json()["results"]] == ["acme.test"]
    with nothing_written(MailDomain):
        stranger = program_of(bob)
        assert stranger.get(url).status_code == 403
        assert stranger.delete(one).status_code == 403
    assert program.delete(one).status_code == 204
