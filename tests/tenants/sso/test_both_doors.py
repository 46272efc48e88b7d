"""Single sign-on is set up on pages and by API alike, by the same people, against the same refusals."""

import json

import pytest

from api.keys.operations import create_key
from api.scim.models import ScimTeam, ScimToken
from core.events.models import Event
from tenants.members.models import Role, Team
from tenants.members.operations.factors import add_app
from tenants.sso.models import Connection, GroupRule, Identity, SignInRule
from tenants.sso.operations.connections import create_connection
from tests.api.conftest import Program
from tests.conftest import PASSWORD, Visitor, inside, nothing_written
from tests.tenants.sso.conftest import allow
from tests.tenants.sso.providers import METADATA

PAGE, API = "/settings/sso/", "/api/v1/sign-on/"
CONNECTIONS, RULES = f"{API}connections/", f"{API}group-rules/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
DONE, REFUSED = {200, 201, 204, 302}, {400, 409, 422}


class ByPage:
    """What an admin does in a browser."""

    def __init__(self, visitor):
        self.visitor = visitor

    def add(self, protocol, **values):
        return self.visitor.post(f"{PAGE}new/{protocol}/", values)

    def provider(self, connection, **values):
        kept = {"name": connection.name, "issuer": connection.issuer, "client_id": "atrium"}
        return self._part(connection, "provider", {**kept, **values})

    def people(self, connection, **values):
        domains = "\n".join(values.pop("trusted_domains", ()))
        return self._part(connection, "people", {**values, "trusted_domains": domains})

    def rule(self, connection, group, **gives):
        return self._part(connection, "rule", {"value": group, **gives})

    def _part(self, connection, part, values):
        return self.visitor.post(f"{PAGE}{connection.pk}/", {"part": part, **values})

    def remove_rule(self, rule):
        return self.visitor.post(f"{PAGE}rules/{rule.pk}/remove/")

    def switch(self, connection, is_on):
        return self.visitor.post(f"{PAGE}{connection.pk}/switch/", {"is_on": str(int(is_on))})

    def delete(self, connection):
        return self.visitor.post(f"{PAGE}{connection.pk}/delete/")

    def enforce(self, is_enforced):
        return self.visitor.post(f"{PAGE}enforce/", {"is_enforced": str(int(is_enforced))})


class ByApi:
    """What a program, or a script in the admin's browser, does."""

    def __init__(self, visitor):
        self.visitor = visitor

    def send(self, method, url, body=None):
        said = json.dumps(body, default=str)
        return getattr(self.visitor, method)(url, said, content_type="application/json")

    def add(self, protocol, **values):
        return self.send("post", CONNECTIONS, {"protocol": protocol, **values})

    def provider(self, connection, **values):
        return self.send("patch", f"{CONNECTIONS}{connection.pk}/", values)

    people = provider

    def rule(self, connection, group, **gives):
        return self.send("post", RULES, {"connection": connection.pk, "group": group, **gives})

    def remove_rule(self, rule):
        return self.send("delete", f"{RULES}{rule.pk}/")

    def switch(self, connection, is_on):
        return self.send("post", f"{CONNECTIONS}{connection.pk}/switch/", {"is_on": is_on})

    def delete(self, connection):
        return self.send("delete", f"{CONNECTIONS}{connection.pk}/")

    def enforce(self, is_enforced):
        return self.send("patch", API, {"is_enforced": is_enforced})


@pytest.fixture(params=[ByPage, ByApi], ids=["page", "api"])
def door(request):
    return request.param


@pytest.fixture
def admin(door, as_member, alice):
    return door(as_member(alice))


@pytest.fixture
def by_api(as_member, alice):
    return ByApi(as_member(alice))


@pytest.fixture
def protected(alice):
    add_app(alice, secret=SECRET, keep="", actor=alice.as_actor())


def told(issuer, **more):
    return {
        "name": "Okta",
        "issuer": issuer,
        "client_id": "atrium",
        "secret": "very-secret",
        **more,
    }


class TestThroughBothDoors:
    def test_an_issuer_describes_itself(self, admin, issuer, settings):
        allow(settings, issuer)
        assert admin.add("oidc", **told(issuer)).status_code in DONE

        made = Connection.objects.get()
        assert made.endpoints["token"] == f"{issuer}/oauth2/token"
        assert (made.is_on, made.tested_at, made.reach) == (False, None, Connection.Reach.OWNERS)
        assert Event.objects.filter(name="sso_connection.created").exists()

    def test_metadata_is_read(self, admin):
        assert admin.add("saml", name="Entra", metadata=METADATA).status_code in DONE

        made = Connection.objects.get()
        assert (made.protocol, made.issuer) == ("saml", "https://idp.example/saml")
        assert len(made.certificates) == 1

    def test_what_cannot_be_is_refused(self, admin, oidc, issuer):
        with nothing_written(Connection, Event):
            for protocol, values in (
                ("oidc", {"name": "x"}),
                ("oidc", told(issuer, name="")),
                ("oidc", told(issuer)),
                ("oidc", told("https://10.0.0.1", name="x")),
                ("oidc", told("http://169.254.169.254/latest", name="x")),
                ("saml", {"name": "x"}),
                ("saml", {"name": "x", "metadata": "<no/>"}),
                ("saml", {"name": "x", "metadata_url": "file:///etc/passwd"}),
            ):
                assert admin.add(protocol, **values).status_code in REFUSED, values
            assert admin.people(oidc, trusted_domains=["*.test"]).status_code in REFUSED

    def test_a_changed_secret_has_to_prove_itself(self, admin, oidc, issuer):
        assert admin.provider(oidc, name="Renamed").status_code in DONE
        oidc.refresh_from_db()
        assert (oidc.name, bool(oidc.tested_at)) == ("Renamed", True)

        assert admin.provider(oidc, secret="another").status_code in DONE
        oidc.refresh_from_db()
        assert oidc.tested_at is None
        assert b"another" not in bytes(oidc.sealed_secret)

    def test_whom_it_lets_in_is_said(self, admin, oidc):
        viewer = Role.objects.get(key="viewer")
        domains = ["Acme.test", "@b.test"]
        said = {"makes_members": True, "trusted_domains": domains, "groups_claim": "g"}
        assert admin.people(oidc, default_role=viewer.pk, **said).status_code in DONE

        oidc.refresh_from_db()
        assert (oidc.makes_members, oidc.trusted_domains) == (True, ["acme.test", "b.test"])
        assert (oidc.default_role, oidc.groups_claim) == (viewer, "g")

    def test_a_group_is_a_role_and_a_team_until_it_is_none(self, admin, oidc):
        rep, team = Role.objects.get(key="rep"), Team.objects.create(name="North")
        assert admin.rule(oidc, " crm ", role=rep.pk, team=team.pk).status_code in DONE

        rule = GroupRule.objects.get()
        assert (rule.value, rule.role, rule.team) == ("crm", rep, team)
        with nothing_written(GroupRule, Event):
            for wrong in ({"role": rep.pk, "team": team.pk}, {}):
                assert admin.rule(oidc, "crm", **wrong).status_code in REFUSED
        assert admin.remove_rule(rule).status_code in DONE
        assert not GroupRule.objects.exists()

    def test_nobody_becomes_an_owner(self, admin, oidc):
        owner = Role.objects.get(key="owner")
        with nothing_written(GroupRule, Connection, Event):
            assert admin.rule(oidc, "bosses", role=owner.pk).status_code in REFUSED
            assert admin.people(oidc, default_role=owner.pk).status_code in REFUSED

    def test_only_what_was_tested_is_switched_on(self, admin, issuer, settings, alice):
        allow(settings, issuer)
        made = create_connection("oidc", values=told(issuer), actor=alice.as_actor())
        with nothing_written(Connection, Event):
            assert admin.switch(made, is_on=True).status_code == 409

        Connection.objects.update(tested_at=alice.joined_at)
        assert admin.switch(made, is_on=True).status_code in DONE
        assert Connection.objects.get().is_on
        assert admin.switch(made, is_on=False).status_code in DONE
        assert not Connection.objects.get().is_on

    def test_passwords_are_closed_only_with_a_way_back(self, admin, oidc, alice):
        with nothing_written(Event):
            assert admin.enforce(is_enforced=True).status_code == 409
        assert not SignInRule.objects.filter(is_enforced=True).exists()

        add_app(alice, secret=SECRET, keep="", actor=alice.as_actor())
        admin.visitor.force_login(alice)
        assert admin.enforce(is_enforced=True).status_code in DONE
        assert SignInRule.objects.get().is_enforced
        with nothing_written(Connection):
            assert admin.switch(oidc, is_on=False).status_code == 409
            assert admin.delete(oidc).status_code == 409
        assert admin.enforce(is_enforced=False).status_code in DONE
        assert not SignInRule.objects.get().is_enforced

    def test_nor_with_nothing_to_sign_in_through(self, admin, protected, alice):
        admin.visitor.force_login(alice)
        with nothing_written(Event):
            assert admin.enforce(is_enforced=True).status_code == 409
        assert not SignInRule.objects.filter(is_enforced=True).exists()

    def test_it_is_deleted(self, admin, oidc):
        assert admin.delete(oidc).status_code in DONE
        assert not Connection.objects.exists()

    def test_it_is_closed_to_others(self, door, oidc, as_member, bob, issuer, alice):
        rule = GroupRule.objects.create(connection=oidc, value="x", role=bob.role)
        visitor = door(as_member(bob))
        with nothing_written(Connection, GroupRule, SignInRule, Event):
            for answer in (
                visitor.add("oidc", **told(issuer, name="x")),
                visitor.provider(oidc, secret="x"),
                visitor.rule(oidc, "y", role=bob.role_id),
                visitor.remove_rule(rule),
                visitor.switch(oidc, is_on=False),
                visitor.delete(oidc),
                visitor.enforce(is_enforced=True),
            ):
                assert answer.status_code == 403

    def test_changes_ask_who_it_is(self, door, oidc, alice, acme, issuer):
        visitor = Visitor(acme)
        visitor.force_login(alice, is_proven=False)
        stale = door(visitor)
        rule = GroupRule.objects.create(connection=oidc, value="x", role=alice.role)
        with nothing_written(Connection, GroupRule, SignInRule, Event):
            for answer in (
                stale.add("oidc", **told(issuer, name="x")),
                stale.provider(oidc, secret="x"),
                stale.rule(oidc, "y", role=alice.role_id),
                stale.remove_rule(rule),
                stale.switch(oidc, is_on=False),
                stale.delete(oidc),
                stale.enforce(is_enforced=True),
            ):
                place = answer.headers.get("Location", "")
                is_led = place.startswith("/reauthenticate/")
                assert is_led or answer.json()["code"] == "recent_login_needed"

    def test_next_door_there_is_none_of_it(self, door, oidc, as_member, eve, globex):
        theirs = door(as_member(eve))
        rule = GroupRule.objects.create(connection=oidc, value="x", role=Role.objects.first())
        role = inside(globex, lambda: Role.objects.get(key="rep"))
        with nothing_written(Connection, GroupRule, Identity, SignInRule):
            for answer in (
                theirs.provider(oidc, secret="x"),
                theirs.rule(oidc, "y", role=role.pk),
                theirs.remove_rule(rule),
                theirs.switch(oidc, is_on=False),
                theirs.delete(oidc),
            ):
                assert answer.status_code in (400, 404)
        assert inside(globex, GroupRule.objects.count) == 0


class TestByApiAlone:
    def test_it_tells_what_the_provider_has_to_be_told(self, by_api, oidc, saml, acme):
        said = {each["name"]: each for each in by_api.visitor.get(CONNECTIONS).json()["results"]}

        place = f"{acme.url}/sso/{oidc.pk}/"
        assert said["Okta"]["addresses"] == {"callback": f"{place}callback/"}
        assert said["Okta"]["test_address"] == f"{acme.url}/settings/sso/{oidc.pk}/test/"
        place = f"{acme.url}/sso/{saml.pk}/"
        assert said["Entra"]["addresses"] == {
            "acs": f"{place}acs/",
            "entity_id": f"{place}metadata/",
        }
        assert (said["Entra"]["reach"], said["Entra"]["is_on"]) == ("owners", True)

    def test_it_never_tells_a_secret(self, by_api, issuer, settings):
        allow(settings, issuer)
        answers = [by_api.add("oidc", **told(issuer))]
        made = Connection.objects.get()
        answers.append(by_api.provider(made, secret="newer-secret"))
        answers += [by_api.visitor.get(url) for url in (CONNECTIONS, f"{CONNECTIONS}{made.pk}/")]

        assert [each.status_code for each in answers] == [201, 200, 200, 200]
        assert answers[-1].json()["has_secret"]
        for answer in answers:
            assert b"very-secret" not in answer.content
            assert b"newer-secret" not in answer.content

    def test_what_the_other_kind_has_is_refused(self, by_api, oidc, saml):
        with nothing_written(Connection, Event):
            for connection, name, value in (
                (oidc, "metadata_url", "https://idp.example/metadata"),
                (oidc, "is_unasked_allowed", True),
                (saml, "issuer", "https://idp.example/"),
                (saml, "secret", "x"),
                (saml, "protocol", "oidc"),
                (oidc, "tested_at", None),
                (oidc, "reach", "owners"),
            ):
                answer = by_api.provider(connection, **{name: value})
                assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])

    def test_rules_are_listed_by_connection(self, by_api, oidc, saml, alice):
        for connection in (oidc, saml):
            GroupRule.objects.create(connection=connection, value=connection.name, role=alice.role)

        assert len(by_api.visitor.get(RULES).json()["results"]) == 2
        [only] = by_api.visitor.get(RULES, {"connection": oidc.pk}).json()["results"]
        assert (only["group"], only["role"], only["team"]) == ("Okta", str(alice.role_id), None)
        assert by_api.visitor.get(RULES, {"connection": "x"}).status_code == 400

    def test_whether_it_is_the_only_way_is_told(self, by_api, oidc):
        assert by_api.visitor.get(API).json() == {"is_enforced": False}
        SignInRule.objects.create(is_enforced=True)
        assert by_api.visitor.get(API).json() == {"is_enforced": True}

    def test_nobody_else_reads_it(self, as_member, bob, oidc):
        for url in (API, CONNECTIONS, f"{CONNECTIONS}{oidc.pk}/", RULES):
            assert as_member(bob).get(url).status_code == 403

    def test_a_key_for_something_else_is_not_let_in(self, acme, alice, oidc):
        _key, secret = create_key(actor=alice.as_actor(), name="x", grants=["contacts:write"])
        program = Program(acme, secret)
        with nothing_written(Connection, Event):
            assert program.get(CONNECTIONS).status_code == 403
            assert program.send("delete", f"{CONNECTIONS}{oidc.pk}/", {}).status_code == 403


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/settings/sso/{pk}/switch/", "/settings/sso/{pk}/"),
        ("/settings/sso/{pk}/delete/", "/settings/sso/{pk}/"),
        ("/settings/sso/rules/{rule}/remove/", "/settings/sso/"),
        ("/settings/sso/enforce/", "/settings/sso/"),
        ("/settings/scim/token/", "/settings/scim/"),
        ("/settings/scim/revoke/", "/settings/scim/"),
        ("/settings/scim/teams/", "/settings/scim/"),
    ],
)
def test_whoever_is_asked_who_they_are_comes_back_to_the_page(acme, alice, saml, address, page):
    visitor = Visitor(acme)
    visitor.force_login(alice, is_proven=False)
    rule = GroupRule.objects.create(connection=saml, value="staff", role=Role.objects.first())
    here = address.format(pk=saml.pk, rule=rule.pk)

    with nothing_written(Connection, GroupRule, SignInRule, ScimToken, ScimTeam):
        asked = visitor.post(here, {"is_on": "0", "is_enforced": "1"})
    back = visitor.post(asked.url, {"password": PASSWORD, "next": here}, follow=True)

    assert asked.url.startswith("/reauthenticate/")
    assert back.status_code == 200
    assert back.request["PATH_INFO"] == page.format(pk=saml.pk)


def test_what_was_typed_is_there_again_but_for_a_secret(acme, alice, saml, issuer, settings):
    allow(settings, issuer)
    oidc = create_connection("oidc", values=told(issuer), actor=alice.as_actor())
    visitor = Visitor(acme)
    visitor.force_login(alice, is_proven=False)
    said = {"part": "provider", "name": "New name", "issuer": oidc.issuer, "client_id": "other"}

    with nothing_written(Connection):
        asked = visitor.post(f"{PAGE}{oidc.pk}/", {**said, "secret": "quokka"})
    assert "quokka" not in str(dict(visitor.session))
    here = f"{PAGE}{oidc.pk}/"
    back = visitor.post(asked.url, {"password": PASSWORD, "next": here}, follow=True)

    page = back.content.decode()
    assert "Enter the secret again" in page
    assert 'value="New name"' in page
    assert "quokka" not in page
