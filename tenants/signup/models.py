"""A company on its way in: from an e-mail address to a workspace."""

import secrets
from datetime import datetime, timedelta

from django.core.validators import MinLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import new_id
from core.secret_hashes import hash_of

# Letters and digits that nobody mistakes for another.
CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8
CODE_LIFETIME = timedelta(minutes=15)
CODE_TRIES = 3
CODES_PER_REQUEST = 4
PAUSE_BETWEEN_CODES = timedelta(seconds=45)
REQUEST_LIFETIME = timedelta(hours=24)


def normalise_code(text: str) -> str:
    """Return a code as it was made, however it was typed."""
    return "".join(text.upper().split()).replace("-", "")


class SignupRequest(models.Model):
    """One attempt to start a workspace, tied to the browser it began in. Deleted when it is over."""

    class State(models.TextChoices):
        PROVING = "proving", _("E-mail not proven yet")
        DESCRIBING = "describing", _("Company not described yet")
        OPENING = "opening", _("Workspace is being made")
        OPEN = "open", _("Workspace is ready")
        FAILED = "failed", _("Workspace could not be made")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    browser_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField(_("Work e-mail"))
    language = models.CharField(_("Language"), max_length=12, default="en")
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROVING)
    code_hash = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True, blank=True)
    codes_sent = models.PositiveSmallIntegerField(default=0)
    tries_left = models.PositiveSmallIntegerField(default=0)
    company = models.CharField(
        _("Company or team name"), max_length=120, blank=True, validators=[MinLengthValidator(2)]
    )
    slug = models.CharField(_("Address"), max_length=30, blank=True)
    country = models.CharField(_("Country"), max_length=2, blank=True)
    time_zone = models.CharField(_("Time zone"), max_length=64, blank=True)
    password_hash = models.CharField(max_length=128, blank=True)
    terms_version = models.CharField(max_length=20, blank=True)
    privacy_version = models.CharField(max_length=20, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    tenant = models.ForeignKey(
        "tenants.Tenant", models.CASCADE, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.pk}"

    def issue_code(self, *, at: datetime) -> str:
        """Replace the code by a fresh one, good for three tries, and return it for the mail."""
        code = "".join(secrets.choice(CODE_ALPHABET) for _position in range(CODE_LENGTH))
        self.code_hash = hash_of(code)
        self.code_sent_at = at
        self.codes_sent += 1
        self.tries_left = CODE_TRIES
        self.save(update_fields=["code_hash", "code_sent_at", "codes_sent", "tries_left"])
        return code

    def accepts_code(self, code: str, *, at: datetime) -> bool:
        """Return whether this is the code, in time and within its tries."""
        if not self.code_hash or not self.code_sent_at or self.tries_left < 1:
            return False
        is_in_time = at < self.code_sent_at + CODE_LIFETIME
        return is_in_time and secrets.compare_digest(self.code_hash, hash_of(normalise_code(code)))

    def next_code_at(self) -> datetime | None:
        """Return when another code may be sent; None when no more will be."""
        if self.codes_sent >= CODES_PER_REQUEST:
            return None
        return (self.code_sent_at or self.created_at) + PAUSE_BETWEEN_CODES
