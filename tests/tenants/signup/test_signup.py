import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils.timezone import now

from core.isolation.scope import control_plane
from tenants.members.models import ConsentRecord, LoginToken, User
from tenants.models import Domain, Tenant
from tenants.provisioning.operations import find_tenant
from tenants.signup.models import SignupRequest
from tests.conftest import Visitor, inside

ANSWERS = {
    "name": "Initech Ltd",
    "slug": "initech",
    "language": "en",
    "country": "GB",
    "time_zone": "Europe/London",
    "password": "a sentence nobody guesses",
    "agreed": "on",
}


@pytest.fixture
def visitor():
    return Visitor()


@pytest.fixture
def signup(visitor, work):
    """Walk the pages up to a step the way a person does."""

    class Walk:
        def begin(self, email="founder@initech.test"):
            response = visitor.post("/", {"email": email})
            work()
            return response

        def code(self):
            return re.search(r"\n([A-Z0-9]{4}-[A-Z0-9]{4})\n", mail.outbox[-1].body)[1]

        def prove(self):
            self.begin()
            return visitor.post("/signup/code/", {"code": self.code()})

        def open(self):
            self.prove()
            visitor.post("/signup/workspace/", ANSWERS)
            work()
            return visitor.get("/signup/progress/")

    return Walk()


def requests():
    with control_plane("look at sign-ups"):
        return list(SignupRequest.objects.all())


def test_a_company_signs_up_and_is_let_in(signup, visitor):
    assert signup.begin().url == "/signup/code/"
    assert (
        visitor.post("/signup/code/", {"code": signup.code().lower()}).url == "/signup/workspace/"
    )
    assert visitor.post("/signup/workspace/", ANSWERS).url == "/signup/progress/"
    assert b"Making Initech Ltd" in visitor.get("/signup/progress/").content


def test_the_workspace_is_opened_by_a_job_and_the_founder_is_logged_in(signup, visitor):
    assert signup.open().url == "/signup/enter/"

    page = visitor.get("/signup/enter/").content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    with control_plane("find the new workspace"):
        workspace = find_tenant("initech").as_workspace()
    inside_visitor = Visitor(workspace)
    response = inside_visitor.post(
        "/enter/", {"token": token}, headers={"Origin": "http://localhost:8000"}
    )

    assert response.url == "/"
    founder = inside(workspace, lambda: User.objects.select_related("role").get())
    assert (founder.email, founder.role.key) == ("founder@initech.test", "owner")
    assert inside(
        workspace, lambda: sorted(ConsentRecord.objects.values_list("document", flat=True))
    ) == [
        "privacy",
        "terms",
    ]
    assert requests() == []
    again = Visitor(workspace).post(
        "/enter/", {"token": token}, headers={"Origin": "http://localhost:8000"}
    )
    assert again.url == "/login/"


def test_a_login_token_is_worth_nothing_after_a_minute(alice, acme):
    from tenants.members.login_tokens import issue_login_token, redeem_login_token

    token = issue_login_token(alice, at=now() - timedelta(seconds=61))

    assert redeem_login_token(token, at=now()) is None
    assert not LoginToken.objects.exists()


def test_a_login_token_of_another_page_is_refused(alice, acme):
    from tenants.members.login_tokens import issue_login_token

    token = issue_login_token(alice, at=now())

    response = Visitor(acme).post(
        "/enter/", {"token": token}, headers={"Origin": "http://evil.test"}
    )

    assert response.url == "/login/"
    assert LoginToken.objects.count() == 1


def test_no_step_is_left_out(signup, visitor):
    later = ["/signup/workspace/", "/signup/progress/", "/signup/enter/"]
    assert [visitor.get(path).url for path in later] == ["/", "/", "/"]
    assert visitor.post("/signup/workspace/", ANSWERS).url == "/"
    assert requests() == []

    signup.begin()
    assert visitor.post("/signup/workspace/", ANSWERS).url == "/signup/code/"
    assert visitor.get("/signup/enter/", follow=True).request["PATH_INFO"] == "/signup/code/"
    assert [each.state for each in requests()] == [SignupRequest.State.PROVING]

    signup.prove()
    assert visitor.get("/signup/enter/", follow=True).request["PATH_INFO"] == "/signup/workspace/"
    with control_plane("look whether there is a workspace"):
        assert not Domain.objects.filter(domain__startswith="initech").exists()


def test_three_wrong_codes_use_the_code_up(signup, visitor):
    signup.begin()
    code = signup.code()
    for _try in range(3):
        assert visitor.post("/signup/code/", {"code": "AAAA-AAAA"}).status_code == 422

    assert b"does not work any more" in visitor.post("/signup/code/", {"code": code}).content


def test_a_code_is_good_for_fifteen_minutes(signup, visitor):
    signup.begin()
    with control_plane("age the code"):
        SignupRequest.objects.update(code_sent_at=now() - timedelta(minutes=15, seconds=1))

    assert visitor.post("/signup/code/", {"code": signup.code()}).status_code == 422


def test_a_code_belongs_to_the_browser_that_asked(signup):
    signup.begin()

    response = Visitor().post("/signup/code/", {"code": signup.code()})

    assert response.url == "/"


def test_another_code_waits_a_moment_and_ends_the_first(signup, visitor, work):
    signup.begin()
    first = signup.code()
    assert visitor.post("/signup/code/again/").status_code == 429

    with control_plane("wait a minute"):
        SignupRequest.objects.update(code_sent_at=now() - timedelta(minutes=1))
    visitor.post("/signup/code/again/")
    work()

    assert len(mail.outbox) == 2
    assert visitor.post("/signup/code/", {"code": first}).status_code == 422


def test_known_and_unknown_addresses_get_the_same_answer(signup, visitor):
    known = visitor.post("/", {"email": "alice@acme.test"})
    unknown = Visitor().post("/", {"email": "nobody@nowhere.test"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


@pytest.mark.parametrize(
    ("slug", "reason"),
    [
        ("ab", "3 to 30"),
        ("a" * 31, "3 to 30"),
        ("-acme-", "letters a to z"),
        ("ac--me", "letters a to z"),
        ("1acme", "letters a to z"),
        ("müller", "letters a to z"),
        ("admin", "not available"),
        ("mails", "not available"),
        ("fuckers", "not available"),
        ("acme", "is taken"),
    ],
)
def test_unsuitable_addresses_are_refused_with_a_reason(visitor, slug, reason):
    assert reason in visitor.get("/signup/address/", {"slug": slug}).content.decode()


def test_a_suitable_address_is_called_free(visitor):
    assert (
        "initech.localhost:8000 is free"
        in visitor.get("/signup/address/", {"slug": "Initech"}).content.decode()
    )


def test_an_address_given_up_lately_stays_in_quarantine(visitor):
    from tenants.models import FormerAddress

    with control_plane("give an address up"):
        FormerAddress.objects.create(slug="initech", freed_at=now() - timedelta(days=89))
        FormerAddress.objects.create(slug="initrode", freed_at=now() - timedelta(days=91))

    assert "is taken" in visitor.get("/signup/address/", {"slug": "initech"}).content.decode()
    assert "is free" in visitor.get("/signup/address/", {"slug": "initrode"}).content.decode()


def test_a_companys_name_suggests_an_address(visitor):
    assert (
        visitor.get("/signup/suggestion/", {"name": "Müller & Söhne GmbH"}).content
        == b"muller-sohne-gmbh"
    )
    assert visitor.get("/signup/suggestion/", {"name": "华夏科技"}).content == b""


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("password", "short", "at least 12 characters"),
        ("password", "founder@initech.test", "too similar"),
        ("agreed", "", "required"),
        ("name", "", "required"),
        ("country", "Atlantis", "not one of the available choices"),
    ],
)
def test_a_bad_answer_is_named_at_its_field_and_nothing_is_made(
    signup, visitor, field, value, message
):
    signup.prove()

    response = visitor.post("/signup/workspace/", {**ANSWERS, field: value})

    assert response.status_code == 422
    assert message in response.content.decode()
    assert requests()[0].state == SignupRequest.State.DESCRIBING


def test_when_the_address_is_taken_meanwhile_nothing_remains_and_the_person_is_told(
    signup, visitor, work, acme
):
    signup.prove()
    visitor.post("/signup/workspace/", ANSWERS)
    with control_plane("take the address"):
        spares = Tenant.objects.spare().count()
        Domain.objects.create(tenant_id=acme.id, domain="initech.localhost", is_primary=False)
    work()

    page = visitor.get("/signup/progress/")

    assert b"could not be made" in page.content
    with control_plane("count"):
        assert Tenant.objects.spare().count() == spares
    retry = visitor.post("/signup/workspace/", {**ANSWERS, "slug": "initech-uk"})
    assert retry.url == "/signup/progress/"
    work()
    assert visitor.get("/signup/progress/").url == "/signup/enter/"


def shown(response):
    """What a page says, without the address and the token that differ each time."""
    page = re.sub(
        r'(csrf-token" content|csrfmiddlewaretoken" value)="[^"]+"', "", response.content.decode()
    )
    return re.sub(r"[\w.]+@[\w.]+", "", page)


def test_find_my_workspaces_answers_by_mail_only(visitor):
    known = visitor.post("/find/", {"email": "ALICE@acme.test"})
    unknown = visitor.post("/find/", {"email": "nobody@nowhere.test"})

    assert b"acme.localhost" not in known.content
    assert shown(known) == shown(unknown)
    assert "http://acme.localhost:8000" in mail.outbox[0].body
    assert "There are none" in mail.outbox[1].body


def test_asking_too_often_is_refused(visitor):
    answers = [
        visitor.post("/find/", {"email": "alice@acme.test"}).status_code for _try in range(6)
    ]

    assert answers == [200, 200, 200, 200, 429, 429]
    assert len(mail.outbox) == 4
