"""Mail to one person, in their language, as text and HTML."""

from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation


def send(name: str, *, to: str, language: str, context: dict[str, Any]) -> None:
    """Send templates/emails/<name>: its first line is the subject, the rest the text."""
    with translation.override(language):
        subject, _separator, text = render_to_string(f"emails/{name}.txt", context).partition("\n")
        html = render_to_string(
            "emails/message.html", {"paragraphs": text.strip().split("\n\n"), "subject": subject}
        )
    message = EmailMultiAlternatives(subject.strip(), text.strip() + "\n", to=[to])
    message.attach_alternative(html, "text/html")
    message.send()
