"""Where contents of files lie: sealed under the key of the record they belong to."""

from compliance.encryption.stored_files import Shelf

CONTENTS = Shelf("attachments", "crm.attachment.content")
