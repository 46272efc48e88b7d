"""The caller's own profile through the API."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import MULTIPART_CONTENT, encode_multipart
from PIL import Image

from core.events.models import Event
from crm.customers.models.contacts import Contact
from crm.customers.operations.contacts import create_contact
from tenants.members.models import User
from tests.conftest import nothing_written

ME = "/api/v1/me/"


def test_a_program_reads_and_changes_its_members_profile(program_of, bob):
    program = program_of(bob)
    assert program.get(ME).json()["email"] == "bob@acme.test"

    said = program.send("patch", ME, {"given_name": "Robert", "time_zone": "Asia/Shanghai"}).json()

    assert (said["name"], said["time_zone"]) == ("Robert Reed", "Asia/Shanghai")
    with nothing_written(User, Event):
        for body in (
            {"email": "robert@acme.test"},
            {"role": str(bob.role_id)},
            {"is_active": False},
            {"time_zone": "Mars/Olympus"},
            {"language": "tlh"},
        ):
            assert program.send("patch", ME, body).status_code in (200, 400)


def test_a_photo_is_set_and_removed(program_of, bob):
    program, written = program_of(bob), BytesIO()
    Image.new("RGB", (300, 200)).save(written, "PNG")
    body = encode_multipart("x", {"photo": SimpleUploadedFile("me.png", written.getvalue())})

    content_type = MULTIPART_CONTENT.replace("BoUnDaRyStRiNg", "x")
    said = program.put(f"{ME}photo/", body, content_type=content_type).json()

    assert said["photo"] == f"/photos/{User.objects.get(pk=bob.pk).photo}/"
    assert program.delete(f"{ME}photo/").status_code == 204
    assert User.objects.get(pk=bob.pk).photo is None
    bad = encode_multipart("x", {"photo": SimpleUploadedFile("me.png", b"<svg/>")})
    assert program.put(f"{ME}photo/", bad, content_type=content_type).status_code == 400


def test_a_member_leaves_and_a_key_does_not(program_of, as_member, alice, bob):
    create_contact(given_name="Ann", actor=bob.as_actor())
    with nothing_written(User, Contact):
        assert program_of(bob).send("post", f"{ME}leave/", {}).status_code == 403

    answer = as_member(bob).post(f"{ME}leave/", {}, content_type="application/json")

    assert answer.status_code == 204
    assert not User.objects.get(pk=bob.pk).is_active
    assert set(Contact.objects.values_list("owner", flat=True)) == {alice.pk}
