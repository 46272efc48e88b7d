"""How the roles of every workspace come to new permissions: each release offers them, each of them once."""

from core.permissions import Permission, permissions
from tenants.members.models.roles import Role, grants_of

# Names of permissions and roles are ours, never a person's, and hold nothing but letters.
ROLE = """
INSERT INTO members_role (id, key, name, description, grants, offered)
SELECT gen_random_uuid(), '{role}', '', '', '{{}}', '{{}}'
WHERE NOT EXISTS (SELECT FROM members_role WHERE key = '{role}');
"""
OFFER = """
UPDATE members_role SET
    grants = grants || ARRAY(
        SELECT started.permission FROM unnest({grants}, {names}) started (permission, name)
        WHERE started.name <> ALL (offered) ORDER BY 1),
    offered = ARRAY(SELECT unnest(offered) UNION SELECT unnest({names}) ORDER BY 1)
WHERE key = '{role}' AND NOT {names} <@ offered;
"""


def offer_permissions() -> str:
    """Return SQL that makes missing ready-made roles, and gives each what it was never offered before.

    What an admin took away was offered, so it stays away. Owners and admins have everything anyway.
    """
    return "".join(ROLE.format(role=key) + _offer(key) for key in Role.Key.values)


def starting_grants(role: str) -> list[str]:
    """Return what a role of this key may do in a new workspace."""
    return [grants_of({each.name: each.roles[role]})[0] for each in _started_by(role)]


def _started_by(role: str) -> list[Permission]:
    return [each for each in permissions() if role in each.roles]


def _offer(role: str) -> str:
    started = _started_by(role)
    if not started:
        return ""
    names = _array([each.name for each in started])
    return OFFER.format(role=role, grants=_array(starting_grants(role)), names=names)


def _array(names: list[str]) -> str:
    return "ARRAY[{}]::varchar[]".format(", ".join(f"'{name}'" for name in names))
