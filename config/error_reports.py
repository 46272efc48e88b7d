"""What leaves for the error tracker when something breaks: where in the code, never whose data."""

from typing import Any

import sentry_sdk
from sentry_sdk.types import Event, Hint
from sentry_sdk.utils import BadDsn, Dsn

# What an event keeps. Messages, requests, breadcrumbs, users and variables may hold personal data.
KEPT = {"event_id", "timestamp", "level", "platform", "release", "environment", "transaction", "exception", "sdk"}  # fmt: skip
KEPT_OF_EXCEPTION = {"type", "module", "mechanism", "stacktrace"}
# Names of pages and jobs. An address that leads nowhere may be a secret mistyped.
NAMED_IN_CODE = ("route", "view", "component", "task")
KEPT_OF_MECHANISM = {"type", "handled"}
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
        # Errors alone: nothing that is sent without being looked at here.
        traces_sample_rate=None,
        trace_propagation_targets=[],
        auto_session_tracking=False,
        enable_logs=False,
        enable_metrics=False,
        send_client_reports=False,
        spotlight=False,
        before_send=without_data,
        before_send_transaction=nothing,
        **options,
    )


def nothing(_event: Event, _hint: Hint) -> None:
    """Send no measurements of requests, whose statements and addresses hold data."""
    return


def without_data(event: Event, _hint: Hint) -> Event:
    """Return the event with nothing but the places in the code it passed."""
    kept: dict[str, Any] = {name: value for name, value in event.items() if name in KEPT}
    if event.get("transaction_info", {}).get("source") not in NAMED_IN_CODE:
        kept.pop("transaction", None)
    exceptions = kept.get("exception", {}).get("values", [])
    kept["exception"] = {"values": [_exception(each) for each in exceptions]}
    return kept  # type: ignore[return-value]


def _exception(exception: dict[str, Any]) -> dict[str, Any]:
    kept = _only(exception, KEPT_OF_EXCEPTION)
    kept["mechanism"] = _only(exception.get("mechanism") or {}, KEPT_OF_MECHANISM)
    frames = (exception.get("stacktrace") or {}).get("frames", [])
    kept["stacktrace"] = {"frames": [_only(frame, KEPT_OF_FRAME) for frame in frames]}
    return kept


def _only(values: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in names}
