"""Signatures that hold in one workspace alone; what one signs is nothing to another."""

from typing import Any

from django.contrib.messages.storage.cookie import CookieStorage
from django.core.signing import TimestampSigner

from core.isolation.scope import bound_workspace


def signer(purpose: str) -> TimestampSigner:
    """Return what signs, and opens again, values of this purpose in the bound workspace."""
    workspace = bound_workspace()
    return TimestampSigner(salt=f"{purpose} of {workspace.id if workspace else 'the platform'}")


class MessageStorage(CookieStorage):
    """Messages for the next page, in a cookie that says nothing elsewhere."""

    cookie_name = "__Host-messages"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signer = signer("messages")
