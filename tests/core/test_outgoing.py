"""Addresses that people enter lead to public servers, and never into a network of ours."""

import datetime
import http.server
import ipaddress
import socket
import socketserver
import ssl
import threading
import time
from contextlib import contextmanager

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core import outgoing
from core.outgoing import AddressRefused, AnswerTooLarge, NoAnswer
from core.public_addresses import is_public

PUBLIC = [
    "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "168.63.129.17", "172.15.0.1",
    "172.32.0.1", "192.0.1.1", "223.255.255.255", "::ffff:8.8.8.8", "2606:4700:4700::1111",
    "2a00:1450:4001:80b::200e",
]  # fmt: skip
PRIVATE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200",
    "127.0.0.1", "127.1.2.3", "168.63.129.16", "169.254.0.1", "169.254.169.254",
    "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1",
    "192.88.99.1", "192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255",
    "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a00:1", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2620:0:1:2:0:5efe:7f00:1",
    "2a00::200:5efe:a00:1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fd20:ce::254",
    "fe80::1", "fe80::1%eth0", "2606:4700:4700::1111%eth0", "fec0::1", "ff02::1", "ff0e::1",
    "4000::1", "localhost", "",
]  # fmt: skip
# Other ways to write the same: what a resolver of the system understands, or a parser might.
SPELLINGS = [
    "127.1", "127.0.1", "0x7f000001", "0x7f.1", "2130706433", "0177.0.0.1", "0x7f.0.0.0x1",
    "017700000001", "127.0.0.1.", "127.000.000.001", "[::1]", "[::ffff:127.0.0.1]",
    "[0:0:0:0:0:0:0:1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "localhost", "LOCALHOST",
    "localhost.", "①②⑦.⓪.⓪.①", "127。0。0。1",
]  # fmt: skip


@contextmanager
def listening(answer=b""):
    """A server on loopback that counts who connects, and answers the same to all."""

    class Canary(socketserver.BaseRequestHandler):
        def handle(self):
            self.server.connections += 1
            if answer:
                self.request.recv(65536)
                self.request.sendall(answer)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Canary) as server:
        server.connections = 0
        server.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def canary(monkeypatch):
    """A server nobody may reach, on a port that would be allowed were it public."""
    with listening(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret") as server:
        monkeypatch.setattr(outgoing, "PORTS", frozenset((443, server.port)))
        yield server
        time.sleep(0.02)
        assert server.connections == 0


def allow(settings, *servers):
    settings.OUTGOING_ALLOWED = {("127.0.0.1", server.port) for server in servers}


def redirect_to(url):
    head = f"HTTP/1.1 302 Found\r\nLocation: {url}\r\nConnection: close\r\n"
    return f"{head}Content-Length: 0\r\n\r\n".encode()


@pytest.mark.parametrize("address", PUBLIC)
def test_servers_of_the_public_internet_may_be_asked(address):
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_of_ours_is_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("host", [*SPELLINGS, *(p for p in PRIVATE if "." in p and ":" not in p)])
def test_no_spelling_reaches_our_own_machine(canary, host):
    for url in (f"https://{host}:{canary.port}/", f"https://{host}/"):
        with pytest.raises((AddressRefused, NoAnswer)):
            outgoing.get(url, timeout=1)
        with pytest.raises(requests.RequestException), outgoing.session() as session:
            session.get(url, timeout=1)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "https://example.com:22/", "https://example.com:80/",
        "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "//example.com/",
        "https://user@example.com/", "https://user:word@example.com/", "https://", "https:///x",
        "https://example.com\\@127.0.0.1/", "https://example.com/\r\nHost: x", "example.com",
        "https://example.com:99999/", "https://[::1", "", "https://example.com/" + "x" * 3000,
        "javascript:alert(1)", "data:text/html,x", "unix:///run/x.sock", "https://10.0.0.1/",
        "https://0x7f000001/", "https://[::1]/",
    ],
)  # fmt: skip
def test_an_address_that_is_wrong_as_it_stands_is_refused_at_once(url):
    with pytest.raises(AddressRefused):
        outgoing.refuse_address(url)


def test_an_address_that_may_be_right_is_kept():
    outgoing.refuse_address("https://login.example.com/.well-known/openid-configuration?x=1")
    outgoing.refuse_address("https://login.example.com:8443/metadata.xml")
    outgoing.refuse_address("https://1.1.1.1/")


def _resolving(monkeypatch, *answers):
    """Let names lead to these addresses, one more each time somebody asks; return who asked."""
    asked, left = [], list(answers)

    def resolve(host, port, *args, **options):
        asked.append(host)
        addresses = left.pop(0) if len(left) > 1 else left[0]
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


@pytest.fixture
def connected_to(monkeypatch):
    """The places that connections were made to, none of which is there."""
    places = []

    def connect(self, place):
        places.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(outgoing._TimedSocket, "connect", connect)
    return places


def test_a_name_is_asked_once_and_what_was_checked_is_what_is_used(
    canary, monkeypatch, connected_to
):
    asked = _resolving(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])

    with pytest.raises(NoAnswer):
        outgoing.get(f"https://rebinding.test:{canary.port}/")

    assert asked == ["rebinding.test"]
    assert connected_to == [("8.8.8.8", canary.port)]


def test_a_name_that_changes_its_mind_between_two_requests_is_refused_then(
    canary, monkeypatch, connected_to
):
    _resolving(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    url = f"https://rebinding.test:{canary.port}/"
    with pytest.raises(NoAnswer):
        outgoing.get(url)

    for _again in range(3):
        with pytest.raises(AddressRefused):
            outgoing.get(url)

    assert len(connected_to) == 1


@pytest.mark.parametrize("answer", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["10.0.0.1"], [""]])
def test_a_name_with_any_address_of_ours_is_refused(canary, monkeypatch, connected_to, answer):
    _resolving(monkeypatch, answer)

    with pytest.raises(AddressRefused):
        outgoing.get(f"https://internal.test:{canary.port}/")

    assert connected_to == []


def test_a_redirect_is_an_answer_and_not_followed(canary, settings):
    with listening(redirect_to(f"https://127.0.0.1:{canary.port}/")) as server:
        allow(settings, server)
        answer = outgoing.get(f"http://127.0.0.1:{server.port}/")

    assert (answer.status, answer.is_success) == (302, False)
    assert answer.headers["location"].endswith(f":{canary.port}/")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_each_redirect_that_a_library_follows_is_checked(canary, settings, scheme):
    with (
        listening(redirect_to(f"{scheme}://127.0.0.1:{canary.port}/")) as third,
        listening(redirect_to(f"http://127.0.0.1:{third.port}/")) as second,
        listening(redirect_to(f"http://127.0.0.1:{second.port}/")) as first,
        outgoing.session() as session,
    ):
        allow(settings, first, second, third)
        with pytest.raises(AddressRefused):
            session.get(f"http://127.0.0.1:{first.port}/")

    assert third.connections == 1


def test_a_library_is_not_led_in_circles(settings):
    with listening(redirect_to("/again")) as server, outgoing.session() as session:
        allow(settings, server)
        with pytest.raises(requests.TooManyRedirects):
            session.get(f"http://127.0.0.1:{server.port}/")

    assert server.connections == 4


def test_neither_a_proxy_nor_a_password_file_of_the_machine_is_used(
    canary, settings, monkeypatch, tmp_path
):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{canary.port}")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login root password secret")
    with (
        listening(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") as server,
        outgoing.session() as session,
    ):
        allow(settings, server)
        proxied = {"http": f"http://127.0.0.1:{canary.port}"}
        answer = session.get(f"http://127.0.0.1:{server.port}/", proxies=proxied)

    assert answer.text == "ok"
    assert "Authorization" not in answer.request.headers


def test_what_is_allowed_is_one_host_and_one_port(canary, settings):
    with listening(b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n" + b'{"ok": "yes"}') as server:
        allow(settings, server)
        answer = outgoing.post(f"http://127.0.0.1:{server.port}/", body=b"x")

    assert answer.json() == {"ok": "yes"}
    with pytest.raises(AddressRefused):
        outgoing.get(f"http://127.0.0.1:{canary.port}/")
    with pytest.raises(AddressRefused):
        outgoing.get(f"http://localhost:{server.port}/")


@pytest.mark.parametrize(
    "head", [b"Content-Length: 50000\r\n", b"", b"Transfer-Encoding: chunked\r\n"]
)
def test_an_answer_larger_than_expected_is_given_up(settings, head):
    body = b"x" * 50_000
    if b"chunked" in head:
        body = b"c350\r\n" + body + b"\r\n0\r\n\r\n"
    with listening(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + body) as server:
        allow(settings, server)
        with pytest.raises(AnswerTooLarge):
            outgoing.get(f"http://127.0.0.1:{server.port}/", max_bytes=40_000)


def test_a_small_answer_that_unfolds_to_a_large_one_is_given_up(settings):
    import gzip

    packed = gzip.compress(bytes(50 * 2**20))
    head = f"Content-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode()
    with listening(b"HTTP/1.1 200 OK\r\n" + head + packed) as server:
        allow(settings, server)
        started = time.monotonic()
        with pytest.raises(AnswerTooLarge):
            outgoing.get(f"http://127.0.0.1:{server.port}/")

    assert time.monotonic() - started < 1


class Trickle(http.server.BaseHTTPRequestHandler):
    """Sends a byte now and then, for as long as somebody waits: in its head or in its body."""

    def do_GET(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        if self.path == "/body":
            self.wfile.write(b"Content-Length: 1000\r\n\r\n")
        try:
            for _each in range(100):
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            return

    def log_message(self, *args):
        return


@pytest.fixture
def certificate(tmp_path):
    """A file with a key and a certificate for 127.0.0.1 that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    at = datetime.datetime.now(datetime.UTC)
    names = [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(at - datetime.timedelta(days=1))
        .not_valid_after(at + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@contextmanager
def trickling(certificate=None):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Trickle) as server:
        server.daemon_threads = True
        server.handle_error = lambda *_args: None
        server.port = server.server_address[1]
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("path", ["/body", "/head"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_answer_that_trickles_is_given_up_in_time(settings, certificate, scheme, path):
    with trickling(certificate if scheme == "https" else None) as server:
        allow(settings, server)
        with outgoing.session() as session:
            session.verify = str(certificate)
            started = time.monotonic()
            with pytest.raises(requests.RequestException):
                session.get(f"{scheme}://127.0.0.1:{server.port}{path}", timeout=0.5)

    assert 0.4 < time.monotonic() - started < 2


def test_a_server_without_a_certificate_we_trust_is_no_answer(settings, certificate):
    with trickling(certificate) as server:
        allow(settings, server)
        with pytest.raises(NoAnswer):
            outgoing.get(f"https://127.0.0.1:{server.port}/body", timeout=2)
