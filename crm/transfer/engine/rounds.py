"""In which order rows are taken: all of them first, then those that waited for another row."""

from collections.abc import Sequence

from crm.transfer.engine.linking import Patience


def patience_after(waiting: Sequence[int], total: int) -> Patience | None:
    """Return how patient the next round is, given how many rows waited after each round; None at the end.

    As long as fewer rows wait, others may still help them. When none was helped, unknown words
    are settled; when that helps nobody either, the rest waits in a circle.
    """
    patience: Patience | None = "wait"
    before = total + 1
    for left in waiting:
        if not left or patience == "refuse":
            return None
        helped = left < before
        following: Patience = "settle" if patience == "wait" else "refuse"
        patience, before = "wait" if helped else following, left
    return patience
