"""What a password must be: long, and none that everybody tries first."""

from typing import Any

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.isolation.scope import Workspace, current_scope
from tenants.members.models import LoginPolicy
from tenants.members.models.policies import SHORTEST_PASSWORD

PRODUCT = "atrium"
LOOKALIKES = str.maketrans("0134578@$!", "oieastbasi")
MARKS = "!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~ "
DRESSING = MARKS + "0123456789"


class PolicyLengthValidator:
    """At least as long as the workspace demands; where there is none yet, as we do."""

    def validate(self, password: str, user: Any = None) -> None:
        self._of_here().validate(password, user)

    def get_help_text(self) -> str:
        return str(self._of_here().get_help_text())

    def _of_here(self) -> MinimumLengthValidator:
        return MinimumLengthValidator(shortest_password())


def shortest_password() -> int:
    """Return how many characters a password must have here."""
    if not isinstance(current_scope(), Workspace):
        return SHORTEST_PASSWORD
    length: int = LoginPolicy.objects.current().password_length
    return length


def password_help() -> str:
    """Return what helps somebody choose a password that is good enough here."""
    text = _("At least %(count)s characters. A sentence is easy to remember and hard to guess.")
    return text % {"count": shortest_password()}


class KnownPasswordValidator(CommonPasswordValidator):
    """None of the passwords that leaked most often, nor one of them dressed up to be longer.

    Long passwords are seldom on such lists; "password2026!!" is as good as "password", and so is a
    word repeated, written with digits for letters, or the name of the workspace.
    """

    def validate(self, password: str, user: Any = None) -> None:
        if any(form in self.passwords or form in _context() for form in plain_forms(password)):
            raise ValidationError(self.get_error_message(), code="password_too_common")


def plain_forms(password: str) -> set[str]:
    """Return what is left of a password without what people add to make it look different."""
    lower = password.casefold()
    forms = {lower, lower.translate(LOOKALIKES)}
    forms |= {form.strip(DRESSING) for form in forms} | {form.strip(MARKS) for form in forms}
    forms |= {"".join(filter(str.isalnum, form)) for form in forms}
    return {_once(form) for form in forms if form} | {form for form in forms if form}


def _once(word: str) -> str:
    """Return the part that the word repeats, or the word."""
    place = (word + word).find(word, 1)
    return word[:place]


def _context() -> set[str]:
    """Return the words whoever guesses here would try first."""
    scope = current_scope()
    if not isinstance(scope, Workspace):
        return {PRODUCT}
    name = scope.name.casefold()
    return {PRODUCT, name, "".join(filter(str.isalnum, name)), scope.slug}
