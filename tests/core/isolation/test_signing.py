"""What is signed or proven in one workspace is worth nothing in another."""

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.contrib.messages import INFO
from django.contrib.messages.storage.base import Message
from django.core.signing import BadSignature
from django.test import RequestFactory

from core.isolation.signing import MessageStorage, signer
from tests.conftest import Visitor, inside, nothing_written


def test_a_signature_holds_where_it_was_made(globex):
    signed = signer("invitation").sign_object({"role": "admin"})

    assert signer("invitation").unsign_object(signed) == {"role": "admin"}
    with pytest.raises(BadSignature):
        inside(globex, lambda: signer("invitation").unsign_object(signed))


def test_and_for_what_it_was_made(acme):
    signed = signer("invitation").sign("ada")

    with pytest.raises(BadSignature):
        signer("export").unsign(signed)


def test_a_cookie_with_messages_says_nothing_elsewhere(globex):
    request = RequestFactory().get("/")
    storage = MessageStorage(request)
    request.COOKIES[storage.cookie_name] = storage._encode([Message(INFO, "Ada was deleted.")])

    assert [str(each) for each in MessageStorage(request)] == ["Ada was deleted."]
    assert inside(globex, lambda: list(MessageStorage(request))) == []


def test_the_librarys_key_to_an_address_opens_no_door(alice, eve, globex, as_member):
    """The log-in library signs the bare number of an address, the same in every workspace."""
    here = EmailAddress.objects.get(user=alice)
    key = EmailConfirmationHMAC(here).key
    there = inside(globex, lambda: EmailAddress.objects.get(user=eve))
    there.verified = False
    inside(globex, there.save)

    for visitor in (as_member(alice), as_member(eve)):
        with nothing_written(EmailAddress):
            assert visitor.get(f"/confirm-email/{key}/").status_code == 404
            assert visitor.post(f"/confirm-email/{key}/").status_code == 404
    assert Visitor(globex).post(f"/confirm-email/{key}/").status_code == 302
    assert not inside(globex, lambda: EmailAddress.objects.get(user=eve).verified)
