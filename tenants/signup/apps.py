from django.apps import AppConfig


class SignupConfig(AppConfig):
    name = "tenants.signup"
    label = "signup"
