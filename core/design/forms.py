"""A form that holds every kind of control, for the component page."""

from django import forms

from core.forms import Form

STAGES = [("lead", "Lead"), ("customer", "Customer"), ("lost", "Lost")]
REGIONS = [("eu", "European Union"), ("cn", "中国大陆")]


class SampleForm(Form):
    """Every control once; nothing is ever saved."""

    name = forms.CharField(label="Company name", help_text="As customers know it.")
    email = forms.EmailField(label="E-mail", required=False)
    website = forms.URLField(label="Website", required=False, assume_scheme="https")
    stage = forms.ChoiceField(label="Lifecycle stage", choices=STAGES)
    founded_on = forms.DateField(
        label="Founded", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    size = forms.IntegerField(label="Employees", required=False)
    description = forms.CharField(label="Description", required=False, widget=forms.Textarea)
    region = forms.ChoiceField(
        label="Where data is kept", choices=REGIONS, widget=forms.RadioSelect, initial="eu"
    )
    channels = forms.MultipleChoiceField(
        label="May be contacted by",
        required=False,
        choices=[("email", "E-mail"), ("phone", "Phone")],
        widget=forms.CheckboxSelectMultiple,
    )
    consent = forms.BooleanField(
        label="I accept the terms", help_text="Version of 1 November 2026."
    )
    file = forms.FileField(label="Customer file", required=False)
    slug = forms.CharField(label="Address", initial="halden")
    password = forms.CharField(label="Password", widget=forms.PasswordInput, min_length=12)
    code = forms.CharField(label="8-character code", max_length=8, required=False)
