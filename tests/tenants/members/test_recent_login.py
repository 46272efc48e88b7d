"""What changes rights or log-ins asks once more who it is, and loses nothing that was typed."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest

from core.events.models import Event
from tenants.members.models import Invitation, LoginPolicy, MailDomain, Role, Team, User
from tenants.members.operations.domains import add_domain
from tenants.members.operations.service_accounts import create_service_account
from tests.architecture.reading import files, text_of
from tests.conftest import PASSWORD, Visitor, nothing_written

INVITE = "/settings/members/invite/"
WRITTEN = (User, Invitation, Role, Team, MailDomain, LoginPolicy, Event)


@pytest.fixture
def visitor(acme, alice):
    """Alice, who logged in a while ago."""
    visitor = Visitor(acme)
    visitor.force_login(alice, is_proven=False)
    return visitor


@pytest.fixture
def domain(alice):
    rep = Role.objects.get(key="rep")
    return add_domain("acme.example", role=rep, actor=alice.as_actor())


@pytest.fixture
def team():
    return Team.objects.create(name="Leeds")


@pytest.fixture
def robot(alice):
    viewer = Role.objects.get(key="viewer")
    return create_service_account(name="Ledger", role=viewer, actor=alice.as_actor())


@pytest.fixture
def places(bob, domain, team, robot):
    """Each dangerous address, what is sent there, and the page its sender was on."""
    scouts = Role.objects.create(name="Scouts")
    manager = Role.objects.get(key="manager")
    member, role = f"/settings/members/{bob.pk}/", f"/settings/roles/{scouts.pk}/"
    place = f"/settings/domains/{domain.pk}/"
    teams, accounts = "/settings/teams/", "/settings/service-accounts/"
    of_team, account = f"{teams}{team.pk}/", f"{accounts}{robot.pk}/"
    return {
        "role": (member, {"role": manager.pk}, member),
        "deactivate": (f"{member}deactivate/", {}, f"{member}deactivate/"),
        "reactivate": (f"{member}reactivate/", {}, member),
        "own": (f"{member}own/", {}, f"{member}own/"),
        "role new": ("/settings/roles/new/", {"name": "New"}, "/settings/roles/new/"),
        "role edit": (role, {"name": "Other"}, role),
        "role delete": (f"{role}delete/", {}, role),
        "domain new": ("/settings/domains/new/", {"name": "b.test"}, "/settings/domains/new/"),
        "domain edit": (place, {"role": manager.pk}, place),
        "domain remove": (f"{place}remove/", {}, place),
        "invite": (INVITE, {"emails": "eve@acme.test", "role": manager.pk}, INVITE),
        "team new": (f"{teams}new/", {"name": "South"}, f"{teams}new/"),
        "team edit": (of_team, {"name": "South"}, of_team),
        "team delete": (f"{of_team}delete/", {}, of_team),
        "account new": (accounts, {"name": "Books", "role": manager.pk}, accounts),
        "account edit": (account, {"name": "Books", "role": manager.pk}, account),
        "account end": (f"{account}deactivate/", {}, account),
        "account reopen": (f"{account}reactivate/", {}, account),
    }


NAMES = [
    "role", "deactivate", "reactivate", "own", "role new", "role edit", "role delete",
    "domain new", "domain edit", "domain remove", "invite", "team new", "team edit", "team delete",
    "account new", "account edit", "account end", "account reopen",
]  # fmt: skip


def prove(visitor, answer):
    """Say who one is as the answer asks for it; return where that leads."""
    asked = urlsplit(answer.url)
    assert asked.path == "/reauthenticate/"
    way_back = parse_qs(asked.query)["next"][0]
    return visitor.post("/reauthenticate/", {"password": PASSWORD, "next": way_back}).url


@pytest.mark.parametrize("name", NAMES)
def test_it_asks_and_leads_back_to_the_page(visitor, places, name):
    address, said, page = places[name]

    with nothing_written(*WRITTEN):
        answer = visitor.post(address, said)
        back = visitor.get(prove(visitor, answer), follow=True)

    assert back.status_code == 200
    assert urlsplit(back.request["PATH_INFO"]).path == page


@pytest.mark.parametrize("name", ["deactivate", "own"])
def test_where_nothing_but_the_question_stands_it_asks_before(visitor, places, name):
    assert visitor.get(places[name][0]).url.startswith("/reauthenticate/")


@pytest.mark.parametrize(
    "name",
    ["role", "role new", "role edit", "domain new", "domain edit", "team new", "team edit",
     "account new", "account edit"],
)  # fmt: skip
def test_reading_is_free(visitor, places, name):
    assert visitor.get(places[name][0]).status_code == 200


def test_a_log_in_by_password_is_proof_for_ten_minutes(acme, alice, places, monkeypatch):
    visitor = Visitor(acme)
    visitor.post("/login/", {"login": alice.email, "password": PASSWORD})

    fresh = visitor.get(places["deactivate"][0])
    later = time.time() + 601
    monkeypatch.setattr("tenants.members.recent_login.time.time", lambda: later)

    assert fresh.status_code == 200
    assert visitor.get(places["deactivate"][0]).url.startswith("/reauthenticate/")


@pytest.mark.parametrize("method", ["code", "password_reset", "socialaccount"])
def test_who_logs_in_through_their_mailbox_or_a_provider_is_asked(visitor, alice, places, method):
    session = visitor.session
    session["account_authentication_methods"] = [{"method": method, "at": time.time()}]
    session["account_authentication_methods_user"] = str(alice.pk)
    session.save()

    assert visitor.get(places["deactivate"][0]).url.startswith("/reauthenticate/")


def test_nobody_is_led_back_to_an_address_that_is_for_sending_alone():
    """Whoever has said who they are is sent to the address again, by GET."""
    both = re.compile(r"@recent_login_\w+[^\n]*\n@require_POST|@require_POST\n@recent_login_\w+")

    assert [name for name in files(".py") if both.search(text_of(name))] == []


class TestTyped:
    def test_it_is_in_the_form_again_and_saved_when_sent_again(self, visitor, bob, places):
        north = Team.objects.create(name="North")
        manager = Role.objects.get(key="manager")
        address, said, _page = places["role"]
        said = {**said, "teams": [north.pk]}

        with nothing_written(*WRITTEN):
            page = visitor.get(prove(visitor, visitor.post(address, said)))

        assert page.status_code == 200
        html = page.content.decode()
        assert "Nothing is saved yet" in html
        assert f'value="{manager.pk}" selected' in html
        assert page.context["form"]["teams"].value() == [str(north.pk)]
        assert visitor.post(address, said).status_code == 302
        assert User.objects.get(pk=bob.pk).role == manager

    def test_a_role_long_in_the_making_is_not_lost(self, visitor, places):
        said = {"name": "Scouts of the north", "customers.view_contact": "team"}

        page = visitor.get(prove(visitor, visitor.post("/settings/roles/new/", said)))

        form = page.context["form"]
        assert form["name"].value() == "Scouts of the north"
        assert form["customers.view_contact"].value() == "team"
        assert not Role.objects.filter(name="Scouts of the north").exists()

    @pytest.mark.parametrize("name", ["team new", "team edit", "account new", "account edit"])
    def test_teams_and_service_accounts_too(self, visitor, places, name):
        address, said, _page = places[name]

        page = visitor.get(prove(visitor, visitor.post(address, said)))

        assert page.status_code == 200
        form = page.context["form"]
        assert {field: form[field].value() for field in said} == {
            field: str(value) for field, value in said.items()
        }
        assert visitor.post(address, said).status_code == 302

    def test_it_is_there_once(self, visitor, places):
        address, said, _page = places["role edit"]
        back = prove(visitor, visitor.post(address, said))
        visitor.get(back)

        assert visitor.get(back).context["form"]["name"].value() == "Scouts"

    def test_on_no_other_page(self, visitor, places):
        prove(visitor, visitor.post(places["role edit"][0], {"name": "Other"}))

        assert visitor.get("/settings/roles/new/").context["form"]["name"].value() != "Other"

    def test_for_ten_minutes(self, visitor, places, monkeypatch):
        address, said, _page = places["role edit"]
        back = prove(visitor, visitor.post(address, said))
        later = time.time() + 601
        monkeypatch.setattr("tenants.members.recent_login.time.time", lambda: later)

        assert visitor.get(back).context["form"]["name"].value() == "Scouts"

    def test_the_token_of_the_form_is_not_kept(self, visitor, places):
        visitor.post(places["role edit"][0], {"name": "x", "csrfmiddlewaretoken": "quokka"})

        assert "quokka" not in str(dict(visitor.session))


class TestPrograms:
    @pytest.fixture
    def calls(self, bob, domain, team, robot):
        scouts = Role.objects.create(name="Scouts")
        member = f"/api/v1/members/{bob.pk}/"
        return [
            ("patch", member),
            ("post", f"{member}deactivate/"),
            ("post", f"{member}reactivate/"),
            ("post", f"{member}transfer-ownership/"),
            ("post", "/api/v1/roles/"),
            ("patch", f"/api/v1/roles/{scouts.pk}/"),
            ("delete", f"/api/v1/roles/{scouts.pk}/"),
            ("post", "/api/v1/mail-domains/"),
            ("patch", f"/api/v1/mail-domains/{domain.pk}/"),
            ("delete", f"/api/v1/mail-domains/{domain.pk}/"),
            ("post", "/api/v1/me/leave/"),
            ("post", "/api/v1/invitations/"),
            ("post", "/api/v1/teams/"),
            ("patch", f"/api/v1/teams/{team.pk}/"),
            ("delete", f"/api/v1/teams/{team.pk}/"),
            ("post", "/api/v1/service-accounts/"),
            ("patch", f"/api/v1/service-accounts/{robot.pk}/"),
            ("post", f"/api/v1/service-accounts/{robot.pk}/deactivate/"),
            ("post", f"/api/v1/service-accounts/{robot.pk}/reactivate/"),
        ]

    def test_a_session_does_none_of_it_long_after_its_log_in(self, visitor, calls):
        with nothing_written(*WRITTEN):
            for method, url in calls:
                answer = getattr(visitor, method)(url, "{}", content_type="application/json")
                assert answer.status_code == 403, url
                assert answer.json()["code"] == "recent_login_needed", url

    def test_but_reads(self, visitor, calls):
        for method, url in calls:
            if method == "patch":
                assert visitor.get(url).status_code == 200

    def test_a_key_is_not_asked(self, program_of, alice, bob):
        manager = Role.objects.get(key="manager")

        program_of(alice).send("patch", f"/api/v1/members/{bob.pk}/", {"role": manager.pk})

        assert User.objects.get(pk=bob.pk).role == manager
