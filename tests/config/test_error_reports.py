"""What reaches the error tracker names places in the code and nobody's data."""

import json

import pytest
import sentry_sdk
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from config.error_reports import is_address, report_errors

CANARY = "Zoë Canary zoe@canary.test"


class Sink(Transport):
    """A tracker that keeps what it is sent."""

    def __init__(self, options=None):
        super().__init__(options)
        self.received: list[Envelope] = []

    def capture_envelope(self, envelope):
        self.received.append(envelope)


@pytest.fixture
def sink():
    sink = Sink()
    with sentry_sdk.isolation_scope():
        report_errors("https://key@tracker.test/1", environment="test", transport=sink)
        yield sink
        sentry_sdk.get_client().close()
        sentry_sdk.init()


def test_a_report_says_where_and_not_whose(sink):
    sentry_sdk.set_user({"email": CANARY})
    sentry_sdk.set_tag("name", CANARY)
    sentry_sdk.add_breadcrumb(message=CANARY)
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        sentry_sdk.capture_exception(error)

    [envelope] = sink.received
    sent = envelope.serialize().decode()
    event = envelope.get_event()

    assert "anary" not in sent.replace(__name__, "").replace("CANARY", "")
    assert event["exception"]["values"][0]["type"] == "ValueError"
    assert (
        event["exception"]["values"][0]["stacktrace"]["frames"][-1]["function"]
        == "test_a_report_says_where_and_not_whose"
    )
    assert "vars" not in json.dumps(event)


@pytest.mark.parametrize(
    ("dsn", "readable"), [("https://key@tracker.test/1", True), ("tracker.test", False)]
)
def test_the_trackers_address_is_checked(dsn, readable):
    assert is_address(dsn) is readable
