"""Whatever can be done is tested by name or by the page that does it."""

import ast
import re

import pytest

from tests.architecture.reading import files, functions, product_code, text_of

TESTS = "\n".join(text_of(name) for name in files(".py") if name.startswith("tests/"))
# Tested through what people do: the file and the test that do it.
THROUGH_PAGES = {
    "admit_arrival": "tests/tenants/sso/test_oidc.py::test_a_new_person_becomes_a_member_with_the_role_of_their_group",
    "provision_member": "tests/api/scim/test_users.py::test_okta_makes_a_member",
    "change_provisioned": "tests/api/scim/test_changing_users.py::test_okta_replaces",
    "provision_team": "tests/api/scim/test_groups.py::test_a_group_is_a_team",
    "change_provisioned_team": "tests/api/scim/test_groups.py::test_it_is_replaced",
    "remove_provisioned_team": "tests/api/scim/test_groups.py::test_it_is_deleted",
    "accept_invitation": "tests/tenants/members/test_invite.py::test_an_invited_colleague_joins_with_the_role_and_is_logged_in",
    "invite_members": "tests/tenants/members/test_invite.py::test_an_invited_colleague_joins_with_the_role_and_is_logged_in",
    "mail_invitation": "tests/tenants/members/test_invite.py::test_an_invited_colleague_joins_with_the_role_and_is_logged_in",
    "resend_invitation": "tests/tenants/members/test_invite.py::test_an_invitation_sent_anew_ends_the_link_before",
    "change_member": "tests/tenants/members/test_member_pages.py::test_role_and_teams_are_changed_together",
    "revoke_invitation": "tests/tenants/members/test_invite.py::test_a_revoked_invitation_does_not_work",
    "revoke_keys_of": "tests/tenants/members/test_leaving.py::test_sessions_and_keys_end_at_once",
    "accept_join_request": "tests/tenants/members/test_domains.py::test_a_colleague_joins_with_the_role_and_teams_of_the_domain",
    "answer_join_request": "tests/tenants/members/test_domains.py::test_everybody_is_answered_alike",
    "add_version": "tests/crm/records/test_files.py::test_a_newer_version_counts_and_the_older_stays",
    "pin_note": "tests/crm/records/test_notes.py::test_pinned_notes_stand_above_the_others",
    "rename_file": "tests/crm/records/test_files.py::test_a_file_is_renamed",
    "restore_file": "tests/crm/records/test_files.py::test_a_deleted_file_is_gone_can_be_brought_back_and_is_destroyed_in_time",
    "restore_note": "tests/crm/records/test_notes.py::test_a_deleted_note_is_gone_and_can_be_brought_back",
    "add_member": "tests/tenants/members/test_invite.py::test_an_invited_colleague_joins_with_the_role_and_is_logged_in",
    "begin_signup": "tests/tenants/signup/test_signup.py::test_a_company_signs_up_and_is_let_in",
    "create_companies": "tests/crm/customers/test_companies.py::test_a_company_is_added_with_its_values_understood",
    "create_stages": "tests/crm/transfer/test_deciding.py::test_unknown_stages_are_made_only_when_that_is_wanted",
    "create_tags": "tests/crm/transfer/test_contacts.py::test_lists_links_and_values_of_a_contact_come_in",
    "delete_company": "tests/crm/customers/test_companies.py::test_deleting_a_company_leaves_its_people",
    "delete_contact": "tests/crm/customers/test_contacts.py::test_deleting_a_contact_leaves_one_event",
    "hand_over": "tests/tenants/signup/test_signup.py::test_a_company_signs_up_and_is_let_in",
    "note_login_changed": "tests/tenants/members/test_two_step.py::test_an_app_counts_once_one_of_its_codes_was_entered",
    "note_updated": "tests/crm/history/test_journal.py::test_the_event_tells_the_version",
    "request_workspace": "tests/tenants/signup/test_signup.py::test_a_company_signs_up_and_is_let_in",
    "resend_code": "tests/tenants/signup/test_signup.py::test_another_code_waits_a_moment_and_ends_the_first",
    "update_contact": "tests/crm/customers/test_contacts.py::test_the_last_of_a_list_can_be_made_primary",
    "update_profile": "tests/tenants/members/test_profile.py::test_a_member_changes_their_own_profile",
    "update_companies": "tests/crm/customers/test_companies.py::test_a_change_is_one_event_that_names_the_fields",
}


def operations() -> list[str]:
    """Return the public functions of operation modules that act in somebody's name or in a transaction."""
    return sorted(
        {
            function.name
            for name in product_code()
            if name.endswith("/operations.py") or "/operations/" in name
            for function in functions(name)
            if not function.name.startswith("_") and (_has_actor(function) or _is_atomic(function))
        }
    )


def _has_actor(function: ast.FunctionDef) -> bool:
    return any(argument.arg == "actor" for argument in function.args.kwonlyargs)


def _is_atomic(function: ast.FunctionDef) -> bool:
    return any("atomic" in ast.unparse(decorator) for decorator in function.decorator_list)


def commands() -> list[str]:
    return sorted(
        name.rpartition("/")[2].removesuffix(".py")
        for name in product_code()
        if "/management/commands/" in name and not name.endswith("__init__.py")
    )


@pytest.mark.parametrize("name", operations())
def test_every_operation_has_a_test(name):
    path, _, test = THROUGH_PAGES.get(name, "").partition("::")

    assert f"def {test}(" in text_of(path) if test else re.search(rf"\b{name}\b", TESTS)


def test_no_operation_is_excused_that_is_gone():
    assert THROUGH_PAGES.keys() <= set(operations())


@pytest.mark.parametrize("name", commands())
def test_every_command_has_a_test(name):
    assert f'"{name}"' in TESTS


def test_every_operation_that_acts_for_somebody_takes_them_by_name():
    """An actor passed by position could be mistaken for the subject."""
    positional = [
        f"{name}: {function.name}"
        for name in product_code()
        if name.endswith("/operations.py") or "/operations/" in name
        for function in functions(name)
        if any(argument.arg == "actor" for argument in function.args.args)
        and not function.name.startswith("_")
    ]

    assert positional == []
