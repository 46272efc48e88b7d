"""The form fields sealed fields offer: those of their plain cousins."""

from django.forms import CharField, DateField, JSONField, Textarea

__all__ = ["CharField", "DateField", "JSONField", "Textarea"]
