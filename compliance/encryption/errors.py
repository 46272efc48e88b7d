"""What can go wrong with a sealed value. None of these is ever answered by trying plaintext."""

from django.utils.translation import gettext_lazy as _

from core.errors import OperationError


class SealingError(Exception):
    """A sealed value or its key could not be used."""


class Tampered(SealingError):
    """The stored bytes are not what was sealed for this workspace, field and row."""


class KeyDestroyed(SealingError):
    """The key was destroyed on purpose, and everything sealed under it with it."""


class KeyUnavailable(SealingError):
    """The vault or its key file cannot be reached now; nothing is known about the value."""


class PlaintextRefused(TypeError):
    """Plaintext of a sealed field was about to leave the process, in SQL or in a pickle."""


class SubjectErased(OperationError, KeyDestroyed):
    code = "subject_erased"
    message = _("This person’s data was erased and cannot be written again.")


class UnreadableRecord(OperationError, SealingError):
    code = "record_unreadable"
    message = _("This record holds values that cannot be read, so it was not saved.")
