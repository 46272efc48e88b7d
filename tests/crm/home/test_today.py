import pytest

from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.models.labels import Tag
from crm.home.samples.operations import add_samples
from tests.conftest import Visitor, inside, nothing_written


def test_a_new_workspace_shows_the_first_steps(as_member, alice):
    page = as_member(alice).get("/").content.decode()

    assert "Import your customers" in page
    assert "Invite your colleagues" in page


def test_a_viewer_is_offered_no_step_they_may_not_take(as_member, carol):
    assert "Import your customers" not in as_member(carol).get("/").content.decode()


def test_sample_data_comes_and_goes_in_one_click(as_member, alice):
    visitor = as_member(alice)

    visitor.post("/samples/add/")
    assert Company.objects.count() == 24
    assert Contact.objects.filter(tags__key="sample").count() == Contact.objects.count() > 24
    visitor.post("/samples/remove/")

    assert not Company.objects.exists()
    assert not Contact.objects.exists()
    assert not Tag.objects.filter(key="sample").exists()


def test_adding_samples_twice_changes_nothing(alice):
    add_samples(actor=alice.as_actor())

    with nothing_written(Company, Contact):
        add_samples(actor=alice.as_actor())


def test_a_viewer_may_not_add_samples(as_member, carol):
    with nothing_written(Company, Contact):
        assert as_member(carol).post("/samples/add/").status_code == 403


@pytest.mark.parametrize("path", ["/", "/samples/add/", "/samples/remove/", "/search/?q=a"])
def test_strangers_are_sent_to_log_in(acme, path):
    method = Visitor(acme).post if "samples" in path else Visitor(acme).get

    assert method(path).url.startswith("/login/")


def test_samples_stay_in_their_workspace(as_member, alice, globex):
    as_member(alice).post("/samples/add/")

    assert inside(globex, Company.objects.count) == 0


def test_search_finds_people_and_companies_by_the_beginning_of_a_name(as_member, alice):
    add_samples(actor=alice.as_actor())
    person = Contact.objects.first()

    page = as_member(alice).get("/search/", {"q": person.family_name[:4]}).content.decode()

    assert person.name in page.replace("&#x27;", "'")


def test_search_shows_nothing_of_another_workspace(as_member, alice, eve):
    add_samples(actor=alice.as_actor())
    person = Contact.objects.first()

    page = as_member(eve).get("/search/", {"q": person.family_name}).content.decode()

    assert person.name not in page
