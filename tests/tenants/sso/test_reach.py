"""Whom a connection lets in: nobody with more rights than whoever set it up, and from named domains alone."""

from tenants.members.models import Role, User
from tenants.sso.models import Connection, Identity
from tenants.sso.operations.connections import update_connection
from tenants.sso.operations.group_rules import add_group_rule
from tests.conftest import Visitor, make_member, nothing_written
from tests.tenants.sso.conftest import allow, come_in, connect
from tests.tenants.sso.providers import tell_of


class TestReach:
    def test_what_an_admin_set_up_opens_no_owners_log_in(self, issuer, settings, acme, alice, oidc):
        admin = make_member("adam@acme.test", "admin")
        update_connection(oidc, changes={"secret": "another"}, actor=admin.as_actor())
        tell_of(issuer, "fake", email=alice.email, email_verified=True)

        with nothing_written(User, Identity):
            answer = come_in(Visitor(acme), oidc, "fake")

        assert answer.status_code == 403
        assert b"set up by somebody with fewer rights" in answer.content

    def test_nor_does_it_once_the_owner_was_linked(self, issuer, acme, alice, oidc):
        tell_of(issuer, "alice-1", email=alice.email, email_verified=True)
        assert come_in(Visitor(acme), oidc, "alice-1").status_code == 302
        admin = make_member("adam@acme.test", "admin")
        update_connection(oidc, changes={"client_id": "mine"}, actor=admin.as_actor())

        assert come_in(Visitor(acme), oidc, "alice-1").status_code == 403

    def test_it_opens_no_log_in_with_more_rights_than_whoever_set_it_up_has(
        self, issuer, settings, acme, alice
    ):
        people, clerk = (
            Role.objects.create(name=name, grants=grants)
            for name, grants in (
                ("People", ["members.change_security", "customers.view_contact:team"]),
                ("Clerk", ["customers.view_contact:own"]),
            )
        )
        setter, equal, more = (
            make_member(f"{name}@acme.test", "rep") for name in ("sue", "eve", "max")
        )
        User.objects.filter(pk=setter.pk).update(role=people)
        User.objects.filter(pk=equal.pk).update(role=clerk)
        allow(settings, issuer)
        actor = User.objects.get(pk=setter.pk).as_actor()
        connection = connect(issuer, actor, alice.joined_at)
        for member in (equal, more):
            tell_of(issuer, str(member.pk), email=member.email, email_verified=True)

        assert come_in(Visitor(acme), connection, str(equal.pk)).status_code == 302
        with nothing_written(User, Identity):
            assert come_in(Visitor(acme), connection, str(more.pk)).status_code == 403

    def test_nor_does_anybody_become_more_than_that(self, issuer, oidc, acme, alice, bob):
        admins = Role.objects.get(key="admin")
        add_group_rule(oidc, value="crm", role=admins, team=None, actor=alice.as_actor())
        tell_of(issuer, "bob-2", email=bob.email, email_verified=True, groups=["crm"])
        Connection.objects.update(
            reach=Connection.Reach.LIMITED, grants=sorted(bob.as_actor().permissions)
        )

        with nothing_written(User, Identity):
            assert come_in(Visitor(acme), oidc, "bob-2").status_code == 403

    def test_another_issuers_people_are_others(self, oidc, alice, acme, bob, issuer, rogue):
        tell_of(issuer, "bob-7", email="bob@acme.test", email_verified=True)
        come_in(Visitor(acme), oidc, "bob-7")
        update_connection(oidc, changes={"issuer": rogue.issuer}, actor=alice.as_actor())

        assert not Identity.objects.exists()
