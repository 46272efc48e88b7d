"""Nothing is written by a form from elsewhere, by names nobody offered, or by more than a form may hold."""

import pytest
import yaml

from api.keys.models import ApiKey
from core.events.models import Event
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.operations.companies import create_company
from crm.customers.operations.contacts import create_contact
from tenants.members.models import User
from tests.architecture.reading import text_of
from tests.architecture.test_isolation import _filled, routes
from tests.conftest import Visitor, nothing_written

NOBODYS = "00000000-0000-7000-8000-000000000001"
PATHS = sorted({_filled(path, NOBODYS) for path, _names in routes()})
DESCRIPTION = yaml.safe_load(text_of("api/openapi.yaml"))
SCHEMAS = DESCRIPTION["components"]["schemas"]
WRITES = ("post", "put", "patch")


def bodies():
    """Yield each endpoint that takes JSON: its method, its path and the schema of what it takes."""
    for path, methods in DESCRIPTION["paths"].items():
        for method in WRITES:
            content = methods.get(method, {}).get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema", {})
            if "$ref" in schema:
                yield method, path, SCHEMAS[schema["$ref"].rpartition("/")[2]]


BODIES = list(bodies())


@pytest.mark.parametrize("path", PATHS)
def test_no_form_from_elsewhere_is_taken(path, acme, alice):
    visitor = Visitor(acme)
    visitor.handler.enforce_csrf_checks = True
    visitor.force_login(alice)

    with nothing_written(Event, User, ApiKey, Company, Contact):
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(visitor, method)(path, {"name": "x"})
            assert answer.status_code in (302, 401, 403, 404, 405), (method, path)
            assert answer.status_code != 302 or "/login/" in answer.headers["Location"], path


@pytest.fixture
def known(alice):
    actor = alice.as_actor()
    company = create_company(actor=actor, name="Initech")
    return {"companies": company, "contacts": create_contact(actor=actor, given_name="Zoë")}


def address(path, known):
    record = known.get(path.split("/")[3])
    return _filled(path.replace("{", "<").replace("}", ">"), str(record.pk) if record else NOBODYS)


@pytest.mark.parametrize(("method", "path", "schema"), BODIES)
def test_a_name_no_endpoint_offers_is_refused(method, path, schema, as_member, alice, known):
    body, visitor = {"is_superuser": True, "workspace": "t_1"}, as_member(alice)

    with nothing_written(Event, User, ApiKey, Company, Contact):
        url = address(path, known)
        answer = getattr(visitor, method)(url, body, content_type="application/json")

    assert answer.status_code in (400, 404), path
    if answer.status_code == 400:
        assert {"is_superuser", "workspace"} <= answer.json()["errors"].keys(), path


@pytest.mark.parametrize("kind", ["companies", "contacts"])
@pytest.mark.parametrize("method", ["put", "patch"])
def test_what_may_only_be_read_stays_as_it_is(kind, method, as_member, alice, known):
    url = f"/api/v1/{kind}/{known[kind].pk}/"
    visitor = as_member(alice)
    before = visitor.get(url).json()
    name = {"companies": "Company", "contacts": "Contact"}[kind]
    fixed = {key for key, value in SCHEMAS[name]["properties"].items() if value.get("readOnly")}
    assert {"id", "created_at", "updated_at"} <= fixed

    required = {"name": before["name"]} if kind == "companies" else {"given_name": "Zoë"}
    body = required | dict.fromkeys(fixed, "00000000-0000-7000-8000-000000000000")
    getattr(visitor, method)(url, body, content_type="application/json")

    after = visitor.get(url).json()
    assert {key: after[key] for key in fixed - {"updated_at", "version"}} == {
        key: before[key] for key in fixed - {"updated_at", "version"}
    }
