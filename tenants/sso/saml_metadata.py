"""What a SAML provider's metadata says of it: who it is, where people go, and whose signature counts."""

from base64 import b64decode
from dataclasses import dataclass

from cryptography.x509 import load_der_x509_certificate
from django.utils.translation import gettext_lazy as _
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser

from core.errors import OperationError
from core.outgoing import get, refuse_address
from tenants.sso.models import MOST_CERTIFICATES
from tenants.sso.saml import UNREADABLE

LONGEST = 1_000_000


class NoMetadata(OperationError):
    code = "no_metadata"
    message = _("This is no metadata of a SAML provider that signs and takes redirects.")
    status = 422


@dataclass(frozen=True, slots=True)
class Provider:
    """A SAML provider as its metadata describes it."""

    entity_id: str
    sso_url: str
    certificates: tuple[str, ...]


def fetch_metadata(url: str) -> str:
    """Return what is at the address, which somebody entered."""
    answer = get(url, max_bytes=LONGEST)
    if not answer.is_success:
        raise NoMetadata
    try:
        return answer.body.decode()
    except UnicodeDecodeError as error:
        raise NoMetadata from error


def provider_of(text: str) -> Provider:
    """Return the first provider the metadata describes; NoMetadata when there is none to trust."""
    if len(text) > LONGEST:
        raise NoMetadata
    try:
        idp = OneLogin_Saml2_IdPMetadataParser.parse(text.strip().encode())["idp"]
        provider = Provider(
            idp["entityId"], idp["singleSignOnService"]["url"], tuple(_certificates(idp))
        )
        for certificate in provider.certificates:
            _check(certificate)
    except UNREADABLE as error:
        raise NoMetadata from error
    if not provider.certificates or not 0 < len(provider.entity_id) <= 500:
        raise NoMetadata
    refuse_address(provider.sso_url)
    return provider


def _certificates(idp: dict[str, object]) -> list[str]:
    if single := idp.get("x509cert"):
        return [str(single)]
    many = idp.get("x509certMulti")
    found = many.get("signing", []) if isinstance(many, dict) else []
    return list(dict.fromkeys(map(str, found)))[:MOST_CERTIFICATES]


def _check(certificate: str) -> None:
    """Raise ValueError for what is no certificate with a key that signs."""
    load_der_x509_certificate(b64decode(certificate, validate=True)).public_key()
