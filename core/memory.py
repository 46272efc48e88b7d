"""How this process looks for garbage: seldom, and not among what stays for good."""

import gc

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
