"""Keys are made, changed, renewed and revoked on pages and by API alike, by the same people."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from api.keys.models import ApiKey
from api.keys.operations import create_key, revoke_key
from core.events.models import Event
from tenants.members.models import Role
from tenants.members.operations.service_accounts import create_service_account
from tests.api.conftest import Program
from tests.conftest import PASSWORD, Visitor, nothing_written

PAGE, API = "/settings/api-keys/", "/api/v1/api-keys/"
FORM = {"name": "Feed", "lifetime": "30", "extent": "limited", "group-contacts": "read"}


@pytest.fixture
def key(bob):
    return create_key(actor=bob.as_actor(), name="Feed")[0]


def stale(acme, member):
    """A browser whose member said who they are long ago."""
    visitor = Visitor(acme)
    visitor.force_login(member, is_proven=False)
    return visitor


def test_the_page_makes_a_limited_key(as_member, bob):
    made = as_member(bob).post(PAGE, FORM | {"networks": "203.0.113.0/24\n10.0.0.1"})

    assert made.context["secret"] in made.content.decode()
    key = ApiKey.objects.get()
    assert key.grants == ["contacts:read"]
    assert key.networks == ["203.0.113.0/24", "10.0.0.1"]
    assert key.created_by_id == bob.pk


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"extent": ""}, {"group-contacts": ""}, {"networks": "x"}, {"lifetime": "9"}],
)
def test_the_page_says_what_is_missing(as_member, bob, wrong):
    with nothing_written(ApiKey, Event):
        assert as_member(bob).post(PAGE, FORM | wrong).status_code == 422


def test_the_api_makes_a_key_for_a_member_at_a_browser(as_member, bob, acme):
    body = {"name": "Feed", "grants": ["companies:read"], "networks": ["127.0.0.1"]}
    made = as_member(bob).post(API, json.dumps(body), content_type="application/json")

    assert made.status_code == 201
    said = made.json()
    assert (said["grants"], said["networks"]) == (["companies:read"], ["127.0.0.1"])
    assert Program(acme, said["secret"]).get("/api/v1/companies/").status_code == 200
    again = as_member(bob).get(f"{API}{said['id']}/")
    assert "secret" not in again.json()
    assert said["secret"] not in again.content.decode()


def test_making_changing_and_renewing_ask_for_a_recent_log_in(acme, bob, key):
    visitor = stale(acme, bob)

    with nothing_written(ApiKey, Event):
        for url, form in (
            (PAGE, FORM),
            (f"{PAGE}{key.pk}/", {"name": "Feed", "networks": ""}),
            (f"{PAGE}{key.pk}/rotate/", {"overlap_hours": "24"}),
        ):
            assert "/reauthenticate/?next=" in visitor.post(url, form).headers["Location"]
        answer = visitor.patch(f"{API}{key.pk}/", "{}", content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (403, "recent_login_needed")
        for url, body in ((API, {"name": "x"}), (f"{API}{key.pk}/rotate/", {"overlap_hours": 1})):
            answer = visitor.post(url, json.dumps(body), content_type="application/json")
            assert (answer.status_code, answer.json()["code"]) == (403, "recent_login_needed")


def test_a_change_of_a_key_is_there_again_after_saying_who_one_is(acme, bob, key):
    visitor, url = stale(acme, bob), f"{PAGE}{key.pk}/"

    asked = visitor.post(url, {"name": "Ledger", "networks": "10.0.0.0/8"})
    back = visitor.post(asked.url, {"password": PASSWORD, "next": url}, follow=True)

    form = back.context["form"]
    assert (form["name"].value(), form["networks"].value()) == ("Ledger", "10.0.0.0/8")
    key.refresh_from_db()
    assert key.name == "Feed"


def test_no_key_takes_the_fence_off_itself_or_another_of_its_holder(acme, bob):
    """Whoever finds a key that works from one place must not make it work from theirs."""
    fence = ["127.0.0.1/32"]
    key, secret = create_key(actor=bob.as_actor(), name="Found", networks=fence)
    other, _secret = create_key(actor=bob.as_actor(), name="Other", networks=fence)
    program = Program(acme, secret)
    program.get("/api/v1/tags/")

    with nothing_written(ApiKey, Event):
        for each in (key, other):
            body = {"name": "Mine", "networks": []}
            assert program.send("patch", f"{API}{each.pk}/", body).status_code == 403


def test_who_sees_and_revokes_everybodys_keys_changes_none(as_member, bob, carol, key):
    Role.objects.filter(pk=carol.role_id).update(
        grants=["keys.add_key", "keys.revoke_key", "keys.manage_keys"]
    )
    visitor = as_member(carol)

    shown = visitor.get(f"{PAGE}{key.pk}/").content.decode()
    assert 'name="networks"' not in shown
    assert f"{PAGE}{key.pk}/revoke/" in shown
    with nothing_written(ApiKey, Event):
        form = {"name": "Feed", "networks": "0.0.0.0/0"}
        assert visitor.post(f"{PAGE}{key.pk}/", form).status_code == 403
        answer = visitor.patch(f"{API}{key.pk}/", {"networks": []}, content_type="application/json")
        assert answer.status_code == 403
    assert visitor.delete(f"{API}{key.pk}/").status_code == 204


def test_a_robots_key_is_changed_by_who_could_make_it(as_member, alice, carol):
    """Who manages service accounts changes the keys of those that may do no more than they do."""
    strong, weak = (
        create_service_account(name=key, role=Role.objects.get(key=key), actor=alice.as_actor())
        for key in ("rep", "viewer")
    )
    keys = [create_key(actor=alice.as_actor(), name="x", holder=each)[0] for each in (strong, weak)]
    viewer = Role.objects.get(key="viewer")
    viewer.grants = [*viewer.grants, "members.manage_service_accounts"]
    viewer.save()
    visitor = as_member(carol)

    assert b'name="networks"' not in visitor.get(f"{PAGE}{keys[0].pk}/").content
    with nothing_written(ApiKey, Event):
        url = f"{API}{keys[0].pk}/"
        assert visitor.patch(url, {"name": "y"}, content_type="application/json").status_code == 403
    changed = visitor.post(f"{PAGE}{keys[1].pk}/", {"name": "y", "networks": "10.0.0.0/8"})
    assert changed.status_code == 302
    assert ApiKey.objects.get(pk=keys[1].pk).networks == ["10.0.0.0/8"]


def test_a_key_does_not_make_or_renew_keys(program_of, bob):
    program = program_of(bob)
    program.get("/api/v1/tags/")
    own = ApiKey.objects.get()

    with nothing_written(ApiKey, Event):
        for url, body in ((API, {"name": "x"}), (f"{API}{own.pk}/rotate/", {"overlap_hours": 1})):
            assert program.send("post", url, body).status_code == 403


def test_a_key_is_renewed_on_its_page_and_by_api(as_member, bob, key, acme):
    shown = as_member(bob).post(f"{PAGE}{key.pk}/rotate/", {"overlap_hours": "24"})
    secret = shown.context["secret"]
    assert secret in shown.content.decode()
    fresh = ApiKey.objects.get(predecessor=key)
    assert shown.context["key"].pk == fresh.pk

    url = f"{API}{fresh.pk}/rotate/"
    made = as_member(bob).post(url, {"overlap_hours": 0}, content_type="application/json")
    assert made.status_code == 201
    assert Program(acme, secret).get("/api/v1/companies/").status_code == 401
    assert Program(acme, made.json()["secret"]).get("/api/v1/companies/").status_code == 200


@pytest.mark.parametrize("hours", [-1, 169, "soon", None])
def test_the_overlap_has_an_end(as_member, bob, key, hours):
    visitor, form = as_member(bob), {"overlap_hours": str(hours)}

    with nothing_written(ApiKey, Event):
        assert visitor.post(f"{PAGE}{key.pk}/rotate/", form).status_code == 422
        body = {"overlap_hours": hours}
        url = f"{API}{key.pk}/rotate/"
        assert visitor.post(url, body, content_type="application/json").status_code == 400


def test_a_key_is_changed_on_its_page_and_by_api(as_member, bob, key):
    visitor = as_member(bob)
    form = {"name": "Ledger", "networks": "10.0.0.0/8"}
    assert visitor.post(f"{PAGE}{key.pk}/", form).status_code == 302
    key.refresh_from_db()
    assert (key.name, key.networks) == ("Ledger", ["10.0.0.0/8"])

    body = {"networks": []}
    answer = visitor.patch(f"{API}{key.pk}/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["networks"]) == (200, [])
    assert visitor.post(f"{PAGE}{key.pk}/", form | {"networks": "x"}).status_code == 422


def test_a_key_is_revoked_by_api(as_member, program_of, bob, alice):
    program = program_of(bob)
    pk = ApiKey.objects.get().pk

    assert as_member(alice).delete(f"{API}{pk}/").status_code == 204
    assert program.get("/api/v1/companies/").status_code == 401


def test_admins_see_all_keys_and_the_others_their_own(as_member, alice, bob, carol, key):
    create_key(actor=carol.as_actor(), name="Carol's")

    def seen(member):
        by_api = {each["name"] for each in as_member(member).get(API).json()["results"]}
        by_page = {each.name for each in as_member(member).get(PAGE).context["keys"]}
        assert by_api == by_page
        return by_api

    assert seen(alice) == {"Feed", "Carol's"}
    assert seen(bob) == {"Feed"}
    assert seen(carol) == {"Carol's"}


def test_other_peoples_keys_are_not_found(as_member, carol, key):
    visitor = as_member(carol)

    with nothing_written(ApiKey, Event):
        assert visitor.get(f"{PAGE}{key.pk}/").status_code == 404
        assert visitor.post(f"{PAGE}{key.pk}/rotate/", {"overlap_hours": "0"}).status_code == 404
        for method in ("get", "patch", "delete"):
            assert getattr(visitor, method)(f"{API}{key.pk}/").status_code == 404


def test_an_admin_ends_a_members_key_and_does_not_get_a_new_one_of_it(as_member, alice, key):
    visitor = as_member(alice)

    with nothing_written(ApiKey, Event):
        answer = visitor.post(f"{PAGE}{key.pk}/rotate/", {"overlap_hours": "0"})
        assert answer.status_code == 403
    assert b"/rotate/" not in visitor.get(f"{PAGE}{key.pk}/").content


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_of_a_key_tells_its_state(as_member, bob, key, language):
    bob.language = language
    bob.save(update_fields=["language"])
    visitor = as_member(bob)
    assert visitor.get(f"{PAGE}{key.pk}/").status_code == 200

    revoke_key(key, actor=bob.as_actor(), at=datetime.now(UTC))
    shown = visitor.get(f"{PAGE}{key.pk}/")
    assert b"/rotate/" not in shown.content
    expired, _secret = create_key(
        actor=bob.as_actor(), name="Old", expires_at=datetime.now(UTC) - timedelta(days=1)
    )
    assert b"/rotate/" not in visitor.get(f"{PAGE}{expired.pk}/").content
