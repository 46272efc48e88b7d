"""Whatever a file brings in and an undo takes back ends where it began."""

import csv
import io
from typing import Any

import pytest
from django.db import transaction
from django.utils.timezone import now
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.customers.models.contacts import Contact
from crm.customers.models.labels import LifecycleStage, Tag
from crm.customers.records import COMPANIES, CONTACTS
from crm.history.jobs import do_now_or_later
from crm.history.models import ChangeSet
from crm.history.operations.undoing import begin_undo
from tests.crm.history.test_bulk import said
from tests.crm.history.test_properties import Rollback, make, people

QUICK = settings(max_examples=10)
COLUMNS = ("Family name", "E-mail", "Phone", "Job title", "City", "Company", "Tags")
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "Family name": st.sampled_from(["King", "张", "O'Neill", "Ångström"]),
            "E-mail": st.sampled_from(
                ["a@b.org", "c@d.org", "e@f.org", "new@g.org", "newer@h.org"]
            ),
            "Phone": st.sampled_from(["", "+442079460123", "+4930123456"]),
            "Job title": st.sampled_from(["", "Boss", "Queen"]),
            "City": st.sampled_from(["", "Paris"]),
            "Company": st.sampled_from(["", "Initech", "Hooli"]),
            "Tags": st.sampled_from(["", "VIP", "Fresh word"]),
        }
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda row: row["E-mail"],
)


def as_csv(rows: list[dict[str, str]]) -> str:
    written = io.StringIO()
    table = csv.DictWriter(written, COLUMNS)
    table.writeheader()
    table.writerows(rows)
    return written.getvalue()


@QUICK
@given(data=st.data())
def test_import_then_undo_is_nothing(data: Any, alice: Any, bring: Any) -> None:
    actor = alice.as_actor()
    tags = [str(pk) for pk in Tag.objects.values_list("pk", flat=True)[:2]]
    stages = [str(pk) for pk in LifecycleStage.objects.values_list("pk", flat=True)[:2]]
    there = (
        data.draw(st.lists(people(tags, stages), max_size=3)) if data.draw(st.booleans()) else []
    )
    rows = data.draw(ROWS)
    with pytest.raises(Rollback), transaction.atomic():
        make(there, actor)
        before = said(CONTACTS, alice), said(COMPANIES, alice)

        the_import = bring(as_csv(rows), match="email")
        journal = ChangeSet.objects.get(pk=the_import.change_set_id)
        written = the_import.created + the_import.updated
        assert bool(written) is journal.has_changed_something
        if written:
            assert do_now_or_later(begin_undo(journal, actor=actor, at=now())).refused == 0

        assert said(CONTACTS, alice) == before[0]
        assert said(COMPANIES, alice) == before[1]
        assert Contact.objects.filter(deleted_at=None).count() == len(there)
        raise Rollback
