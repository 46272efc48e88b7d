"""Setting single sign-on up on its pages: adding, testing, switching on, and who may."""

from urllib.parse import urlsplit

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.timezone import now

from core.actors import Scope
from core.events.models import Event
from tenants.members.giving import RightsExceeded
from tenants.members.models import Role, Team, User
from tenants.members.operations.roles import create_role
from tenants.sso.models import Connection, GroupRule, Identity
from tenants.sso.operations.connections import (
    create_connection,
    delete_connection,
    enforce_sso,
    note_tested,
    switch_connection,
    update_connection,
)
from tenants.sso.operations.group_rules import add_group_rule, remove_group_rule
from tenants.sso.refusals import NeverOwner, NotTested
from tests.conftest import Visitor, inside, make_member, nothing_written
from tests.tenants.sso.conftest import allow, come_in, connect
from tests.tenants.sso.providers import METADATA, sign_in_at, tell_of

NEW = "/settings/sso/new/oidc/"
JOINING = {"makes_members": True, "trusted_domains": ["acme.test"]}


def values(issuer, **more):
    return {
        "name": "Okta",
        "issuer": issuer,
        "client_id": "atrium",
        "secret": "very-secret",
        **more,
    }


@pytest.fixture
def guard(alice):
    """Somebody who may change how people sign in, and nothing else."""
    scopes = {"members.change_security": Scope.ALL}
    role = create_role(name="Guard", scopes=scopes, actor=alice.as_actor())
    member = make_member("gus@acme.test", "viewer")
    User.objects.filter(pk=member.pk).update(role=role)
    return User.objects.get(pk=member.pk)


class TestAdding:
    def test_an_issuer_describes_itself(self, issuer, settings, as_member, alice):
        allow(settings, issuer)
        answer = as_member(alice).post(NEW, values(issuer))

        made = Connection.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, f"/settings/sso/{made.pk}/")
        assert made.endpoints["token"] == f"{issuer}/oauth2/token"
        assert (made.is_on, made.tested_at, made.reach) == (False, None, Connection.Reach.OWNERS)
        assert Event.objects.filter(name="sso_connection.created").exists()

    def test_the_secret_is_sealed_and_never_shown_again(self, issuer, settings, as_member, alice):
        allow(settings, issuer)
        visitor = as_member(alice)
        made = visitor.post(NEW, values(issuer))["Location"]

        assert b"very-secret" not in bytes(Connection.objects.get().sealed_secret)
        assert b"very-secret" not in visitor.get(made).content
        assert b"very-secret" not in visitor.get("/settings/sso/").content

    def test_leaving_it_empty_leaves_it(self, oidc, as_member, alice, issuer):
        before = bytes(oidc.sealed_secret)
        form = {"part": "provider", **values(issuer, secret="", name="Renamed")}
        as_member(alice).post(f"/settings/sso/{oidc.pk}/", form)
        oidc.refresh_from_db()

        assert (oidc.name, bytes(oidc.sealed_secret)) == ("Renamed", before)
        assert oidc.tested_at

    def test_metadata_is_read(self, as_member, alice):
        visitor = as_member(alice)
        answer = visitor.post("/settings/sso/new/saml/", {"name": "Entra", "metadata": METADATA})

        made = Connection.objects.get()
        assert made.issuer == "https://idp.example/saml"
        page = visitor.get(answer["Location"]).content.decode()
        assert made.acs_url in page
        assert made.entity_id in page

    def test_metadata_is_fetched_past_the_guard_alone(self, as_member, alice):
        for address in (
            "http://169.254.169.254/latest",
            "https://10.0.0.8/metadata",
            "file:///etc/passwd",
        ):
            with nothing_written(Connection):
                form = {"name": "Entra", "metadata_url": address}
                assert as_member(alice).post("/settings/sso/new/saml/", form).status_code == 422

    def test_what_is_wrong_stands_in_the_form(self, as_member, alice, oidc, issuer):
        visitor = as_member(alice)
        with nothing_written(Connection):
            assert visitor.post(NEW, {"name": ""}).status_code == 422
            assert visitor.post(NEW, values("https://10.0.0.1")).status_code == 422
            assert visitor.post(NEW, values(issuer, name="Okta")).status_code == 422
            assert visitor.post("/settings/sso/new/saml/", {"name": "x"}).status_code == 422
        assert visitor.get("/settings/sso/new/else/").status_code == 404


class TestTesting:
    def test_it_shows_what_came_and_changes_nothing(self, oidc, as_member, alice, issuer):
        tell_of(
            issuer,
            "dora",
            email="dora@acme.test",
            email_verified=True,
            groups=["sales"],
            favourite="teal",
        )
        rep, team = Role.objects.get(key="rep"), Team.objects.create(name="North")
        add_group_rule(oidc, value="sales", role=rep, team=team, actor=alice.as_actor())
        update_connection(oidc, changes=JOINING, actor=alice.as_actor())
        Connection.objects.update(tested_at=None, is_on=False)
        visitor = as_member(alice)
        away = visitor.get(f"/settings/sso/{oidc.pk}/test/")["Location"]
        back = urlsplit(sign_in_at(away, "dora"))
        with nothing_written(User, Identity, GroupRule):
            page = visitor.get(f"{back.path}?{back.query}")

        said = page.content.decode()
        for word in (
            "dora@acme.test",
            "teal",
            "sales",
            "Sales rep",
            "North",
            "would become a new member",
        ):
            assert word in said
        assert Connection.objects.get().tested_at
        assert visitor.get("/settings/profile/").status_code == 200

    def test_who_would_not_be_let_in_is_told_why(self, oidc, as_member, alice, issuer):
        tell_of(issuer, "nobody", email="nobody@acme.test")
        visitor = as_member(alice)
        back = urlsplit(
            sign_in_at(visitor.get(f"/settings/sso/{oidc.pk}/test/")["Location"], "nobody")
        )

        assert b"would not be let in" in visitor.get(f"{back.path}?{back.query}").content

    def test_what_failed_is_told(self, rogue, as_member, alice):
        connection = connect(rogue.issuer, alice.as_actor(), now())
        Connection.objects.update(tested_at=None)
        rogue.told = {"aud": "else"}
        visitor = as_member(alice)
        away = visitor.get(f"/settings/sso/{connection.pk}/test/")["Location"]
        state = away.partition("state=")[2].partition("&")[0]
        answer = visitor.get(f"/sso/{connection.pk}/callback/?state={state}&code=x")

        assert answer.status_code == 403
        assert b"id_token" in answer.content
        assert Connection.objects.get().tested_at is None

    def test_a_test_signs_nobody_in(self, oidc, acme, as_member, alice, issuer, bob):
        """Its answer is the admin's own browser's, and nobody else's."""
        tell_of(issuer, "bob", email="bob@acme.test", email_verified=True)
        away = as_member(alice).get(f"/settings/sso/{oidc.pk}/test/")["Location"]
        back = urlsplit(sign_in_at(away, "bob"))
        visitor = Visitor(acme)

        assert visitor.get(f"{back.path}?{back.query}").status_code == 403
        assert visitor.get("/settings/profile/").status_code == 302

    def test_only_admins_test(self, oidc, as_member, bob, acme):
        assert as_member(bob).get(f"/settings/sso/{oidc.pk}/test/").status_code == 403
        assert Visitor(acme).get(f"/settings/sso/{oidc.pk}/test/").status_code == 302


class TestSwitching:
    def test_only_what_was_tested_is_switched_on(self, issuer, settings, alice, as_member):
        allow(settings, issuer)
        made = create_connection("oidc", values=values(issuer), actor=alice.as_actor())
        with pytest.raises(NotTested):
            switch_connection(made, is_on=True, actor=alice.as_actor())
        note_tested(made, actor=alice.as_actor(), at=now())
        as_member(alice).post(f"/settings/sso/{made.pk}/switch/", {"is_on": "1"})

        assert Connection.objects.get().is_on

    def test_the_log_in_page_offers_what_is_on(self, oidc, acme, as_member, alice):
        assert b"Continue with Okta" in Visitor(acme).get("/login/").content
        as_member(alice).post(f"/settings/sso/{oidc.pk}/switch/", {"is_on": "0"})

        assert b"Continue with Okta" not in Visitor(acme).get("/login/").content

    def test_where_to_go_on_is_kept(self, oidc, acme):
        page = Visitor(acme).get("/login/?next=/contacts/").content.decode()

        assert f'/sso/{oidc.pk}/?next=/contacts/"' in page

    def test_a_changed_provider_has_to_prove_itself_anew(self, oidc, alice):
        update_connection(oidc, changes={"secret": "new"}, actor=alice.as_actor())
        assert Connection.objects.get().tested_at is None

    def test_it_is_deleted_with_its_links(self, oidc, as_member, alice, acme, bob, issuer):
        tell_of(issuer, "bob", email="bob@acme.test", email_verified=True)
        come_in(Visitor(acme), oidc, "bob")
        as_member(alice).post(f"/settings/sso/{oidc.pk}/delete/")

        assert not Connection.objects.exists()
        assert not Identity.objects.exists()
        assert User.objects.filter(pk=bob.pk).exists()


class TestRules:
    def test_they_are_added_and_removed_on_the_page(self, oidc, as_member, alice):
        visitor, place = as_member(alice), f"/settings/sso/{oidc.pk}/"
        team = Team.objects.create(name="North")
        form = {
            "part": "rule",
            "value": " crm ",
            "role": Role.objects.get(key="rep").pk,
            "team": team.pk,
        }
        visitor.post(place, form)
        rule = GroupRule.objects.get()
        assert (rule.value, rule.role.key, rule.team) == ("crm", "rep", team)
        assert visitor.post(place, form).status_code == 422
        assert visitor.post(place, {"part": "rule", "value": "x"}).status_code == 422
        visitor.post(f"/settings/sso/rules/{rule.pk}/remove/")

        assert not GroupRule.objects.exists()

    def test_people_are_changed_on_the_page(self, oidc, as_member, alice):
        viewer = Role.objects.get(key="viewer")
        form = {"part": "people", "makes_members": "on", "trusted_domains": "Acme.test\n@b.test", "groups_claim": "g",
                "default_role": viewer.pk}  # fmt: skip
        as_member(alice).post(f"/settings/sso/{oidc.pk}/", form)
        oidc.refresh_from_db()

        assert (oidc.makes_members, oidc.trusted_domains, oidc.default_role) == (
            True,
            ["acme.test", "b.test"],
            viewer,
        )

    @pytest.mark.parametrize("domain", ["acme", "a b.test/..", "*.test", "acme.test:80"])
    def test_a_domain_is_one(self, oidc, as_member, alice, domain):
        with nothing_written(Connection):
            form = {"part": "people", "trusted_domains": domain}
            assert as_member(alice).post(f"/settings/sso/{oidc.pk}/", form).status_code == 422

    def test_nobody_becomes_an_owner(self, oidc, alice, as_member):
        owner = Role.objects.get(key="owner")
        with nothing_written(GroupRule, Connection):
            with pytest.raises(NeverOwner):
                add_group_rule(oidc, value="x", role=owner, team=None, actor=alice.as_actor())
            with pytest.raises(NeverOwner):
                update_connection(oidc, changes={"default_role": owner}, actor=alice.as_actor())
            form = {"part": "rule", "value": "x", "role": owner.pk}
            assert as_member(alice).post(f"/settings/sso/{oidc.pk}/", form).status_code == 422

    def test_nobody_gives_more_than_they_have(self, oidc, guard):
        actor = guard.as_actor()
        admin = Role.objects.get(key="admin")
        update_connection(oidc, changes={"secret": "mine"}, actor=actor)
        assert Connection.objects.get().reach == Connection.Reach.LIMITED
        with nothing_written(GroupRule, Connection):
            with pytest.raises(RightsExceeded):
                add_group_rule(oidc, value="x", role=admin, team=None, actor=actor)
            with pytest.raises(RightsExceeded):
                update_connection(oidc, changes={"default_role": admin}, actor=actor)

    def test_nor_makes_others_what_somebody_else_had_in_mind(self, oidc, alice, guard, as_member):
        rep, nothing = Role.objects.get(key="rep"), Role.objects.create(name="Nothing")
        rule = add_group_rule(oidc, value="x", role=rep, team=None, actor=alice.as_actor())
        visitor, api = as_member(guard), "/api/v1/sign-on"
        place, part = f"/settings/sso/{oidc.pk}/", {"part": "people"}
        with nothing_written(GroupRule, Connection):
            for changed in ({"groups_claim": "mine"}, {"default_role": str(nothing.pk)}):
                assert visitor.post(place, {**part, **changed}).status_code == 422
                answer = visitor.patch(
                    f"{api}/connections/{oidc.pk}/", changed, content_type="application/json"
                )
                assert (answer.status_code, answer.json()["code"]) == (403, "set_up_by_more")
            rule_said = {"part": "rule", "value": "y", "role": nothing.pk}
            assert visitor.post(place, rule_said).status_code == 422
            visitor.post(f"/settings/sso/rules/{rule.pk}/remove/")
            assert visitor.delete(f"{api}/group-rules/{rule.pk}/").status_code == 403

    def test_what_somebody_with_few_rights_set_up_is_theirs_to_change(
        self, issuer, settings, guard
    ):
        allow(settings, issuer)
        made = create_connection("oidc", values=values(issuer), actor=guard.as_actor())

        changed = update_connection(made, changes={"groups_claim": "g"}, actor=guard.as_actor())

        assert (changed.groups_claim, changed.grants) == ("g", ["members.change_security"])

    def test_teams_are_given_by_who_fills_teams(self, issuer, settings, guard, as_member):
        allow(settings, issuer)
        made = create_connection("oidc", values=values(issuer), actor=guard.as_actor())
        north = Team.objects.create(name="North")
        form = {"part": "rule", "value": "y", "team": north.pk}
        with nothing_written(GroupRule):
            assert as_member(guard).post(f"/settings/sso/{made.pk}/", form).status_code == 422
            with pytest.raises(PermissionDenied):
                add_group_rule(made, value="y", role=None, team=north, actor=guard.as_actor())

    def test_strangers_join_from_named_domains_alone(self, oidc, alice, as_member):
        said = {"part": "people", "makes_members": "on"}
        with nothing_written(Connection):
            answer = as_member(alice).post(f"/settings/sso/{oidc.pk}/", said)
            with pytest.raises(ValidationError):
                update_connection(oidc, changes={"makes_members": True}, actor=alice.as_actor())
        assert answer.status_code == 422
        assert b"Name the domains" in answer.content


class TestWhoMay:
    def test_only_those_who_change_security(self, oidc, bob, alice, issuer):
        rule = add_group_rule(
            oidc, value="x", role=Role.objects.get(key="rep"), team=None, actor=alice.as_actor()
        )
        actor = bob.as_actor()
        with nothing_written(Connection, GroupRule):
            for forbidden in (
                lambda: create_connection("oidc", values=values(issuer), actor=actor),
                lambda: update_connection(oidc, changes={"name": "x"}, actor=actor),
                lambda: switch_connection(oidc, is_on=False, actor=actor),
                lambda: note_tested(oidc, actor=actor, at=now()),
                lambda: delete_connection(oidc, actor=actor),
                lambda: enforce_sso(is_enforced=True, actor=actor),
                lambda: add_group_rule(oidc, value="y", role=bob.role, team=None, actor=actor),
                lambda: remove_group_rule(rule, actor=actor),
            ):
                with pytest.raises(PermissionDenied):
                    forbidden()

    def test_pages_are_closed_to_the_others(self, oidc, as_member, bob):
        visitor = as_member(bob)
        place = f"/settings/sso/{oidc.pk}/"
        for path in ("/settings/sso/", NEW, place):
            assert visitor.get(path).status_code == 403
        with nothing_written(Connection):
            for path in (f"{place}switch/", f"{place}delete/", "/settings/sso/enforce/"):
                assert visitor.post(path, {}).status_code == 403
        assert b"/settings/sso/" not in visitor.get("/settings/profile/").content

    def test_changes_ask_who_it_is(self, oidc, alice, acme):
        visitor = Visitor(acme)
        visitor.force_login(alice, is_proven=False)
        with nothing_written(Connection):
            answer = visitor.post(f"/settings/sso/{oidc.pk}/switch/", {"is_on": "0"})
        assert answer["Location"].startswith("/reauthenticate/")

    def test_another_workspaces_role_is_none(self, oidc, as_member, alice, globex):
        theirs = inside(globex, lambda: Role.objects.create(name="Theirs"))
        with nothing_written(GroupRule):
            form = {"part": "rule", "value": "x", "role": theirs.pk}
            assert as_member(alice).post(f"/settings/sso/{oidc.pk}/", form).status_code == 422
