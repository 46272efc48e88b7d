"""Parts of pages that are drawn once for everybody who is shown the same."""

import pytest
from django.template import engines
from django.utils.functional import lazystr
from django.utils.translation import override

from core.ui import fragments
from core.ui.fragments import fragment

PLACES = "layouts/sidebar_places.html"


def places(label, url="/contacts/", *, current=False):
    item = {"label": label, "url": url, "icon": "users", "current": current}
    return {"navigation": [{"label": "Sales", "items": [item]}]}


@pytest.fixture
def drawn(monkeypatch):
    """What templates were really rendered."""
    names = []

    def render(name, values):
        names.append(name)
        return render_to_string(name, values)

    render_to_string = fragments.render_to_string
    fragments._drawn.cache_clear()
    monkeypatch.setattr(fragments, "render_to_string", render)
    return names


def test_equal_values_are_drawn_once(drawn):
    first = fragment(PLACES, places("Contacts"))

    assert fragment(PLACES, places(lazystr("Contacts"))) == first
    assert len(drawn) == 1
    assert "Contacts" in first


@pytest.mark.parametrize(
    "other", [places("People"), places("Contacts", "/x/"), places("Contacts", current=True)]
)
def test_whatever_differs_is_drawn_for_itself(drawn, other):
    first = fragment(PLACES, places("Contacts"))

    assert fragment(PLACES, other) != first
    assert len(drawn) == 2


def test_each_language_has_its_own(drawn):
    english = fragment("layouts/shortcut_sheet.html", {})

    with override("zh-hans"):
        assert fragment("layouts/shortcut_sheet.html", {}) != english


def test_what_cannot_be_compared_is_refused(drawn):
    with pytest.raises(TypeError):
        fragment(PLACES, {"navigation": [{"label": {"a", "set"}}]})

    assert drawn == []


def test_values_are_escaped():
    assert "<b>" not in fragment(PLACES, places("<b>Contacts</b>"))


@pytest.mark.parametrize(
    ("source", "english", "chinese"),
    [
        ('{% translate "Save" %}', "Save", "保存"),
        ('{% translate "Save" as word %}<{{ word }}>', "<Save>", "<保存>"),
        ('{% translate "Save"|upper %}', "SAVE", "保存"),
        ('{% translate "Save" noop %}', "Save", "Save"),
        ("{% translate name %}", "Ada", "Ada"),
    ],
)
def test_a_text_is_said_in_the_language_of_each_page(source, english, chinese):
    template = engines["django"].from_string(source)
    for _again in range(2):
        assert template.render({"name": "Ada"}) == english
        with override("zh-hans"):
            assert template.render({"name": "Ada"}) == chinese
