"""Short messages after something happened, with a way to take it back."""

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.core.exceptions import ValidationError
from django.http import HttpRequest  # noqa: TID251 - messages belong to a request

from core.errors import OperationError

UNDO = "undo="
PROGRESS = "progress="


def toast(
    request: HttpRequest,
    text: str,
    *,
    level: int = messages.SUCCESS,
    undo_url: str = "",
    progress_url: str = "",
) -> None:
    """Show the text on the page that comes next.

    With an undo address it carries an Undo button; with a progress address it stays, and asks
    there every second how far the work is.
    """
    tags = f"{UNDO}{undo_url}" if undo_url else ""
    if progress_url:
        tags = f"{PROGRESS}{progress_url}"
    messages.add_message(request, level, text, extra_tags=tags)


def toast_refusal(request: HttpRequest, refusal: ValidationError | OperationError) -> None:
    """Say on the page that comes next why nothing was done."""
    said = " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
    toast(request, said, level=messages.ERROR)


def undo_url_of(message: Message) -> str:
    """Return the address behind the message's Undo button, or nothing."""
    return _tagged(message, UNDO)


def progress_url_of(message: Message) -> str:
    """Return the address that tells how far the work is which the message reports, or nothing."""
    return _tagged(message, PROGRESS)


def _tagged(message: Message, kind: str) -> str:
    tags = message.extra_tags or ""
    return tags.removeprefix(kind) if tags.startswith(kind) else ""
