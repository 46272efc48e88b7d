"""Reads, merges and writes the translation files of a language."""

import io
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from core.texts.extracting import Text

SOURCE_LOCALE = "en"
type Key = tuple[str, str]

HEADER = """# The texts of Atrium; `make messages` keeps this file up to date.
msgid ""
msgstr ""
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""


def po_path(base: Path, locale: str) -> Path:
    return base / "locale" / locale / "LC_MESSAGES" / "django.po"


def read_catalog(base: Path, locale: str) -> Catalog:
    """Return the language's translations; an empty catalog when it has no file yet."""
    path = po_path(base, locale)
    if not path.exists():
        return Catalog(locale)
    with path.open("rb") as file:
        return read_po(file, locale)


def write_catalog(base: Path, catalog: Catalog) -> None:
    """Write the translations for people, and compiled for the product."""
    path = po_path(base, str(catalog.locale))
    path.parent.mkdir(parents=True, exist_ok=True)
    body = io.BytesIO()
    write_po(body, catalog, omit_header=True, include_lineno=False, width=100)
    header = HEADER.format(locale=catalog.locale, plural_forms=catalog.plural_forms)
    path.write_bytes(header.encode() + body.getvalue())
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def key_of(message: Message | Text) -> Key:
    """Return what makes a text the same text: its context and its (singular) words."""
    if isinstance(message, Text):
        return message.context, message.singular
    singular = message.id if isinstance(message.id, str) else message.id[0]
    return message.context or "", singular


def merge(old: Catalog, texts: Iterable[Text]) -> Catalog:
    """Return a catalog of exactly these texts with the old translations; what is left over is kept aside."""
    new = Catalog(old.locale)
    known = {key_of(message): message for message in [*old.obsolete.values(), *old] if message.id}
    for text in texts:
        previous = known.get(key_of(text))
        message = new.add(
            (text.singular, text.plural) if text.plural else text.singular,
            string=_translation(text, previous, new),
            locations=[(text.path, None)],  # type: ignore[list-item]  # without line numbers
            flags=previous.flags & {"fuzzy"} if previous else (),
            context=text.context or None,
        )
        message.locations = sorted(set(message.locations))
    used = {key_of(message) for message in new if message.id}
    for key, message in known.items():
        if key not in used and any(_strings(message)):
            message.locations = []
            new.obsolete[message.id] = message
    return new


def _translation(text: Text, previous: Message | None, catalog: Catalog) -> str | tuple[str, ...]:
    kept = _strings(previous) if previous else ()
    if text.plural and any(kept):
        return tuple(kept[: catalog.num_plurals])
    if text.plural:
        return (text.singular, text.plural) if _is_source(catalog) else ("",) * catalog.num_plurals
    return kept[0] if kept else ""


def _is_source(catalog: Catalog) -> bool:
    return str(catalog.locale) == SOURCE_LOCALE


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def wanted_texts(texts: Iterable[Text], locale: str) -> list[Text]:
    """Return what the language's file must hold: everything; in the source's own language the plurals."""
    return [text for text in texts if text.plural or locale != SOURCE_LOCALE]
