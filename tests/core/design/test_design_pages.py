"""The pages that show every component, and the error pages."""

import re
from pathlib import Path

import pytest
from django.conf import settings as project
from django.http import Http404
from django.test import RequestFactory

from core import error_pages
from core.design import urls, views

FRAMES = ["shell", "sign-up", "log-in"]
TEMPLATES = sorted(Path(project.BASE_DIR, "templates").rglob("*.html"))


@pytest.fixture
def development(settings):
    settings.DEVELOPMENT_PAGES = True
    settings.ROOT_URLCONF = "tests.core.design.site"


@pytest.fixture
def request_for(rf: RequestFactory):
    return lambda query="": rf.get(f"/_design/{query}")


@pytest.mark.usefixtures("development")
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_component_can_be_looked_at(request_for, language):
    response = views.component_page(request_for(f"?language={language}&theme=dark"))

    page = response.content.decode()
    assert response.status_code == 200
    assert 'data-theme="dark"' in page
    assert page.count("<h1") == 1


@pytest.mark.usefixtures("development")
@pytest.mark.parametrize("name", FRAMES)
def test_every_layout_can_be_looked_at(request_for, name):
    page = views.frame(request_for(), name=name).content.decode()

    assert '<main id="main"' in page
    assert 'href="#main"' in page


@pytest.mark.usefixtures("development")
def test_a_layout_that_does_not_exist_is_not_found(request_for):
    with pytest.raises(Http404):
        views.frame(request_for(), name="nothing")


@pytest.mark.parametrize("route", urls.urlpatterns, ids=lambda route: route.name)
def test_nothing_is_shown_outside_development(request_for, settings, route):
    settings.DEVELOPMENT_PAGES = False

    with pytest.raises(Http404):
        route.callback(request_for(), **({"name": "shell"} if "name" in str(route.pattern) else {}))


@pytest.mark.usefixtures("development")
@pytest.mark.parametrize("name", views.ERROR_PAGES)
def test_an_error_page_quotes_the_request_number_and_offers_a_way_on(request_for, name):
    request = request_for()
    request.request_id = "7f3a91c044d2"

    response = views.error_page(request, name=name).render()

    page = response.content.decode()
    assert response.status_code >= 400
    assert "7F3A91C044D2" in page
    assert 'class="btn"' in page


def test_too_many_requests_says_when_to_try_again(request_for):
    response = error_pages.too_many_requests(request_for(), retry_after=42).render()

    assert response["Retry-After"] == "42"
    assert "42" in response.content.decode()


def test_the_password_meter_and_the_menu_speak_the_readers_language(request_for):
    response = error_pages.not_found(request_for()).render()

    assert '<script id="texts" type="application/json">' in response.content.decode()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_inline_style_script_or_handler(template):
    source = template.read_text()

    assert not re.search(r"\sstyle\s*=", source)
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)", source)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source)
    assert "javascript:" not in source


@pytest.mark.parametrize(
    "template",
    [path for path in TEMPLATES if path.parent.name == "components"],
    ids=lambda p: p.name,
)
def test_a_component_says_in_one_line_what_it_is_and_takes(template):
    assert re.match(r"\{# [^#]+\. .*#\}\n", template.read_text())
