"""Failures a person can act on. Anything else is a bug and should reach the error log."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class OperationError(Exception):
    """A refusal with a sentence for the person and a code for the program."""

    code = "invalid_operation"
    message: str | Promise = _("This cannot be done.")
    status = 409
    # What a program is told beside the sentence.
    details: Mapping[str, Any] = {}

    def __str__(self) -> str:
        return str(self.message)
