"""What leaves for the error tracker when something breaks: where in the code, never whose data."""

from typing import Any

import sentry_sdk
from sentry_sdk.types import Event, Hint
from sentry_sdk.utils import BadDsn, Dsn

# What an event keeps. Messages, requests, breadcrumbs, users and variables may hold personal data.
KEPT = {"event_id", "timestamp", "level", "platform", "release", "environment", "transaction", "exception", "sdk"}  # fmt: skip
KEPT_OF_EXCEPTION = {"type", "module", "mechanism", "stacktrace"}
KEPT_OF_FRAME = {"filename", "abs_path", "function", "module", "lineno", "in_app"}


def is_address(dsn: str) -> bool:
    """Return whether the tracker's address can be read."""
    try:
        Dsn(dsn)
    except (BadDsn, ValueError):
        return False
    return True


def report_errors(dsn: str, *, environment: str, **options: Any) -> None:
    """Send errors that nobody handled to the tracker at this address."""
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=None,
        before_send=without_data,
        **options,
    )


def without_data(event: Event, _hint: Hint) -> Event:
    """Return the event with nothing but the places in the code it passed."""
    kept: dict[str, Any] = {name: value for name, value in event.items() if name in KEPT}
    exceptions = kept.get("exception", {}).get("values", [])
    kept["exception"] = {"values": [_exception(each) for each in exceptions]}
    return kept  # type: ignore[return-value]


def _exception(exception: dict[str, Any]) -> dict[str, Any]:
    kept = _only(exception, KEPT_OF_EXCEPTION)
    frames = (exception.get("stacktrace") or {}).get("frames", [])
    kept["stacktrace"] = {"frames": [_only(frame, KEPT_OF_FRAME) for frame in frames]}
    return kept


def _only(values: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in names}
