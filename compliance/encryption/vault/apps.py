"""The vault's tables, which the router keeps in the database "vault"."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "compliance.encryption.vault"
    label = "vault"
