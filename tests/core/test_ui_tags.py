"""The words templates speak: names, numbers, time, icons, fields."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone, translation

from core.actors import Actor
from core.ui import fields, formats, names

NOW = datetime(2026, 11, 21, 14, 15, tzinfo=UTC)


def rendered(source: str, **context: object) -> str:
    return Template(source).render(Context(context)).strip()


class AnyRequest:
    def __init__(self, *permissions: str) -> None:
        self.actor = Actor.system("test", *permissions)


@pytest.mark.parametrize(
    ("name", "size", "letters"),
    [
        ("王建国", "", "国"),
        ("王建国", "sm", "国"),
        ("王建国", "lg", "建国"),
        ("阿依古丽·买买提", "lg", "买提"),
        ("Katarzyna Wiśniewska-Lindqvist", "", "KW"),
        ("Nguyễn Thị Minh Châu", "lg", "NC"),
        ("Amara Okafor", "xs", "A"),
        ("Bob", "", "B"),
        ("Eastgate Foods 2", "", "EF"),
        ("42", "", "4"),
        ("“Acme” (UK)", "", "AU"),
        ("", "", "?"),
        ("·", "", "?"),
    ],
)
def test_avatar_letters_follow_the_script_and_the_size(name, size, letters):
    assert names.initials(name, size) == letters


@pytest.mark.parametrize(
    ("name", "size", "letters"),
    [
        ("上海远航电子有限公司", "", "远航"),
        ("武汉玄武生物医药股份有限公司（2）", "sm", "玄"),
        ("广东省丝路贸易集团", "lg", "丝路"),
        ("四川天府研究院", "", "天府"),
        ("华夏科技", "xs", "华"),
        ("“云栖”软件", "", "云栖"),
        ("北京大学", "", "北京"),
        ("中国银行股份有限公司", "", "中国"),
        ("上海集团", "", "上海"),
        ("西安", "", "西安"),
        ("IBM中国有限公司", "", "I"),
        ("深圳ABC电子", "sm", "A"),
        ("Eastgate Foods Ltd", "", "EL"),
        ("", "", "?"),
    ],
)
def test_a_companys_letters_say_what_it_is_called(name, size, letters):
    assert names.company_initials(name, size) == letters


def test_a_name_keeps_its_colour_and_colours_stay_in_range():
    hues = {names.hue(f"name {number}") for number in range(200)}

    assert names.hue("Amara Okafor") == names.hue("Amara Okafor")
    assert hues == {1, 2, 3, 4, 5, 6}


def test_money_has_decimals_only_when_it_needs_them():
    with translation.override("en"):
        assert formats.money(Decimal("184000.00"), "EUR") == "€184,000"
        assert formats.money(Decimal("96.5"), "EUR") == "€96.50"
        assert formats.money(Decimal(1250), "JPY") == "JP¥1,250"
        assert formats.money(Decimal("-12.34"), "GBP") == "-£12.34"
        assert formats.money(None, "EUR") == "—"
    with translation.override("zh-hans"):
        assert formats.money(Decimal(1280000), "CNY") == "¥1,280,000"


def test_numbers_are_written_in_the_language_of_the_reader():
    with translation.override("en"):
        assert (formats.number(1284), formats.short_number(13_200)) == ("1,284", "13.2K")
    with translation.override("zh-hans"):
        assert formats.short_number(13_200) == "1.3万"


def test_days_are_written_in_the_language_of_the_reader():
    with translation.override("en"):
        assert formats.day(NOW.date()) == "21 Nov 2026"
    with translation.override("zh-hans"):
        assert formats.day(NOW.date()) == "2026年11月21日"


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=2), "2 h ago"),
        (timedelta(hours=20), "yesterday"),
        (timedelta(days=3), "18 Nov"),
        (timedelta(days=400), "17 Oct 2025"),
        (timedelta(hours=-2), "16:15"),
        (timedelta(days=-30), "21 Dec"),
    ],
)
def test_time_is_told_in_words_while_words_help(passed, words):
    with translation.override("en"), timezone.override(UTC):
        assert formats.ago(NOW - passed, now=NOW) == words


def test_yesterday_is_reckoned_in_the_readers_zone():
    late = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
    later = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)

    with translation.override("en"), timezone.override("Asia/Shanghai"):
        assert formats.ago(late, now=later + timedelta(hours=1)) == "yesterday"


def test_relative_time_carries_the_exact_time_as_its_title():
    with translation.override("en"), timezone.override("Asia/Shanghai"):
        html = rendered("{% when value %}", value=NOW)

    assert 'datetime="2026-11-21T14:15:00+00:00"' in html
    assert "21 November 2026 22:15 (China Standard Time)" in html


def test_no_time_is_a_dash():
    assert rendered("{% when value %}", value=None) == '<span class="none">—</span>'


def test_an_icon_is_hidden_from_screen_readers_unless_it_is_named():
    assert 'aria-hidden="true"' in rendered("{% icon 'search' %}")
    named = rendered("{% icon 'search' label=name %}", name='"><b>')
    assert 'role="img" aria-label="&quot;&gt;&lt;b&gt;"' in named


def test_an_icon_nobody_collected_is_reported_by_name():
    with pytest.raises(LookupError, match="no-such-icon"):
        rendered("{% icon name %}", name="no-such-icon")


def test_templates_may_ask_what_the_person_may_do():
    asked = "{% can 'customers.view_company' as may %}{{ may }}"

    assert rendered(asked, request=AnyRequest("customers.view_company")) == "True"
    assert rendered(asked, request=AnyRequest()) == "False"
    assert rendered(asked) == "False"


class AnyForm(forms.Form):
    name = forms.CharField(help_text="As customers know it.")
    password = forms.CharField(widget=forms.PasswordInput)
    consent = forms.BooleanField()
    region = forms.ChoiceField(choices=[("eu", "EU"), ("cn", "CN")], widget=forms.RadioSelect)
    channels = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)


def test_each_widget_gets_the_control_made_for_it():
    drawn = {field.name: fields.control_of(field) for field in AnyForm()}

    assert drawn == {
        "name": "plain",
        "password": "password",
        "consent": "check",
        "region": "choices",
        "channels": "choices",
    }


@pytest.mark.parametrize("name", ["name", "password", "consent", "region", "channels"])
def test_every_control_names_its_error_for_screen_readers(name):
    field = AnyForm({})[name]

    html = rendered("{% include 'components/field.html' %}", field=field)

    assert f'id="id_{name}_error"' in html
    assert f"id_{name}_error" in html.split("aria-describedby=", 1)[1].split(">", 1)[0]


def test_a_block_keeps_its_content_and_escapes_its_title():
    html = rendered("{% card title=name %}<b>kept</b>{% endcard %}", name="<i>Acme</i>")

    assert "<b>kept</b>" in html
    assert "<i>Acme</i>" not in html
    assert "&lt;i&gt;Acme&lt;/i&gt;" in html


@pytest.mark.parametrize(("language", "code"), [("en", "en"), ("zh-hans", "zh-CN")])
def test_the_page_names_its_language(language, code):
    with translation.override(language):
        assert rendered("{% html_language %}") == code
