"""Records go out as files, to whoever may, and the same files bring the same records in."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from core.events.models import Event
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.operations.companies import create_company
from crm.customers.operations.contacts import create_contact, delete_contacts, destroy_contacts
from crm.notifications.models import Notification
from crm.transfer import exporting
from crm.transfer.export.columns import columns_of
from crm.transfer.exporting import (
    LIFE,
    ExportGone,
    UnknownFormat,
    ask_for_export,
    fetch_export,
    forget_exports,
    write_export,
)
from crm.transfer.models import Export
from tenants.members.models import User
from tests.conftest import Visitor, nothing_written
from tests.crm.transfer.conftest import record_type

type LogIn = Callable[[User], Visitor]
FORMULAS = ("=1+1", "+1", "-1+2", "@SUM(A1)", '=HYPERLINK("http://x")', "＝1+1", "'=1")


def export(
    user: User,
    type: str = "contact",
    *,
    format_name: str = "csv",
    query: str = "",
    wanted: Any = "all",
) -> Export:
    kind = record_type(type)
    made = ask_for_export(
        kind,
        format_name=format_name,
        columns=columns_of(kind, wanted),
        query=query,
        actor=user.as_actor(),
        at=now(),
    )
    write_export(made.pk)
    return Export.objects.get(pk=made.pk)


def content(user: User, made: Export) -> bytes:
    with fetch_export(made, actor=user.as_actor(), at=now()) as file:
        return file.read()


def table(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))


@pytest.fixture
def people(alice: User) -> list[Contact]:
    actor = alice.as_actor()
    names = ("Ada", "Ben", "Cem")
    return [
        create_contact(actor=actor, given_name=name, emails=[{"email": f"{name}@x.example"}])
        for name in names
    ]


def test_a_view_goes_out_as_the_list_shows_it(
    alice: User, as_member: LogIn, people: list[Contact]
) -> None:
    create_company(actor=alice.as_actor(), name="Initech", country="DE")
    create_company(actor=alice.as_actor(), name="Hooli", country="FR")

    answer = as_member(alice).post(
        "/companies/export/?country=DE", {"format": "csv", "columns": "shown"}
    )

    assert answer.headers["Content-Disposition"].startswith('attachment; filename="companies-')
    [row] = table(b"".join(answer.streaming_content))
    assert (row["Name"], row["Country"]) == ("Initech", "Germany")
    assert "Website" not in row


def test_a_selection_goes_out_alone(alice: User, as_member: LogIn, people: list[Contact]) -> None:
    url = f"/contacts/export/?ids={people[0].pk}&ids={people[2].pk}&sort=name"
    visitor = as_member(alice)
    assert "Export 2 contacts" in visitor.get(url).content.decode()

    answer = visitor.post(url, {"format": "csv", "columns": "all"})

    rows = table(b"".join(answer.streaming_content))
    assert [row["Given name"] for row in rows] == ["Ada", "Cem"]


@pytest.mark.parametrize("batch", [1, 3, 500])
@pytest.mark.parametrize("order", ["", "name", "-name", "title,-name", "-updated_at"])
def test_records_go_out_in_the_order_of_the_list(
    alice: User, as_member: LogIn, monkeypatch: pytest.MonkeyPatch, batch: int, order: str
) -> None:
    monkeypatch.setattr("crm.transfer.export.batches.BATCH", batch)
    for number, name in enumerate(("Zoe", "adam", "Adele", "Adela", "李雷", "Åsa", "Adam", "Bo")):
        title = "Chief" if number % 2 else ""
        create_contact(actor=alice.as_actor(), given_name=name, title=title)
    url = f"/api/v1/contacts/?ordering={order}&page_size=100"
    listed = as_member(alice).get(url).json()["results"]

    rows = table(content(alice, export(alice, query=f"sort={order}")))
    of_api = table(content(alice, export(alice, query=f"ordering={order}")))

    assert [row["Given name"] for row in rows] == [each["given_name"] for each in listed]
    assert of_api == rows


def test_sensitive_fields_go_out_only_when_asked_for(alice: User) -> None:
    create_contact(actor=alice.as_actor(), given_name="Ada", birthday="1975-12-10")

    assert "Birthday" not in table(content(alice, export(alice)))[0]
    everything = table(content(alice, export(alice, wanted="everything")))
    assert everything[0]["Birthday"] == "1975-12-10"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(alice: User, text: str) -> None:
    create_contact(actor=alice.as_actor(), given_name="Ada", description=text)

    raw = content(alice, export(alice)).decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(content(alice, export(alice, format_name="xlsx"))))

    [row] = table(raw.encode())
    assert row["Description"].startswith("'")
    assert {cell.data_type for line in book.active.iter_rows() for cell in line} <= {
        "s",
        "n",
        "inlineStr",
    }


def test_that_somebody_exported_is_known_without_what(alice: User, people: list[Contact]) -> None:
    export(alice)

    event = Event.objects.get(name="export.started")
    assert (event.actor_id, event.payload["type"], event.payload["count"]) == (
        alice.pk,
        "contact",
        3,
    )
    assert "given_name" in event.payload["columns"]
    assert "Ada" not in str(event.payload)


def test_who_may_not_export_gets_nothing(
    carol: User, as_member: LogIn, people: list[Contact]
) -> None:
    visitor = as_member(carol)

    with nothing_written(Export, Event):
        assert visitor.get("/contacts/export/").status_code == 403
        assert visitor.post("/contacts/export/", {"format": "csv"}).status_code == 403
        with pytest.raises(PermissionDenied):
            export(carol)


def test_a_rep_exports_only_what_they_see(bob: User, people: list[Contact]) -> None:
    create_contact(actor=bob.as_actor(), given_name="Own")

    assert [row["Given name"] for row in table(content(bob, export(bob)))] == ["Own"]


def test_a_long_export_is_written_behind_the_page_and_fetched_once(
    alice: User,
    as_member: LogIn,
    people: list[Contact],
    work: Callable[[], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("crm.transfer.jobs.AT_ONCE", 2)
    visitor = as_member(alice)

    page = visitor.post("/contacts/export/", {"format": "csv", "columns": "all"}).headers[
        "Location"
    ]
    assert "Writing the file" in visitor.get(page).content.decode()
    work()
    assert "Fetch the file" in visitor.get(page).content.decode()
    told = Notification.objects.get()
    assert (told.member_id, told.kind, told.path) == (alice.pk, "export", page)
    fetched = visitor.post(f"{page}fetch/")

    assert len(table(b"".join(fetched.streaming_content))) == 3
    assert visitor.post(f"{page}fetch/").status_code == 302
    assert "fetched already" in visitor.get(page).content.decode()


def test_nobody_fetches_another_persons_file(
    alice: User, bob: User, as_member: LogIn, people: list[Contact]
) -> None:
    made = export(alice)

    assert as_member(bob).get(f"/exports/{made.pk}/").status_code == 404
    assert as_member(bob).post(f"/exports/{made.pk}/fetch/").status_code == 404


def test_a_file_is_gone_after_its_time(alice: User, stored: Any, people: list[Contact]) -> None:
    made = export(alice)
    [path] = stored.glob(f"t_*/exports/{made.pk}")
    assert b"Ada" not in path.read_bytes()

    with pytest.raises(ExportGone):
        fetch_export(made, actor=alice.as_actor(), at=now() + LIFE)
    forget_exports(at=now() + LIFE + timedelta(seconds=1))

    assert not Export.objects.exists()
    assert not path.exists()


def test_a_waiting_file_is_deleted_when_somebody_in_it_is_destroyed(
    alice: User, as_member: LogIn, stored: Any, people: list[Contact], work: Callable[[], list[str]]
) -> None:
    actor = alice.as_actor()
    made, companies = export(alice), export(alice, "company")
    fetched = export(alice)
    content(alice, fetched)
    delete_contacts([people[0].pk], actor=actor)
    work()
    assert Export.objects.get(pk=made.pk).is_open(now())

    destroy_contacts([people[0].pk], actor=actor)
    work()

    assert not list(stored.glob(f"t_*/exports/{made.pk}"))
    assert Export.objects.get(pk=companies.pk).is_open(now())
    with pytest.raises(ExportGone):
        fetch_export(made, actor=actor, at=now())
    page = as_member(alice).get(f"/exports/{made.pk}/").content.decode()
    assert "destroyed since" in page


def test_a_file_that_is_answered_at_once_is_not_told_of(
    alice: User, as_member: LogIn, people: list[Contact], work: Callable[[], list[str]]
) -> None:
    sent = {"format": "csv", "columns": "all"}
    answer = as_member(alice).post("/contacts/export/", sent)
    assert len(table(b"".join(answer.streaming_content))) == 3
    work()

    assert not Notification.objects.exists()


def test_companies_are_no_address_cards(alice: User) -> None:
    with nothing_written(Export), pytest.raises(UnknownFormat):
        export(alice, "company", format_name="vcard")


def test_many_records_are_read_in_batches(
    alice: User,
    people: list[Contact],
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: Any,
) -> None:
    monkeypatch.setattr("crm.transfer.export.batches.BATCH", 2)
    made = ask_for_export(
        record_type("contact"),
        format_name="csv",
        columns=columns_of(record_type("contact"), "all"),
        query="",
        actor=alice.as_actor(),
        at=now(),
    )

    with django_assert_max_num_queries(24):
        write_export(made.pk)

    assert len(table(content(alice, made))) == 3
    exporting.write_export(made.pk)  # ringing again does nothing


def test_a_template_has_every_column_of_an_import(as_member: LogIn, alice: User) -> None:
    answer = as_member(alice).get("/import/template/?type=company")

    assert answer.content.decode("utf-8-sig").startswith("Name,Website,Industry,")
    assert as_member(alice).get("/import/template/?type=nothing").status_code == 404
    book = as_member(alice).get("/import/template/?type=contact&as=xlsx").content
    assert openpyxl.load_workbook(io.BytesIO(book)).active["A1"].value == "Given name"
    assert not Company.objects.exists()
