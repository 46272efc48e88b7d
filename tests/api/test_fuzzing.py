"""Every endpoint is sent whatever its description allows, and what it does not: it never breaks, and answers as it says."""

import os
import warnings
from uuid import UUID

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as how
from hypothesis import strategies as st
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.keys.operations import create_key
from crm.customers.models.labels import LifecycleStage, Tag
from crm.customers.operations.companies import create_company
from crm.customers.operations.contacts import create_contact, delete_contact
from crm.files.operations import add_file
from crm.notes.operations import add_note
from crm.notifications.operations import notify
from crm.views.operations import create_view
from tenants.members.models import Role
from tenants.members.operations.service_accounts import create_service_account
from tenants.sso.models import Connection
from tests.architecture.reading import BASE
from tests.conftest import outside

warnings.filterwarnings("ignore", module="schemathesis")
DESCRIPTION = schemathesis.openapi.from_path(str(BASE / "api" / "openapi.yaml"))
OPERATIONS = {
    f"{found.ok().method.upper()} {found.ok().path}": found.ok()
    for found in DESCRIPTION.get_all_operations()
}
CASES = int(os.environ.get("FUZZ_CASES", "300"))
EACH = max(2, -(-CASES // len(OPERATIONS)))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
APPLICATION = get_wsgi_application()


@pytest.fixture(autouse=True)
def stored(tmp_path, settings):
    """Folders for files, and nobody counting."""
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    settings.API_RATE = settings.API_WORKSPACE_RATE = "1000000/day"


@pytest.fixture(autouse=True)
def one_connection():
    """A server closes connections between requests; the test's own holds what the requests read."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def known(alice) -> list[UUID]:
    """Ids of one thing of each kind."""
    actor = alice.as_actor()
    company = create_company(actor=actor, name="Initech")
    contact = create_contact(
        actor=actor, given_name="Zoë", emails=[{"email": "zoe@initech.test", "primary": True}]
    )
    gone = create_contact(actor=actor, given_name="Gone")
    delete_contact(gone, actor=actor)
    notify([alice.pk], kind="note", actor=actor, record_type="contact", record_id=contact.pk)
    role = Role.objects.get(key="rep")
    made = [
        company, contact, gone, alice, role,
        add_note(contact, html="<p>x</p>", actor=actor),
        add_file(contact, name="x.txt", chunks=[b"x"], actor=actor),
        create_view(actor=actor, record_type="company", name="x", is_shared=True),
        create_key(actor=actor, name="x")[0],
        create_service_account(name="x", role=role, actor=actor),
        Connection.objects.create(protocol="oidc", reach=2, name="x", issuer="x", client_id="x"),
        LifecycleStage.objects.first(),
        Tag.objects.first(),
    ]  # fmt: skip
    return [each.pk for each in made]


def put_known_ids(case, draw, known):
    """Let half of the ids in the path be of something there is."""
    for name in case.path_parameters or {}:
        if draw(st.booleans()):
            case.path_parameters[name] = str(draw(st.sampled_from(known)))


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_request_breaks_it(name, known, alice):
    _key, secret = create_key(actor=alice.as_actor(), name="Fuzz")
    headers = {"Authorization": f"Bearer {secret}"}
    operation = OPERATIONS[name]
    load_all_checks()
    modes = [
        operation.as_strategy(generation_mode=mode)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    ]

    @how(
        max_examples=EACH,
        deadline=None,
        database=None,
        derandomize="FUZZ_CASES" not in os.environ,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
    )
    @given(st.data())
    def send(data):
        case = data.draw(st.one_of(modes))
        put_known_ids(case, data.draw, known)
        answer = outside(
            lambda: case.call("http://acme.localhost", app=APPLICATION, headers=headers)
        )
        case.validate_response(answer, checks=CHECKS)

    send()
