"""Everything the environment may say, read and checked once. Each variable is in docs/reference/configuration.md."""

import os
import secrets
import sys
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import dj_database_url
from environs import Env, EnvError, validate

BASE_DIR = Path(__file__).resolve().parent.parent
# host:port,host:port
PLACES = r"$|[\w.-]+:\d{1,5}(,[\w.-]+:\d{1,5})*$"
MODES = ("production", "demo", "development", "test")

env = Env()


def stop(sentence: str) -> Any:
    """End start-up with one sentence on standard error."""
    sys.exit(f"Atrium cannot start. {sentence}")


def read(kind: str, name: str, *, required: bool = False, **options: Any) -> Any:
    """Return a variable as the given kind; end start-up when it is missing or cannot be read."""
    if required and not os.environ.get(name):
        return stop(f"{name} is not set; docs/reference/configuration.md says what it holds.")
    try:
        return getattr(env, kind)(name, **options)
    except (EnvError, ValueError) as error:
        return stop(f"{name} cannot be read: {_without_value(error, name)}")


def not_below(least: int) -> validate.Range:
    """Return the check that a number is at least this."""
    return validate.Range(min=least)


def _without_value(error: Exception, name: str) -> str:
    """Return what is wrong without repeating the value, which may be a secret."""
    messages = getattr(error, "error_messages", None)
    return "; ".join(messages) if messages else f"see {name} in docs/reference/configuration.md."


def places(value: str) -> frozenset[tuple[str, int]]:
    """Return the hosts and ports of host:port,host:port."""
    pairs = (place.partition(":") for place in value.split(",") if place)
    return frozenset((host.lower(), int(port)) for host, _colon, port in pairs)


def folder(name: str, *, default: Path) -> Path:
    """Return a folder that is there or can be made."""
    path = Path(read("str", name, default=str(default))).expanduser().resolve()
    if any(each.exists() and not each.is_dir() for each in (path, *path.parents)):
        return stop(f"{name} cannot be read: it is the path of a folder, not of a file.")
    return path


MODE: str = read(
    "str",
    "ATRIUM_ENV",
    default="production" if os.environ.get("DATABASE_URL") else "demo",
    validate=validate.OneOf(MODES),
)
IS_PRODUCTION = MODE == "production"
HOME = folder("ATRIUM_HOME", default=BASE_DIR / "var")
PORT: int = read("int", "PORT", default=8000, validate=validate.Range(min=1, max=65535))


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """The three log-ins: the application's, the owner's of all schemas, the vault's.

    Where a pooler stands before the database, `direct` is the application's log-in past it.
    """

    application: str
    owner: str
    vault: str
    direct: str = ""


def secret_key() -> str:
    """Return SECRET_KEY; outside production a random one is made once and kept in ATRIUM_HOME."""
    if IS_PRODUCTION:
        value: str = read("str", "SECRET_KEY", required=True)
        return value if len(value) >= 50 else stop("SECRET_KEY is shorter than 50 characters.")
    if value := read("str", "SECRET_KEY", default=""):
        return value
    return kept_secret("secret_key")


def kept_secret(name: str) -> str:
    """Return a random secret that only this ATRIUM_HOME knows, made on first use."""
    path = HOME / "secrets" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8")


def database(url: str, name: str) -> dict[str, Any]:
    """Return Django's settings for a postgresql:// address."""
    if not url.startswith(("postgresql://", "postgres://")):
        return stop(f"{name} cannot be read: it is an address like postgresql://login@host/name.")
    try:
        return dict(dj_database_url.parse(url))
    except (ValueError, dj_database_url.ParseError):
        return stop(f"{name} cannot be read: it is an address like postgresql://login@host/name.")


def storage(name: str, *, default: str) -> dict[str, Any]:
    """Return Django's settings for files: file:///folder or s3://bucket/prefix?endpoint=https://..."""
    address = urlsplit(read("str", name, default=default))
    if address.scheme == "file" and address.path.startswith("/"):
        backend = "django.core.files.storage.FileSystemStorage"
        return {"BACKEND": backend, "OPTIONS": {"location": address.path, "base_url": None}}
    if address.scheme == "s3" and address.netloc:
        options = {
            "bucket_name": address.netloc,
            "location": address.path.strip("/"),
            "default_acl": None,
            "querystring_expire": 60,
            **{f"{key}_url": value for key, value in parse_qsl(address.query) if key == "endpoint"},
        }
        return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    return stop(f"{name} cannot be read: it is file:///folder or s3://bucket/prefix.")


def servers(name: str, *, port: int) -> list[tuple[str, int]]:
    """Return servers by their IP addresses and ports: 192.0.2.53,[2001:db8::53]:5353."""
    found = []
    for each in filter(None, read("str", name, default="").split(",")):
        try:
            address = urlsplit(f"//{each.strip()}")
            found.append((str(ip_address(address.hostname or "")), address.port or port))
        except ValueError:
            return stop(f"{name} cannot be read: it is IP addresses, such as 192.0.2.53:53.")
    return found


def mailer(name: str, *, required: bool, outbox: Path) -> dict[str, Any]:
    """Return Django's settings for outgoing mail: smtp(s)://login:password@host:port, or the outbox."""
    value = read("str", name, required=required, default="")
    if not value:
        backend = "core.outbox.OutboxBackend"
        return {"BACKEND": backend, "OPTIONS": {"file_path": str(outbox)}}
    address = urlsplit(value)
    if address.scheme not in ("smtp", "smtps", "smtp+tls") or not address.hostname:
        return stop(f"{name} cannot be read: it is smtp://login:password@host:port.")
    options = {
        "host": address.hostname,
        "port": address.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[address.scheme],
        "username": unquote(address.username or ""),
        "password": unquote(address.password or ""),
        "use_ssl": address.scheme == "smtps",
        "use_tls": address.scheme == "smtp+tls",
        "timeout": 10,
    }
    return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}
