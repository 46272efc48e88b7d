"""Short messages after something happened, with a way to take it back."""

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest  # noqa: TID251 - messages belong to a request

UNDO = "undo="


def toast(
    request: HttpRequest, text: str, *, level: int = messages.SUCCESS, undo_url: str = ""
) -> None:
    """Show the text on the page that comes next; with an undo address it carries an Undo button."""
    messages.add_message(request, level, text, extra_tags=f"{UNDO}{undo_url}" if undo_url else "")


def undo_url_of(message: Message) -> str:
    """Return the address behind the message's Undo button, or nothing."""
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""
