"""Signing in through an OpenID Connect provider that runs beside the tests."""

from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.utils.timezone import now

from billing.entitlements import answered_by
from core.events.models import Event
from tenants.members.models import Invitation, Role, Session, Team, User
from tenants.members.operations.factors import add_app
from tenants.members.operations.invitations import invite_members
from tenants.members.operations.leaving import deactivate_member
from tenants.members.operations.policies import change_login_policy
from tenants.members.pasted import read_addresses
from tenants.sso.models import Connection, Identity
from tenants.sso.operations.connections import update_connection
from tenants.sso.operations.group_rules import add_group_rule
from tests.conftest import Visitor, inside, nothing_written
from tests.tenants.sso.conftest import begun, come_in, connect, question
from tests.tenants.sso.providers import sign_in_at, tell_of

DORA = {
    "email": "dora@acme.test",
    "email_verified": True,
    "given_name": "Dora",
    "family_name": "Novak",
    "groups": ["crm-sales", "everybody"],
}


@pytest.fixture
def dora(issuer):
    """A person the provider knows, and we do not."""
    tell_of(issuer, "dora", **DORA)
    return "dora"


def open_to_all(connection, alice, **changes):
    role = Role.objects.get(key="viewer")
    domains = ["acme.test"]
    wanted = {"makes_members": True, "default_role": role, "trusted_domains": domains, **changes}
    return update_connection(connection, changes=wanted, actor=alice.as_actor())


class TestTheQuestion:
    def test_it_is_bound_to_this_browser_and_this_workspace(self, oidc, acme):
        asked = question(begun(Visitor(acme), oidc))

        assert asked["redirect_uri"] == f"{acme.url}/sso/{oidc.pk}/callback/"
        assert asked["client_id"] == "atrium"
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert len(asked["state"]) >= 40
        assert len(asked["nonce"]) >= 40
        assert set(asked["scope"].split()) == {"openid", "profile", "email"}

    def test_two_questions_have_nothing_in_common(self, oidc, acme):
        visitor = Visitor(acme)
        first, second = (question(begun(visitor, oidc)) for _number in range(2))

        assert all(first[name] != second[name] for name in ("state", "nonce", "code_challenge"))

    def test_a_connection_that_is_off_asks_nothing(self, oidc, acme):
        Connection.objects.update(is_on=False)

        assert Visitor(acme).get(f"/sso/{oidc.pk}/").status_code == 404


class TestComingIn:
    def test_a_stranger_joins_only_from_a_domain_that_was_named(self, oidc, acme, alice, issuer):
        open_to_all(oidc, alice)
        tell_of(issuer, "eve", email="eve@gmail.test", email_verified=True)

        with nothing_written(User, Identity):
            answer = come_in(Visitor(acme), oidc, "eve")

        assert answer.status_code == 403
        assert b"not a member here yet" in answer.content

    def test_a_new_person_becomes_a_member_with_the_role_of_their_group(
        self, oidc, acme, alice, dora
    ):
        team = Team.objects.create(name="North")
        open_to_all(oidc, alice)
        rep = Role.objects.get(key="rep")
        add_group_rule(oidc, value="crm-sales", role=rep, team=team, actor=alice.as_actor())

        visitor = Visitor(acme)
        answer = come_in(visitor, oidc, dora)

        assert (answer.status_code, answer["Location"]) == (302, "/")
        member = User.objects.get(email="dora@acme.test")
        assert (member.name, member.role, list(member.teams.all())) == ("Dora Novak", rep, [team])
        assert not member.has_usable_password()
        assert visitor.get("/settings/profile/").status_code == 200
        assert Identity.objects.get().subject == "dora"

    def test_nobody_becomes_a_member_where_that_is_not_wanted(self, oidc, acme, dora):
        with nothing_written(User, Identity):
            answer = come_in(Visitor(acme), oidc, dora)

        assert answer.status_code == 403
        assert b"not a member here yet" in answer.content

    def test_somebody_invited_comes_in_with_the_role_of_the_invitation(
        self, oidc, acme, alice, dora
    ):
        manager = Role.objects.get(key="manager")
        team = Team.objects.create(name="North")
        invite_members(
            read_addresses("Dora@acme.test"),
            role=manager,
            teams=[team],
            actor=alice.as_actor(),
            at=now(),
        )

        come_in(Visitor(acme), oidc, dora)

        member = User.objects.get(email="dora@acme.test")
        assert (member.role, list(member.teams.all())) == (manager, [team])
        assert Invitation.objects.get().accepted_at

    def test_a_member_is_recognised_by_a_confirmed_address(self, oidc, acme, bob, issuer):
        tell_of(issuer, "number-7", email="BOB@acme.test", email_verified=True)

        come_in(Visitor(acme), oidc, "number-7")

        assert Identity.objects.get().user == bob
        bob.refresh_from_db()
        assert bob.has_usable_password()

    @pytest.mark.parametrize("claims", [{}, {"email_verified": False}, {"email_verified": "no"}])
    def test_an_address_nobody_confirms_links_to_nobody(
        self, oidc, acme, bob, alice, issuer, claims
    ):
        open_to_all(oidc, alice, trusted_domains=["elsewhere.test"])
        tell_of(issuer, "thief", email="bob@acme.test", **claims)

        with nothing_written(User, Identity):
            answer = come_in(Visitor(acme), oidc, "thief")

        assert answer.status_code == 403
        assert b"does not confirm" in answer.content

    def test_an_admin_may_answer_for_a_domain(self, oidc, acme, bob, alice, issuer):
        update_connection(oidc, changes={"trusted_domains": ["Acme.test"]}, actor=alice.as_actor())
        tell_of(issuer, "bob-2", email="bob@acme.test")

        assert come_in(Visitor(acme), oidc, "bob-2").status_code == 302

    def test_a_linked_member_is_known_whatever_their_address_becomes(self, oidc, acme, bob, issuer):
        tell_of(issuer, "bob-3", email="bob@acme.test", email_verified=True)
        come_in(Visitor(acme), oidc, "bob-3")
        tell_of(issuer, "bob-3", email="else@elsewhere.test")

        assert come_in(Visitor(acme), oidc, "bob-3").status_code == 302
        bob.refresh_from_db()
        assert bob.email == "bob@acme.test"

    def test_somebody_deactivated_stays_out(self, oidc, acme, bob, alice, issuer):
        tell_of(issuer, "bob-4", email="bob@acme.test", email_verified=True)
        come_in(Visitor(acme), oidc, "bob-4")
        deactivate_member(bob, successor=None, actor=alice.as_actor())

        with nothing_written(User, Identity):
            answer = come_in(Visitor(acme), oidc, "bob-4")

        assert answer.status_code == 403
        assert b"was closed" in answer.content
        assert not Session.objects.filter(user=bob).exists()

    def test_without_a_seat_nobody_new_comes_in(self, oidc, acme, alice, dora):
        open_to_all(oidc, alice)
        with answered_by(lambda name: 1), nothing_written(User, Identity):
            assert come_in(Visitor(acme), oidc, dora).status_code == 402

    def test_the_next_page_is_one_of_ours(self, oidc, acme, bob, issuer):
        tell_of(issuer, "bob-5", email="bob@acme.test", email_verified=True)

        assert come_in(Visitor(acme), oidc, "bob-5", "?next=/contacts/")["Location"] == "/contacts/"
        for elsewhere in ("https://evil.example/", "//evil.example", "http://globex.localhost/"):
            assert come_in(Visitor(acme), oidc, "bob-5", f"?next={elsewhere}")["Location"] == "/"

    def test_a_new_browser_is_told_by_mail(self, oidc, acme, bob, issuer):
        tell_of(issuer, "bob-6", email="bob@acme.test", email_verified=True)
        come_in(Visitor(acme), oidc, "bob-6")
        mail.outbox.clear()
        come_in(Visitor(acme), oidc, "bob-6")

        assert [message.to for message in mail.outbox] == [["bob@acme.test"]]


class TestRolesFollow:
    def test_the_role_follows_the_groups_at_every_sign_in(self, oidc, acme, alice, dora, issuer):
        open_to_all(oidc, alice)
        for value, key in (("crm-admins", "admin"), ("crm-sales", "rep")):
            role = Role.objects.get(key=key)
            add_group_rule(oidc, value=value, role=role, team=None, actor=alice.as_actor())
        come_in(Visitor(acme), oidc, dora)
        found = []
        for groups in (["crm-sales", "crm-admins"], ["crm-sales"], ["nothing"]):
            tell_of(issuer, "dora", **{**DORA, "groups": groups})
            come_in(Visitor(acme), oidc, dora)
            found.append(User.objects.get(email="dora@acme.test").role.key)

        assert found == ["admin", "rep", "viewer"]

    def test_without_a_role_they_are_refused(self, oidc, acme, alice, dora):
        rep = Role.objects.get(key="rep")
        add_group_rule(oidc, value="no-such", role=rep, team=None, actor=alice.as_actor())
        open_to_all(oidc, alice, default_role=None)

        with nothing_written(User, Identity):
            assert come_in(Visitor(acme), oidc, dora).status_code == 403

    def test_owners_stay_owners(self, oidc, acme, alice, issuer):
        rep = Role.objects.get(key="rep")
        add_group_rule(oidc, value="all", role=rep, team=None, actor=alice.as_actor())
        tell_of(issuer, "alice", email=alice.email, email_verified=True, groups=["all"])

        assert come_in(Visitor(acme), oidc, "alice").status_code == 302
        alice.refresh_from_db()
        assert alice.role.key == "owner"

    def test_teams_no_rule_speaks_of_are_left_alone(self, oidc, acme, alice, dora, issuer):
        north, south, own = (Team.objects.create(name=name) for name in ("N", "S", "Own"))
        open_to_all(oidc, alice)
        for value, team in (("crm-sales", north), ("south", south)):
            add_group_rule(oidc, value=value, role=None, team=team, actor=alice.as_actor())
        come_in(Visitor(acme), oidc, dora)
        member = User.objects.get(email="dora@acme.test")
        own.memberships.create(user=member)
        tell_of(issuer, "dora", **{**DORA, "groups": ["south"]})
        come_in(Visitor(acme), oidc, dora)

        assert set(member.teams.all()) == {south, own}


class TestThePolicyHolds:
    def test_the_second_factor_is_asked_for(self, oidc, acme, bob, issuer):
        add_app(bob, secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", keep="", actor=bob.as_actor())
        tell_of(issuer, "bob-8", email="bob@acme.test", email_verified=True)
        visitor = Visitor(acme)

        assert come_in(visitor, oidc, "bob-8")["Location"] == "/login/two-step/"
        assert visitor.get("/settings/profile/").status_code == 302

    def test_unless_the_provider_asks_for_it(self, oidc, acme, bob, alice, issuer):
        update_connection(oidc, changes={"has_second_factor": True}, actor=alice.as_actor())
        add_app(bob, secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", keep="", actor=bob.as_actor())
        tell_of(issuer, "bob-9", email="bob@acme.test", email_verified=True)

        assert come_in(Visitor(acme), oidc, "bob-9")["Location"] == "/"

    @pytest.mark.parametrize(("is_asked", "place"), [(False, 302), (True, 200)])
    def test_who_needs_one_sets_it_up_unless_the_provider_asks(
        self, oidc, acme, bob, alice, issuer, is_asked, place
    ):
        update_connection(oidc, changes={"has_second_factor": is_asked}, actor=alice.as_actor())
        policy = {"needs_second_factor": True, "grace_days": 0}
        change_login_policy(changes=policy, address="127.0.0.1", actor=alice.as_actor(), at=now())
        tell_of(issuer, "bob-10", email="bob@acme.test", email_verified=True)
        visitor = Visitor(acme)
        come_in(visitor, oidc, "bob-10")

        assert visitor.get("/settings/profile/").status_code == place

    def test_who_logs_in_by_password_next_is_asked_again(self, oidc, acme, bob, alice, issuer):
        update_connection(oidc, changes={"has_second_factor": True}, actor=alice.as_actor())
        tell_of(issuer, "bob-11", email="bob@acme.test", email_verified=True)
        come_in(Visitor(acme), oidc, "bob-11")
        Visitor(acme).post("/login/", {"login": bob.email, "password": "correct horse battery"})

        assert sorted(
            Session.objects.filter(user=bob).values_list("has_second_factor", flat=True)
        ) == [False, True]

    def test_networks_hold(self, oidc, acme, bob, alice, issuer):
        change_login_policy(
            changes={"networks": ["127.0.0.1"]},
            address="127.0.0.1",
            actor=alice.as_actor(),
            at=now(),
        )
        tell_of(issuer, "bob-12", email="bob@acme.test", email_verified=True)
        visitor = Visitor(acme)
        come_in(visitor, oidc, "bob-12")

        assert visitor.get("/settings/profile/").status_code == 200
        outside = {"REMOTE_ADDR": "203.0.113.9"}
        assert visitor.get("/settings/profile/", **outside).status_code == 403
        assert Visitor(acme, **outside).get(f"/sso/{oidc.pk}/").status_code == 403


class TestTheOtherWorkspace:
    """The same provider and the same client at Acme and Globex."""

    @pytest.fixture
    def theirs(self, issuer, oidc, globex, eve):
        return inside(globex, lambda: connect(issuer, eve.as_actor(), eve.joined_at))

    def test_an_answer_for_one_is_nothing_at_the_other(
        self, oidc, theirs, acme, globex, bob, issuer
    ):
        tell_of(issuer, "bob-20", email="bob@acme.test", email_verified=True)
        visitor, elsewhere = Visitor(acme), Visitor(globex)
        begun(elsewhere, theirs)
        back = urlsplit(sign_in_at(begun(visitor, oidc), "bob-20"))

        for place in (f"/sso/{theirs.pk}/callback/", back.path):
            answer = elsewhere.get(f"{place}?{back.query}")
            assert answer.status_code in (403, 404)
        assert inside(globex, lambda: Identity.objects.count()) == 0

    def test_cookies_carried_over_change_nothing(self, oidc, theirs, acme, globex, issuer):
        tell_of(issuer, "eve", email="eve@globex.test", email_verified=True)
        visitor, elsewhere = Visitor(acme), Visitor(globex)
        back = urlsplit(sign_in_at(begun(visitor, oidc), "eve"))
        elsewhere.cookies = visitor.cookies

        assert elsewhere.get(f"/sso/{theirs.pk}/callback/?{back.query}").status_code == 403

    def test_a_connection_of_one_is_not_found_at_the_other(self, oidc, globex):
        for path in ("", "callback/", "metadata/"):
            assert Visitor(globex).get(f"/sso/{oidc.pk}/{path}").status_code == 404


class TestReplay:
    def test_an_answer_counts_once(self, oidc, acme, bob, issuer):
        tell_of(issuer, "bob-30", email="bob@acme.test", email_verified=True)
        visitor = Visitor(acme)
        back = urlsplit(sign_in_at(begun(visitor, oidc), "bob-30"))
        assert visitor.get(f"{back.path}?{back.query}").status_code == 302

        assert visitor.get(f"{back.path}?{back.query}").status_code == 403

    def test_an_answer_is_worth_nothing_in_another_browser(self, oidc, acme, bob, issuer):
        tell_of(issuer, "bob-31", email="bob@acme.test", email_verified=True)
        back = urlsplit(sign_in_at(begun(Visitor(acme), oidc), "bob-31"))
        victim = Visitor(acme)
        begun(victim, oidc)

        assert victim.get(f"{back.path}?{back.query}").status_code == 403
        assert not Session.objects.filter(user=bob).exists()

    def test_nor_for_another_connection_of_the_same_workspace(self, oidc, acme, alice, bob, issuer):
        second = connect(issuer, alice.as_actor(), alice.joined_at, name="Second")
        tell_of(issuer, "bob-32", email="bob@acme.test", email_verified=True)
        visitor = Visitor(acme)
        back = urlsplit(sign_in_at(begun(visitor, oidc), "bob-32"))

        assert visitor.get(f"/sso/{second.pk}/callback/?{back.query}").status_code == 403

    def test_a_question_runs_out(self, oidc, acme, bob, issuer, monkeypatch):
        tell_of(issuer, "bob-33", email="bob@acme.test", email_verified=True)
        visitor = Visitor(acme)
        back = urlsplit(sign_in_at(begun(visitor, oidc), "bob-33"))
        monkeypatch.setattr("allauth.socialaccount.internal.statekit.STATE_TTL", -1)

        assert visitor.get(f"{back.path}?{back.query}").status_code == 403

    def test_the_event_of_a_link_names_the_connection(self, oidc, acme, bob, issuer):
        tell_of(issuer, "bob-34", email="bob@acme.test", email_verified=True)
        come_in(Visitor(acme), oidc, "bob-34")

        assert Event.objects.get(name="member.linked").payload == {"connection": str(oidc.pk)}
