"""What the bound workspace may have by its plan: the one place that answers, for every part of the product.

Parts of the product below billing cannot ask here; they are handed the answer when it loads
(`billing/apps.py`). Until there are plans, everything is unlimited.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Asked with the name of what is counted; answers how many there may be, or None for any number.
type Source = Callable[[str], int | None]
SEATS = "seats"


def _unlimited(name: str) -> int | None:
    return None


_source: list[Source] = [_unlimited]


def entitlement(name: str) -> int | None:
    """Return how many of this the bound workspace may have; None is any number."""
    return _source[-1](name)


def seats() -> int | None:
    """Return how many seats the bound workspace has: active members and open invitations take one each."""
    return entitlement(SEATS)


@contextmanager
def answered_by(source: Source) -> Iterator[None]:
    """Have another source answer within the block, such as a plan that is only being tried."""
    _source.append(source)
    try:
        yield
    finally:
        _source.pop()
