"""Where a customer came from: a known list, or words of one's own."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Source(TextChoices):
    """The sources offered; any other text is kept as it is."""

    WEBSITE = "website", _("Website")
    REFERRAL = "referral", _("Referral")
    EVENT = "event", _("Event")
    ADVERTISING = "advertising", _("Advertising")
    COLD_CALL = "cold call", _("Cold call")
    PARTNER = "partner", _("Partner")
    SOCIAL_MEDIA = "social media", _("Social media")
    IMPORT = "import", _("Import")
    OTHER = "other", _("Other")


# Django puts this list together anew each time it is asked, and lists ask for every row.
VALUES = frozenset(Source.values)


def find_source(text: str) -> str:
    """Return the known source of this name in either spelling, else the text itself."""
    cleaned = " ".join(text.split())
    return cleaned.casefold() if cleaned.casefold() in VALUES else cleaned


def source_label(value: str) -> str:
    """Return a source in the reader's language."""
    return str(Source(value).label) if value in VALUES else value
