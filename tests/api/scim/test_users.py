"""Members through SCIM: made, found, changed, closed; as Okta, Microsoft and the specification say it."""

import pytest

from api.scim.models import ScimMember
from api.scim.operations.settings import change_scim_settings
from billing.entitlements import answered_by
from core.events.models import Event
from tenants.members.models import Role, User
from tests.api.scim.conftest import ERROR, KIND, OKTA, USER, member
from tests.conftest import make_member, nothing_written

MICROSOFT = {
    "schemas": [USER, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
    "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
    "userName": "Dora_ab6490ee@acme.test",
    "active": "True",
    "addresses": [{"primary": False, "type": "work", "formatted": "New York"}],
    "displayName": "Dora Novak",
    "emails": [{"type": "work", "value": "dora@acme.test", "primary": True}],
    "meta": {"resourceType": "User"},
    "name": {"formatted": "Dora Novak", "familyName": "Novak", "givenName": "Dora"},
    "roles": [],
    "preferredLanguage": "zh-CN",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Sales"},
}


class TestMaking:
    def test_okta_makes_a_member(self, scim, acme):
        answer = scim.call("POST", "Users", OKTA)

        assert answer.status_code == 201
        assert answer["Content-Type"] == KIND
        made = member(answer.said["id"])
        assert (made.email, made.name, made.role.key) == ("dora@acme.test", "Dora Novak", "viewer")
        assert not made.has_usable_password()
        assert answer["Location"] == answer.said["meta"]["location"]
        assert answer["Location"] == f"{acme.url}/scim/v2/Users/{made.pk}"
        assert answer["ETag"] == answer.said["meta"]["version"]
        assert answer.said["externalId"] == OKTA["externalId"]
        assert "password" not in answer.said
        assert Event.objects.get(name="member.joined").subject_id == made.pk

    def test_microsoft_makes_one_whose_name_is_not_their_address(self, scim):
        answer = scim.call("POST", "Users", MICROSOFT)

        made = member(answer.said["id"])
        assert (made.email, made.language) == ("dora@acme.test", "zh-hans")
        assert answer.said["userName"] == "Dora_ab6490ee@acme.test"
        found = scim.get('Users?filter=userName eq "dora_AB6490ee@acme.test"')
        assert found.said["totalResults"] == 1

    def test_the_specifications_least(self, scim):
        answer = scim.make(userName="e@acme.test")

        assert (answer.status_code, answer.said["active"]) == (201, True)

    def test_a_whole_name_is_taken_apart(self, scim):
        made = member(scim.make(userName="f@acme.test", displayName="Ana María López").said["id"])

        assert (made.given_name, made.family_name) == ("Ana María", "López")

    def test_the_workspace_says_the_role(self, scim, alice):
        rep = Role.objects.get(key="rep")
        change_scim_settings(changes={"default_role": rep}, actor=alice.as_actor())

        assert member(scim.make(userName="g@acme.test").said["id"]).role == rep

    def test_somebody_known_is_not_made_again(self, scim, bob):
        with nothing_written(User, ScimMember):
            answer = scim.make(userName="BOB@acme.test")

        assert (answer.status_code, answer.said["scimType"]) == (409, "uniqueness")
        assert answer.said["schemas"] == [ERROR]
        assert answer.said["status"] == "409"

    def test_nor_under_another_name(self, scim, dora):
        scim.call("POST", "Users", {**MICROSOFT, "emails": [{"value": "x@acme.test"}]})
        with nothing_written(User, ScimMember):
            again = {**MICROSOFT, "emails": [{"value": "y@acme.test"}]}
            assert scim.call("POST", "Users", again).status_code == 409

    def test_without_a_seat_nobody_is_made(self, scim):
        with answered_by(lambda name: 1), nothing_written(User, ScimMember):
            assert scim.make(userName="h@acme.test").status_code == 402

    @pytest.mark.parametrize(
        "values",
        [
            {},
            {"userName": ""},
            {"userName": "no-address"},
            {"userName": 7},
            {"userName": "i@acme.test", "emails": [{"value": "no-address"}]},
            {"userName": "i@acme.test", "emails": "x"},
            {"userName": "i@acme.test", "active": "perhaps"},
            {"userName": "i@acme.test", "name": {"givenName": "x" * 81}},
            {"userName": "i@acme.test", "externalId": "x" * 256},
            {"userName": f"{'x' * 300}@acme.test"},
        ],
        ids=str,
    )
    def test_what_cannot_be_kept_is_refused_in_scims_words(self, scim, values):
        with nothing_written(User, ScimMember):
            answer = scim.make(**values)

        assert answer.status_code == 400
        assert answer.said["schemas"] == [ERROR]
        assert answer.said["status"] == "400"
        assert answer.said["scimType"]


class TestFinding:
    @pytest.fixture(autouse=True)
    def people(self, scim, dora, bob, carol):
        """Dora, Bob, Carol, and Alice who started the workspace."""

    @pytest.mark.parametrize(
        ("wanted", "count"),
        [
            ('userName eq "dora@acme.test"', 1),
            ('userName eq "DORA@ACME.TEST"', 1),
            ('username Eq "dora@acme.test"', 1),
            ('urn:ietf:params:scim:schemas:core:2.0:User:userName eq "dora@acme.test"', 1),
            ('externalId eq "00ujl29u0le5T6Aj10h7"', 1),
            ('externalId eq "00UJL29U0LE5T6AJ10H7"', 0),
            ('emails.value eq "bob@acme.test"', 1),
            ('emails[type eq "work" and value eq "bob@acme.test"]', 1),
            ('emails[type eq "work"].value eq "bob@acme.test"', 1),
            ('emails co "acme.test"', 4),
            ('name.familyName eq "Reed"', 1),
            ('name.familyName sw "r"', 1),
            ('displayName co "vane"', 1),
            ("externalId pr", 1),
            ("not (externalId pr)", 3),
            ('userName eq "bob@acme.test" or userName eq "dora@acme.test"', 2),
            ('userName sw "b" and active eq true', 1),
            ("active eq false", 0),
            ('userName eq "nobody@acme.test"', 0),
            ('userName ne "bob@acme.test"', 3),
            ('preferredLanguage eq "en"', 4),
        ],
    )
    def test_filters(self, scim, wanted, count):
        answer = scim.visitor.get("/scim/v2/Users", {"filter": wanted})

        assert answer.status_code == 200, answer.content
        said = answer.json()
        assert said["totalResults"] == len(said["Resources"]) == count

    @pytest.mark.parametrize(
        "wanted",
        [
            "userName",
            "userName eq",
            "userName like 1",
            '(userName eq "x"',
            "nonsense eq 1",
            "active gt true",
            '" or 1=1',
            "a" * 5000,
        ],
    )
    def test_filters_that_are_none(self, scim, wanted):
        answer = scim.visitor.get("/scim/v2/Users", {"filter": wanted})

        assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidFilter")

    def test_pages(self, scim):
        seen, start = [], 1
        while True:
            said = scim.get(f"Users?startIndex={start}&count=3").said
            assert (said["totalResults"], said["startIndex"]) == (4, start)
            seen += [each["userName"] for each in said["Resources"]]
            start += said["itemsPerPage"]
            if start > said["totalResults"]:
                break
        assert len(seen) == len(set(seen)) == 4

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("count=0", 0),
            ("count=-1", 0),
            ("startIndex=0&count=1", 1),
            ("startIndex=99", 0),
            ("count=9999", 4),
        ],
    )
    def test_odd_pages(self, scim, query, count):
        said = scim.get(f"Users?{query}").said

        assert (said["totalResults"], len(said["Resources"])) == (4, count)

    def test_a_page_that_is_no_number(self, scim):
        assert scim.get("Users?count=many").status_code == 400

    def test_order(self, scim):
        said = scim.get("Users?sortBy=userName&sortOrder=descending").said
        names = [each["userName"] for each in said["Resources"]]

        assert names == sorted(names, reverse=True)

    def test_only_the_attributes_wanted(self, scim, dora):
        said = scim.get(f"Users/{dora}?attributes=userName").said
        assert said.keys() == {"schemas", "id", "userName", "meta"}
        said = scim.get(f"Users/{dora}?excludedAttributes=emails,groups").said
        assert "emails" not in said
        assert "userName" in said

    def test_asked_in_a_body(self, scim):
        body = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
            "filter": 'userName sw "b"',
        }
        assert scim.call("POST", "Users/.search", body).said["totalResults"] == 1

    def test_a_page_asks_the_database_seldom(self, scim, django_assert_max_num_queries):
        for number in range(5):
            make_member(f"n{number}@acme.test", "viewer")
        with django_assert_max_num_queries(12):
            scim.get("Users")

    def test_the_usual_look_up_reads_one(self, scim, monkeypatch):
        read = []
        monkeypatch.setattr("api.scim.views.provider.user_resource", read.append)
        scim.visitor.get("/scim/v2/Users", {"filter": 'userName eq "bob@acme.test"'})
        assert [each.email for each in read] == ["bob@acme.test"]
