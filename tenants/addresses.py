"""Which addresses a workspace may have."""

import re
import unicodedata
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenants.models import Domain, FormerAddress
from tenants.reserved import is_profane, is_reserved

QUARANTINE = timedelta(days=90)
SHAPE = re.compile(r"^[a-z](?:[a-z0-9]|-(?!-)){1,28}[a-z0-9]$")


def normalise(text: str) -> str:
    """Return an address as it is stored: compatibility forms folded, lower case."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def refuse_unsuitable(slug: str) -> None:
    """Raise ValidationError with the reason when nobody may have this address."""
    if not 3 <= len(slug) <= 30:
        raise ValidationError(_("Use 3 to 30 characters."), code="length")
    if not SHAPE.match(slug) or slug.startswith("xn-"):
        raise ValidationError(
            _("Use letters a to z, digits and single hyphens; start with a letter."), code="shape"
        )
    if is_reserved(slug) or is_profane(slug):
        raise ValidationError(_("This address is not available."), code="reserved")


def refuse_taken(slug: str, *, at: datetime) -> None:
    """Raise ValidationError when somebody has this address or gave it up lately. Control plane only."""
    is_taken = Domain.objects.filter(domain=f"{slug}.{settings.BASE_DOMAIN}").exists()
    freed_since = at - QUARANTINE
    if is_taken or FormerAddress.objects.filter(slug=slug, freed_at__gt=freed_since).exists():
        raise ValidationError(_("This address is taken."), code="taken")


def suggestion_for(name: str) -> str:
    """Return an address made of a company's name, or nothing when none can be."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-0123456789")[:30].strip("-")
    return slug if len(slug) >= 3 else ""
