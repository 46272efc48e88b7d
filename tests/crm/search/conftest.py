"""Ada and her company, and the ways a search is asked: the page, the command menu, the API."""

from collections.abc import Callable

import pytest

from tenants.members.models import User
from tests.conftest import Visitor
from tests.crm.customers.conftest import ada, initech  # noqa: F401

type Found = dict[str, list[str]]


@pytest.fixture(params=["page", "menu", "api"])
def search(
    request: pytest.FixtureRequest, as_member: Callable[[User], Visitor]
) -> Callable[[User, str], Found]:
    """Return a function that answers what a member finds: the names, by kind."""

    def ask(member: User, query: str) -> Found:
        visitor = as_member(member)
        if request.param == "api":
            answer = visitor.get("/api/v1/search/", {"q": query}).json()
            return {each["type"]: [hit["title"] for hit in each["hits"]] for each in answer}
        headers = {"HX-Request": "true"} if request.param == "menu" else {}
        groups = visitor.get("/search/", {"q": query}, headers=headers).context["groups"]
        return {group.name: [hit.title for hit in group.hits] for group in groups}

    return ask
