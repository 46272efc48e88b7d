"""An import as a worker runs it: outside any transaction of its caller's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils.timezone import now

from api.keys.operations import create_key
from core.actors import Actor
from core.isolation.scope import Workspace, bind_workspace
from crm.customers.models.companies import Company
from crm.transfer.engine.running import carry_on
from crm.transfer.models import Import
from crm.transfer.operations import begin_run, upload
from tenants.members.models import Role, User
from tests.conftest import make_member
from tests.crm.transfer.conftest import record_type

pytestmark = pytest.mark.committing


def with_a_key(member: User) -> Actor:
    return create_key(actor=member.as_actor(), name="Feed")[0].as_actor()


@pytest.mark.parametrize("acting", [User.as_actor, with_a_key], ids=["member", "key"])
def test_a_rep_imports_behind_the_answer(
    open_new: Callable[..., Workspace], acting: Callable[[User], Any]
) -> None:
    with bind_workspace(open_new("stark")):
        with transaction.atomic():
            actor = acting(make_member("rep@stark.test", Role.Key.REP))
            kind = record_type("company")
            the_import = upload([b"name\nHooli\n"], record_type=kind, file_name="f", actor=actor)
            begin_run(the_import, actor=actor)

        carry_on(the_import.pk, clock=now)

        with transaction.atomic():
            assert Import.objects.get().state == Import.State.FINISHED
            assert Company.objects.get().name == "Hooli"
