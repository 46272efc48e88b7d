"""Outgoing mail kept as files, for people who try the product without a mail server."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from core.ids import new_id

SHOWN = 50


class OutboxBackend(BaseEmailBackend):
    """Writes each message to a file of its own, readable by this user alone."""

    def __init__(self, file_path: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.folder = Path(file_path)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            path = self.folder / f"{new_id()}.eml"
            path.touch(mode=0o600)
            path.write_bytes(message.message().as_bytes())
        return len(email_messages)


@dataclass(frozen=True, slots=True)
class Kept:
    """A message of the outbox, as its pages show it."""

    id: str
    subject: str
    recipient: str
    sent_at: datetime | None
    text: str


def latest() -> list[Kept]:
    """Return the newest messages first."""
    paths = sorted(Path(settings.OUTBOX_DIR).glob("*.eml"), reverse=True)
    return [_read(path) for path in paths[:SHOWN]]


def find(message_id: str) -> Kept | None:
    """Return one message; the id is a name we made, anything else finds nothing."""
    paths = {path.stem: path for path in Path(settings.OUTBOX_DIR).glob("*.eml")}
    return _read(paths[message_id]) if message_id in paths else None


def _read(path: Path) -> Kept:
    parsed = message_from_bytes(path.read_bytes(), policy=policy.default)
    date = parsed["Date"]
    return Kept(
        id=path.stem,
        subject=str(parsed["Subject"] or ""),
        recipient=str(parsed["To"] or ""),
        sent_at=parsedate_to_datetime(str(date)) if date else None,
        text=_text(parsed),
    )


def _text(parsed: ParsedMessage) -> str:
    body = parsed.get_body(preferencelist=("plain", "html"))
    return body.get_content() if body else ""
