"""What second factors keep is sealed under the workspace's key."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from uuid import UUID

from allauth.mfa.adapter import DefaultMFAAdapter

from compliance.encryption.values import seal_value, unseal_value
from core.isolation.scope import current_workspace

UID = "members.second_factor"
# The log-in library says whose secret it is only when it stores it, so nothing but the workspace is bound.
NO_ROW = UUID(int=0)


class SealedFactors(DefaultMFAAdapter):
    """Where the log-in library asks how second factors are kept and what they are called."""

    def encrypt(self, text: str) -> str:
        sealed = seal_value(text.encode(), uid=UID, row=NO_ROW, subject=None)
        return urlsafe_b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        blob = urlsafe_b64decode(encrypted_text)
        return unseal_value(blob, uid=UID, row=NO_ROW).decode()

    def get_totp_issuer(self) -> str:
        return f"Atrium {current_workspace().name}"

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        """Return whom a passkey belongs to: this workspace's host, and none beside it."""
        return {**super().get_public_key_credential_rp_entity(), "name": self.get_totp_issuer()}
