"""Key-encryption keys in files."""

import stat
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from compliance.encryption.checks import refuse_faulty_keys
from compliance.encryption.errors import KeyDestroyed, KeyUnavailable, Tampered
from compliance.encryption.key_files import KeyFileProvider
from compliance.encryption.providers import key_provider
from core.ids import new_id


@pytest.fixture(autouse=True)
def inside_acme():
    """Nothing here touches a database."""


@pytest.fixture
def provider(tmp_path):
    return KeyFileProvider(tmp_path / "keys")


@pytest.fixture
def epoch(provider):
    epoch = new_id()
    provider.create(epoch)
    return epoch


def key_file(provider, epoch):
    return provider.folder / f"{epoch}.key"


def test_a_wrapped_key_opens_in_its_own_context_only(provider, epoch):
    wrapped = provider.wrap(epoch, b"k" * 32, context=b"tenant a")

    assert provider.unwrap(epoch, wrapped, context=b"tenant a") == b"k" * 32
    assert b"k" * 8 not in wrapped
    with pytest.raises(Tampered):
        provider.unwrap(epoch, wrapped, context=b"tenant b")
    with pytest.raises(ValueError, match="context"):
        provider.wrap(epoch, b"k" * 32, context=b"")


def test_keys_are_readable_by_their_owner_alone(provider, epoch):
    assert stat.S_IMODE(key_file(provider, epoch).stat().st_mode) == 0o600
    assert stat.S_IMODE(provider.folder.stat().st_mode) == 0o700
    assert [path.name for path in provider.folder.iterdir()] == [f"{epoch}.key"]


def test_making_an_epoch_again_keeps_its_key(provider, epoch):
    before = key_file(provider, epoch).read_bytes()

    provider.create(epoch)

    assert key_file(provider, epoch).read_bytes() == before


WRAP = """
import sys; from pathlib import Path; from uuid import UUID
from compliance.encryption.key_files import KeyFileProvider
provider, epoch = KeyFileProvider(Path(sys.argv[1])), UUID(sys.argv[2])
provider.create(epoch)
print(provider.wrap(epoch, b"k" * 32, context=b"test").hex())
"""


def test_processes_that_start_at_once_share_one_key(provider):
    epoch = new_id()
    command = [sys.executable, "-c", WRAP, str(provider.folder), str(epoch)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    wrapped = [bytes.fromhex(process.communicate()[0]) for process in started]

    assert {provider.unwrap(epoch, each, context=b"test") for each in wrapped} == {b"k" * 32}


def test_a_destroyed_epoch_is_gone_for_good(provider, epoch):
    wrapped = provider.wrap(epoch, b"k" * 32, context=b"test")

    provider.destroy(epoch)
    provider.destroy(epoch)

    assert not key_file(provider, epoch).exists()
    for instance in (provider, KeyFileProvider(provider.folder)):
        with pytest.raises(KeyDestroyed):
            instance.unwrap(epoch, wrapped, context=b"test")


def test_a_missing_key_is_a_fault_and_no_erasure(provider, epoch):
    wrapped = provider.wrap(epoch, b"k" * 32, context=b"test")
    key_file(provider, epoch).unlink()
    provider.forget()

    with pytest.raises(KeyUnavailable, match="VAULT_KEY_DIR"):
        provider.unwrap(epoch, wrapped, context=b"test")


FAULTS = {
    "open to other users": lambda path: path.chmod(0o640),
    "not a key of 32 bytes": lambda path: path.write_bytes(b"short"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_key_file_stops_start_up_with_a_sentence(provider, epoch, settings, fault):
    path = key_file(provider, epoch)
    FAULTS[fault](path)
    settings.VAULT_KEY_DIR = provider.folder
    key_provider.cache_clear()

    try:
        with pytest.raises(ImproperlyConfigured, match=fault) as refused:
            refuse_faulty_keys()
    finally:
        key_provider.cache_clear()

    assert str(path) in str(refused.value)
    with pytest.raises(KeyUnavailable, match=fault):
        KeyFileProvider(provider.folder).wrap(epoch, b"k" * 32, context=b"test")


def test_a_folder_that_is_not_there_yet_is_no_fault(tmp_path):
    assert KeyFileProvider(tmp_path / "keys").problems() == []
