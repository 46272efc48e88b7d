"""Companies and contacts, and the two doors to them: a page and the API."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from core.events.models import Event
from core.permissions import permissions
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.models.labels import LifecycleStage, Tag
from crm.customers.operations.companies import create_company
from crm.customers.operations.contacts import create_contact, update_contact
from tenants.members.models import Role, User
from tests.conftest import Visitor
from tests.crm.customers.narrowed import COMPANY, CONTACT

type Send = Callable[..., Any]


@pytest.fixture
def vip() -> Tag:
    return Tag.objects.get(key="vip")


@pytest.fixture
def customer_stage() -> LifecycleStage:
    return LifecycleStage.objects.get(key="customer")


@pytest.fixture
def initech(bob: User) -> Company:
    """Bob's company."""
    return create_company(
        actor=bob.as_actor(), name="Initech", website="www.initech.com", industry="software"
    )


@pytest.fixture
def ada(bob: User, initech: Company) -> Contact:
    """Bob's contact at Initech."""
    return create_contact(
        actor=bob.as_actor(),
        given_name="Ada",
        family_name="Lovelace",
        emails=[{"email": "ada@initech.com", "label": "work"}],
        phones=[{"number": "+44 20 7946 0123", "label": "work"}],
        companies=[{"company": initech.pk, "title": "Analyst"}],
    )


@pytest.fixture
def thistledown(alice: User) -> Company:
    return create_company(actor=alice.as_actor(), name="Thistledown")


@pytest.fixture
def contact(alice: User, thistledown: Company) -> Contact:
    """A contact that says something in every field a role can hide."""
    values: dict[str, Any] = {name: value for name, (value, _words) in CONTACT.items()}
    values["companies"] = [{"company": thistledown.pk}]
    made = create_contact(actor=alice.as_actor(), given_name="Perpetua", family_name="Vane")
    update_contact(made, actor=alice.as_actor(), changes=values)
    return made


@pytest.fixture
def company(alice: User, thistledown: Company) -> Company:
    """A company that says something in every field a role can hide."""
    values: dict[str, Any] = {name: value for name, (value, _words) in COMPANY.items()}
    values |= {"parent": thistledown.pk, "currency": "GBP", "country": "GB"}
    return create_company(actor=alice.as_actor(), name="Perpetua Works", **values)


@pytest.fixture
def narrow(bob: User) -> Callable[..., User]:
    """Let Bob do everything with all records, but with these fields no more than this."""

    def give(**rights: str) -> User:
        grants = [each.name for each in permissions() if not each.is_for_owners]
        told = [f"{name.replace('__', '.')}:{right}" for name, right in rights.items()]
        bob.role = Role.objects.create(name="Narrow", grants=grants, field_rights=told)
        bob.save()
        return bob

    return give


def events_of(*kinds: str) -> Any:
    """Return the events of companies and contacts, and of nothing else that happened."""
    return Event.objects.filter(
        name__regex=f"^({'|'.join(kinds or ('company', 'contact'))})[.]"
    ).order_by("pk")


def form_of(values: dict[str, Any]) -> dict[str, Any]:
    """Return what a browser sends for these values: lists become numbered rows."""
    sent: dict[str, Any] = {}
    for name, value in values.items():
        if not isinstance(value, list) or (value and not isinstance(value[0], dict)):
            sent[name] = "" if value is None else value
            continue
        sent |= {f"{name}-TOTAL_FORMS": len(value), f"{name}-INITIAL_FORMS": 0}
        for number, row in enumerate(value):
            sent |= {f"{name}-{number}-{key}": item for key, item in row.items()}
    return sent


class Door:
    """One way into the product. The same calls through a page and through the API."""

    def __init__(self, kind: str, as_member: Callable[[User], Visitor]) -> None:
        self.kind, self.as_member = kind, as_member

    def create(self, member: User, slug: str, values: dict[str, Any]) -> Any:
        return self._write(member, "post", slug, "new/", values)

    def update(self, member: User, slug: str, pk: Any, values: dict[str, Any]) -> Any:
        return self._write(member, "patch", f"{slug}/{pk}", "edit/", values)

    def delete(self, member: User, slug: str, pk: Any) -> Any:
        visitor = self.as_member(member)
        if self.kind == "page":
            return visitor.post(f"/{slug}/{pk}/delete/")
        return visitor.delete(f"/api/v1/{slug}/{pk}/")

    def open(self, member: User, slug: str, pk: Any) -> Any:
        prefix = "" if self.kind == "page" else "/api/v1"
        return self.as_member(member).get(f"{prefix}/{slug}/{pk}/")

    def names(self, member: User, slug: str, **params: Any) -> Any:
        """Return the names in the list, in order."""
        if self.kind == "api" and "sort" in params:
            params["ordering"] = params.pop("sort")
        prefix = "" if self.kind == "page" else "/api/v1"
        response = self.as_member(member).get(f"{prefix}/{slug}/", params)
        assert response.status_code == 200
        if self.kind == "page":
            return [row.title for row in response.context["list"].rows]
        return [row["name"] for row in response.json()["results"]]

    def _write(
        self, member: User, method: str, place: str, action: str, values: dict[str, Any]
    ) -> Any:
        visitor = self.as_member(member)
        if self.kind == "page":
            return visitor.post(f"/{place}/{action}", form_of(values))
        body = json.dumps(values, default=str)
        return getattr(visitor, method)(f"/api/v1/{place}/", body, content_type="application/json")

    @property
    def refused(self) -> int:
        """The status that says some values cannot be accepted."""
        return 422 if self.kind == "page" else 400

    def errors(self, response: Any) -> dict[str, list[str]]:
        """Return what was refused, by the path of the value."""
        if self.kind == "api":
            return response.json()["errors"]  # type: ignore[no-any-return]
        form = response.context["form"]
        found = {name: list(errors) for name, errors in form.errors.items()}
        for name, formset in getattr(form, "formsets", {}).items():
            for number, errors in enumerate(formset.errors):
                found |= {f"{name}.{number}.{key}": list(each) for key, each in errors.items()}
        return found


@pytest.fixture(params=["page", "api"])
def door(request: pytest.FixtureRequest, as_member: Callable[[User], Visitor]) -> Door:
    """The way a person comes in and the way a program does: both must behave the same."""
    return Door(request.param, as_member)
