"""Registers the checks of sealed models and key files, and the vault's part in provisioning."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class EncryptionConfig(AppConfig):
    name = "compliance.encryption"

    def ready(self) -> None:
        from compliance.encryption.checks import check_key_files, check_sealed_models
        from compliance.encryption.vault.epochs import start_first_epoch
        from compliance.encryption.vault.keys import create_tenant_keys, destroy_tenant_keys
        from tenants.provisioning.steps import STEPS

        register(check_sealed_models, Tags.models)
        register(check_key_files, Tags.security)
        STEPS.prepared.append(start_first_epoch)
        STEPS.created.append(create_tenant_keys)
        STEPS.deleted.append(destroy_tenant_keys)
