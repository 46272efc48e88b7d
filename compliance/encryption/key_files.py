"""Key-encryption keys as files: one per epoch, readable by the application's user alone."""

import os
import secrets
import stat
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from compliance.encryption.envelope import NONCE_BYTES
from compliance.encryption.errors import KeyDestroyed, KeyUnavailable, Tampered

KEY_BYTES = 32
FILE_MODE = 0o600
FOLDER_MODE = 0o700
KEY = ".key"
DESTROYED = ".destroyed"


class KeyFileProvider:
    """Keeps epochs in a folder outside every database; a destroyed epoch leaves a marker."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(settings.VAULT_KEY_DIR)
        self._ciphers: dict[UUID, AESGCM] = {}

    def create(self, epoch: UUID) -> None:
        """Write the epoch's key, whole or not at all; an existing key is kept."""
        self.folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        draft = self.folder / f".{epoch}.{secrets.token_hex(8)}"
        _write(draft, secrets.token_bytes(KEY_BYTES))
        try:
            # A link either appears complete or fails: two processes cannot both win.
            self._path(epoch).hardlink_to(draft)
        except FileExistsError:
            return
        finally:
            draft.unlink()
            _flush_folder(self.folder)

    def wrap(self, epoch: UUID, key: bytes, *, context: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher(epoch).encrypt(nonce, key, _checked(context))

    def unwrap(self, epoch: UUID, wrapped: bytes, *, context: bytes) -> bytes:
        cipher = self._cipher(epoch)
        try:
            return cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _checked(context))
        except InvalidTag:
            raise Tampered("A wrapped key was changed, or moved to another context.") from None

    def destroy(self, epoch: UUID) -> None:
        """Overwrite and remove the epoch's key. Everything still wrapped under it is lost."""
        path = self._path(epoch)
        marker = path.with_suffix(DESTROYED)
        if not marker.exists():
            _write(marker, b"")
        if path.exists():
            with path.open("r+b") as file:
                file.write(bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        self._ciphers.pop(epoch, None)
        _flush_folder(self.folder)

    def forget(self) -> None:
        self._ciphers.clear()

    def problems(self) -> list[str]:
        """Return a sentence for everything wrong with the folder and the keys in it."""
        if not self.folder.exists():
            return []
        paths = [self.folder, *sorted(self.folder.glob(f"*{KEY}"))]
        return [problem for path in paths if (problem := _problem(path))]

    def _path(self, epoch: UUID) -> Path:
        return self.folder / f"{epoch}{KEY}"

    def _cipher(self, epoch: UUID) -> AESGCM:
        cipher = self._ciphers.get(epoch)
        if cipher is None:
            cipher = self._ciphers[epoch] = AESGCM(self._read(epoch))
        return cipher

    def _read(self, epoch: UUID) -> bytes:
        path = self._path(epoch)
        if path.with_suffix(DESTROYED).exists():
            raise KeyDestroyed(f"Epoch {epoch} was destroyed.")
        problem = _problem(path)
        if problem:
            raise KeyUnavailable(problem)
        return path.read_bytes()


def _problem(path: Path) -> str | None:
    try:
        found = path.stat()
    except OSError:
        return f"{path} is missing: restore it from its offline copy, or correct VAULT_KEY_DIR."
    if stat.S_IMODE(found.st_mode) & 0o077:
        wanted = FOLDER_MODE if path.is_dir() else FILE_MODE
        return f"{path} is open to other users: chmod {wanted:o} {path}"
    if not os.access(path, os.R_OK):
        return f"{path} cannot be read by the application's user."
    if path.is_file() and found.st_size != KEY_BYTES:
        return f"{path} is not a key of {KEY_BYTES} bytes: restore it from its offline copy."
    return None


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _checked(context: bytes) -> bytes:
    if not context:
        raise ValueError("A key is wrapped for a context; an empty one would fit anywhere.")
    return context
