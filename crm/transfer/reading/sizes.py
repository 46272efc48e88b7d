"""How large a file may be."""

from collections.abc import Iterable, Iterator

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from core.limits import allowance
from crm.transfer.reading.table import BadFile


def too_large() -> str:
    """Return why a file is too large to be imported in one piece."""
    most = filesizeformat(allowance("import_bytes"))
    return _(
        "The file is larger than %(most)s. Split it, and import the parts one after the other."
    ) % {"most": most}


def bounded(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Hand the chunks on; BadFile as soon as they are more than a file may have."""
    left = allowance("import_bytes")
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise BadFile(too_large())
        yield chunk
