"""OpenID Connect with a connection's issuer: where to send people, and what their code proves."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from django.utils.translation import gettext_lazy as _
from requests import RequestException

from core.errors import OperationError
from core.outgoing import get, refuse_address
from tenants.sso.attempts import LEEWAY_SECONDS, Attempt
from tenants.sso.models import Connection
from tenants.sso.refusals import SignInFailed
from tenants.sso.sealing import SECRET, opened

WELL_KNOWN = "/.well-known/openid-configuration"
SCOPES = ("openid", "profile", "email")
# Signatures that a public key proves; never one that knows the client's secret, or none.
ALGORITHMS = frozenset(
    f"{family}{size}" for family in ("RS", "PS", "ES") for size in (256, 384, 512)
) | {"EdDSA"}
NEEDED = {
    "authorization": "authorization_endpoint",
    "token": "token_endpoint",
    "keys": "jwks_uri",
}


class NotDescribed(OperationError):
    code = "issuer_not_described"
    message = _("This address describes no OpenID Connect provider.")
    status = 422


def discover(issuer: str) -> dict[str, Any]:
    """Return where the issuer is asked for what, as it describes itself; refuses another's description."""
    answer = get(issuer.rstrip("/") + WELL_KNOWN)
    try:
        told = answer.json() if answer.is_success else None
    except ValueError:
        told = None
    if not isinstance(told, dict) or str(told.get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
        raise NotDescribed
    endpoints = {name: told.get(key) for name, key in NEEDED.items()}
    if not all(isinstance(each, str) for each in endpoints.values()):
        raise NotDescribed
    if isinstance(told.get("userinfo_endpoint"), str):
        endpoints["userinfo"] = told["userinfo_endpoint"]
    for each in endpoints.values():
        refuse_address(str(each))
    methods = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    endpoints["is_basic"] = "client_secret_post" not in methods
    return {**endpoints, "issuer": told["issuer"]}


def address_to_ask(connection: Connection, attempt: Attempt) -> str:
    """Return where the browser goes to sign in; the answer counts for this attempt alone."""
    client = _client(connection)
    client.state = attempt.id
    asked = {"nonce": attempt.nonce, **attempt.pkce_challenge}
    if attempt.is_again:
        asked |= {"prompt": "login", "max_age": "0"}
    elif attempt.is_test:
        asked |= {"prompt": "select_account"}
    url: str = client.get_redirect_url(connection.endpoints["authorization"], SCOPES, asked)
    return url


def claims_for(connection: Connection, attempt: Attempt, code: str) -> tuple[str, dict[str, Any]]:
    """Return whom a code proves to have signed in, and what the issuer says of them."""
    tokens = _tokens(connection, attempt, code)
    said = _verified(connection, tokens.get("id_token"))
    if not attempt.nonce or said.get("nonce") != attempt.nonce:
        raise SignInFailed("nonce")
    attempt.refuse_old_log_in(said.get("auth_time"))
    return said["sub"], {**_more(connection, tokens, said["sub"]), **said}


def _client(connection: Connection) -> OAuth2Client:
    secret = opened(connection.sealed_secret, uid=SECRET, row=connection.pk)
    is_basic = bool(connection.endpoints.get("is_basic"))
    # What is sent as a header is written like what is sent as a form.
    name, word = (connection.client_id, secret)
    if is_basic:
        name, word = quote(name, safe=""), quote(word, safe="")
    return OAuth2Client(
        None,
        connection.client_id if not is_basic else name,
        word,
        "POST",
        connection.endpoints["token"],
        connection.callback_url,
        headers={"Accept": "application/json"},
        basic_auth=is_basic,
    )


def _tokens(connection: Connection, attempt: Attempt, code: str) -> Mapping[str, Any]:
    try:
        client = _client(connection)
        found = client.get_access_token(code, pkce_code_verifier=attempt.pkce_verifier)
    except (OAuth2Error, RequestException, OperationError, ValueError, KeyError) as error:
        raise SignInFailed("token") from error
    if not isinstance(found, Mapping):
        raise SignInFailed("token")
    return found


def _verified(connection: Connection, token: Any) -> dict[str, Any]:
    """Return what an ID token says, once its signature, issuer, audience and time have been checked."""
    try:
        key = _key(connection, token)
        said: dict[str, Any] = jwt.decode(
            token,
            key=key,
            algorithms=sorted(ALGORITHMS),
            audience=connection.client_id,
            issuer=connection.endpoints["issuer"],
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, TypeError, ValueError, KeyError) as error:
        raise SignInFailed("id_token") from error
    audiences = said["aud"] if isinstance(said["aud"], list) else [said["aud"]]
    is_ours = said.get("azp", connection.client_id) == connection.client_id
    if not is_ours or (len(audiences) > 1 and "azp" not in said):
        raise SignInFailed("azp")
    if not 0 < len(said["sub"]) <= 255:
        raise SignInFailed("sub")
    return said


def _key(connection: Connection, token: Any) -> jwt.PyJWK:
    """Return the issuer's key a token names; the only one there is when it names none."""
    header = jwt.get_unverified_header(token)
    if header.get("alg") not in ALGORITHMS:
        raise SignInFailed("alg")
    answer = _asked(connection.endpoints["keys"])
    keys = [
        key
        for key in jwt.PyJWKSet.from_dict(answer).keys
        if key.public_key_use in (None, "sig") and key.key_type in ("RSA", "EC", "OKP")
    ]
    named = [key for key in keys if key.key_id == header.get("kid")] if "kid" in header else keys
    if len(named) != 1:
        raise SignInFailed("kid")
    return named[0]


def _more(connection: Connection, tokens: Mapping[str, Any], subject: str) -> dict[str, Any]:
    """Return what the issuer tells beside the token; nothing of somebody else."""
    if "userinfo" not in connection.endpoints:
        return {}
    told = _asked(
        connection.endpoints["userinfo"], {"Authorization": f"Bearer {tokens['access_token']}"}
    )
    if told.get("sub") != subject:
        raise SignInFailed("userinfo")
    return told


def _asked(url: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    try:
        answer = get(url, headers=headers)
        told = answer.json() if answer.is_success else None
    except (OperationError, ValueError) as error:
        raise SignInFailed("unreachable") from error
    if not isinstance(told, dict):
        raise SignInFailed("unreachable")
    return told
