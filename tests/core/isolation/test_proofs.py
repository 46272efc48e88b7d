"""What proves something in one workspace is worth nothing in another."""

from allauth.account.models import EmailAddress, EmailConfirmationHMAC

from tests.conftest import Visitor, inside, nothing_written


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
