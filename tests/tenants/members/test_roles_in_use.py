"""A role that anything still gives is not deleted: nobody comes in as less, or not at all, because of it."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db.models import ForeignKey
from django.utils.timezone import now

from api.scim.models import ScimSettings, ScimTeam
from core.events.models import Event
from tenants.members.models import Invitation, MailDomain, Role, Team
from tenants.sso.models import Connection, GroupRule
from tests.conftest import make_member, nothing_written


def invite(role, **values):
    at = now()
    values = {"email": "ina@acme.test", "token_hash": "x", **values}
    return Invitation.objects.create(
        role=role, created_at=at, expires_at=at + timedelta(days=7), **values
    )


def connect(**values):
    values = {"protocol": "oidc", "name": "Login", "issuer": "x", "reach": 0, **values}
    return Connection.objects.create(**values)


def have(role):
    member = make_member("uma@acme.test", Role.Key.VIEWER)
    member.role = role
    member.save()


# Every relation to a role, and how something comes to have one.
USES = {
    "members.User.role": have,
    "members.Invitation.role": invite,
    "members.MailDomain.role": lambda role: MailDomain.objects.create(
        name="acme.example", secret="x", role=role
    ),
    "sso.Connection.default_role": lambda role: connect(default_role=role),
    "sso.GroupRule.role": lambda role: GroupRule.objects.create(
        connection=connect(), value="staff", role=role
    ),
    "scim.ScimSettings.default_role": lambda role: ScimSettings.objects.create(default_role=role),
    "scim.ScimTeam.role": lambda role: ScimTeam.objects.create(
        team=Team.objects.create(name="North"), role=role
    ),
}


@pytest.fixture
def scouts():
    return Role.objects.create(name="Scouts")


def by_page(visitor, role):
    return visitor.post(f"/settings/roles/{role.pk}/delete/")


def by_api(visitor, role):
    return visitor.delete(f"/api/v1/roles/{role.pk}/")


@pytest.mark.parametrize("door", [by_page, by_api])
@pytest.mark.parametrize("use", USES)
def test_it_is_refused(as_member, alice, scouts, use, door):
    USES[use](scouts)

    with nothing_written(Role, MailDomain, Connection, GroupRule, ScimSettings, ScimTeam, Event):
        answer = door(as_member(alice), scouts)

    assert answer.status_code == 409
    assert "e-mail domains" in answer.content.decode()


def test_every_relation_to_a_role_is_tried():
    relations = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.related_model is Role
    }

    assert relations == set(USES)


@pytest.mark.parametrize("door", [by_page, by_api])
def test_what_is_over_keeps_no_role(as_member, alice, scouts, door):
    invite(scouts, accepted_at=now())
    invite(scouts, email="ivo@acme.test", token_hash="y", revoked_at=now())

    assert door(as_member(alice), scouts).status_code in (204, 302)
    assert not Role.objects.filter(pk=scouts.pk).exists()


def test_an_invitation_that_ran_out_waits_to_be_sent_again(as_member, alice, scouts):
    invite(scouts)
    Invitation.objects.update(expires_at=now() - timedelta(days=1))

    with nothing_written(Role, Invitation):
        assert by_api(as_member(alice), scouts).status_code == 409
