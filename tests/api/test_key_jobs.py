"""What a key begins goes on behind the answer with the key's rights, and ends with the key."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from api.keys.models import ApiKey
from api.keys.operations import create_key, revoke_key
from crm.customers.models.companies import Company
from crm.customers.operations.companies import create_company
from tests.api.conftest import Program

COMPANIES = "/api/v1/companies/"


@pytest.fixture(autouse=True)
def stored(tmp_path, settings):
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


@pytest.fixture
def narrow(acme, alice, bob):
    """A key of the admin's that reaches her own companies alone, where there are Bob's too."""
    for owner, name in ((alice, "Hers"), (bob, "His")):
        create_company(actor=owner.as_actor(), name=name)
    grants = [f"customers.{verb}_company:own" for verb in ("view", "change", "export")]
    grants += [f"customers.{verb}_company" for verb in ("bulk", "import", "add")]
    _key, secret = create_key(
        actor=alice.as_actor(), name="Narrow", grants=[*grants, "imports:write"]
    )
    return Program(acme, secret)


def revoke(alice):
    revoke_key(ApiKey.objects.get(), actor=alice.as_actor(), at=datetime.now(UTC))


def test_an_export_has_the_records_the_key_reaches(narrow, work, monkeypatch):
    monkeypatch.setattr("crm.transfer.jobs.AT_ONCE", 0)
    asked = narrow.get(f"{COMPANIES}export/").json()["export"]
    work()
    answer = narrow.get(f"{COMPANIES}export/?export={asked}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")

    assert [row["Name"] for row in csv.DictReader(io.StringIO(text))] == ["Hers"]


def test_an_export_is_not_written_for_a_key_that_ended(narrow, work, monkeypatch, alice, acme):
    monkeypatch.setattr("crm.transfer.jobs.AT_ONCE", 0)
    asked = narrow.get(f"{COMPANIES}export/").json()["export"]
    revoke(alice)
    work()
    _key, secret = create_key(actor=alice.as_actor(), name="Another")

    assert Program(acme, secret).get(f"{COMPANIES}export/?export={asked}").status_code == 404


def test_a_file_its_member_asked_for_is_not_the_keys(narrow, as_member, alice, monkeypatch, work):
    monkeypatch.setattr("crm.transfer.jobs.AT_ONCE", 0)
    asked = as_member(alice).get(f"{COMPANIES}export/").json()["export"]
    work()

    assert narrow.get(f"{COMPANIES}export/?export={asked}").status_code == 404


@pytest.mark.parametrize("is_over", [False, True])
def test_a_bulk_change_reaches_what_the_key_reaches(narrow, work, monkeypatch, alice, is_over):
    monkeypatch.setattr("crm.history.jobs.AT_ONCE", 0)
    body = {"action": "edit", "field": "country", "value": "FR", "all": True}
    assert narrow.send("post", f"{COMPANIES}bulk/", body).status_code == 202
    if is_over:
        revoke(alice)
    work()

    changed = Company.objects.filter(country="FR").values_list("name", flat=True)
    assert list(changed) == ([] if is_over else ["Hers"])


def test_an_import_changes_what_the_key_reaches(narrow, work):
    file = SimpleUploadedFile("firms.csv", b"name,country\nHers,FR\nHis,FR\n")
    made = narrow.post("/api/v1/imports/", {"record_type": "company", "file": file}).json()
    url = f"/api/v1/imports/{made['id']}/"
    assert narrow.post(f"{url}run/").status_code in (200, 202)
    work()

    assert Company.objects.get(name="Hers").country == "FR"
    assert not Company.objects.get(name="His", owner__email="bob@acme.test").country
