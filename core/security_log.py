"""What happened at the doors, one line each: ids and words of ours, never names, addresses or what was typed."""

import logging

log = logging.getLogger("atrium.security")


def note_at_the_door(what: str, **ids: object) -> None:
    """Write a line such as `log-in refused member=0190... page=account_login`."""
    log.warning(" ".join([what, *(f"{name}={value}" for name, value in ids.items())]))
