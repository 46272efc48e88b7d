"""Input that says what it does not know."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail


class StrictSerializer(serializers.Serializer):
    """Reads input; a key it does not know is an error, because a typo must not pass in silence."""

    def to_internal_value(self, data: Any) -> Any:
        problems = self._unknown(data)
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            detail = error.detail if isinstance(error.detail, dict) else {}
            raise serializers.ValidationError({**detail, **problems} or error.detail) from error
        if problems:
            raise serializers.ValidationError(problems)
        return values

    def _unknown(self, data: Any) -> dict[str, list[ErrorDetail]]:
        """Return an error for each key that is no field, so that all are told at once."""
        unknown = data.keys() - self.fields.keys() if isinstance(data, dict) else ()
        message = ErrorDetail(_("This field is not known."), code="unknown_field")
        return {name: [message] for name in sorted(unknown)}
