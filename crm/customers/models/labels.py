"""Stages of a customer's life and tags: short lists each workspace makes its own."""

from functools import cache
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet


class Tone(models.TextChoices):
    """The colours a label may have; each has a light and a dark form in the design."""

    NEUTRAL = "neutral", _("Grey")
    BRAND = "brand", _("Petrol")
    SUCCESS = "success", _("Green")
    WARNING = "warning", _("Amber")
    DANGER = "danger", _("Red")
    INFO = "info", _("Blue")


class Label(WorkspaceModel):
    """A word with a colour. One that came with the workspace is translated until somebody renames it."""

    key = models.CharField(max_length=40, blank=True)
    own_name = models.CharField(_("Name"), max_length=60, blank=True)
    tone = models.CharField(_("Colour"), max_length=10, choices=Tone.choices, default=Tone.NEUTRAL)
    position = models.PositiveSmallIntegerField(default=0)

    names: ClassVar[dict[str, str | Promise]] = {}
    named_by = ("key", "own_name", "tone")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name somebody gave it, else the translated one it came with."""
        return self.own_name or _came_with(type(self), self.key, get_language())


@cache
def _came_with(kind: type[Label], key: str, language: str | None) -> str:
    """Return the translated name of a label a workspace came with: a list says it in every row."""
    return str(kind.names.get(key, key))


class LifecycleStage(Label):
    """How far a person or company is on the way to being a customer."""

    names: ClassVar[dict[str, str | Promise]] = {
        "lead": _("Lead"),
        "opportunity": _("Opportunity"),
        "customer": _("Customer"),
        "former": _("Former customer"),
    }

    objects = WorkspaceQuerySet["LifecycleStage"].as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["key"], condition=~Q(key=""), name="lifecycle_stage_key_once"
            ),
        )


class Tag(Label):
    """A word people put on companies and contacts."""

    names: ClassVar[dict[str, str | Promise]] = {
        "vip": _("VIP"),
        "partner": _("Partner"),
        "decision_maker": _("Decision maker"),
        "newsletter": _("Newsletter"),
        "sample": _("Sample"),
    }

    objects = WorkspaceQuerySet["Tag"].as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="tag_key_once"),
            models.UniqueConstraint(
                models.functions.Lower("own_name"),
                condition=~Q(own_name=""),
                name="tag_name_once",
                violation_error_message=_("There is already a tag of this name."),
            ),
        )
