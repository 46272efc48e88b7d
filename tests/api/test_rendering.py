"""Our JSON is DRF's JSON, only quicker."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils.functional import lazystr
from rest_framework.exceptions import ErrorDetail
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.serializer_helpers import ReturnDict

from api.rendering import FastJSONRenderer

SAID = {
    "id": UUID(int=7),
    "name": "王 “Ada” </script>",
    "at": datetime(2026, 11, 21, 8, 30, 0, 5, tzinfo=UTC),
    "day": date(2026, 11, 21),
    "label": lazystr("Contact"),
    "problem": ErrorDetail("No.", code="no"),
    "amount": Decimal("1.50"),
    "nested": ReturnDict({"more": (1, None, True)}, serializer=None),
}


def test_every_kind_of_value_reads_as_it_did():
    assert json.loads(FastJSONRenderer().render(SAID)) == json.loads(JSONRenderer().render(SAID))


def test_indentation_is_still_had_by_asking():
    written = FastJSONRenderer().render({"a": 1}, "application/json; indent=2")

    assert written == b'{\n  "a": 1\n}'


def test_what_has_no_form_is_refused():
    with pytest.raises(TypeError):
        FastJSONRenderer().render({"amount": object()})
