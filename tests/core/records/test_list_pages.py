"""What a list shows beside its rows: columns, sums, groups, boards, forms of conditions."""

import pytest

from crm.customers.models.companies import Company
from crm.customers.models.labels import LifecycleStage
from crm.customers.operations.companies import create_companies
from crm.customers.operations.contacts import create_contacts

STAGES = ("lead", "customer")


@pytest.fixture
def stages():
    return {stage.key: stage for stage in LifecycleStage.objects.all()}


@pytest.fixture
def companies(alice, bob, stages):
    rows = {
        "Acorn": {"employees": 10, "industry": "software", "revenue": "100", "currency": "EUR"},
        "Birch": {"employees": 30, "industry": "energy", "revenue": "50.50", "currency": "EUR"},
        "Cedar": {"industry": "software", "owner": bob.pk},
    }
    stage_of = {"Acorn": "lead", "Birch": "customer"}
    named = {
        name: {"name": name, **row, "lifecycle_stage": stages[stage_of[name]].pk}
        if name in stage_of
        else {"name": name, **row}
        for name, row in rows.items()
    }
    return create_companies(named, actor=alice.as_actor()).records


@pytest.fixture
def get(as_member, alice):
    def get(url="", **params):
        return as_member(alice).get(f"/companies/{url}", params)

    return get


def shown(response):
    return response.context["list"]


def test_columns_come_in_the_order_and_width_chosen(get, companies):
    response = get(columns="name:300,founded,stage:99999,nothing,website:x")

    state = shown(response).state
    assert [(each.column.name, each.width) for each in state.columns] == [
        ("name", 300), ("founded", 0), ("stage", 0), ("website", 0),
    ]  # fmt: skip
    assert '<col width="300">' in response.content.decode()


def test_the_columns_panel_sends_what_is_ticked(get, companies):
    response = get(
        show=["name", "owner", "stage"],
        known=["name", "stage", "owner"],
        width=["", "120", ""],
        columns="tags",
    )

    assert shown(response).params["columns"] == "name,owner,stage:120"
    assert shown(response).address == "/companies/?columns=name%2Cowner%2Cstage%3A120"


@pytest.mark.parametrize("slug", ["companies", "contacts"])
def test_every_column_there_is_can_be_shown_and_sorted(slug, as_member, alice, companies):
    create_contacts(
        {"Ada": {"family_name": "Ada", "emails": [{"email": "ada@initech.com"}], "birthday": "1990-01-02",
                 "language": "en", "preferred_channel": "email", "companies": [{"company": companies["Acorn"].pk}]}},
        actor=alice.as_actor(),
    )  # fmt: skip
    visitor = as_member(alice)
    listing = shown(visitor.get(f"/{slug}/")).listing
    names = ",".join(column.name for column in listing.columns)

    for column in listing.columns:
        if column.sort:
            for order in (column.name, f"-{column.name}"):
                page = visitor.get(f"/{slug}/", {"columns": names, "sort": order})
                assert page.status_code == 200
                assert page.context["list"].order == order
                assert len(page.context["list"].rows) == len(shown(visitor.get(f"/{slug}/")).rows)


def test_a_list_is_sorted_by_several_columns(get, companies):
    assert [row.title for row in shown(get(sort="industry,-name")).rows] == [
        "Birch",
        "Cedar",
        "Acorn",
    ]
    assert [row.title for row in shown(get(sort="-industry,name,bogus")).rows] == [
        "Acorn", "Cedar", "Birch",
    ]  # fmt: skip
    assert shown(get(sort="bogus")).order == "name"


def test_numbers_are_added_up_below_the_table(get, companies):
    def said(**params):
        return {each.column.name: each.value for each in shown(get(**params)).totals}

    assert said() == {"employees": "40", "revenue": "€150.50"}
    assert said(totals="employees:avg,revenue:max") == {"employees": "20", "revenue": "€100"}
    assert said(filter="employees:above:10") == {"employees": "30", "revenue": "€50.50"}
    assert said(columns="name,stage") == {}


def test_amounts_in_several_currencies_are_not_added_up(get, companies):
    Company.objects.filter(name="Birch").update(currency="USD")

    assert [each.column.name for each in shown(get()).totals] == ["employees"]


def test_rows_stand_in_groups_with_their_numbers(get, companies, alice, bob):
    def groups(**params):
        grouped = get(**params).context["grouped"]
        return [
            (str(shelf.label), shelf.count, [row.title for row in shelf.rows])
            for shelf in grouped.shelves
        ]

    assert groups(group="industry") == [
        ("Energy", 1, ["Birch"]),
        ("Software", 2, ["Acorn", "Cedar"]),
    ]
    assert groups(group="lifecycle_stage", sort="-name") == [
        ("Lead", 1, ["Acorn"]), ("Customer", 1, ["Birch"]), ("None", 1, ["Cedar"]),
    ]  # fmt: skip
    assert groups(group="industry", filter="employees:filled")[1] == ("Software", 1, ["Acorn"])
    assert get(group="name").context["grouped"] is None


def test_a_group_leads_to_its_rows_alone(get, companies):
    grouped = get(group="lifecycle_stage").context["grouped"]

    assert grouped.shelves[-1].more_url == "/companies/?filter=lifecycle_stage%3Aempty"


def test_a_board_has_a_column_for_each_choice_even_without_cards(get, companies):
    response = get(layout="board")
    board = response.context["board"]

    assert [(str(each.label), each.count) for each in board.shelves] == [
        ("Lead", 1), ("Opportunity", 0), ("Customer", 1), ("Former customer", 0), ("None", 1),
    ]  # fmt: skip
    assert 'data-field="lifecycle_stage"' in response.content.decode()
    assert [str(each.label) for each in get(layout="board", by="industry").context["board"].shelves] == [
        "Energy", "Software",
    ]  # fmt: skip


def test_a_board_shows_more_of_one_column_when_asked(as_member, alice, stages):
    rows = {n: {"name": f"Firm {n}", "lifecycle_stage": stages["lead"].pk} for n in range(25)}
    create_companies(rows, actor=alice.as_actor())
    visitor = as_member(alice)

    first = visitor.get("/companies/?layout=board").context["board"].shelves[0]
    more = visitor.get(first.more_url).context["board"].shelves[0]

    assert (len(first.rows), first.left, len(more.rows), more.left) == (20, 5, 25, 0)


def test_a_card_is_moved_by_the_fields_own_form(as_member, alice, carol, companies, stages):
    acorn, customer = companies["Acorn"], stages["customer"]
    url = f"/companies/{acorn.pk}/field/lifecycle_stage/"

    assert as_member(alice).post(url, {"lifecycle_stage": str(customer.pk)}).status_code == 302
    acorn.refresh_from_db()
    assert acorn.lifecycle_stage == customer
    refused = as_member(carol).post(url, {"lifecycle_stage": ""}, headers={"HX-Request": "true"})
    assert refused.status_code == 403
    assert "does not include" in refused.content.decode()


@pytest.mark.parametrize("panel", ["sort", "columns"])
def test_the_panels_of_a_list_are_pages_too(panel, get, companies):
    part = get(f"{panel}/", sort="-name,stage", columns="name,stage,owner:90")
    state = part.context["state"]

    assert part.status_code == 200
    assert state.url() == "/companies/?sort=-name%2Cstage&columns=name%2Cstage%2Cowner%3A90"
    text = part.content.decode()
    if panel == "sort":
        assert "/companies/?columns=name%2Cstage%2Cowner%3A90&amp;sort=name%2Cstage" in text
    else:
        assert "/companies/?sort=-name%2Cstage&amp;columns=name%2Cowner%3A90%2Cstage" in text


# ---------- The form of a condition ----------
def test_a_condition_is_made_in_two_steps_without_script(get, companies):
    fields = get("filter/", f_at="+", sort="name").content.decode()
    form = get("filter/", f_at="+", f_field="employees", sort="name").content.decode()

    assert "f_field=employees" in fields
    assert "f_field=contacts.title" in fields
    assert '<option value="above"' in form
    made = shown(get(f_at="+", f_field="employees", f_op="above", f_value="10", sort="name"))
    assert made.params == {"sort": "name", "filter": "employees:above:10"}
    assert [row.title for row in made.rows] == ["Birch"]


def test_conditions_are_added_changed_joined_and_removed(get, companies):
    def made(now, **said):
        return shown(get(filter=now, **{f"f_{name}": value for name, value in said.items()}))

    added = made(
        "employees:above:10", at="+", field="industry", op="any", value=["energy", "software"]
    )
    assert added.params["filter"] == "employees:above:10,industry:any:energy|software"
    changed = made("employees:above:10", at="0", field="employees", op="empty", value="7")
    assert changed.params["filter"] == "employees:empty"
    either = made("employees:above:10", at="0.+", field="name", op="contains", value="ced")
    assert either.params["filter"] == "or(employees:above:10,name:contains:ced)"
    assert either.conditions.joint == "or"
    assert (
        either.conditions.joint_url
        == "/companies/?filter=employees%3Aabove%3A10%2Cname%3Acontains%3Aced"
    )
    assert either.conditions.parts[0].url == "/companies/?filter=name%3Acontains%3Aced"


def test_chips_speak_like_people(get, companies, alice):
    text = (
        "owner:any:me,industry:none:energy|software|food,updated_at:last:30,"
        "created_at:in:this_quarter,contacts.title:contains:chief,revenue:empty"
    )
    parts = shown(get(filter=text)).conditions.parts

    assert [f"{each.label} {each.operator} {each.value}".strip() for each in parts] == [
        "Owner is any of Me",
        "Industry is none of Energy, Software +1",
        "Last change in the last 30 days",
        "Added in this quarter",
        "Contacts · Job title contains chief",
        "Revenue is empty",
    ]


@pytest.mark.parametrize(
    "said",
    [
        {"f_field": "employees", "f_op": "above", "f_value": "many"},
        {"f_field": "employees", "f_op": "above", "f_value": " "},
        {"f_field": "salary", "f_op": "is", "f_value": "1"},
        {"f_field": "employees", "f_op": "sounds", "f_value": "1"},
    ],
)
def test_a_condition_that_cannot_be_asked_shows_no_rows(said, get, companies):
    response = get(**said)

    assert response.status_code == 400
    assert shown(response).problem


@pytest.mark.parametrize("params", [{"f_at": "9.9.x"}, {"f_field": "salary"}, {"f_field": "a.b.c"}])
def test_the_form_of_a_condition_takes_whatever_address(params, get, companies):
    assert get("filter/", **params).status_code == 200


@pytest.mark.parametrize("kind", ["companies", "contacts"])
def test_every_field_has_a_form_for_every_operator(kind, as_member, alice):
    visitor = as_member(alice)
    fields = shown(visitor.get(f"/{kind}/")).listing.filterable.fields

    for field in fields:
        answer = visitor.get(
            f"/{kind}/filter/", {"f_field": field.name}, headers={"HX-Request": "true"}
        )
        for operator in answer.context["editor"].operators:
            said = {"f_field": field.name, "f_op": operator.name}
            assert visitor.get(f"/{kind}/filter/", said).context["editor"].operator is operator


def test_a_company_is_picked_by_its_name(as_member, alice, companies):
    said = {"f_at": "+", "f_field": "company", "f_op": "any", "f_value": "acorn"}

    made = shown(as_member(alice).get("/contacts/", said))

    assert made.params["filter"] == f"company:any:{companies['Acorn'].pk}"
    assert made.conditions.parts[0].value == "Acorn"


# ---------- One field, one record ----------
def test_a_cell_is_edited_in_place(as_member, alice, companies):
    visitor, acorn = as_member(alice), companies["Acorn"]
    headers = {"HX-Request": "true"}
    url = f"/companies/{acorn.pk}/field/employees/"

    form = visitor.get(url, headers=headers).content.decode()
    wrong = visitor.post(url, {"employees": "many"}, headers=headers)
    right = visitor.post(url, {"employees": "1234"}, headers=headers)

    assert 'value="10"' in form
    assert "<!doctype" not in form.lower()
    assert wrong.status_code == 422
    assert "whole number" in wrong.content.decode()
    assert right.content.decode().strip() == "1,234"
    acorn.refresh_from_db()
    assert acorn.employees == 1234


def test_a_field_is_read_alone_after_somebody_else_changed_it(as_member, alice, companies):
    visitor, acorn = as_member(alice), companies["Acorn"]
    headers = {"HX-Request": "true"}

    in_list = visitor.get(f"/companies/{acorn.pk}/field/employees/?read=", headers=headers)
    on_page = visitor.get(f"/companies/{acorn.pk}/field/employees/?on=page&read=", headers=headers)
    unknown = visitor.get(f"/companies/{acorn.pk}/field/salary/?read=", headers=headers)

    assert in_list.content.decode().strip() == "10"
    assert "Edit Employees" in on_page.content.decode()
    assert unknown.status_code == 404


def test_only_the_named_field_of_a_form_is_written(as_member, alice, companies):
    acorn = companies["Acorn"]

    as_member(alice).post(
        f"/companies/{acorn.pk}/field/industry/", {"industry": "Energy", "name": "X"}
    )

    acorn.refresh_from_db()
    assert (acorn.name, acorn.industry) == ("Acorn", "energy")


def test_a_field_there_is_not_is_not_found(as_member, alice, companies):
    acorn = companies["Acorn"]

    assert as_member(alice).get(f"/companies/{acorn.pk}/field/salary/").status_code == 404
    assert as_member(alice).get(f"/companies/{acorn.pk}/field/name_key/").status_code == 404


def test_a_record_is_previewed_beside_the_list(as_member, alice, bob, companies):
    url, headers = f"/companies/{companies['Acorn'].pk}/preview/", {"HX-Request": "true"}

    text = as_member(alice).get(url, headers=headers).content.decode()

    assert "Acorn" in text
    assert "<!doctype" not in text.lower()
    assert as_member(alice).get(url).status_code == 302
    assert as_member(bob).get(url, headers=headers).status_code == 404
