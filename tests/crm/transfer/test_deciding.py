"""What is decided about an import as a whole, and correcting it before it runs."""

from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils.timezone import now

from core.events.models import Event
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.models.labels import LifecycleStage, Tag
from crm.customers.models.reach import ContactEmail
from crm.history.models.change_sets import ChangeSet
from crm.transfer.correcting import NoSuchRow, correct_row
from crm.transfer.engine import running
from crm.transfer.models import Import, ImportNote, SavedMapping
from crm.transfer.operations import begin_run, upload
from crm.transfer.saving import forget_mapping, save_mapping
from tenants.members.models import User
from tests.conftest import Visitor, nothing_written
from tests.crm.transfer.conftest import Bring, counts, reasons, record_type

type LogIn = Callable[[User], Visitor]
FIRMS = "name,employees\nInitech,5\nHooli,6\n"


def test_only_new_records_are_created_when_that_is_wanted(bring: Bring) -> None:
    bring("name,employees\nInitech,1\n", type="company")

    the_import = bring(FIRMS, type="company", mode="create")

    assert (counts(the_import), the_import.skipped) == ((1, 0, 0, 0), 1)
    assert Company.objects.get(name="Initech").employees == 1


def test_only_known_records_are_updated_when_that_is_wanted(bring: Bring) -> None:
    bring("name,employees\nInitech,1\n", type="company")

    the_import = bring(FIRMS, type="company", mode="update")

    assert (counts(the_import), the_import.skipped) == ((0, 1, 0, 0), 1)
    assert [each.name for each in Company.objects.all()] == ["Initech"]


def test_new_records_get_the_owner_and_every_record_the_tags(
    bring: Bring, alice: User, bob: User
) -> None:
    bring("name\nInitech\n", type="company")

    bring(
        f"name,owner\nInitech,\nHooli,\nUmbrella,{alice.email}\n",
        type="company",
        owner=bob.pk,
        tags=("Fair 2026",),
    )

    owners = {each.name: each.owner_id for each in Company.objects.all()}
    assert owners == {"Initech": alice.pk, "Hooli": bob.pk, "Umbrella": alice.pk}
    assert Company.objects.filter(tags=Tag.objects.get(own_name="Fair 2026")).count() == 3


def test_owners_are_known_by_name_too(bring: Bring, bob: User) -> None:
    bring(f"name,owner\nInitech,{bob.name}\n", type="company")

    assert Company.objects.get().owner_id == bob.pk


def test_unknown_stages_are_made_only_when_that_is_wanted(bring: Bring) -> None:
    text = "name,stage\nInitech,Dormant\n"

    assert reasons(bring(text, type="company")) == {2: ["stage: There is no stage of this name."]}
    bring(text, type="company", creates_options=True)

    assert Company.objects.get().lifecycle_stage == LifecycleStage.objects.get(own_name="Dormant")


def test_every_event_tells_the_import_and_what_was_decided(bring: Bring) -> None:
    the_import = bring("given name\nAda\n", lawful_basis="consent", runs_automations=True)

    payload = Event.objects.get(name="contact.created").payload
    assert payload["import"] == str(the_import.pk)
    assert (payload["lawful_basis"], payload["runs_automations"]) == ("consent", True)
    assert the_import.lawful_basis == "consent"


def test_a_refused_row_leaves_nothing_behind_that_only_it_named(bring: Bring) -> None:
    with nothing_written(Company, Tag, Contact):
        the_import = bring("given name,email,company,tags\nAda,at home,Umbrella,Spy\n")

    assert the_import.refused == 1
    assert the_import.linked == 0


def test_a_row_refused_while_it_is_written_leaves_nothing_behind_either(bring: Bring) -> None:
    text = "email,company,tags,company from,company until\n"
    text += "ada@example.com,Umbrella; Acme,Spy,2020-05-01,2019-01-01\n"
    text += "bob@example.com,Acme,,,\n"
    columns = [
        {"column": "company from", "field": "company_from"},
        {"column": "company until", "field": "company_until"},
    ]

    the_import = bring(text, columns=columns)

    assert (counts(the_import), the_import.linked) == ((1, 0, 0, 1), 1)
    assert [company.name for company in Company.objects.all()] == ["Acme"]
    assert not Tag.objects.filter(own_name="Spy").exists()
    assert ContactEmail.objects.get().email == "bob@example.com"
    journal = ChangeSet.objects.get(pk=the_import.change_set_id)
    assert journal.created == 2
    assert Event.objects.filter(name="company.created").count() == 1


@pytest.mark.parametrize("is_check", [True, False])
@pytest.mark.parametrize("column", ["company", "tags", "stage"])
def test_words_too_long_to_become_records_are_refused(
    bring: Bring, column: str, is_check: bool
) -> None:
    text = f"email,{column}\nada@example.com,{'x' * 201}\nbob@example.com,Acme\n"

    the_import = bring(text, creates_options=True, is_check=is_check)

    assert counts(the_import) == (1, 0, 0, 1)
    [[reason]] = reasons(the_import).values()
    assert reason.startswith(f"{column}: Ensure this value has at most")


def test_an_import_is_one_change_set(bring: Bring) -> None:
    bring("name,employees\nInitech,1\n", type="company")

    the_import = bring(FIRMS, type="company")

    journal = ChangeSet.objects.get(pk=the_import.change_set_id)
    assert (journal.kind, journal.state) == ("import", "done")
    assert (journal.created, journal.updated) == (1, 1)


@pytest.fixture
def checked(bring: Bring) -> Import:
    return bring("name,employees\nInitech,5\nHooli,lots\n", type="company", is_check=True)


def test_a_corrected_row_is_checked_at_once_and_imported(checked: Import, alice: User) -> None:
    actor = alice.as_actor()

    with nothing_written(Company):
        assert not correct_row(checked, number=3, cells=["Hooli", "many"], actor=actor)
        assert correct_row(checked, number=3, cells=["Hooli", "7"], actor=actor)

    the_import = Import.objects.get(pk=checked.pk)
    assert counts(the_import) == (2, 0, 0, 0)
    begin_run(the_import, actor=actor)
    running.carry_on(the_import.pk, clock=now)
    assert Company.objects.get(name="Hooli").employees == 7


def test_a_row_that_is_not_refused_cannot_be_corrected(checked: Import, alice: User) -> None:
    with nothing_written(Company), pytest.raises(NoSuchRow):
        correct_row(checked, number=2, cells=["A", "1"], actor=alice.as_actor())


@pytest.mark.parametrize("doing", ["skip", "reopen"])
def test_a_refusal_is_not_told_as_a_success(
    checked: Import, alice: User, as_member: LogIn, doing: str
) -> None:
    address = reverse(f"transfer:{doing}", args=[checked.pk, 2])

    with nothing_written(Import, ImportNote):
        answer = as_member(alice).post(address)

    [message] = get_messages(answer.wsgi_request)
    assert message.level_tag == "error"


def test_cells_are_corrected_on_the_page(checked: Import, alice: User, as_member: LogIn) -> None:
    visitor = as_member(alice)
    check = reverse("transfer:check", args=[checked.pk])
    page = visitor.get(check).content.decode()
    assert 'name="cell-1" value="lots"' in page
    assert "This is not a number." in page

    visitor.post(reverse("transfer:row", args=[checked.pk, 3]), {"cell-1": "8"})

    assert "No row has errors." in visitor.get(f"{check}?show=refused").content.decode()
    assert "Import 2 rows" in visitor.get(check).content.decode()


def test_a_saved_mapping_is_used_for_the_same_columns_again(alice: User, bring: Bring) -> None:
    actor = alice.as_actor()
    columns = [{"column": "Kunde", "field": "name"}, {"column": "Kopfzahl", "field": "employees"}]
    first = bring("Kunde,Kopfzahl\nA,1\n", type="company", columns=columns, is_check=True)

    saved = save_mapping(first, name="From the old system", actor=actor)
    save_mapping(first, name="From the old system", actor=actor)
    assert SavedMapping.objects.count() == 1
    again = upload(
        [b"KUNDE,kopfzahl\nB,2\n"],
        record_type=record_type("company"),
        file_name="b.csv",
        actor=actor,
    )

    assert [each["field"] for each in again.mapping["columns"]] == ["name", "employees"]
    forget_mapping(SavedMapping.objects.get(), actor=actor)
    assert not SavedMapping.objects.filter(pk=saved.pk).exists()


def test_the_columns_of_earlier_imports_are_remembered(bring: Bring, alice: User) -> None:
    columns = [{"column": "Kunde", "field": "name"}]
    bring("Kunde\nA\n", type="company", columns=columns)

    again = upload(
        [b"Kunde;Ort\nB;Ulm\n"],
        record_type=record_type("company"),
        file_name="b.csv",
        actor=alice.as_actor(),
    )

    assert again.mapping["columns"][0]["field"] == "name"


def test_the_page_says_when_an_import_is_over(bring: Bring, alice: User, as_member: LogIn) -> None:
    the_import = bring(FIRMS, type="company")

    toast = as_member(alice).get(reverse("transfer:status", args=[the_import.pk])).content.decode()

    assert "people.csv: 2 rows imported" in toast
    assert the_import.get_absolute_url() in toast
    assert "hx-get" not in toast


def test_an_import_under_way_is_told_of_on_every_page_of_whoever_began_it(
    bring: Bring, alice: User, bob: User, as_member: LogIn
) -> None:
    the_import = bring(FIRMS, type="company")
    toast = reverse("transfer:status", args=[the_import.pk])

    def told(member: User, path: str) -> int:
        return as_member(member).get(path).content.decode().count(toast)

    before = told(alice, "/companies/")
    Import.objects.filter(pk=the_import.pk).update(state=Import.State.RUNNING)
    its_own_page = reverse("transfer:run", args=[the_import.pk])

    assert (before, told(alice, "/companies/"), told(alice, its_own_page)) == (0, 1, 0)
    assert told(bob, "/companies/") == 0
    asked_again = as_member(alice).get(toast).content.decode()
    assert "of 2 rows" in asked_again
    assert toast in asked_again


def test_every_import_is_listed_with_who_and_what(
    bring: Bring, alice: User, as_member: LogIn
) -> None:
    bring(FIRMS, type="company")

    page = as_member(alice).get("/import/history/").content.decode()

    assert "people.csv" in page
    assert alice.name in page
    assert "Undo" in page


def test_the_result_leads_to_what_was_imported(bring: Bring, alice: User, as_member: LogIn) -> None:
    bring("name,employees\nInitech,1\nStark,2\n", type="company")
    the_import = bring(FIRMS, type="company")
    visitor = as_member(alice)

    result = visitor.get(reverse("transfer:run", args=[the_import.pk])).content.decode()
    url = f"/companies/?written_in={the_import.change_set_id}"
    page = visitor.get(url).content.decode()

    assert url in result
    assert "Initech" in page
    assert "Hooli" in page
    assert "Stark" not in page


def test_an_import_is_undone_as_a_whole(
    bring: Bring, alice: User, as_member: LogIn, work: Callable[[], list[str]]
) -> None:
    bring("name,employees\nInitech,1\n", type="company")
    the_import = bring(FIRMS, type="company")
    visitor = as_member(alice)

    visitor.post(reverse("change-set-undo", args=[the_import.change_set_id]))
    work()

    visible = Company.objects.visible_to(alice.as_actor())
    assert [(each.name, each.employees) for each in visible] == [("Initech", 1)]
    assert "Undone" in visitor.get("/import/history/").content.decode()
