"""How many statements an answer takes, however many records there are.

What is asked to know where and by whom is asked, and a transaction's own words, are not counted.
A page may ask one statement more than the work itself needs: what every page shows around its content.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.records.models import Record
from crm.customers.models.contacts import Contact
from crm.customers.models.labels import LifecycleStage, Tag
from crm.customers.operations.companies import create_company
from crm.customers.operations.contacts import create_contacts, delete_contact
from tenants.members.models import User

FEW, MANY = 3, 60
NOT_COUNTED = (
    'FROM "tenants_domain"',
    'FROM "members_session"',
    'UPDATE "members_session"',
    'FROM "keys_apikey"',
    'JOIN "members_role"',
    "SAVEPOINT",
    "SET LOCAL",
)
PAGE, API = "/contacts/", "/api/v1/contacts/"
FRAME = 1
# What is asked for, and how many statements it may take through the API and on the page.
READS = {
    "list": (API, {"ordering": "-updated"}, 3),
    "list by name": (API, {"ordering": "name"}, 4),
    "search": (API, {"search": "per"}, 2),
    "search everything": ("/api/v1/search/", {"q": "per"}, 4),
    "open": (API, None, 1),
    "page: list": (PAGE, {"sort": "-updated"}, 4 + FRAME),
    "page: list by name": (PAGE, {"sort": "name"}, 5 + FRAME),
    "page: search": (PAGE, {"search": "per"}, 3 + FRAME),
    "page: board": (PAGE, {"layout": "board"}, 6 + FRAME),
    "page: open": (PAGE, None, 4 + FRAME),
}
WRITES = {"create": 3, "edit": 7, "page: edit": 7}


def _statements(ask: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert ask().status_code < 400
    said = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in said if not any(known in sql for known in NOT_COUNTED)]


def _people(alice: User, count: int) -> list[Contact]:
    tag, stage = Tag.objects.get(key="vip"), LifecycleStage.objects.get(key="customer")
    company = create_company(actor=alice.as_actor(), name="Initech")
    rows = {
        number: {
            "given_name": "Jo",
            "family_name": f"Person {number:02}",
            "emails": [{"email": f"{number}@initech.test"}],
            "phones": [{"number": f"+44207946{number:04}"}],
            "companies": [{"company": company.pk}],
            "tags": [tag.pk],
            "lifecycle_stage": stage.pk,
        }
        for number in range(count)
    }
    return list(create_contacts(rows, actor=alice.as_actor()).records.values())


@pytest.mark.parametrize("count", [FEW, MANY])
@pytest.mark.parametrize("name", READS)
def test_reading_keeps_to_its_budget(as_member, alice, name, count):
    place, params, allowed = READS[name]
    contact = _people(alice, count)[0]
    url = f"{place}{contact.pk}/" if params is None else f"{place}?{urlencode(params)}"
    visitor = as_member(alice)
    # What shows nothing asks for little.
    assert "Person" in visitor.get(url).content.decode()

    asked = _statements(lambda: visitor.get(url))

    assert len(asked) <= allowed, asked


def test_writing_keeps_to_its_budget(as_member, alice):
    contact = _people(alice, FEW)[0]
    visitor = as_member(alice)
    body = {"given_name": "Ada", "emails": [{"email": "ada@initech.test"}]}

    def send(method: str, url: str, said: dict[str, Any]) -> Any:
        call = getattr(visitor, method)
        return call(url, json.dumps(said), content_type="application/json")

    form = {"title": "Countess", "form": "field"}
    asked = {
        "create": _statements(lambda: send("post", API, body)),
        "edit": _statements(lambda: send("patch", f"{API}{contact.pk}/", {"title": "Analyst"})),
        "page: edit": _statements(lambda: visitor.post(f"{PAGE}{contact.pk}/field/title/", form)),
    }

    assert {name: len(said) for name, said in asked.items() if len(said) > WRITES[name]} == {}


def test_one_row_is_visible_exactly_where_the_list_shows_it(alice, bob, carol):
    own, trashed, *_others = _people(alice, FEW)
    Record.apply(own, {"owner_id": bob.pk})
    delete_contact(trashed, actor=alice.as_actor())

    numbers = {}
    for member in (alice, bob, carol):
        actor = member.as_actor()
        shown = set(Contact.objects.visible_to(actor))
        assert {each for each in Contact.objects.all() if each.is_visible_to(actor)} == shown
        assert trashed not in shown
        numbers[member] = len(shown)
    assert numbers == {alice: FEW - 1, bob: 1, carol: FEW - 1}
