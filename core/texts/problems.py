"""Says what is wrong with a language's translations, one sentence per text."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from babel.messages.catalog import Catalog, Message

from core.texts.catalogs import Key, key_of
from core.texts.extracting import Text

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def problems(catalog: Catalog, texts: Iterable[Text]) -> Iterator[str]:
    """Yield a sentence for each text that is missing, untranslated, uncertain, wrong or not used any more."""
    messages = {key_of(message): message for message in catalog if message.id}
    wanted = {key_of(text): text for text in texts}
    for key, text in wanted.items():
        yield from _problems_of(text, messages.get(key))
    yield from (_unused(key) for key in messages.keys() - wanted.keys())
    yield from (_unused(key_of(message)) for message in catalog.obsolete.values())


def _problems_of(text: Text, message: Message | None) -> Iterator[str]:
    shown = f"{text.singular!r} ({text.path})"
    if message is None or bool(text.plural) != isinstance(message.id, tuple):
        yield f"missing: {shown}"
        return
    strings = [message.string] if isinstance(message.string, str) else list(message.string)
    if not all(strings):
        yield f"untranslated: {shown}"
        return
    if message.fuzzy:
        yield f"fuzzy: {shown}"
    if any(not _fits(text, string, is_last=string is strings[-1]) for string in strings):
        yield f"wrong placeholders: {shown}"


def _fits(text: Text, string: str, *, is_last: bool) -> bool:
    """Return whether a translation has the placeholders of its text; a singular may leave its number out."""
    found = _placeholders(string)
    if not text.plural:
        return found == _placeholders(text.singular)
    everything = _placeholders(text.plural)
    return found == everything if is_last else set(found) <= set(everything)


def _placeholders(string: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(string.replace("%%", "")))


def _unused(key: Key) -> str:
    return f"obsolete: {key[1]!r}"
