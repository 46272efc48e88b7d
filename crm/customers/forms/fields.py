"""Form fields of customers: a company by its name, tags, choices with words of one's own."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.records.registry import Text
from crm.customers.models.companies import Company

type Choices = Callable[[], Sequence[tuple[str, Text]]]
NOBODY = Actor("system", None, "nobody")
LANGUAGES = (
    ("", "—"),
    ("en", _("English")),
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
    ("de", _("German")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("it", _("Italian")),
    ("ja", _("Japanese")),
    ("ko", _("Korean")),
    ("nl", _("Dutch")),
    ("pl", _("Polish")),
    ("pt", _("Portuguese")),
)
LABELS = (
    ("", "—"),
    ("work", _("Work")),
    ("mobile", _("Mobile")),
    ("home", _("Home")),
    ("other", _("Other")),
)


def label_name(value: str) -> str:
    """Return a label of an address or number in the reader's language."""
    return str(dict(LABELS).get(value, value)) if value else ""


class SuggestInput(forms.TextInput):
    """A text field with suggestions: the browser's own list, no script needed."""

    template_name = "components/suggest.html"

    def __init__(self, suggestions: Choices | None = None, url: Any = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.suggestions, self.url = suggestions, url

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["suggestions"] = self.suggestions() if self.suggestions else ()
        context["url"] = self.url
        return context


class SuggestField(forms.CharField):
    """Takes one of the suggested words, shown in the reader's language, or any other text."""

    def __init__(self, suggestions: Choices, **kwargs: Any) -> None:
        super().__init__(widget=SuggestInput(suggestions), **kwargs)
        self.suggestions = suggestions

    def prepare_value(self, value: Any) -> Any:
        return dict(self.suggestions()).get(value, value)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        words = {str(label).casefold(): key for key, label in self.suggestions()}
        return words.get(text.casefold(), text)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.clean(data or "") != (initial or "")


def seen_company(value: Any, actor: Actor) -> Company | None:
    """Return the company an address named by its id, if the actor sees it."""
    try:
        pk = UUID(str(value))
    except ValueError:
        return None
    return Company.objects.visible_to(actor).filter(pk=pk).only("name").first()


class CompanyField(forms.CharField):
    """Takes a company's name and answers with its id. Only companies the actor sees are found."""

    actor: Actor | None = None
    # The company the field shows already; it stays, even for somebody who may not see it.
    kept: Company | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=SuggestInput(url=reverse_lazy("company-options")), max_length=200, **kwargs
        )

    def prepare_value(self, value: Any) -> Any:
        return value.name if isinstance(value, Company) else value

    def clean(self, value: Any) -> UUID | None:
        text = super().clean(value).strip()
        if not text:
            return None
        if self.kept is not None and text == self.kept.name:
            return self.kept.pk
        found = self._named(text)
        if not found:
            raise forms.ValidationError(
                _("There is no company of this name."),
                code="unknown_company",
                params={"creates": "company", "name": text},
            )
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several companies have this name. Write its web address instead."),
                code="ambiguous_company",
            )
        return found[0]

    def _named(self, text: str) -> list[UUID]:
        rows = Company.objects.visible_to(self.actor or NOBODY)
        found = list(rows.filter(name__iexact=text).order_by("pk").values_list("pk", flat=True)[:2])
        if found or not (self.actor or NOBODY).fields.shows("company", "website"):
            return found
        same = rows.filter(domain=text.lower()).order_by("pk")
        return list(same.values_list("pk", flat=True)[:2])

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (data or "").strip() != (self.prepare_value(initial) or "")

    def word_for(self, pk: UUID) -> str:
        """Return what the company of this id is called."""
        company = Company.objects.filter(pk=pk).only("name").first()
        return company.name if company else ""


class IdChoiceField(forms.ChoiceField):
    """A choice of one row by its id; empty is nobody."""

    def __init__(self, rows: Choices, **kwargs: Any) -> None:
        super().__init__(choices=lambda: [("", "—"), *rows()], required=False, **kwargs)

    def clean(self, value: Any) -> UUID | None:
        text = super().clean(value)
        return UUID(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        return str(value) if value else ""


class IdsField(forms.MultipleChoiceField):
    """A choice of any number of rows by their ids."""

    def __init__(self, rows: Choices, **kwargs: Any) -> None:
        super().__init__(
            choices=rows, required=False, widget=forms.CheckboxSelectMultiple, **kwargs
        )

    def clean(self, value: Any) -> list[UUID]:
        return [UUID(text) for text in super().clean(value)]

    def prepare_value(self, value: Any) -> Any:
        return [str(each) for each in value or ()]
