import pytest

from core.events.models import Event
from tenants.members.models import User
from tests.conftest import Visitor

PROFILE = {
    "given_name": "Robert",
    "family_name": "Reed",
    "language": "zh-hans",
    "time_zone": "Asia/Shanghai",
    "theme": "dark",
    "has_shortcuts": "on",
}


def test_a_member_changes_their_own_profile(as_member, bob):
    as_member(bob).post("/settings/profile/", PROFILE)

    bob.refresh_from_db()
    assert (bob.given_name, bob.language, bob.theme) == ("Robert", "zh-hans", "dark")
    assert Event.objects.get().name == "member.updated"


def test_pages_speak_the_members_language(as_member, bob):
    User.objects.filter(pk=bob.pk).update(language="zh-hans")

    page = as_member(bob).get("/settings/profile/").content.decode()

    assert 'lang="zh' in page


@pytest.mark.parametrize(
    ("given", "family", "name"),
    [("晓雯", "林", "林晓雯"), ("Inés", "Moreno", "Inés Moreno"), ("", "", "bob@acme.test")],
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_name_is_written_as_its_script_asks(bob, given, family, name, language):
    bob.language, bob.given_name, bob.family_name = language, given, family

    assert bob.name == name


def test_a_menu_changes_one_preference_and_leaves_the_rest(as_member, bob):
    response = as_member(bob).post(
        "/settings/preferences/", {"theme": "dark", "next": "/settings/profile/"}
    )

    assert response.url == "/settings/profile/"
    bob.refresh_from_db()
    assert (bob.theme, bob.language, bob.given_name) == ("dark", "en", "Bob")


def test_a_preference_that_does_not_exist_is_refused(as_member, bob):
    assert as_member(bob).post("/settings/preferences/", {"theme": "pink"}).status_code == 400


def test_preferences_lead_back_to_this_host_only(as_member, bob):
    response = as_member(bob).post(
        "/settings/preferences/", {"theme": "dark", "next": "https://evil.test/"}
    )

    assert response.url == "/"


def test_a_bad_time_zone_is_named_at_its_field(as_member, bob):
    response = as_member(bob).post("/settings/profile/", {**PROFILE, "time_zone": "Mars/Olympus"})

    assert response.status_code == 422
    bob.refresh_from_db()
    assert bob.time_zone == "UTC"


def test_strangers_choose_a_language_by_cookie(acme):
    visitor = Visitor(acme)

    visitor.post("/language/", {"language": "zh-hans", "next": "/login/"})

    assert '<html lang="zh' in visitor.get("/login/").content.decode()
