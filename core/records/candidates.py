"""What a search looks at: queries put together once for all who see the same, as people search while they type."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from core.actors import Actor
from core.prepared import Condition, Prepared, ask_together, given
from core.records.narrowing import types_viewed_by


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows of one kind as searches read them: what an actor may see of them, and the first of these in order."""

    visible_to: Callable[[Actor], Any]
    first: Callable[[Any], Any]

    def prepared(self, condition: Condition, actor: Actor) -> Prepared[Any] | None:
        """Return the query to ask with the condition's values; None for somebody who does not see all."""
        views = tuple(each.permission("view") for each in types_viewed_by(actor))
        # Without any there is nothing to put together.
        if not views or not actor.scopes.keys().isdisjoint(views):
            return None
        return _prepared(self, condition.sql, views)

    def ask(self, condition: Condition, actor: Actor) -> list[Any]:
        """Return the first of the rows that meet the condition, put together for this actor alone."""
        return list(self.first(condition.among(self.visible_to(actor))))


# Without a condition nothing is asked.
type Question = tuple[Candidates, Condition | None]


def ask_prepared(questions: Sequence[Question], actor: Actor) -> list[list[Any] | None]:
    """Return the first rows for each question, all of them in one round trip.

    None stands for a question without a condition, and for one that has to be put together for
    the actor, who does not see all.
    """
    together = {}
    for number, (candidates, condition) in enumerate(questions):
        prepared = candidates.prepared(condition, actor) if condition else None
        if condition and prepared:
            together[number] = prepared, condition.values
    answers = ask_together([*together.values()]) if together else []
    known = dict(zip(together, answers, strict=True))
    return [known.get(number) for number in range(len(questions))]


@lru_cache(maxsize=200)
def _prepared(candidates: Candidates, condition: str, views: tuple[str, ...]) -> Prepared[Any]:
    everybody = Actor.system("search", *views)
    return Prepared(
        lambda: candidates.first(candidates.visible_to(everybody).filter(given(condition)))
    )
