"""Members changed and closed through SCIM, as Okta, Microsoft and the specification say it."""

import pytest
from django.core import mail
from django.utils.timezone import now

from api.keys.models import ApiKey
from api.keys.operations import create_key
from api.scim.models import ScimMember, ScimSettings
from api.scim.operations.members import close_provisioned, remove_provisioned
from api.scim.operations.settings import change_scim_settings, make_scim_token
from core.events.models import Event
from crm.customers.models.companies import Company
from crm.customers.operations.companies import create_company
from tenants.members.models import Role, Session, User
from tests.api.scim.conftest import ERROR, OKTA, Provider, member
from tests.conftest import make_member, nothing_written


class TestChanging:
    def test_okta_replaces(self, scim, dora):
        body = {**OKTA, "id": dora, "name": {"givenName": "Dorothea", "familyName": "Novak"}}
        answer = scim.call("PUT", f"Users/{dora}", body)

        assert (answer.status_code, member(dora).given_name) == (200, "Dorothea")
        assert Event.objects.filter(name="member.updated").get().payload["fields"] == ["given_name"]

    @pytest.mark.parametrize(
        "operations",
        [
            [{"op": "replace", "value": {"name": {"givenName": "Dorothea"}}}],
            [{"op": "Replace", "path": "name.givenName", "value": "Dorothea"}],
            [{"op": "Add", "path": "name.givenName", "value": "Dorothea"}],
            [{"op": "replace", "value": {"name.givenName": "Dorothea"}}],
            [{"op": "replace", "path": "name", "value": {"givenName": "Dorothea"}}],
            [
                {"op": "Replace", "path": "displayName", "value": "D"},
                {"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "1"},
                {"op": "Replace", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "X"},
                {"op": "Replace", "path": "name.givenName", "value": "Dorothea"},
            ],
        ],
        ids=str,
    )  # fmt: skip
    def test_a_name(self, scim, dora, operations):
        answer = scim.patch(f"Users/{dora}", *operations)

        assert answer.status_code == 200, answer.content
        assert member(dora).given_name == "Dorothea"
        assert member(dora).is_active

    def test_a_name_is_taken_away(self, scim, dora):
        scim.patch(f"Users/{dora}", {"op": "remove", "path": "name.familyName"})

        assert (member(dora).given_name, member(dora).family_name) == ("Dora", "")

    @pytest.mark.parametrize(
        "operations",
        [
            [{"op": "replace", "path": "userName", "value": "new@acme.test"}],
            [{"op": "Replace", "path": 'emails[type eq "work"].value', "value": "new@acme.test"}],
            [{"op": "replace", "value": {"emails": [{"value": "new@acme.test", "primary": True}]}}],
            [
                {"op": "Replace", "path": "userName", "value": "new@acme.test"},
                {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "new@acme.test"},
            ],
        ],
        ids=str,
    )
    def test_an_address_and_the_one_before_hears_of_it(self, scim, dora, operations):
        mail.outbox.clear()
        answer = scim.patch(f"Users/{dora}", *operations)

        assert answer.status_code == 200, answer.content
        assert member(dora).email == "new@acme.test"
        assert [each.to for each in mail.outbox] == [["dora@acme.test"]]

    def test_an_address_of_somebody_else(self, scim, dora, bob):
        with nothing_written(User, ScimMember):
            answer = scim.patch(
                f"Users/{dora}", {"op": "replace", "path": "userName", "value": bob.email}
            )
        assert answer.status_code == 409

    def test_an_owners_address_stays(self, scim, alice):
        with nothing_written(User, ScimMember):
            answer = scim.patch(
                f"Users/{alice.pk}",
                {"op": "replace", "path": "userName", "value": "eve@evil.test"},
            )
        assert answer.status_code == 403

    @pytest.mark.parametrize(
        ("operation", "keyword"),
        [
            ({"op": "boom", "path": "active", "value": True}, "invalidValue"),
            ({"op": "remove"}, "noTarget"),
            ({"op": "replace", "path": "userName", "value": None}, "mutability"),
            ({"op": "replace", "path": "id", "value": "7"}, "mutability"),
            ({"op": "replace", "path": "active", "value": "perhaps"}, "invalidValue"),
            ({"op": "replace", "path": "emails[", "value": 1}, "invalidPath"),
            ({"op": "add", "path": "userName"}, "invalidValue"),
            ({"path": "userName", "value": "x"}, "invalidValue"),
        ],
        ids=str,
    )
    def test_what_cannot_be_done_changes_nothing(self, scim, dora, operation, keyword):
        with nothing_written(User, ScimMember):
            first = {"op": "replace", "path": "name.givenName", "value": "Half"}
            answer = scim.patch(f"Users/{dora}", first, operation)

        assert answer.status_code == 400, answer.content
        assert answer.said["scimType"] in (keyword, "invalidSyntax")


class TestClosing:
    @pytest.fixture
    def busy(self, scim, dora):
        """Dora, who is logged in, has a key and owns a company."""
        found = member(dora)
        User.objects.filter(pk=dora).update(role=Role.objects.get(key="rep"))
        found = member(dora)
        Session.objects.create(session_key="dora", user=found, expire_date="2099-01-01T00:00Z")
        create_key(actor=found.as_actor(), name="mine")
        create_company(actor=found.as_actor(), name="Hers", owner=found)
        return dora

    @pytest.mark.parametrize(
        "operation",
        [
            {"op": "replace", "value": {"active": False}},
            {"op": "Replace", "path": "active", "value": "False"},
            {"op": "replace", "path": "active", "value": False},
            {"op": "Add", "path": "active", "value": "false"},
        ],
        ids=str,
    )
    def test_sessions_and_keys_die_and_the_owner_takes_over(
        self, scim, busy, alice, work, operation
    ):
        answer = scim.patch(f"Users/{busy}", operation)

        assert (answer.status_code, answer.said["active"]) == (200, False)
        assert not Session.objects.filter(user=busy).exists()
        assert ApiKey.objects.get().revoked_at
        work()
        assert Company.objects.get().owner == alice
        assert Event.objects.filter(name="member.deactivated").exists()

    def test_the_workspace_says_who_takes_over(self, scim, busy, alice, bob, work):
        change_scim_settings(changes={"successor": bob}, actor=alice.as_actor())
        scim.patch(f"Users/{busy}", {"op": "replace", "path": "active", "value": False})

        work()
        assert Company.objects.get().owner == bob

    def test_nobody_takes_over_from_themselves(self, scim, alice, bob):
        change_scim_settings(changes={"successor": bob}, actor=alice.as_actor())
        answer = scim.patch(f"Users/{bob.pk}", {"op": "replace", "path": "active", "value": False})

        assert answer.status_code == 200
        assert ScimSettings.objects.get().successor == bob

    def test_it_is_opened_again(self, scim, busy):
        for value in (False, True):
            scim.patch(f"Users/{busy}", {"op": "replace", "path": "active", "value": value})
        assert member(busy).is_active

    def test_deleting_closes_and_hides(self, scim, busy):
        assert scim.call("DELETE", f"Users/{busy}").status_code == 204
        assert not member(busy).is_active
        for method in ("GET", "DELETE"):
            assert scim.call(method, f"Users/{busy}").status_code == 404
        assert scim.get('Users?filter=userName eq "dora@acme.test"').said["totalResults"] == 0

    def test_who_was_deleted_is_made_again(self, scim, busy):
        scim.call("DELETE", f"Users/{busy}")
        answer = scim.call("POST", "Users", OKTA)

        assert (answer.status_code, answer.said["id"]) == (201, busy)
        assert member(busy).is_active

    def test_the_last_owner_stays(self, scim, alice):
        for call in (
            lambda: scim.call("DELETE", f"Users/{alice.pk}"),
            lambda: scim.patch(
                f"Users/{alice.pk}", {"op": "replace", "path": "active", "value": False}
            ),
        ):
            with nothing_written(User, ScimMember):
                answer = call()
            assert (answer.status_code, answer.said["schemas"]) == (409, [ERROR])
        alice.refresh_from_db()
        assert alice.is_active

    def test_one_owner_of_two_may_leave(self, scim):
        olga = make_member("olga@acme.test", "owner")

        assert scim.call("DELETE", f"Users/{olga.pk}").status_code == 204

    def test_not_by_a_token_an_admin_made(self, acme):
        admin, olga = make_member("adam@acme.test", "admin"), make_member("olga@acme.test", "owner")
        _token, secret = make_scim_token(actor=admin.as_actor(), at=now())
        with nothing_written(User, ScimMember):
            answer = Provider(acme, secret).call("DELETE", f"Users/{olga.pk}")
        assert answer.status_code == 403

    def test_the_operations_themselves(self, bob, carol, alice):
        actor = alice.as_actor()
        assert not close_provisioned(bob, actor=actor).is_active
        remove_provisioned(carol, actor=actor)
        assert ScimMember.objects.get(user=carol).is_deleted


class TestVersions:
    def test_what_has_not_changed_is_not_told_again(self, scim, dora):
        version = scim.get(f"Users/{dora}")["ETag"]
        answer = scim.get(f"Users/{dora}", **{"If-None-Match": version})

        assert (answer.status_code, answer.content) == (304, b"")

    def test_who_knows_another_version_changes_nothing(self, scim, dora):
        version = scim.get(f"Users/{dora}")["ETag"]
        change = {"op": "replace", "path": "name.givenName", "value": "One"}
        assert scim.patch(f"Users/{dora}", change, **{"If-Match": version}).status_code == 200
        with nothing_written(User, ScimMember):
            for call in (
                lambda: scim.patch(f"Users/{dora}", change, **{"If-Match": version}),
                lambda: scim.call("PUT", f"Users/{dora}", OKTA, **{"If-Match": version}),
                lambda: scim.call("DELETE", f"Users/{dora}", **{"If-Match": version}),
            ):
                answer = call()
                assert (answer.status_code, answer.said["schemas"]) == (412, [ERROR])
        assert scim.call("DELETE", f"Users/{dora}", **{"If-Match": "*"}).status_code == 204
