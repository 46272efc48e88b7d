"""What a visitor gets while the vault is away."""

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory

from compliance.encryption.errors import KeyUnavailable
from compliance.encryption.middleware import VaultUnavailableMiddleware


@pytest.fixture
def away():
    return VaultUnavailableMiddleware(lambda request: HttpResponse("fine"))


def test_a_program_gets_a_problem_and_a_time_to_come_back(away):
    request = RequestFactory().get("/api/v1/contacts/")

    with transaction.atomic():
        response = away.process_exception(request, KeyUnavailable())
        is_undone = transaction.get_rollback()
        transaction.set_rollback(False)

    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert response["Content-Type"] == "application/problem+json"
    assert b"vault_unavailable" in response.content
    assert is_undone


def test_a_person_gets_a_page(away):
    request = RequestFactory().get("/contacts/", headers={"Accept": "text/html"})

    with transaction.atomic():
        response = away.process_exception(request, KeyUnavailable())
        transaction.set_rollback(False)

    assert response.status_code == 503
    assert response["Content-Type"].startswith("text/html")
    assert b"Try again" in response.content


def test_other_failures_are_not_its_business(away):
    assert away.process_exception(RequestFactory().get("/"), ValueError()) is None
    assert away(RequestFactory().get("/")).content == b"fine"


def test_a_failure_outside_of_views_is_answered_too():
    def fail(request):
        raise KeyUnavailable

    assert VaultUnavailableMiddleware(fail)(RequestFactory().get("/")).status_code == 503
