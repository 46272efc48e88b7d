"""How pages are drawn: where templates lie, and the words they know."""

from typing import Any

from config import env

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [env.BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.shell.context",
            ],
            "builtins": [
                "core.templatetags.ui",
                "core.templatetags.shell",
                "django.templatetags.i18n",
                "core.templatetags.texts",
            ],
        },
    }
]
