"""A member's photo is checked, redrawn, sealed, and shown to colleagues alone."""

from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core.events.models import Event
from crm.photos.operations import remove_photo, set_photo
from crm.photos.pictures import SIDE
from tenants.members.models import User
from tests.conftest import Visitor, nothing_written

PAGE = "/settings/profile/photo/"


def picture(kind="JPEG", size=(600, 400), colour=(200, 30, 30), **options):
    written = BytesIO()
    mode = "RGB" if kind == "JPEG" else "RGBA"
    Image.new(mode, size, colour).save(written, kind, **options)
    return written.getvalue()


def with_place():
    """A picture lying on its side, which tells where and with what it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Canary Camera"
    half = Image.new("RGB", (400, 400), (0, 0, 255))
    half.paste((255, 0, 0), (0, 0, 200, 400))
    written = BytesIO()
    half.save(written, "JPEG", exif=exif, quality=95)
    return written.getvalue()


@pytest.fixture
def send(as_member):
    def post(member, content, name="me.jpg"):
        return as_member(member).post(PAGE, {"photo": SimpleUploadedFile(name, content)})

    return post


def photo_of(member):
    return User.objects.get(pk=member.pk).photo


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_colleagues_see_a_small_square(send, as_member, bob, carol, kind):
    send(bob, picture(kind))

    shown = as_member(carol).get(f"/photos/{photo_of(bob)}/")

    assert shown["Content-Type"] == "image/webp"
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert Image.open(BytesIO(shown.content)).size == (SIDE, SIDE)


def test_it_is_upright_and_tells_no_place(send, as_member, bob):
    send(bob, with_place())

    shown = as_member(bob).get(f"/photos/{photo_of(bob)}/").content

    drawn = Image.open(BytesIO(shown)).convert("RGB")
    assert drawn.getpixel((128, 30))[0] > 200 > drawn.getpixel((128, 230))[0]
    assert b"Canary" not in shown
    assert not drawn.getexif()


def test_what_is_kept_is_sealed(send, acme, bob):
    send(bob, picture())

    with default_storage.open(f"{acme.schema}/photos/{photo_of(bob)}") as kept:
        assert b"WEBP" not in kept.read()


BAD = {
    "a page": b"<html><script>alert(1)</script>",
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "half a picture": picture("PNG", (900, 900), (1, 2, 3, 4))[:200],
    "an icon": b"\x00\x00\x01\x00" + b"\x00" * 200,
    "nothing": b"",
    "a huge picture in a small file": picture("PNG", (9000, 9000), (0, 0, 0, 255)),
    "a large file": b"\xff\xd8\xff" + b"\x00" * (10 * 2**20),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_picture_is_refused(send, as_member, bob, what):
    visitor = as_member(bob)

    with nothing_written(User, Event):
        response = visitor.post(PAGE, {"photo": SimpleUploadedFile("me.jpg", BAD[what])})

    assert response.status_code == 302
    assert photo_of(bob) is None


def test_a_new_photo_takes_the_place_of_the_old_one(
    send, as_member, bob, django_capture_on_commit_callbacks
):
    send(bob, picture())
    first = photo_of(bob)
    with django_capture_on_commit_callbacks(execute=True):
        send(bob, picture(colour=(0, 0, 0)))

    assert as_member(bob).get(f"/photos/{first}/").status_code == 404
    assert as_member(bob).get(f"/photos/{photo_of(bob)}/").status_code == 200


def test_initials_come_back_without_it(send, as_member, bob, alice):
    send(bob, picture())
    page = as_member(alice).get("/settings/members/").content.decode()
    assert f"/photos/{photo_of(bob)}/" in page

    as_member(bob).post(f"{PAGE}remove/")

    page = as_member(alice).get("/settings/members/").content.decode()
    assert "/photos/" not in page
    assert "<span>BR</span>" in page


def test_nobody_sets_or_removes_anothers(bob, carol):
    with nothing_written(User, Event):
        with pytest.raises(PermissionDenied):
            set_photo(bob, source=BytesIO(picture()), actor=carol.as_actor())
        with pytest.raises(PermissionDenied):
            remove_photo(bob, actor=carol.as_actor())


def test_strangers_and_neighbours_see_none(send, as_member, acme, bob, eve):
    send(bob, picture())
    url = f"/photos/{photo_of(bob)}/"

    assert Visitor(acme).get(url).status_code == 302
    assert as_member(eve).get(url).status_code == 404
