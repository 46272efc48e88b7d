"""Companies from files: parents in any order, circles, values before and after."""

from core.events.models import Event
from crm.customers.models.companies import Company
from crm.customers.operations.companies import create_company, update_company
from crm.transfer.notes import all_corrections, updated_records
from tenants.members.models import User
from tests.crm.transfer.conftest import Bring, counts, reasons


def parents() -> dict[str, str]:
    return dict(Company.objects.exclude(parent=None).values_list("name", "parent__name"))


def test_parents_may_stand_anywhere_and_chains_of_them_too(bring: Bring, alice: User) -> None:
    create_company(actor=alice.as_actor(), name="Old Holding")

    the_import = bring("name,parent\nD,C\nC,B\nB,A\nA,old holding\n", type="company")

    assert counts(the_import) == (4, 0, 0, 0)
    assert parents() == {"D": "C", "C": "B", "B": "A", "A": "Old Holding"}
    assert Event.objects.filter(name="company.created").count() == 5


def test_unknown_parents_are_made_on_the_way_or_refused(bring: Bring) -> None:
    refused = bring("name,parent\nB,Nobody\nC,B\n", type="company", creates_linked=False)

    assert reasons(refused) == {
        2: ["parent: There is no company called “Nobody”."],
        3: ["parent: There is no company called “B”."],
    }

    made = bring("name,parent\nB,Nobody\nC,B\n", type="company")

    assert (counts(made), made.linked) == ((2, 0, 0, 0), 1)
    assert parents() == {"B": "Nobody", "C": "B"}


def test_companies_in_a_circle_are_refused(bring: Bring) -> None:
    text = "name,parent\nA,B\nB,A\nC,C\nD,\n"

    checked = bring(text, type="company", is_check=True)
    written = bring(text, type="company")

    sentence = "parent: Through its parents this would belong to itself, or to one that could not be imported."
    assert counts(checked) == counts(written) == (1, 0, 0, 3)
    assert reasons(written) == reasons(checked) == {2: [sentence], 3: [sentence], 4: [sentence]}


def test_a_circle_with_companies_that_exist_is_refused(bring: Bring, alice: User) -> None:
    actor = alice.as_actor()
    a = create_company(actor=actor, name="A")
    b = create_company(actor=actor, name="B", parent=a.pk)

    the_import = bring("name,parent\nA,B\n", type="company")

    assert reasons(the_import) == {
        2: ["parent: This company is itself, or belongs to, the company it would belong to."]
    }
    assert parents() == {b.name: "A"}


def test_a_check_shows_values_before_and_after(bring: Bring, alice: User) -> None:
    actor = alice.as_actor()
    initech = create_company(
        actor=actor, name="Initech", employees=50, country="DE", industry="retail"
    )

    the_import = bring(
        'name,employees,country,industry,parent\ninitech,"1,200",Germani,,Nobody\n',
        type="company",
        is_check=True,
    )

    assert counts(the_import) == (0, 1, 0, 0)
    [updated] = updated_records(the_import)
    changes = {change.column: (change.before, change.after) for change in updated.changes}
    assert changes == {
        "name": ("Initech", "initech"),
        "employees": ("50", "1,200"),
        "parent": ("", "Nobody"),
    }
    [corrected] = all_corrections(the_import)
    assert (corrected.was, corrected.now, corrected.rows) == ("Germani", "Germany", [2])
    assert Company.objects.get(pk=initech.pk).employees == 50


def test_a_column_of_numbers_is_read_in_the_style_it_proves(bring: Bring) -> None:
    the_import = bring("name;revenue\nA;1.234\nB;2.000,50\n", type="company")
    assert counts(the_import) == (2, 0, 0, 0)
    assert dict(Company.objects.values_list("name", "revenue")) == {"A": 1234, "B": 2000.5}

    ambiguous = bring("name;revenue\nC;1.234\n", type="company")
    assert reasons(ambiguous) == {
        2: ["revenue: This could be read in two ways. Write it without a separator, such as 1234."]
    }


def test_a_record_that_is_not_ones_own_is_not_changed(bring: Bring, alice: User, bob: User) -> None:
    company = create_company(actor=alice.as_actor(), name="Initech")
    update_company(company, actor=alice.as_actor(), changes={"owner": bob.pk})

    assert counts(bring("name,employees\nInitech,5\n", type="company", by=bob)) == (0, 1, 0, 0)
