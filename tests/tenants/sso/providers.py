"""Providers on loopback: a real one that behaves, one that says whatever a test has it say, and a SAML one."""

import json
import threading
from base64 import b64encode
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_hex
from urllib.parse import parse_qs, urlsplit

import jwt
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from jwt.algorithms import RSAAlgorithm
from oidc_provider_mock import run_server_in_thread
from onelogin.saml2.utils import OneLogin_Saml2_Utils

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@contextmanager
def real_provider():
    """Run a whole OpenID Connect provider; yields its address."""
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


def tell_of(issuer, subject, **claims):
    """Have the real provider know a person."""
    answer = requests.put(f"{issuer}/users/{subject}", json=claims, timeout=5)
    assert answer.status_code in (200, 201, 204), answer.text


def sign_in_at(address, subject):
    """Sign in at the real provider as a person would; return where it sends the browser."""
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
    assert answer.status_code in (302, 303), answer.text
    return answer.headers["Location"]


class Rogue:
    """An OpenID Connect provider that signs whatever it is told to."""

    def __init__(self, port):
        self.issuer = f"http://localhost:{port}"
        self.told = {}
        self.header = {"kid": "one"}
        self.key, self.algorithm = KEY, "RS256"
        self.token, self.userinfo, self.asked = None, None, []
        self.redirects = False

    def id_token(self):
        if self.token is not None:
            return self.token
        at = datetime.now(UTC)
        known = {"iss": self.issuer, "sub": "dora", "iat": at, "exp": at + timedelta(minutes=5)}
        said = {**known, **self.told}
        said = {
            name: at + value if isinstance(value, timedelta) else value
            for name, value in said.items()
            if value is not None
        }
        return jwt.encode(said, self.key, algorithm=self.algorithm, headers=self.header)

    def answer(self, path):
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/keys":
            return {"keys": [{**json.loads(RSAAlgorithm.to_jwk(KEY.public_key())), "kid": "one"}]}
        if path == "/token":
            return {"access_token": "x", "token_type": "Bearer", "id_token": self.id_token()}
        return self.userinfo or {"sub": self.told.get("sub", "dora")}


class Handler(BaseHTTPRequestHandler):
    """Asks the rogue of its server what to say."""

    def do_GET(self):
        self.said(b"")

    def do_POST(self):
        self.said(self.rfile.read(int(self.headers["Content-Length"])))

    def said(self, body):
        rogue = self.server.rogue
        rogue.asked.append((self.path, parse_qs(body.decode())))
        is_sent_on = rogue.redirects and self.path == "/elsewhere"
        told = json.dumps(rogue.answer(urlsplit(self.path).path)).encode()
        content = b"" if is_sent_on else told
        self.send_response(307 if is_sent_on else 200)
        self.send_header("Location", "/token")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        """Say nothing."""


@contextmanager
def rogue_provider():
    """Run a provider that says what a test has it say."""
    server = ThreadingHTTPServer(("localhost", 0), Handler)
    server.rogue = Rogue(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.rogue
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()


def _certificate(key):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example")])
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


CERTIFICATE, OTHER_CERTIFICATE = _certificate(KEY), _certificate(OTHER_KEY)
IDP = "https://idp.example/saml"
METADATA = f"""<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{IDP}">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
      <ds:X509Certificate>{"".join(CERTIFICATE.split()[1:-1]).replace("CERTIFICATE-----", "").replace("-----END", "")}</ds:X509Certificate>
    </ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sso"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>"""
ASSERTION = """<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ID="{id}" Version="2.0" IssueInstant="{at}"><saml:Issuer>{issuer}</saml:Issuer><saml:Subject><saml:NameID Format="{format}">{subject}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{until}" Recipient="{recipient}"{asked}/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{since}" NotOnOrAfter="{until}">{audience}</saml:Conditions><saml:AuthnStatement AuthnInstant="{asked_at}" SessionIndex="_s"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>{attributes}</saml:Assertion>"""
RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" IssueInstant="{at}" Destination="{destination}"{asked}><saml:Issuer>{issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}</samlp:Response>"""
DEFAULT = {"email": "dora@idp.example", "givenName": "Dora", "sn": "Novak"}


def assertion(connection, asked, **options):
    """Return an assertion about a person, not signed yet."""
    at = datetime.now(UTC)
    until = at + options.get("until", timedelta(minutes=5))
    audience = options.get("audience", connection.entity_id)
    said = options.get("said", DEFAULT)
    return ASSERTION.format(
        id=options.get("id", f"_{token_hex(16)}"),
        at=_when(at),
        asked_at=_when(options.get("asked_at", at)),
        since=_when(at + options.get("since", timedelta(minutes=-1))),
        until=_when(until),
        issuer=options.get("issuer", IDP),
        subject=options.get("subject", "dora"),
        format=options.get("format", "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"),
        recipient=options.get("recipient", connection.acs_url),
        asked=f' InResponseTo="{asked}"' if asked else "",
        audience=f"<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>"
        if audience
        else "",
        attributes=_statement(said),
    )


def _statement(said):
    inner = "".join(_attribute(name, value) for name, value in said.items())
    return f"<saml:AttributeStatement>{inner}</saml:AttributeStatement>" if inner else ""


def _attribute(name, value):
    values = value if isinstance(value, list) else [value]
    inner = "".join(
        f'<saml:AttributeValue xsi:type="xs:string">{each}</saml:AttributeValue>' for each in values
    )
    return f'<saml:Attribute Name="{name}">{inner}</saml:Attribute>'


def response(connection, asked, inner, **options):
    """Return a response around assertions."""
    return RESPONSE.format(
        id=f"_{token_hex(16)}",
        at=_when(datetime.now(UTC)),
        destination=options.get("destination", connection.acs_url),
        asked=f' InResponseTo="{asked}"' if asked else "",
        issuer=IDP,
        assertion=inner,
    )


def signed(xml, key=KEY, certificate=CERTIFICATE, **options):
    """Return the element with the provider's signature."""
    made = OneLogin_Saml2_Utils.add_sign(xml, _pem(key), certificate, **options)
    text = made if isinstance(made, str) else made.decode()
    return text.partition("?>")[2] or text if text.startswith("<?xml") else text


def answer_to(connection, asked, **options):
    """Return what the provider posts: a response with a signed assertion."""
    return posted(response(connection, asked, signed(assertion(connection, asked, **options))))


def posted(xml):
    return {"SAMLResponse": b64encode(xml.encode()).decode()}


def _when(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
