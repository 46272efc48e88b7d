"""What a file is, by its first bytes and its name: browsers are told nothing else about it."""

import mimetypes
from pathlib import PurePath

UNKNOWN = "application/octet-stream"
SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"%PDF-": "application/pdf",
}
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
# Other types a browser would run when it showed them: pages, drawings with scripts, scripts.
ACTIVE = ("text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml",
          "text/javascript", "application/javascript")  # fmt: skip
PLAIN_ENDINGS = {".txt", ".csv", ".tsv", ".md", ".log", ".json", ".vcf", ".ics"}


def media_type_of(name: str, start: bytes) -> str:
    """Return what the file is; what its first bytes say counts more than its name."""
    for signature, media_type in SIGNATURES.items():
        if start.startswith(signature):
            return media_type
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "image/webp"
    named = mimetypes.guess_type(name)[0] or UNKNOWN
    # A name that promises a picture or a document the bytes do not begin is not believed.
    claimed = named in IMAGES or named == "application/pdf" or named in ACTIVE
    return UNKNOWN if claimed else named


def preview_of(media_type: str, name: str) -> str:
    """Return how the file can be looked at here: image, pdf, text, or nothing."""
    if media_type in IMAGES:
        return "image"
    if media_type == "application/pdf":
        return "pdf"
    if media_type.startswith("text/") or PurePath(name).suffix.lower() in PLAIN_ENDINGS:
        return "text"
    return ""
