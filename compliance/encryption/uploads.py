"""Files on their way in: what waits on disk until a request has come in whole is sealed already."""

import tempfile
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from compliance.encryption.files import ChunkSealer, OpenedChunks
from core.limits import upload_limit

IN_MEMORY = 2**20


class SealedUploadHandler(FileUploadHandler):
    """Takes files of any size the sender may bring in little memory; larger ones pass by unread."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        self.is_welcome = content_length <= upload_limit(self.request)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if not self.is_welcome:
            return
        self.sealer = ChunkSealer()
        self.waiting = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if not self.is_welcome:
            return None
        self.waiting.write(self.sealer.add(raw_data))
        return None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if not self.is_welcome:
            return None
        self.waiting.write(self.sealer.finish())
        opened = OpenedChunks(cast(BinaryIO, self.waiting), self.sealer.cipher, start=0)
        return UploadedFile(
            cast(Any, opened),
            self.file_name,
            self.content_type,
            file_size,
            self.charset,
            self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        if waiting := getattr(self, "waiting", None):
            waiting.close()
