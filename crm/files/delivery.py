"""Handing a file's content out, piece by piece, with what browsers are told of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from django.utils.http import content_disposition_header

from crm.files.models import Attachment, FileVersion
from crm.files.store import CONTENTS


@dataclass(frozen=True, slots=True)
class Delivery:
    """A content on its way out, and the headers that go before it."""

    content: Iterator[bytes]
    version: FileVersion
    headers: dict[str, str]


def deliver(
    attachment: Attachment, number: int = 0, *, to_be_saved: bool = True
) -> Delivery | None:
    """Return the file's newest content, or that of one version; None when there is no such version."""
    versions = attachment.versions.order_by("-number")
    version = (versions.filter(number=number) if number else versions).first()
    if version is None:
        return None
    headers = {
        "Content-Type": version.media_type,
        "Content-Disposition": str(content_disposition_header(to_be_saved, attachment.name)),
        "Content-Length": str(version.size),
        "Cache-Control": "private, no-store",
    }
    # The first piece is unsealed here, while the keys are at hand; the rest needs only the file.
    pieces = CONTENTS.opened(version.pk)
    return Delivery(chain([next(pieces, b"")], pieces), version, headers)
