"""What each ready-made role may do in a new workspace, as a document people read."""

from collections.abc import Iterator

from core.actors import Scope
from core.permissions import STARTING, VERBS, Permission, permissions

HEAD = """# Roles

Written by `manage.py permission_matrix` from what the product declares; change the declarations, not this page.

A right on records has a scope: **own** records, those of one's **team**'s members, those of one's team and the teams **below** it, or **all**. Who has a right over a scope has it over records shared with them as well: seeing by either kind of sharing, changing by the wider. A record nobody owns is reached by **all** alone. An owner of the workspace has every right; an admin every one but those marked for owners. Admins change all of this in the settings, role by role, and make roles of their own.
"""
WORDS = {Scope.OWN: "own", Scope.TEAM: "team", Scope.BELOW: "below", Scope.ALL: "all"}
FULL = ("owner", "admin")


def matrix() -> str:
    """Return the document: a table for each type of record, and one of the special rights."""
    return "\n".join([HEAD, *_tables()]).rstrip() + "\n"


def _roles() -> list[str]:
    """Return the roles that are not full, in the order of the declarations."""
    named = dict.fromkeys(STARTING)
    for each in permissions():
        named |= dict.fromkeys(each.roles)
    return list(named)


def _tables() -> Iterator[str]:
    known = permissions()
    for record_type in dict.fromkeys(each.record_type for each in known if each.record_type):
        verbs = {each.verb: each for each in known if each.record_type == record_type}
        yield f"## Records: {record_type}\n"
        yield _row(["role", *(str(label) for label in VERBS.values())])
        yield _row(["---"] * (len(VERBS) + 1))
        for role in FULL:
            yield _row([role, *("all" if verbs[verb].has_scope else "yes" for verb in VERBS)])
        for role in _roles():
            yield _row([role, *(_cell(verbs[verb], role) for verb in VERBS)])
        yield ""
    yield "## Special rights\n"
    yield _row(["right", "name", *FULL, *_roles()])
    yield _row(["---"] * (len(_roles()) + 4))
    for each in known:
        if not each.verb:
            admin = "" if each.is_for_owners else "yes"
            given = ("yes" if role in each.roles else "" for role in _roles())
            yield _row([str(each.label), f"`{each.name}`", "yes", admin, *given])


def _cell(permission: Permission, role: str) -> str:
    scope = permission.roles.get(role)
    if scope is None:
        return ""
    return WORDS[scope] if permission.has_scope else "yes"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
