"""Nobody gets more at once than a page, or sends more than a form."""

import pytest
import yaml
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile

from core.limits import STRANGERS_BYTES
from crm.customers.models.companies import Company
from tests.architecture.reading import text_of
from tests.conftest import Visitor, nothing_written, outside

DESCRIPTION = yaml.safe_load(text_of("api/openapi.yaml"))
LISTS = sorted(
    path
    for path, methods in DESCRIPTION["paths"].items()
    if any(each.get("name") == "page_size" for each in methods.get("get", {}).get("parameters", []))
)
MOST = 200


def test_most_lists_come_in_pages():
    assert len(LISTS) >= 5


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("size", ["100000", "1e9", "-1", "0", "x", "", "9" * 400, "²"])
def test_no_page_is_longer_than_the_longest(path, size, as_member, alice):
    if "{" in path:
        pytest.skip("of one record")
    answer = as_member(alice).get(path, {"page_size": size})

    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert len(answer.json()["results"]) <= MOST


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "1.5", "last ", "٣", "\x00"])
def test_no_odd_page_breaks_a_list(path, page, as_member, alice):
    if "{" in path:
        pytest.skip("of one record")

    assert as_member(alice).get(path, {"page": page}).status_code in (200, 400, 404)


@pytest.mark.parametrize("path", ["/companies/", "/contacts/", "/trash/", "/history/", "/search/"])
@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "1.5", "\x00"])
def test_no_odd_page_breaks_a_page(path, page, as_member, alice):
    asked = {"page": page, "page_size": "9" * 9, "q": "x\x00y", "sort": "\x00", "search": "\x00"}

    assert as_member(alice).get(path, asked).status_code in (200, 302, 400, 404)


def test_a_body_larger_than_any_record_is_refused(as_member, alice):
    body = {"name": "x" * (configured.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}

    with nothing_written(Company):
        for send in ({"content_type": "application/json"}, {}):
            answer = as_member(alice).post("/api/v1/companies/", body, **send)
            assert answer.status_code in (400, 413, 415), answer.content[:200]
        assert as_member(alice).post("/companies/new/", body).status_code in (400, 413, 422)


def test_a_form_of_thousands_of_fields_is_refused(as_member, alice):
    fields = {f"field{number}": "x" for number in range(3_000)}

    with nothing_written(Company):
        assert as_member(alice).post("/companies/new/", fields).status_code == 400


def test_deeply_nested_json_is_refused(as_member, alice):
    body = "[" * 100_000 + "]" * 100_000

    with nothing_written(Company):
        answer = as_member(alice).post("/api/v1/companies/", body, content_type="application/json")
    assert answer.status_code == 400


def test_strangers_send_no_more_than_a_form(acme, as_member, alice):
    def taken(visitor, size):
        file = SimpleUploadedFile("x.csv", b"x" * size)
        sent = {"login": "x@x.test", "password": "y", "file": file}
        request = visitor.post("/login/", sent).wsgi_request
        return outside(lambda: [each.size for each in request.FILES.values()])

    assert taken(Visitor(acme), 1_000) == [1_000]
    assert taken(Visitor(acme), STRANGERS_BYTES + 1) == []
    # Whoever is known brings more.
    assert taken(as_member(alice), STRANGERS_BYTES + 1) == [STRANGERS_BYTES + 1]
