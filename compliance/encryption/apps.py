"""Registers the checks that keep sealed models and key files in order."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class EncryptionConfig(AppConfig):
    name = "compliance.encryption"

    def ready(self) -> None:
        from compliance.encryption.checks import check_key_files, check_sealed_models

        register(check_sealed_models, Tags.models)
        register(check_key_files, Tags.security)
