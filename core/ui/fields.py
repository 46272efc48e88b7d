"""Which control component draws a form field, decided by its widget."""

from django.forms import BoundField, widgets  # noqa: TID251 - draws what forms declare

CONTROLS: tuple[tuple[type[widgets.Widget], str], ...] = (
    (widgets.PasswordInput, "password"),
    (widgets.CheckboxSelectMultiple, "choices"),
    (widgets.RadioSelect, "choices"),
    (widgets.CheckboxInput, "check"),
)


def control_of(field: BoundField) -> str:
    """Return password, choices, check or, for everything else, plain."""
    for widget, control in CONTROLS:
        if isinstance(field.field.widget, widget):
            return control
    return "plain"
