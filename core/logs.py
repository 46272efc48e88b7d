"""Log lines: one line an entry, with the request's number, never with what people typed."""

import logging
import time
from contextvars import ContextVar
from typing import Any

# Whoever could write a line break into a log could write lines of it.
BREAKS = {ord("\n"): "\\n", ord("\r"): "\\r", 0x85: "\\x85", 0x2028: "\\u2028", 0x2029: "\\u2029"}
request_id: ContextVar[str] = ContextVar("request_id", default="-")


class WithoutAddresses(logging.Filter):
    """Has Django name the page it refused, not the address asked for, which may hold a link's secret."""

    def filter(self, record: logging.LogRecord) -> bool:
        request: Any = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple) and request.path in record.args:
            match = request.resolver_match
            page = f"page={match.view_name}" if match else "no page of ours"
            record.args = tuple(page if each == request.path else each for each in record.args)
        return True


class LineFormatter(logging.Formatter):
    """Time in UTC, level, request number, logger, message; line breaks of a message are written out."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(request_id)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = request_id.get()
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = record.message.translate(BREAKS)
        return super().formatMessage(record)
