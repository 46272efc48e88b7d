"""What the API answers: shapes, errors, documents."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from core.events.models import Event
from crm.customers.models.contacts import Contact
from crm.customers.operations.contacts import create_contacts

CONTACTS = "/api/v1/contacts/"


def test_a_contact_reads_as_it_was_written(program_of, bob):
    program = program_of(bob)
    company = program.send("post", "/api/v1/companies/", {"name": "Initech"}).json()
    written = {
        "given_name": "Ada",
        "family_name": "Lovelace",
        "emails": [{"email": "ada@initech.com", "label": "work", "primary": True}],
        "phones": [{"number": "+442079460123", "label": "", "primary": True}],
        "companies": [{"company": company["id"], "title": "Analyst", "primary": True}],
        "birthday": "1815-12-10",
        "do_not_call": True,
    }

    made = program.send("post", CONTACTS, written)
    read = program.get(made.headers["Location"].removeprefix("http://acme.localhost")).json()

    assert made.status_code == 201
    assert made.json() == read
    assert read["companies"] == [{**written["companies"][0], "started_on": None, "ended_on": None}]
    assert {name: read[name] for name in written if name != "companies"} == {
        name: written[name] for name in written if name != "companies"
    }


def test_a_list_has_count_and_neighbours(program_of, alice):
    create_contacts({n: {"given_name": f"P{n}"} for n in range(3)}, actor=alice.as_actor())

    page = program_of(alice).get(CONTACTS, {"page_size": 2}).json()

    assert page["count"] == 3
    assert "page_size=2&page=2&at=" in page["next"]
    assert page["previous"] is None
    assert len(page["results"]) == 2


def test_a_patch_changes_only_what_it_names(program_of, bob):
    program = program_of(bob)
    made = program.send(
        "post", CONTACTS, {"given_name": "Ada", "emails": [{"email": "a@b.org"}]}
    ).json()

    changed = program.send("patch", f"{CONTACTS}{made['id']}/", {"title": "Analyst"}).json()

    assert (changed["title"], changed["given_name"]) == ("Analyst", "Ada")
    assert changed["emails"] == [{"email": "a@b.org", "label": "", "primary": True}]


def test_an_unknown_key_is_named(program_of, bob):
    response = program_of(bob).send("post", CONTACTS, {"given_name": "Ada", "emial": "x"})

    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Invalid input",
        "status": 400,
        "detail": "Some values cannot be accepted.",
        "code": "invalid",
        "errors": {"emial": ["This field is not known."]},
    }
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (
            {"given_name": "A", "emails": [{"email": "a@b.org"}, {"label": "work"}]},
            "emails.1.email",
        ),
        ({"given_name": "A", "emails": [{"email": "a@b.org", "mail": ""}]}, "emails.0.mail"),
        ({"given_name": "A", "phones": [{"number": "zzz"}]}, "phones.0.number"),
        ({"given_name": "A", "companies": [{"company": "none"}]}, "companies.0.company"),
        (
            {"given_name": "A", "addresses": [{"city": "X", "country": "Atlantis"}]},
            "addresses.0.country",
        ),
        ({"given_name": "A", "owner": "019a0000-0000-7000-8000-000000000000"}, "owner"),
        ({"given_name": "A", "birthday": "yesterday"}, "birthday"),
        ({"given_name": "A\0"}, "given_name"),
        ([], "non_field_errors"),
    ],
)
def test_errors_say_where_they_are(program_of, bob, body, path):
    response = program_of(bob).send("post", CONTACTS, body)

    assert response.status_code == 400
    assert list(response.json()["errors"]) == [path]
    assert not Contact.objects.exists()
    assert not Event.objects.filter(name__startswith="contact.").exists()


def test_malformed_json_is_a_problem_too(program_of, bob):
    response = program_of(bob).post(CONTACTS, "{", content_type="application/json")

    assert response.status_code == 400
    assert response.json()["code"] == "parse_error"


def test_a_wrong_filter_is_named(program_of, bob):
    response = program_of(bob).get(CONTACTS, {"owner": "me"})

    assert list(response.json()["errors"]) == ["owner"]


def test_nobody_is_asked_to_log_in(acme):
    from tests.conftest import Visitor

    response = Visitor(acme).get(CONTACTS)

    assert response.status_code == 401
    assert response.json()["code"] == "not_authenticated"


def test_a_session_needs_its_csrf_token(acme, bob):
    from tests.conftest import Visitor

    browser = Visitor(acme)
    browser.handler.enforce_csrf_checks = True
    browser.force_login(bob)

    response = browser.post(CONTACTS, {"given_name": "Ada"}, content_type="application/json")

    assert response.status_code == 403
    assert not Contact.objects.exists()


def test_short_lists_are_readable(program_of, carol):
    program = program_of(carol)

    assert program.get("/api/v1/lifecycle-stages/").json()["count"] == 4
    assert {tag["name"] for tag in program.get("/api/v1/tags/").json()["results"]} >= {"VIP"}
    assert program.get("/api/v1/members/").json()["count"] == 2


def test_the_documents_come_from_here_alone(as_member, bob):
    page = as_member(bob).get("/api/docs/")

    assert page.status_code == 200
    text = page.content.decode()
    assert "://" not in text.replace("http://www.w3.org", "").replace("http://acme.localhost", "")
    assert "<script>" not in text
    assert "style=" not in text
    assert "<style" not in text


def test_the_description_is_the_committed_one():
    made = StringIO()
    call_command("spectacular", stdout=made)

    committed = Path("api/openapi.yaml").read_text(encoding="utf-8")
    assert made.getvalue().strip() == committed.strip()


def test_every_problem_of_a_body_is_told_at_once(bob, as_member):
    response = as_member(bob).post(
        "/api/v1/companies/",
        {"nmae": "Initech", "employees": "many"},
        content_type="application/json",
    )

    assert response.status_code == 400
    assert set(response.json()["errors"]) == {"name", "nmae", "employees"}
