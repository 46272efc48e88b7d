"""Another workspace's people find nothing here, whatever address or id they use."""

import pytest

from api.keys.operations import create_key
from tests.api.conftest import Program
from tests.conftest import inside

PAGES = ("{slug}/{pk}/", "{slug}/{pk}/edit/", "{slug}/{pk}/delete/")


@pytest.fixture(params=["companies", "contacts"])
def record(request, initech, ada):
    return {"companies": initech, "contacts": ada}[request.param], request.param


@pytest.mark.parametrize("page", PAGES)
def test_pages_of_another_workspaces_records_are_not_found(as_member, eve, record, page):
    found, slug = record
    url = "/" + page.format(slug=slug, pk=found.pk)

    assert as_member(eve).get(url).status_code == 404
    if not page.endswith("{pk}/"):
        assert as_member(eve).post(url, {"name": "Mine", "given_name": "Mine"}).status_code == 404
    found.refresh_from_db()
    assert str(found) in ("Initech", "Ada Lovelace")


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_the_api_of_another_workspace_does_not_find_them(eve, globex, record, method):
    found, slug = record
    secret = inside(globex, lambda: _key_of(eve))
    program, url = Program(globex, secret), f"/api/v1/{slug}/{found.pk}/"
    body = {"companies": {"name": "Mine"}, "contacts": {"title": "Mine"}}[slug]

    response = program.get(url) if method == "get" else program.send(method, url, body)

    assert response.status_code == 404
    found.refresh_from_db()
    assert str(found) in ("Initech", "Ada Lovelace")


def test_lists_search_and_suggestions_show_only_ones_own(as_member, eve, ada):
    visitor = as_member(eve)

    assert visitor.get("/contacts/").context["list"].rows == []
    assert visitor.get("/contacts/", {"search": "ada"}).context["list"].rows == []
    assert visitor.get("/companies/").context["list"].rows == []
    assert b"Initech" not in visitor.get("/companies/options/", {"x": "init"}).content


def test_a_session_of_one_workspace_is_worth_nothing_in_another(as_member, bob, globex):
    visitor = as_member(bob)

    response = visitor.get("/contacts/", headers={"host": f"{globex.slug}.localhost"})

    assert response.status_code == 302
    assert response.url.startswith("/login/")


def test_nobody_sees_a_page_without_logging_in(acme, ada):
    from tests.conftest import Visitor

    for url in ("/contacts/", "/contacts/new/", f"/contacts/{ada.pk}/", "/companies/options/?x=in"):
        assert Visitor(acme).get(url).status_code == 302


def _key_of(member):
    from django.db import transaction

    with transaction.atomic():
        return create_key(actor=member.as_actor(), name="Eve's")[1]
