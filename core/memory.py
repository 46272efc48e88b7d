"""What a process that answers requests does with its memory."""

import gc
from collections.abc import Callable
from types import FunctionType
from typing import Any

# Reference counting frees nearly everything at once; what is left over are a few circles.
AFTER_SO_MANY = (20_000, 20, 20)


def settle() -> None:
    """Take what is loaded by now out of every later search for garbage.

    A process holds a few hundred thousand objects from its start to its end. Looking through them
    again and again costs a sixth of what answering requests does.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*AFTER_SO_MANY)


# So many values the frame below keeps room for. Python takes a piece of memory large enough for it,
# and what is left of the piece has room for every call a request makes.
ROOM = 17_000


def with_room[Answer](application: Callable[..., Answer]) -> Callable[..., Answer]:
    """Return the application, called so that all its calls lie in one piece of memory.

    Python keeps its frames in pieces of 16 kB. A loop that happens to run where a piece ends takes
    and frees one with each call: a list took 26 or 54 ms, depending on how many middlewares there
    were. Later releases of 3.13 keep a piece in reserve (python/cpython#142183).
    """

    def call(*arguments: Any) -> Answer:
        return application(*arguments)

    roomy: FunctionType = call  # type: ignore[assignment]
    roomy.__code__ = roomy.__code__.replace(co_stacksize=ROOM)
    return call
