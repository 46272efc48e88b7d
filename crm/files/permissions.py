"""Who may keep files with records, and who may take those of others away."""

from django.utils.translation import gettext_lazy as _

from core.access import rule
from core.actors import Actor
from core.permissions import WORKERS, declare
from crm.files.models import Attachment

ADD_FILE = declare("files.add_file", _("Add files"), roles=WORKERS)
DELETE_FILE = declare("files.delete_file", _("Delete files of one's own"), roles=WORKERS)
DELETE_ANY_FILE = declare("files.delete_any_file", _("Delete files of others"))


@rule(DELETE_FILE)
def added_it_or_deletes_any(actor: Actor, attachment: Attachment) -> bool:
    if DELETE_ANY_FILE in actor.permissions:
        return True
    authors = {version.author_id for version in attachment.versions.all()}
    return actor.user_id is not None and authors == {actor.user_id}
