import json
import logging

import pytest
import sentry_sdk
from django.http import HttpRequest
from django.test import RequestFactory
from sentry_sdk.transport import Transport

from config.sentry import start_reporting

CANARIES = ("jane.doe@example.com", "+442079460123", "correct horse battery")


class Sink(Transport):
    """Keeps what would have been sent."""

    sent: list[str] = []

    def capture_envelope(self, envelope):
        self.sent.append(envelope.serialize().decode(errors="replace"))


@pytest.fixture
def sent(monkeypatch):
    monkeypatch.setattr(Sink, "sent", [])
    real = sentry_sdk.init
    monkeypatch.setattr(sentry_sdk, "init", lambda **options: real(transport=Sink, **options))
    start_reporting("https://public@sentry.invalid/1", environment="test")
    yield Sink.sent
    sentry_sdk.get_client().close()
    real()


def fail(request: HttpRequest) -> None:
    email = CANARIES[0]
    raise ValueError(f"{email} {request.POST['phone']} {request.POST['password']}")


def test_a_report_says_where_and_holds_nothing_of_a_person(sent):
    request = RequestFactory().post(f"/contacts/?q={CANARIES[0]}", {"phone": CANARIES[1], "password": CANARIES[2]})
    try:
        fail(request)
    except ValueError:
        logging.getLogger("atrium.test").exception("It failed for %s", CANARIES[0])
        sentry_sdk.capture_exception()
    sentry_sdk.flush()

    text = "".join(sent)
    assert "ValueError" in text
    assert "test_sentry" in text
    for canary in CANARIES:
        assert canary not in text
        assert canary not in json.dumps(text)


def test_without_an_address_nothing_is_reported():
    start_reporting("", environment="test")

    assert not sentry_sdk.get_client().is_active()
