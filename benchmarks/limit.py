"""The limit: a bare WSGI application that answers from plain tables, with no rights, no keys, no events."""

import json
import os
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

import psycopg

TABLES = """
CREATE TABLE contact (
  id uuid PRIMARY KEY, given_name text, family_name text, title text, email text, phone text,
  stage text, updated_at timestamptz DEFAULT now()
);
CREATE TABLE event (id uuid PRIMARY KEY, contact uuid, name text, occurred_at timestamptz);
"""
INDEXES = """
CREATE INDEX ON contact (stage, family_name, given_name, id);
CREATE INDEX ON contact (lower(family_name) text_pattern_ops);
CREATE INDEX ON contact (lower(given_name) text_pattern_ops);
CREATE INDEX ON event (contact, occurred_at);
ANALYZE contact;
"""
COLUMNS = ("id", "given_name", "family_name", "title", "email", "phone", "stage")
NAMES = ", ".join(COLUMNS)
LIST = f"SELECT {NAMES} FROM contact WHERE stage = %s ORDER BY family_name, given_name, id LIMIT 50"
COUNT = "SELECT count(*) FROM contact WHERE stage = %s"
SEARCH = f"""
SELECT {NAMES} FROM contact WHERE lower(family_name) LIKE %s OR lower(given_name) LIKE %s
ORDER BY family_name, given_name, id LIMIT 50
"""
OPEN = f"SELECT {NAMES} FROM contact WHERE id = %s"
EVENTS = "SELECT * FROM event WHERE contact = %s ORDER BY occurred_at DESC LIMIT 20"
INSERT = f"INSERT INTO contact ({NAMES}) VALUES (%s, %s, %s, %s, %s, %s, %s)"

_connections: list[psycopg.Connection] = []


def _ask(sql: str, *parameters: Any) -> list[Any]:
    if not _connections:
        _connections.append(psycopg.connect(os.environ["LIMIT_URL"], autocommit=True))
    cursor = _connections[0].execute(sql, parameters)  # type: ignore[call-overload]
    return cursor.fetchall() if cursor.description else []


def _list(stage: str) -> Any:
    return {"count": _ask(COUNT, stage)[0][0], "results": _ask(LIST, stage)}


def _search(beginning: str) -> Any:
    pattern = f"{beginning.lower()}%"
    return {"results": _ask(SEARCH, pattern, pattern)}


def _open(contact: str) -> Any:
    return {"contact": _ask(OPEN, contact), "events": _ask(EVENTS, contact)}


def _create(person: dict[str, Any]) -> Any:
    identity = str(uuid4())
    mail, phone = person["emails"][0]["email"], person["phones"][0]["number"]
    _ask(INSERT, identity, person["given_name"], person["family_name"], "", mail, phone, "")
    return {"id": identity, **person}


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer /list?stage=, /search?q=, /open?id= and POST /create."""
    question = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
    match environ["PATH_INFO"]:
        case "/list":
            answer = _list(question["stage"])
        case "/search":
            answer = _search(question["q"])
        case "/open":
            answer = _open(question["id"])
        case _:
            answer = _create(json.load(environ["wsgi.input"]))
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(answer, default=str).encode()]
