"""What members can be told of: each kind declared once, with its words and how it is told at first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Mail(TextChoices):
    """When something is told by mail."""

    OFF = "", _("No mail")
    NOW = "now", _("At once")
    DAILY = "daily", _("Once a day")


@dataclass(frozen=True, slots=True)
class Kind:
    """Something members can be told of.

    `said` follows the name of whoever did it, or stands alone where nobody is named; `title` names
    the kind in the settings. `mail` is when it is mailed to those who have not chosen. With a
    permission it concerns only those who have it.
    """

    name: str
    said: Any
    title: Any
    icon: str
    mail: Mail = Mail.OFF
    permission: str = ""


_declared: dict[str, Kind] = {}


def declare_kind(kind: Kind) -> Kind:
    """Make a kind known: the settings offer it, and `notify` takes its name."""
    _declared[kind.name] = kind
    return kind


def kinds() -> Mapping[str, Kind]:
    """Return every kind by its name, in the order they were declared."""
    return _declared


MENTION = declare_kind(
    Kind(
        "mention",
        _("mentioned you in a note"),
        _("Somebody mentions you in a note"),
        icon="at-sign",
        mail=Mail.NOW,
    )
)
ASSIGNED = declare_kind(
    Kind(
        "assigned",
        _("made you the owner"),
        _("A record becomes yours"),
        icon="user-round-check",
        mail=Mail.DAILY,
    )
)
NOTE = declare_kind(
    Kind("note", _("wrote a note"), _("A note on a record you follow"), icon="sticky-note")
)
FILE = declare_kind(
    Kind("file", _("added a file"), _("A file on a record you follow"), icon="paperclip")
)
CHANGE = declare_kind(
    Kind("change", _("made changes"), _("Changes to a record you follow"), icon="pencil")
)
IMPORT = declare_kind(
    Kind("import", _("Your import is finished"), _("An import of yours is finished"), icon="upload")
)
EXPORT = declare_kind(
    Kind("export", _("Your export is ready"), _("An export of yours is ready"), icon="download")
)
BULK = declare_kind(
    Kind(
        "bulk",
        _("Your changes are made"),
        _("Your changes to many records are made"),
        icon="list-checks",
    )
)
DOMAIN = declare_kind(
    Kind(
        "domain",
        _("An e-mail domain is not proven any more"),
        _("An e-mail domain is not proven any more"),
        icon="triangle-alert",
        mail=Mail.NOW,
        permission="members.manage_members",
    )
)
