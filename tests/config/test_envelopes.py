"""What really arrives at an error tracker, over HTTP, when requests full of data break: places in the code."""

import base64
import gzip
import http.server
import json
import logging
import threading
import urllib.parse
import zlib
from types import ModuleType

import pytest
import sentry_sdk
from django.contrib.auth.decorators import login_not_required
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from werkzeug.test import Client

from config.error_reports import report_errors
from tests.conftest import outside

NUMBERS = range(1, 13)
CANARIES = [f"zorbl{number:02}quix" for number in NUMBERS]
log = logging.getLogger("atrium.canaries")


@login_not_required
@csrf_exempt
def breaking(request, part=""):
    """Break with data everywhere: variables, breadcrumbs, logs, statements, causes."""
    secret, known = CANARIES[0], {"person": {"email": CANARIES[1]}, "body": request.body}
    log.error("Somebody called %s broke it", CANARIES[2], extra={"who": CANARIES[3]})
    sentry_sdk.add_breadcrumb(message=CANARIES[4], data={"x": CANARIES[4]})
    sentry_sdk.set_user({"email": CANARIES[5]})
    sentry_sdk.set_tag("who", CANARIES[5])
    sentry_sdk.set_context("who", {"name": CANARIES[5]})
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text", [CANARIES[6]])
    with sentry_sdk.start_span(op="db", name=f"SELECT '{CANARIES[6]}'"):
        try:
            raise LookupError(secret)
        except LookupError as cause:
            cause.add_note(CANARIES[7])
            raise ValueError(f"{CANARIES[7]} {known}") from cause


URLS = ModuleType("urls_that_break")
URLS.urlpatterns = [
    path("break/<str:part>/", breaking),
    path("break/", breaking),
    path("", include("config.urls")),
]
URLS.handler500 = "core.error_pages.broken"
URLS.handler404 = "core.error_pages.not_found"


@pytest.fixture
def tracker():
    """A tracker on loopback; `received` are the bodies of what it was sent, unpacked."""
    received = []

    class Tracker(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            packed = self.headers.get("Content-Encoding")
            unpack = {"gzip": gzip.decompress, "deflate": zlib.decompress}.get(packed, bytes)
            received.append((str(self.headers).encode() + unpack(raw)).decode())
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args):
            return

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tracker) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            with sentry_sdk.isolation_scope():
                address = f"http://key@127.0.0.1:{server.server_address[1]}/1"
                report_errors(address, environment="test")
                yield received
                sentry_sdk.get_client().close()
        finally:
            sentry_sdk.init()
            server.shutdown()
            thread.join()


@pytest.fixture
def send(tracker, settings):
    """Send a request through the application as a server does; return what the tracker got."""
    settings.ROOT_URLCONF = URLS
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    client = Client(get_wsgi_application())

    def request(*args, **values):
        answer = outside(lambda: client.open(*args, base_url="http://acme.localhost", **values))
        sentry_sdk.flush(timeout=5)
        return answer, "\n".join(tracker)

    yield request
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def spellings(text):
    """The ways a text may stand in a report: plain, in an address, in base64, turned round."""
    raw = text.encode()
    inside = base64.b64encode(b"xx" + raw)[4:-4].decode()
    return {text, urllib.parse.quote(text), base64.b64encode(raw).decode()[:-2], inside, raw.hex()}


def assert_no_canary(sent):
    assert [each for each in CANARIES if any(way in sent for way in spellings(each))] == []


def test_a_form_full_of_data_leaves_none_of_it(send):
    headers = {
        "Cookie": f"__Host-sid={CANARIES[8]}; other={CANARIES[8]}",
        "Authorization": f"Bearer {CANARIES[9]}",
        "User-Agent": CANARIES[9],
        "Referer": f"https://x.test/{CANARIES[9]}",
        "X-Forwarded-For": "203.0.113.77",
        "baggage": f"sentry-trace_id=771a43a4192642f0b136d5159a501700,sentry-user={CANARIES[10]}",
        "sentry-trace": "771a43a4192642f0b136d5159a501700-1234567890abcdef-1",
    }
    answer, sent = send(
        f"/break/{CANARIES[10]}/?q={CANARIES[11]}",
        method="POST",
        data={"email": CANARIES[11], "password": CANARIES[11]},
        headers=headers,
    )

    assert answer.status_code == 500
    assert_no_canary(sent)
    assert "203.0.113.77" not in sent
    assert '"function":"breaking"' in sent.replace(" ", "")
    assert '"type":"ValueError"' in sent.replace(" ", "")


def test_a_json_body_full_of_data_leaves_none_of_it(send):
    body = json.dumps({"email": CANARIES[11], "list": [CANARIES[10]]})
    answer, sent = send("/break/", method="POST", data=body, content_type="application/json")

    assert answer.status_code == 500
    assert "breaking" in sent
    assert_no_canary(sent)


def test_a_log_line_of_its_own_leaves_no_data(tracker):
    log.error("Somebody called %s", CANARIES[0], extra={"who": CANARIES[1]})
    try:
        raise KeyError(CANARIES[2])
    except KeyError:
        log.exception("It broke for %s", CANARIES[3])
    sentry_sdk.capture_message(CANARIES[4])
    with sentry_sdk.start_transaction(name=CANARIES[5], op=CANARIES[6]):
        sentry_sdk.capture_exception(ValueError(CANARIES[7]))
    sentry_sdk.flush(timeout=5)

    assert len(tracker) >= 3
    assert_no_canary("\n".join(tracker))


def test_a_page_that_is_not_found_is_nobodys_error(send, tracker):
    answer, sent = send(f"/{CANARIES[0]}/?q={CANARIES[1]}")

    assert answer.status_code == 404
    assert_no_canary(sent)
