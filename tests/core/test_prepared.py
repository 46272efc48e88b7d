"""Queries put together once answer like those put together every time."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.isolation.scope import IsolationError
from core.prepared import Prepared, any_of, ask_together, given, listed
from tenants.members.models import Role, User

ROLES = Prepared(lambda: Role.objects.filter(given("key = %s")))
PEOPLE = Prepared(
    lambda: (
        User.objects.filter(any_of("members_user.id"), is_active=True)
        .select_related("role")
        .order_by("email")
    )
)


def test_each_question_gets_the_answer_to_its_own_values(alice):
    assert [ROLES.one("admin"), ROLES.one("rep")] == [
        Role.objects.get(key="admin"),
        Role.objects.get(key="rep"),
    ]
    assert ROLES.one("no such role") is None


def test_related_rows_and_constants_come_along(alice, bob, django_assert_num_queries):
    wanted = listed([alice.pk, bob.pk])

    with django_assert_num_queries(1):
        names = [(each.email, each.role.key) for each in PEOPLE.ask(wanted)]

    assert names == [(alice.email, "owner"), (bob.email, "rep")]


def test_questions_travel_together(alice):
    with CaptureQueriesContext(connection) as captured:
        people, roles = ask_together([(PEOPLE, [listed([alice.pk])]), (ROLES, ["viewer"])])

    assert ([each.pk for each in people], [each.key for each in roles]) == ([alice.pk], ["viewer"])
    assert len(captured) == 1


def test_rows_read_so_belong_to_their_workspace(alice):
    role = ROLES.one("rep")
    role._workspace = "t_another"

    with pytest.raises(IsolationError):
        role.save()
