"""Columns that let sealed values be found and sorted without being opened."""

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import Any, cast

from django.contrib.postgres.fields import ArrayField
from django.db import models

from compliance.encryption.derivation import EXACT_INDEX, PREFIX_INDEX, START_INDEX, WORD_INDEX
from compliance.encryption.fields import SealedField
from compliance.encryption.keyring import current_keyring
from compliance.encryption.normalise import NORMALISERS, normalise_text
from compliance.encryption.values import Placeholder, Sealed
from compliance.encryption.words import (
    LONGEST_PREFIX,
    SHORTEST_PREFIX,
    beginnings,
    has_words,
    matcher,
    prefixes,
    query_prefixes,
    sort_rank,
    whole_words,
)

EXACT_BYTES = 16
_NOT_LOADED = object()


class IndexOfSealed:
    """The part all index columns share: they follow their sources whenever a record is saved."""

    sources: tuple[str, ...]
    model: type[models.Model]
    attname: str

    def index_of(self, texts: Sequence[str]) -> Any:
        """Return the column's value for these plaintexts, one per source."""
        raise NotImplementedError

    def source_fields(self) -> list[SealedField]:
        fields = (self.model._meta.get_field(source) for source in self.sources)
        return [cast(SealedField, field) for field in fields]

    def pre_save(self, instance: models.Model, add: Any) -> Any:
        self.refresh(instance)
        return instance.__dict__.get(self.attname)

    def refresh(self, instance: models.Model) -> None:
        """Bring the column up to date. Values nobody has opened or set cannot have changed."""
        data = instance.__dict__
        for source in self.sources:
            if _may_have_changed(data.get(source, _NOT_LOADED)):
                break
        else:
            return
        texts = [getattr(instance, source) or "" for source in self.sources]
        for text in texts:
            if isinstance(text, Placeholder):
                return
        data[self.attname] = self.index_of(texts)

    def uids(self) -> list[str]:
        return [field.uid for field in self.source_fields()]


class ExactIndexField(IndexOfSealed, models.BinaryField):
    """A keyed hash of one sealed field: equal values of one workspace have equal indexes."""

    def __init__(
        self,
        *args: Any,
        source: str = "",
        normalise: str = "text",
        index_version: int = 1,
        **kwargs: Any,
    ) -> None:
        self.source, self.normalise, self.index_version = source, normalise, index_version
        self.sources = (source,)
        defaults: dict[str, Any] = {"null": True, "max_length": EXACT_BYTES}
        super().__init__(*args, **(defaults | kwargs))

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        own = {
            "source": self.source,
            "normalise": self.normalise,
            "index_version": self.index_version,
        }
        return name, path, args, kwargs | own

    def index_of(self, texts: Sequence[str]) -> bytes | None:
        normal = NORMALISERS[self.normalise](texts[0])
        if not normal:
            return None
        return current_keyring().hashing(*self.label).digest(normal.encode())[:EXACT_BYTES]

    @cached_property
    def label(self) -> tuple[str, ...]:
        return EXACT_INDEX, *self.uids(), str(self.index_version)


class TokenIndexField(IndexOfSealed, ArrayField):
    """Keyed hashes of parts of a text, for a GIN index."""

    purpose: str

    def __init__(
        self, *args: Any, sources: Sequence[str] = (), index_version: int = 1, **kwargs: Any
    ) -> None:
        self.sources, self.index_version = tuple(sources), index_version
        defaults: dict[str, Any] = {
            "base_field": models.IntegerField(),
            "default": list,
            "editable": False,
        }
        super().__init__(*args, **(defaults | kwargs))

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs = {key: value for key, value in kwargs.items() if key not in ("base_field", "size")}
        own = {"sources": self.sources, "index_version": self.index_version}
        return name, path, args, kwargs | own

    def parts_of(self, texts: Sequence[str]) -> set[str]:
        """Return what texts can be found by."""
        raise NotImplementedError

    def parts_asked(self, query: str) -> set[str]:
        """Return what a text must all have to be found by this query."""
        raise NotImplementedError

    def test_of(self, query: str) -> Callable[[Sequence[str]], bool]:
        """Return whether the query really finds these texts."""
        raise NotImplementedError

    def index_of(self, texts: Sequence[str]) -> list[int]:
        return self._tokens(self.parts_of(texts))

    def tokens_for(self, query: str) -> list[int]:
        """Return the tokens a row must all have to be found by this query."""
        return self._tokens(self.parts_asked(query))

    def matcher(self, query: str) -> Callable[[models.Model], bool]:
        """Return the test a found record must pass once opened: tokens may collide, or be cut."""
        is_match = self.test_of(query)
        return lambda instance: is_match(
            [getattr(instance, source) or "" for source in self.sources]
        )

    def _tokens(self, parts: set[str]) -> list[int]:
        token = current_keyring().hashing(*self.label).token
        return sorted({token(part) for part in parts})

    @cached_property
    def label(self) -> tuple[str, ...]:
        return self.purpose, *self.uids(), str(self.index_version)


class PrefixIndexField(TokenIndexField):
    """Finds names by the beginning of every word, by runs of Chinese and by pinyin."""

    purpose = PREFIX_INDEX

    def parts_of(self, texts: Sequence[str]) -> set[str]:
        return prefixes(texts)

    def parts_asked(self, query: str) -> set[str]:
        return query_prefixes(query)

    def test_of(self, query: str) -> Callable[[Sequence[str]], bool]:
        return matcher(query)


class StartIndexField(TokenIndexField):
    """Finds a short text, such as an e-mail address, by how it begins."""

    purpose = START_INDEX

    def parts_of(self, texts: Sequence[str]) -> set[str]:
        return beginnings(texts[0])

    def parts_asked(self, query: str) -> set[str]:
        start = normalise_text(query)[:LONGEST_PREFIX]
        return {start} if len(start) >= SHORTEST_PREFIX else set()

    def test_of(self, query: str) -> Callable[[Sequence[str]], bool]:
        start = normalise_text(query)
        return lambda texts: normalise_text(texts[0]).startswith(start)


class WordIndexField(TokenIndexField):
    """Finds longer texts by whole words.

    It tells whoever holds the database which rows share words, so it is for texts people search.
    """

    purpose = WORD_INDEX

    def parts_of(self, texts: Sequence[str]) -> set[str]:
        return whole_words(texts)

    def parts_asked(self, query: str) -> set[str]:
        return whole_words([query])

    def test_of(self, query: str) -> Callable[[Sequence[str]], bool]:
        return partial(has_words, query)


class SortRankField(IndexOfSealed, models.SmallIntegerField):
    """The rank of the first two letters of the first source that has any; NULL when none has.

    It shows these two letters to whoever holds the database; order inside a rank comes from
    opening the page and `words.sort_key`.
    """

    def __init__(self, *args: Any, sources: Sequence[str] = (), **kwargs: Any) -> None:
        self.sources = tuple(sources)
        defaults: dict[str, Any] = {"null": True, "editable": False}
        super().__init__(*args, **(defaults | kwargs))

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"sources": self.sources}

    def index_of(self, texts: Sequence[str]) -> int | None:
        return next((sort_rank(text) for text in texts if text.strip()), None)


def index_fields(model: type[models.Model]) -> list[IndexOfSealed]:
    """Return the model's columns that follow sealed fields."""
    return [field for field in model._meta.concrete_fields if isinstance(field, IndexOfSealed)]


def _may_have_changed(value: Any) -> bool:
    if isinstance(value, Sealed):
        return value.is_open
    return value is not _NOT_LOADED
