"""SAML with a connection's provider: what we ask, who we are, and what a signed answer proves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from lxml.etree import LxmlError
from onelogin.saml2.authn_request import OneLogin_Saml2_Authn_Request
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Words
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from tenants.sso.attempts import Attempt
from tenants.sso.models import Connection
from tenants.sso.refusals import SignInFailed

LONGEST_ANSWER = 300_000
SECURITY = {
    "requestedAuthnContext": False,
    "wantAttributeStatement": False,
    "rejectDeprecatedAlgorithm": True,
    "allowRepeatAttributeName": True,
    "allowSingleLabelDomains": True,
    "signMetadata": False,
    "wantNameId": True,
}
# What the library and the parsers beneath it raise when an answer is not one.
UNREADABLE = (
    OneLogin_Saml2_Error,
    OneLogin_Saml2_ValidationError,
    LxmlError,
    ArithmeticError,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a signed assertion proves, and for how long it could be shown again."""

    id: str
    in_response_to: str
    subject: str
    said: Mapping[str, Any]
    expires_at: datetime
    # When the provider asked who it is, in seconds since 1970.
    asked_at: float


class _Question(OneLogin_Saml2_Authn_Request):
    """An authentication request whose id is that of the attempt."""

    def __init__(self, settings: Any, attempt: Attempt) -> None:
        self._known = attempt.id
        super().__init__(settings, force_authn=attempt.is_again, set_nameid_policy=False)

    def _generate_request_id(self) -> str:
        return self._known


class _Response(OneLogin_Saml2_Response):
    """The library's checks and ours: everything that binds an answer to us lies in what is signed."""

    def bound_to(self, acs_url: str, entity_id: str) -> tuple[str, datetime]:
        """Return the question it answers and its end; refuses an answer to somebody else."""
        if entity_id not in self.get_audiences():
            raise SignInFailed("audience")
        for node in self._query_assertion("/saml:Subject/saml:SubjectConfirmation"):
            data = node.find("saml:SubjectConfirmationData", namespaces=Words.NSMAP)
            if node.get("Method") != Words.CM_BEARER or data is None:
                continue
            ends = data.get("NotOnOrAfter")
            if data.get("Recipient") == acs_url and ends:
                until = OneLogin_Saml2_Utils.parse_SAML_to_time(ends)
                return data.get("InResponseTo") or "", datetime.fromtimestamp(until, UTC)
        raise SignInFailed("recipient")

    def asked_at(self) -> float:
        """Return when the provider last asked who it is; 0 when it does not say."""
        nodes = self._query_assertion("/saml:AuthnStatement[@AuthnInstant]")
        instants = [OneLogin_Saml2_Utils.parse_SAML_to_time(n.get("AuthnInstant")) for n in nodes]
        return float(max(instants, default=0))


def address_to_ask(connection: Connection, attempt: Attempt) -> str:
    """Return where the browser goes to sign in; the answer counts for this attempt alone."""
    question = _Question(_settings(connection), attempt)
    place = connection.endpoints["sso"]
    asked = urlencode({"SAMLRequest": question.get_request(), "RelayState": attempt.id})
    return f"{place}{'&' if urlsplit(place).query else '?'}{asked}"


def metadata(connection: Connection) -> bytes:
    """Return what describes us to the provider."""
    told = _settings(connection).get_sp_metadata()
    return told if isinstance(told, bytes) else told.encode()


def read_answer(connection: Connection, encoded: str) -> Answer:
    """Return what a posted answer proves for this connection; SignInFailed when that is nothing."""
    if not encoded or len(encoded) > LONGEST_ANSWER:
        raise SignInFailed("size")
    try:
        response = _Response(_settings(connection), encoded)
        if not response.is_valid(_place(connection.acs_url)):
            raise SignInFailed(str(response.get_error())[:200])
        asked, until = response.bound_to(connection.acs_url, connection.entity_id)
        name = response.get_nameid_data()
        said = _plain(response.get_attributes())
        answer_id, asked_at = response.get_assertion_id(), response.asked_at()
    except UNREADABLE as error:
        raise SignInFailed("unreadable") from error
    subject = str(name.get("Value") or "")
    if not 0 < len(subject) <= 500 or name.get("Format") == Words.NAMEID_TRANSIENT:
        raise SignInFailed("name")
    return Answer(answer_id, asked, subject, said, until, asked_at)


def _plain(attributes: Mapping[str, list[Any]]) -> dict[str, Any]:
    """Return the attributes as texts and lists of texts."""
    return {
        name: values[0] if len(values) == 1 else values
        for name, every in attributes.items()
        if (values := [each for each in every if isinstance(each, str)])
    }


def _settings(connection: Connection) -> OneLogin_Saml2_Settings:
    """Return the library's settings for one connection: everything it may trust, and nothing else."""
    certificates = list(connection.certificates)
    return OneLogin_Saml2_Settings(
        {
            "strict": True,
            "debug": False,
            "sp": {
                "entityId": connection.entity_id,
                "assertionConsumerService": {
                    "url": connection.acs_url,
                    "binding": Words.BINDING_HTTP_POST,
                },
                "NameIDFormat": Words.NAMEID_UNSPECIFIED,
            },
            "idp": {
                "entityId": connection.issuer,
                "singleSignOnService": {"url": connection.endpoints["sso"]},
                "x509certMulti": {"signing": certificates, "encryption": certificates[:1]},
            },
            "security": SECURITY,
        },
        # A provider inside a network of ours, where that is allowed, may have any name.
        sp_validation_only=True,
    )


def _place(url: str) -> dict[str, Any]:
    """Return where an answer was received, as the library asks: our own address, whatever a proxy says."""
    parts = urlsplit(url)
    return {
        "https": "on" if parts.scheme == "https" else "off",
        "http_host": parts.netloc,
        "script_name": "",
        "path_info": parts.path,
        "get_data": {},
        "post_data": {},
    }
