"""Whose records a member reaches by their teams, and which were shared with them."""

from uuid import UUID

from django.db import connection

from core.actors import Reach, Share

# Their own teams are those they belong to and those they manage; nobody is asked more per request.
REACH = """
WITH RECURSIVE mine (id) AS (
    SELECT team_id FROM members_teammembership WHERE user_id = %(member)s
    UNION SELECT id FROM members_team WHERE manager_id = %(member)s
), under (id) AS (
    SELECT id FROM mine
    UNION SELECT child.id FROM members_team child JOIN under ON child.parent_id = under.id
)
SELECT
    ARRAY(SELECT user_id FROM members_teammembership WHERE team_id IN (SELECT id FROM mine)),
    ARRAY(SELECT user_id FROM members_teammembership WHERE team_id IN (SELECT id FROM under)
        UNION SELECT manager_id FROM members_team
        WHERE manager_id IS NOT NULL AND id IN (SELECT id FROM under)),
    (SELECT coalesce(json_agg(json_build_array(record_type, record_id, level)), '[]')
        FROM members_recordshare
        WHERE user_id = %(member)s OR team_id IN (SELECT id FROM mine))
"""


def reach_of(member_id: UUID) -> Reach:
    """Return whose records the scopes of this member's role stand for, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(REACH, {"member": member_id})
        team, below, rows = cursor.fetchone()
    shared: dict[str, dict[UUID, Share]] = {}
    for record_type, record_id, level in rows:
        known = shared.setdefault(record_type, {})
        # Shared with the person and with their team: the wider of both counts.
        if known.get(UUID(record_id)) != Share.CHANGE:
            known[UUID(record_id)] = Share(level)
    return Reach(frozenset(team), frozenset(below), shared)
