"""JSON written quickly: a list has thousands of values, and each of DRF's is asked what it is."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

# Lazy texts, decimal numbers and whatever else orjson leaves to others.
KNOWN_TO_DRF = JSONEncoder().default
OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


class FastJSONRenderer(JSONRenderer):
    """Writes what DRF's own renderer writes; a client that asks for indentation still gets DRF's."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        context = dict(renderer_context or {})
        if data is None or self.get_indent(accepted_media_type or "", context):
            return super().render(data, accepted_media_type, context)
        return orjson.dumps(data, default=KNOWN_TO_DRF, option=OPTIONS)
