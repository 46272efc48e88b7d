"""Who gets in by SCIM, what it says of itself, and what it says to nonsense."""

import json
import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now
from hypothesis import given, settings
from hypothesis import strategies as st

from api.keys.operations import create_key
from api.scim.models import ScimMember, ScimSettings, ScimTeam, ScimToken
from api.scim.operations.settings import (
    OVERLAP,
    change_scim_settings,
    give_team_role,
    make_scim_token,
    revoke_scim_tokens,
)
from api.scim.refusals import ScimForAdmins
from core.actors import Scope
from tenants.members.models import Role, Team, User
from tenants.members.operations.roles import create_role
from tests.api.scim.conftest import ERROR, KIND, PATCH, USER, Provider
from tests.conftest import Visitor, inside, make_member, nothing_written

PLACES = (
    "Users",
    "Groups",
    "ServiceProviderConfig",
    "ResourceTypes",
    "Schemas",
    "Me",
    "Bulk",
    "else",
    "Users/x",
)


class TestTheToken:
    def test_only_its_hash_is_kept(self, alice):
        token, secret = make_scim_token(actor=alice.as_actor(), at=now())

        assert secret not in str(ScimToken.objects.values())
        assert len(token.secret_hash) == 64

    @pytest.mark.parametrize("place", PLACES)
    def test_nobody_gets_in_without_it(self, acme, alice, bob, place):
        _key, key = create_key(actor=alice.as_actor(), name="mine")
        session = Visitor(acme)
        session.force_login(alice)
        for visitor in (
            Visitor(acme),
            session,
            Visitor(acme, HTTP_AUTHORIZATION=f"Bearer {key}"),
            Visitor(acme, HTTP_AUTHORIZATION="Bearer scim_1_x"),
            Visitor(acme, HTTP_AUTHORIZATION="Basic eDp5"),
        ):
            answer = visitor.get(f"/scim/v2/{place}")
            assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
            assert answer.json()["schemas"] == [ERROR]

    def test_it_opens_no_other_api_and_no_page(self, scim):
        assert scim.visitor.get("/api/v1/companies/").status_code == 401
        assert scim.visitor.get("/settings/profile/").status_code == 302

    def test_acmes_opens_nothing_at_globex(self, scim, globex):
        thief = Visitor(globex)
        thief.defaults["HTTP_AUTHORIZATION"] = scim.visitor.defaults["HTTP_AUTHORIZATION"]
        before = inside(globex, lambda: list(User.objects.values()))
        for place in PLACES:
            assert thief.get(f"/scim/v2/{place}").status_code == 401
        body = json.dumps({"schemas": [USER], "userName": "x@globex.test"})
        assert thief.post("/scim/v2/Users", body, content_type=KIND).status_code == 401
        assert inside(globex, lambda: list(User.objects.values())) == before

    def test_not_even_dressed_as_theirs(self, scim, globex):
        secret = scim.visitor.defaults["HTTP_AUTHORIZATION"].partition("scim_")[2]
        number = globex.schema.removeprefix("t_")
        dressed = f"Bearer scim_{number}_{secret.partition('_')[2]}"

        assert Visitor(globex, HTTP_AUTHORIZATION=dressed).get("/scim/v2/Users").status_code == 401

    def test_members_of_globex_are_not_found(self, scim, eve):
        assert scim.get(f"Users/{eve.pk}").status_code == 404
        assert scim.get('Users?filter=userName co "globex"').said["totalResults"] == 0

    def test_the_one_before_works_for_a_day(self, scim, acme, alice):
        at = now()
        _token, newer = make_scim_token(actor=alice.as_actor(), at=at)
        assert scim.get("Users").status_code == 200
        assert Provider(acme, newer).get("Users").status_code == 200
        ScimToken.objects.filter(expires_at=at + OVERLAP).update(
            expires_at=at - timedelta(seconds=1)
        )

        assert scim.get("Users").status_code == 401
        assert Provider(acme, newer).get("Users").status_code == 200

    def test_the_provider_is_shut_out_at_once(self, scim, alice):
        revoke_scim_tokens(actor=alice.as_actor())

        assert scim.get("Users").status_code == 401

    def test_its_use_is_noted(self, scim):
        scim.get("Users")

        assert ScimToken.objects.get().last_used_at


class TestThePage:
    def test_the_secret_is_shown_once(self, as_member, alice, acme):
        visitor = as_member(alice)
        page = visitor.post("/settings/scim/token/").content.decode()
        secret = next(
            word for word in page.replace("<", ">").split(">") if word.startswith("scim_")
        )

        assert Provider(acme, secret).get("Users").status_code == 200
        again = visitor.get("/settings/scim/").content.decode()
        assert secret not in again
        assert f"{acme.url}/scim/v2" in again

    def test_beside_a_new_token_the_form_of_members_is_as_it_was(self, as_member, alice, bob):
        rep, visitor = Role.objects.get(key="rep"), as_member(alice)
        visitor.post("/settings/scim/", {"default_role": rep.pk, "successor": bob.pk})

        page = visitor.post("/settings/scim/token/")

        form = page.context["form"]
        assert (form["default_role"].value(), form["successor"].value()) == (rep.pk, bob.pk)
        addresses = re.findall(r'<form method="post"([^>]*)data-guard', page.content.decode())
        assert [re.findall(r'action="([^"]*)"', each) for each in addresses] == [
            ["/settings/scim/"]
        ]

    def test_everything_is_set_on_it(self, as_member, alice, bob, scim):
        visitor, rep, team = (
            as_member(alice),
            Role.objects.get(key="rep"),
            Team.objects.create(name="North"),
        )
        visitor.post("/settings/scim/", {"default_role": rep.pk, "successor": bob.pk})
        known = ScimSettings.objects.get()
        assert (known.default_role, known.successor) == (rep, bob)
        visitor.post("/settings/scim/teams/", {"team": team.pk, "role": rep.pk})
        assert ScimTeam.objects.get().role == rep
        assert b"North" in visitor.get("/settings/scim/").content
        visitor.post("/settings/scim/teams/", {"team": team.pk})
        assert ScimTeam.objects.get().role is None
        visitor.post("/settings/scim/revoke/")
        assert not ScimToken.objects.exists()

    def test_an_owners_role_is_no_choice(self, as_member, alice):
        owner = Role.objects.get(key="owner")
        with nothing_written(ScimSettings):
            form = {"default_role": owner.pk}
            assert as_member(alice).post("/settings/scim/", form).status_code == 422

    def test_it_is_closed_to_others(self, as_member, bob, scim):
        visitor = as_member(bob)
        with nothing_written(ScimToken, ScimSettings, ScimTeam):
            assert visitor.get("/settings/scim/").status_code == 403
            for place in ("", "token/", "revoke/", "teams/"):
                assert visitor.post(f"/settings/scim/{place}").status_code == 403

    def test_only_owners_and_admins_let_a_provider_in(self, alice, scim):
        scopes = {"members.change_security": Scope.ALL}
        guard = create_role(name="Guard", scopes=scopes, actor=alice.as_actor())
        member = make_member("gus@acme.test", "viewer")
        User.objects.filter(pk=member.pk).update(role=guard)
        actor = User.objects.get(pk=member.pk).as_actor()
        team = Team.objects.create(name="North")
        with nothing_written(ScimToken, ScimSettings, ScimTeam):
            for forbidden in (
                lambda: make_scim_token(actor=actor, at=now()),
                lambda: revoke_scim_tokens(actor=actor),
                lambda: change_scim_settings(changes={}, actor=actor),
                lambda: give_team_role(team, role=None, actor=actor),
            ):
                with pytest.raises((ScimForAdmins, PermissionDenied)):
                    forbidden()


class TestWhatItSaysOfItself:
    def test_what_it_can_do(self, scim):
        said = scim.get("ServiceProviderConfig").said

        assert said["patch"]["supported"] is True
        assert said["filter"] == {"supported": True, "maxResults": 200}
        assert said["bulk"]["supported"] is False
        assert said["etag"]["supported"] is True
        assert said["authenticationSchemes"][0]["type"] == "oauthbearertoken"

    def test_which_resources_there_are(self, scim):
        said = scim.get("ResourceTypes").said

        assert [(each["name"], each["endpoint"]) for each in said["Resources"]] == [
            ("User", "/Users"),
            ("Group", "/Groups"),
        ]
        assert scim.get("ResourceTypes/User").said["schema"] == USER
        assert scim.get("ResourceTypes/Else").status_code == 404

    def test_what_they_look_like(self, scim):
        said = scim.get(f"Schemas/{USER}").said
        names = {each["name"] for each in said["attributes"]}

        assert names == {
            "userName",
            "name",
            "displayName",
            "active",
            "emails",
            "preferredLanguage",
            "timezone",
            "groups",
        }
        assert scim.get("Schemas").said["totalResults"] == 2
        assert scim.get("Schemas/urn:else").status_code == 404

    @pytest.mark.parametrize(
        ("place", "status"), [("Me", 501), ("Bulk", 501), ("else", 404), ("Users/x/y", 404)]
    )
    def test_what_it_does_not_know(self, scim, place, status):
        answer = scim.get(place)

        assert (answer.status_code, answer.said["schemas"]) == (status, [ERROR])

    def test_a_method_there_is_not(self, scim):
        assert scim.call("DELETE", "Users").status_code == 405

    def test_whatever_a_client_says_it_likes(self, scim):
        for kind in (
            "application/json",
            "text/html",
            "*/*",
            "application/scim+json; charset=utf-8",
        ):
            answer = scim.get("Users", Accept=kind)
            assert (answer.status_code, answer["Content-Type"]) == (200, KIND)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
NAMES = st.sampled_from(
    [
        "userName",
        "name",
        "emails",
        "active",
        "groups",
        "externalId",
        "members",
        "displayName",
        "id",
        "meta",
        "schemas",
        "Operations",
    ]
)
PATHS = st.sampled_from(
    [
        'emails[type eq "work"].value',
        "name.givenName",
        "members",
        'members[value eq "x"]',
        "active",
        "userName",
        "",
        "emails[",
        "a.b.c",
        "urn:x:y",
    ]
) | st.text(max_size=30)
OPERATION = st.fixed_dictionaries(
    {},
    optional={
        "op": st.sampled_from(["add", "Replace", "remove", "x"]) | JSON,
        "path": PATHS | JSON,
        "value": JSON,
    },
)


class TestNonsense:
    """Whatever is sent, the answer is SCIM's, and never a failure of ours."""

    def is_answered(self, answer):
        assert answer.status_code < 500, answer.content
        if answer.status_code >= 400:
            assert answer.said["schemas"] == [ERROR]
            assert answer.said["status"] == str(answer.status_code)

    @settings(max_examples=60)
    @given(body=st.dictionaries(NAMES, JSON, max_size=6))
    def test_a_member_of_anything(self, scim, body):
        for method, place in (("POST", "Users"), ("POST", "Groups"), ("POST", "Users/.search")):
            self.is_answered(scim.call(method, place, {"schemas": [USER], **body}))

    @settings(max_examples=60)
    @given(operations=st.lists(OPERATION, max_size=3))
    def test_a_change_of_anything(self, scim, bob, operations):
        team, _is_new = Team.objects.get_or_create(name="North")
        body = {"schemas": [PATCH], "Operations": operations}
        for place in (f"Users/{bob.pk}", f"Groups/{team.pk}"):
            self.is_answered(scim.call("PATCH", place, body))

    @settings(max_examples=60)
    @given(wanted=st.text(max_size=40), start=st.text(max_size=5), sort=st.text(max_size=20))
    def test_a_list_of_anything(self, scim, bob, wanted, start, sort):
        for query in (
            {"filter": wanted},
            {"startIndex": start, "count": start},
            {"sortBy": sort},
            {"attributes": sort},
        ):
            answer = scim.visitor.get("/scim/v2/Users", query)
            answer.said = answer.json()
            self.is_answered(answer)

    @pytest.mark.parametrize(
        "body",
        ["", "{", "[]", "7", "null", '"x"', "\x00", b"\xff\xfe", '{"userName": "\\ud800"}', '{"userName": "a\\u0000@x.test"}',
         '{"a":' * 5000 + "1" + "}" * 5000, '{"userName": NaN}', '{"userName": 1e999}', "{" + " " * 2**20 + "}"],
        ids=range(14),
    )  # fmt: skip
    def test_what_is_no_scim(self, scim, bob, body):
        with nothing_written(User, ScimMember, Team):
            for method, place in (
                ("POST", "Users"),
                ("PUT", f"Users/{bob.pk}"),
                ("PATCH", f"Users/{bob.pk}"),
                ("POST", "Groups"),
            ):
                answer = scim.call(method, place, body)
                self.is_answered(answer)
                assert answer.status_code in (400, 413)

    def test_another_media_type(self, scim):
        answer = scim.visitor.generic("POST", "/scim/v2/Users", "<x/>", "text/xml")

        assert answer.status_code == 415
        assert answer.json()["schemas"] == [ERROR]

    @pytest.mark.parametrize("pk", ["x", "%00", "../Users", "'", "7", "a" * 300])
    def test_no_such_member(self, scim, pk):
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            assert scim.call(method, f"Users/{pk}", {}).status_code in (400, 404)
