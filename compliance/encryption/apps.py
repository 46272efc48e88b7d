"""Checks keys and sealed models at start-up, and adds the vault's part to provisioning."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class EncryptionConfig(AppConfig):
    name = "compliance.encryption"

    def ready(self) -> None:
        from compliance.encryption.checks import check_sealed_models, refuse_faulty_keys
        from compliance.encryption.erasure import destroy_tenant_keys
        from compliance.encryption.keyring import start_unit_of_work
        from compliance.encryption.sign_on_secrets import WorkspaceSafe
        from compliance.encryption.vault.epochs import start_first_epoch
        from compliance.encryption.vault.keys import create_tenant_keys
        from core.isolation.scope import BEGINNINGS
        from tenants.lifecycle import STEPS
        from tenants.sso.sealing import keep_in

        refuse_faulty_keys()
        BEGINNINGS.append(start_unit_of_work)
        register(check_sealed_models, Tags.models)
        STEPS.prepared.append(start_first_epoch)
        STEPS.created.append(create_tenant_keys)
        STEPS.deleted.append(destroy_tenant_keys)
        keep_in(WorkspaceSafe())
