"""Log-in and its relatives, in a workspace of their own; each known hole between workspaces stays shut."""

import re
from copy import deepcopy
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import now

from core.isolation.scope import control_plane
from tenants.members.directory import workspaces_of
from tenants.members.models import LoginToken, Session, User
from tests.conftest import PASSWORD, Visitor, inside, make_member


def log_in(visitor, email, password=PASSWORD):
    return visitor.post("/login/", {"login": email, "password": password})


def is_in(visitor):
    return visitor.get("/settings/profile/").status_code == 200


def code():
    return re.search(r"\n([A-Z0-9-]{6,12})\n", mail.outbox[-1].body)[1]


def test_a_member_logs_in_and_out(bob, acme):
    visitor = Visitor(acme)

    assert log_in(visitor, "BOB@acme.test").url == "/"
    assert is_in(visitor)
    visitor.post("/logout/")
    assert not is_in(visitor)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(bob, acme):
    wrong = log_in(Visitor(acme), "bob@acme.test", "not this one at all")
    unknown = log_in(Visitor(acme), "nobody@acme.test", "not this one at all")

    assert wrong.status_code == unknown.status_code
    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_too_many_wrong_passwords_lock_the_door_for_a_while(bob, acme):
    visitor = Visitor(acme)
    for _try in range(5):
        log_in(visitor, "bob@acme.test", "not this one at all")

    assert not is_in(visitor)
    log_in(visitor, "bob@acme.test")
    assert not is_in(visitor)


def test_the_way_back_leads_only_to_this_host(bob, acme):
    response = Visitor(acme).post(
        "/login/", {"login": "bob@acme.test", "password": PASSWORD, "next": "https://evil.test/"}
    )

    assert response.url == "/"


def test_strangers_are_sent_to_log_in(acme):
    response = Visitor(acme).get("/settings/profile/")

    assert response.url.startswith("/login/?next=")


def test_a_member_logs_in_by_a_code(bob, acme):
    visitor = Visitor(acme)
    visitor.post("/login/code/", {"email": "bob@acme.test"})

    visitor.post("/login/code/confirm/", {"code": code(), "action": "verify"})

    assert is_in(visitor)


def test_a_new_password_is_chosen_by_a_code(bob, acme):
    visitor = Visitor(acme)
    visitor.post("/password/reset/", {"email": "bob@acme.test"})
    visitor.post("/password/reset/confirm/", {"code": code(), "action": "verify"})

    new = "a sentence nobody guesses"
    visitor.post("/password/reset/complete/", {"password1": new, "password2": new})

    assert log_in(Visitor(acme), "bob@acme.test", new).url == "/"
    assert log_in(Visitor(acme), "bob@acme.test").status_code == 200


def test_an_unknown_address_is_told_by_mail_alone(acme):
    response = Visitor(acme).post("/password/reset/", {"email": "nobody@acme.test"})

    assert response.url == "/password/reset/confirm/"
    assert "no account there" in mail.outbox[-1].body


def test_a_new_address_counts_once_its_code_is_entered(bob, acme):
    visitor = Visitor(acme)
    log_in(visitor, "bob@acme.test")

    visitor.post("/email/", {"email": "robert@acme.test", "action_add": "1"})
    assert mail.outbox == []
    visitor.post("/reauthenticate/", {"password": PASSWORD, "next": "/email/"})
    visitor.post("/email/", {"email": "robert@acme.test", "action_add": "1"})
    bob.refresh_from_db()
    assert bob.email == "bob@acme.test"
    visitor.post("/confirm-email/", {"code": code(), "action": "verify"})

    bob.refresh_from_db()
    assert bob.email == "robert@acme.test"
    notice = mail.outbox[-1]
    assert (notice.to, notice.subject) == (["bob@acme.test"], "Your e-mail address was changed")
    with control_plane("look the addresses up"):
        assert [tenant.name for tenant in workspaces_of("robert@acme.test")] == ["Acme"]
        assert workspaces_of("bob@acme.test") == []


def test_a_password_change_ends_the_other_sessions(bob, acme):
    here, elsewhere = Visitor(acme), Visitor(acme)
    log_in(here, "bob@acme.test")
    log_in(elsewhere, "bob@acme.test")

    new = "a sentence nobody guesses"
    here.post("/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert is_in(here)
    assert not is_in(elsewhere)


def test_sessions_are_listed_and_ended_together(bob, acme):
    here, elsewhere = (
        Visitor(acme),
        Visitor(
            acme,
            HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        ),
    )
    log_in(here, "bob@acme.test")
    log_in(elsewhere, "bob@acme.test")

    assert b"Firefox, Linux" in here.get("/settings/sessions/").content
    here.post("/settings/sessions/end/")

    assert is_in(here)
    assert not is_in(elsewhere)
    assert Session.objects.filter(user=bob).count() == 1


def test_sign_up_inside_a_workspace_is_closed(acme):
    before = User.objects.count()

    response = Visitor(acme).post(
        "/signup/", {"email": "new@acme.test", "password1": "a sentence nobody guesses"}
    )

    assert b"By invitation only" in response.content
    assert User.objects.count() == before


class TestHoles:
    """What other products of this kind let through."""

    def test_a_session_is_worth_nothing_next_door(self, bob, acme, globex):
        visitor = Visitor(acme)
        log_in(visitor, "bob@acme.test")
        thief = Visitor(globex)
        thief.cookies = deepcopy(visitor.cookies)

        assert thief.get("/settings/profile/").status_code == 302
        assert is_in(visitor)

    def test_not_even_with_the_same_id_address_and_password(self, bob, acme, globex):
        def twin():
            User.objects.filter(email="eve@globex.test").delete()
            person = make_member("bob@acme.test", "rep")
            EmailAddress.objects.filter(user=person).delete()
            User.objects.filter(pk=person.pk).update(id=bob.pk, password=bob.password)

        inside(globex, twin)
        visitor = Visitor(acme)
        log_in(visitor, "bob@acme.test")
        thief = Visitor(globex)
        thief.cookies = deepcopy(visitor.cookies)

        assert thief.get("/settings/profile/").status_code == 302

    def test_sessions_live_in_the_workspaces_own_tables(self, bob, acme, globex):
        log_in(Visitor(acme), "bob@acme.test")

        assert Session.objects.count() == 1
        assert inside(globex, Session.objects.count) == 0

    def test_cookies_belong_to_one_host(self, bob, acme):
        visitor = Visitor(acme)
        visitor.get("/login/")
        log_in(visitor, "bob@acme.test")

        for name in ("__Host-sid", "__Host-csrf"):
            cookie = visitor.cookies[name]
            assert (cookie["domain"], cookie["path"]) == ("", "/")
            assert cookie["secure"]
            assert cookie["samesite"] == "Lax"

    def test_no_link_confirms_an_address(self):
        with pytest.raises(NoReverseMatch):
            reverse("account_confirm_email", args=["x"])

    def test_no_tokens_of_the_kind_that_name_only_an_id(self):
        assert "allauth.headless" not in settings.INSTALLED_APPS
        assert "django.contrib.sites" not in settings.INSTALLED_APPS

    def test_a_code_is_worth_nothing_next_door(self, acme, globex):
        inside(globex, lambda: make_member("bob@acme.test", "rep"))
        make_member("bob@acme.test", "rep")
        asked = Visitor(acme)
        asked.post("/login/code/", {"email": "bob@acme.test"})
        thief = Visitor(globex)
        thief.post("/login/code/", {"email": "bob@acme.test"})

        thief.post(
            "/login/code/confirm/",
            {"code": re.search(r"\n([A-Z0-9-]{6,12})\n", mail.outbox[0].body)[1]},
        )

        assert thief.get("/settings/profile/").status_code == 302

    def test_limits_are_counted_for_each_workspace(self, bob, acme, globex):
        for _try in range(6):
            log_in(Visitor(acme), "eve@globex.test", "not this one at all")

        eve = Visitor(globex)
        log_in(eve, "eve@globex.test")
        assert is_in(eve)

    def test_a_login_token_is_worth_nothing_next_door(self, alice, globex):
        from tenants.members.login_tokens import issue_login_token, redeem_login_token

        token = issue_login_token(alice, at=now())

        assert inside(globex, lambda: redeem_login_token(token, at=now())) is None
        assert LoginToken.objects.count() == 1

    def test_mail_names_the_right_workspace(self, acme):
        make_member("bob@acme.test", "rep")
        Visitor(acme).post("/login/code/", {"email": "bob@acme.test"})

        assert "signs you in to Acme" in mail.outbox[0].body

    def test_the_public_host_has_no_log_in(self):
        assert Visitor().get("/login/").status_code == 404
        assert Visitor().get("/settings/profile/").status_code == 404

    def test_a_workspace_has_no_sign_up_pages(self, acme):
        assert Visitor(acme).get("/signup/code/").status_code == 404
        assert Visitor(acme).get("/outbox/").status_code == 404

    def test_an_unknown_host_gets_our_404_and_nothing_else(self):
        response = Visitor().get("/", headers={"host": "nowhere.localhost"})

        assert response.status_code == 404
        assert b"Atrium" in response.content

    def test_a_forwarded_host_changes_nothing(self, acme, globex):
        response = Visitor(acme).get("/login/", headers={"x-forwarded-host": "globex.localhost"})

        assert b"Globex" not in response.content

    def test_a_verified_address_of_one_workspace_says_nothing_in_another(self, bob, acme, globex):
        assert EmailAddress.objects.filter(email="bob@acme.test", verified=True).exists()
        assert (
            inside(globex, lambda: EmailAddress.objects.filter(email="bob@acme.test").exists())
            is False
        )


def test_an_old_token_is_refused(alice):
    from tenants.members.login_tokens import issue_login_token, redeem_login_token

    token = issue_login_token(alice, at=now() - timedelta(minutes=2))

    assert redeem_login_token(token, at=now()) is None
