"""Keys open one workspace, for one member, until they are revoked."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from api.keys.models import ApiKey
from api.keys.operations import create_key, revoke_key
from core.events.models import Event
from crm.customers.models.companies import Company
from crm.customers.operations.companies import create_company
from tests.api.conftest import Program
from tests.conftest import inside, leave

COMPANIES = "/api/v1/companies/"


def test_only_the_hash_of_a_key_is_kept(bob, acme):
    key, secret = create_key(actor=bob.as_actor(), name="Accounting")

    beginning = f"atr_{acme.schema.removeprefix('t_')}_"
    assert secret.startswith(beginning)
    # 32 bytes by chance, in letters of six bits.
    assert re.fullmatch(r"[\w-]{43}", secret.removeprefix(beginning))
    stored = ApiKey.objects.values().get()
    assert stored["secret_hash"] == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(stored)
    assert Event.objects.get(subject_id=key.pk).payload == {}


def test_a_key_acts_as_its_member(program_of, bob, alice):
    create_company(actor=alice.as_actor(), name="Not Bob's")
    program = program_of(bob)

    assert program.get(COMPANIES).json()["count"] == 0
    response = program.send("post", COMPANIES, {"name": "Initech"})

    assert response.status_code == 201
    assert Company.objects.get(name="Initech").owner_id == bob.pk
    event = Event.objects.get(name="company.created", subject_id=response.json()["id"])
    assert (event.actor_kind, event.actor_label) == ("api_key", "Accounting")


def test_a_key_of_a_viewer_may_only_look(program_of, carol):
    program = program_of(carol)

    assert program.get(COMPANIES).status_code == 200
    assert program.send("post", COMPANIES, {"name": "Initech"}).status_code == 403
    assert not Company.objects.exists()


@pytest.mark.parametrize("secret", ["", "atr_1_guess", "nonsense", "atr_999999_x"])
def test_a_wrong_key_is_not_let_in(acme, secret):
    response = Program(acme, secret).get(COMPANIES)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.json()["status"] == 401


def test_a_key_of_another_workspace_is_worth_nothing(bob, globex):
    _key, secret = create_key(actor=bob.as_actor(), name="Accounting")

    assert Program(globex, secret).get(COMPANIES).status_code == 401


def test_a_key_renamed_to_another_workspace_is_worth_nothing(bob, acme, globex):
    _key, secret = create_key(actor=bob.as_actor(), name="Accounting")
    number = globex.schema.removeprefix("t_")
    forged = f"atr_{number}_{secret.split('_', 2)[2]}"

    assert Program(globex, forged).get(COMPANIES).status_code == 401


def test_a_revoked_key_opens_nothing(bob, acme):
    key, secret = create_key(actor=bob.as_actor(), name="Accounting")
    revoke_key(key, actor=bob.as_actor(), at=datetime.now(UTC))

    assert Program(acme, secret).get(COMPANIES).status_code == 401


def test_an_expired_key_opens_nothing(bob, acme):
    past = datetime.now(UTC) - timedelta(minutes=1)
    _key, secret = create_key(actor=bob.as_actor(), name="Accounting", expires_at=past)

    assert Program(acme, secret).get(COMPANIES).status_code == 401


def test_a_key_of_a_member_who_left_opens_nothing(program_of, bob):
    program = program_of(bob)
    leave(bob)

    assert program.get(COMPANIES).status_code == 401


def test_the_last_use_is_noted_now_and_then(program_of, bob):
    program = program_of(bob)
    program.get(COMPANIES)
    first = ApiKey.objects.get().last_used_at
    program.get(COMPANIES)

    assert first is not None
    assert ApiKey.objects.get().last_used_at == first


def test_a_key_cannot_make_keys(bob):
    key, _secret = create_key(actor=bob.as_actor(), name="Accounting")

    with pytest.raises(PermissionDenied):
        create_key(actor=key.as_actor(), name="Another")
    assert ApiKey.objects.count() == 1


def test_the_page_shows_the_key_once(as_member, bob):
    visitor = as_member(bob)

    made = visitor.post(
        "/settings/api-keys/", {"name": "Accounting", "lifetime": "30", "extent": "everything"}
    )
    secret = made.context["secret"]

    assert secret in made.content.decode()
    key = ApiKey.objects.get()
    assert key.expires_at is not None
    assert secret not in visitor.get("/settings/api-keys/").content.decode()


def test_the_page_revokes_only_keys_one_may_see(as_member, bob, carol, alice):
    key, _secret = create_key(actor=bob.as_actor(), name="Accounting")
    url = f"/settings/api-keys/{key.pk}/revoke/"

    assert as_member(carol).post(url).status_code == 404
    key.refresh_from_db()
    assert key.revoked_at is None

    assert as_member(alice).post(url).status_code == 302
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_keys_of_another_workspace_are_not_found(as_member, bob, eve, globex):
    key, _secret = create_key(actor=bob.as_actor(), name="Accounting")

    assert as_member(eve).post(f"/settings/api-keys/{key.pk}/revoke/").status_code == 404
    assert inside(globex, lambda: _count_keys()) == 0


def _count_keys():
    from django.db import transaction

    with transaction.atomic():
        return ApiKey.objects.count()


def test_a_key_sent_over_plain_http_is_refused_and_not_led_on(program_of, bob, settings):
    settings.SECURE_SSL_REDIRECT = True
    program = program_of(bob)

    answer = program.get(COMPANIES)

    assert (answer.status_code, answer.json()["code"]) == (403, "needs_tls")
    assert program.get(COMPANIES, secure=True).status_code == 200
