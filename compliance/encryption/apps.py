"""Registers the checks of sealed models and key files, and the vault's part in provisioning."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class EncryptionConfig(AppConfig):
    name = "compliance.encryption"

    def ready(self) -> None:
        from compliance.encryption.checks import check_key_files, check_sealed_models
        from compliance.encryption.erasure import destroy_tenant_keys
        from compliance.encryption.keyring import start_unit_of_work
        from compliance.encryption.vault.epochs import start_first_epoch
        from compliance.encryption.vault.keys import create_tenant_keys
        from core.isolation.scope import BEGINNINGS
        from tenants.provisioning.steps import STEPS

        BEGINNINGS.append(start_unit_of_work)
        register(check_sealed_models, Tags.models)
        register(check_key_files, Tags.security)
        STEPS.prepared.append(start_first_epoch)
        STEPS.created.append(create_tenant_keys)
        STEPS.deleted.append(destroy_tenant_keys)
