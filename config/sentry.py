"""Error reports to Sentry: where and what failed, never with what people typed or who they are."""

from typing import Any

import sentry_sdk

# What of a report's request may leave the house; everything else is dropped.
KEPT_OF_REQUEST = ("method",)


def start_reporting(dsn: str, *, environment: str) -> None:
    """Send unexpected failures to this DSN; without one nothing is sent."""
    if not dsn:
        return
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_send=without_personal_data,
    )


def without_personal_data(event: Any, _hint: dict[str, Any]) -> Any:
    """Return the report with its request cut down to the method, and messages without values.

    The text of an exception may quote a value, so its kind and place are kept and its text is not.
    """
    request = event.get("request", {})
    event["request"] = {name: request[name] for name in KEPT_OF_REQUEST if name in request}
    event.pop("user", None)
    event.pop("extra", None)
    event.pop("logentry", None)
    for failure in event.get("exception", {}).get("values", []):
        failure["value"] = ""
    return event
