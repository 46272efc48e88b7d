"""The one way out to addresses that people enter: public https servers, within a time and a size.

What counts is decided where the connection is made: the name is resolved once, every address it
has is checked, and the connection goes to a checked address, so that neither an odd spelling nor
a name that changes its mind leads into our own network.
"""

import json
import socket
import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from ssl import SSLSocket
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.ssl_ import create_urllib3_context

from core.errors import OperationError
from core.public_addresses import is_public

PORTS = frozenset((443, 8443))
TIMEOUT = 10.0
LONGEST_TIMEOUT = 60.0
MAX_BYTES = 2 * 2**20
MAX_REDIRECTS = 3
LONGEST_URL = 2_048
CHUNK = 16_384

# When the exchange under way has taken long enough, by the clock that never jumps.
_deadline: ContextVar[float] = ContextVar("outgoing_deadline")


class AddressRefused(OperationError, requests.exceptions.ConnectionError):
    """Known to callers as a refusal, and to libraries as a connection that was not made."""

    code = "address_refused"
    message = _("This address cannot be used: it has to be https, at a public server.")
    status = 422


class AnswerTooLarge(OperationError, requests.exceptions.ContentDecodingError):
    code = "answer_too_large"
    message = _("The server at this address sent more than expected.")
    status = 422


class NoAnswer(OperationError):
    code = "no_answer"
    message = _("The server at this address did not answer in time, or not as expected.")
    status = 422


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answered; a redirect is an answer like any other."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Return the body as JSON; ValueError when it is none."""
        return json.loads(self.body)


def get(
    url: str,
    *,
    timeout: float = TIMEOUT,
    max_bytes: int = MAX_BYTES,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return what a GET answers; redirects are not followed."""
    return _exchange("GET", url, None, timeout, max_bytes, headers)


def post(
    url: str,
    *,
    body: bytes,
    timeout: float = TIMEOUT,
    max_bytes: int = MAX_BYTES,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return what a POST of these bytes answers; redirects are not followed."""
    return _exchange("POST", url, body, timeout, max_bytes, headers)


def session(*, max_bytes: int = MAX_BYTES) -> requests.Session:
    """Return a session for libraries that bring their own requests; each redirect is checked like a first one."""
    guarded = requests.Session()
    # Neither a proxy nor a password file of the machine has a say.
    guarded.trust_env = False
    guarded.max_redirects = MAX_REDIRECTS
    guarded.headers["User-Agent"] = "Atrium"
    # An answer that unfolds to many times its size would have to be unfolded to be measured.
    guarded.headers["Accept-Encoding"] = "identity"
    for scheme in ("https://", "http://"):
        guarded.mount(scheme, GuardedAdapter(max_bytes))
    return guarded


def refuse_address(url: str) -> None:
    """Raise AddressRefused when the address is wrong as it stands, without asking anybody.

    For forms, so that a mistake is told at once. What the name leads to counts when it is used.
    """
    try:
        address = urlsplit(url)
        host, port = address.hostname or "", address.port or 443
    except ValueError:
        raise AddressRefused from None
    is_odd = len(url) > LONGEST_URL or any(each <= " " or each in "\\\x7f" for each in url)
    if is_odd or "@" in address.netloc or not host:
        raise AddressRefused
    if _is_allowed(host, port) and address.scheme in ("https", "http"):
        return
    if address.scheme != "https" or port not in PORTS or _is_private_literal(host):
        raise AddressRefused


def _exchange(
    method: str,
    url: str,
    body: bytes | None,
    timeout: float,
    max_bytes: int,
    headers: Mapping[str, str] | None,
) -> Response:
    refuse_address(url)
    with session(max_bytes=max_bytes) as guarded:
        try:
            answer = guarded.request(
                method, url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            )
        except OperationError:
            raise
        except (requests.RequestException, ValueError) as error:
            raise NoAnswer from error
    return Response(answer.status_code, answer.headers, answer.content)


class GuardedAdapter(HTTPAdapter):
    """Sends what requests prepared over guarded connections alone, and reads the answer to its end."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self.max_bytes = max_bytes
        super().__init__()

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        context = create_urllib3_context()
        context.sslsocket_class = _TimedTlsSocket
        super().init_poolmanager(connections, maxsize, block, ssl_context=context, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def get_connection_with_tls_context(
        self, request: Any, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        """Return the pool for this request; never a proxy's, which would resolve the name itself."""
        return super().get_connection_with_tls_context(request, verify, None, cert)

    def send(
        self, request: requests.PreparedRequest, *args: Any, **options: Any
    ) -> requests.Response:
        token = _deadline.set(time.monotonic() + _seconds(options.get("timeout")))
        options["timeout"] = _seconds(options.get("timeout"))
        try:
            refuse_address(request.url or "")
            answer = super().send(request, *args, **{**options, "stream": True})
            answer._content = self._read(answer)
            answer._content_consumed = True
            return answer
        except _Refused as error:
            raise AddressRefused(request=request) from error
        finally:
            _deadline.reset(token)

    def _read(self, answer: requests.Response) -> bytes:
        body = bytearray()
        with answer.raw:
            for chunk in answer.iter_content(CHUNK):
                body += chunk
                if len(body) > self.max_bytes:
                    raise AnswerTooLarge
                _left()
        return bytes(body)


def _seconds(timeout: Any) -> float:
    """Return how long an exchange may take as a whole, whichever way a library says it."""
    if isinstance(timeout, tuple):
        timeout = sum(each for each in timeout if each is not None)
    return min(float(timeout or TIMEOUT), LONGEST_TIMEOUT)


def _left() -> float:
    left = _deadline.get() - time.monotonic()
    if left <= 0:
        raise requests.exceptions.ReadTimeout
    return left


class _Refused(Exception):
    """No error of the system's, so that the library in between passes it on as it is."""


class _Timed:
    """A socket whose every wait ends with the exchange, so that a trickle of bytes does not prolong it."""

    def recv_into(self, *args: Any, **options: Any) -> int:
        self.settimeout(_left())  # type: ignore[attr-defined]
        return super().recv_into(*args, **options)  # type: ignore[misc]


class _TimedSocket(_Timed, socket.socket):
    pass


class _TimedTlsSocket(_Timed, SSLSocket):
    pass


class _Guarded(HTTPConnection):
    """Connects to a checked address of its host, or not at all."""

    needs_tls = True

    def _new_conn(self) -> socket.socket:
        is_allowed = _is_allowed(self.host, self.port)
        if not is_allowed and (self.needs_tls is False or self.port not in PORTS):
            raise _Refused(self.host)
        places = _places(self._dns_host, self.port)
        if not is_allowed and not all(is_public(place[0]) for _family, place in places):
            raise _Refused(self.host)
        return _connected(places)


class _PlainConnection(_Guarded):
    needs_tls = False


class _TlsConnection(_Guarded, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


def _places(host: str, port: int) -> list[tuple[int, Any]]:
    """Return where a host is, asked once: families and places as sockets take them."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise requests.exceptions.ConnectionError(f"{host} has no address") from error
    return [(family, place) for family, _type, _protocol, _name, place in found]


def _connected(places: list[tuple[int, Any]]) -> socket.socket:
    """Return a socket connected to the first of the places that answers."""
    failure: OSError = OSError("no address")
    for family, place in places:
        made = _TimedSocket(family, socket.SOCK_STREAM)
        try:
            made.settimeout(_left())
            made.connect(place)
        except OSError as error:
            made.close()
            failure = error
        else:
            return made
    raise failure


def _is_allowed(host: str, port: int | None) -> bool:
    return (host.lower().rstrip("."), port) in settings.OUTGOING_ALLOWED


def _is_private_literal(host: str) -> bool:
    """Return whether the host is no name but an address of ours, however it is written."""
    is_number = ":" in host or host.rstrip(".").rpartition(".")[2][:1].isdigit()
    return is_number and not is_public(host)
