from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "crm.home"
    label = "home"
