"""`manage.py messages` finds texts, keeps translations and says what is wrong with them."""

import pytest
from babel.messages.catalog import Catalog
from django.core.management import CommandError, call_command

from core.texts.catalogs import merge, po_path, read_catalog, write_catalog
from core.texts.extracting import Text, extract_texts
from core.texts.problems import problems

CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
TITLE = _("Title")
SHORT = pgettext("a month", "May")
def count(n):
    return ngettext("%(count)s row", "%(count)s rows", n)
"""
PAGE = """
  {% translate "Hello" %} {% include "x.html" with label=_("Label") %}
    {% blocktranslate with name=user.name trimmed %}
      Welcome,
      {{ name }}
    {% endblocktranslate %}
{% blocktranslate count n=rows|length asvar said %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}
{% translate "May" context "a permission" %}
"""


@pytest.fixture
def project(tmp_path, settings):
    """A project with one module and one template, in which the command works."""
    (tmp_path / "core").mkdir()
    (tmp_path / "core/words.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/page.html").write_text(PAGE, encoding="utf-8")
    settings.BASE_DIR = tmp_path
    return tmp_path


def translated(project, **strings):
    catalog = read_catalog(project, "zh_Hans")
    for message in catalog:
        singular = message.id if isinstance(message.id, str) else message.id[0]
        if singular and isinstance(message.id, tuple):
            message.string = (strings.get(singular, f"译{message.id[1]}"),)
        elif singular:
            message.string = strings.get(singular, f"译{singular}")
    write_catalog(project, catalog)


def test_texts_of_code_and_templates_are_found(project):
    assert list(extract_texts(project)) == [
        Text("Title", "", "", "core/words.py"),
        Text("May", "", "a month", "core/words.py"),
        Text("%(count)s row", "%(count)s rows", "", "core/words.py"),
        Text("Hello", "", "", "templates/page.html"),
        Text("Label", "", "", "templates/page.html"),
        Text("Welcome, %(name)s", "", "", "templates/page.html"),
        Text("%(n)s day", "%(n)s days", "", "templates/page.html"),
        Text("May", "", "a permission", "templates/page.html"),
    ]


def test_what_lacks_is_named(project):
    call_command("messages")

    with pytest.raises(CommandError, match=r"zh_Hans: untranslated: 'Title' \(core/words.py\)"):
        call_command("messages", "--check")


def test_a_complete_translation_passes(project, capsys):
    call_command("messages")
    translated(project)

    call_command("messages", "--check")

    assert capsys.readouterr().out.endswith("Every text is translated.\n")


def test_the_file_is_the_same_however_often_it_is_written(project):
    call_command("messages")
    translated(project)
    before = po_path(project, "zh_Hans").read_bytes()

    call_command("messages")

    assert po_path(project, "zh_Hans").read_bytes() == before
    assert b"#: core/words.py\n" in before


def test_a_translation_survives_its_text(project):
    call_command("messages")
    translated(project)
    (project / "core/words.py").write_text("", encoding="utf-8")
    call_command("messages")

    with pytest.raises(CommandError, match="obsolete: 'Title'"):
        call_command("messages", "--check")
    (project / "core/words.py").write_text(CODE, encoding="utf-8")
    call_command("messages")

    call_command("messages", "--check")
    assert read_catalog(project, "zh_Hans").get("Title").string == "译Title"


def test_what_is_not_used_any_more_can_be_forgotten(project):
    call_command("messages")
    translated(project)
    (project / "core/words.py").write_text("", encoding="utf-8")

    call_command("messages", "--prune")

    call_command("messages", "--check")


@pytest.mark.parametrize("string", ["欢迎", "欢迎，%(nom)s", "欢迎，%(name)s%(name)s"])
def test_a_lost_placeholder_is_named(project, string):
    call_command("messages")
    translated(project, **{"Welcome, %(name)s": string})

    with pytest.raises(CommandError, match="wrong placeholders: 'Welcome"):
        call_command("messages", "--check")


def test_an_uncertain_translation_is_named():
    catalog = merge(Catalog("zh_Hans"), [text := Text("Hello", "", "", "a.html")])
    catalog["Hello"].string = "您好"
    catalog["Hello"].flags.add("fuzzy")

    assert list(problems(catalog, [text])) == ["fuzzy: 'Hello' (a.html)"]


def test_a_text_that_became_a_plural_is_missing():
    catalog = merge(Catalog("zh_Hans"), [Text("one row", "", "", "a.html")])

    found = list(problems(catalog, [Text("one row", "many rows", "", "a.html")]))

    assert found == ["missing: 'one row' (a.html)"]
