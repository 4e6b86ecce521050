"""The form of a class's settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from playground.classrooms.actions import Settings
from playground.classrooms.models import CLASS_NAME, Classroom


class _When(forms.DateTimeField):
    """A moment as browsers ask for it."""

    widget = forms.DateTimeInput(
        attrs={"type": "datetime-local", "data-utc": ""}, format="%Y-%m-%dT%H:%M"
    )

    def __init__(self, **options: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        super().__init__(required=False, input_formats=formats, **options)


class SettingsForm(forms.Form):
    """Asks for the name of a class and when pupils can come in."""

    name = forms.CharField(label=_("Name of the class"), max_length=CLASS_NAME)
    joining = forms.BooleanField(
        label=_("New pupils can join with the code"),
        required=False,
        help_text=_("Off: only pupils of the list come in, with their card."),
    )
    opens_at = _When(label=_("Opens"), help_text=_("Empty: it is open already."))
    closes_at = _When(label=_("Closes"), help_text=_("Empty: it stays open."))

    same_errors = forms.IntegerField(
        label=_("Stuck after the same error so many times in a row"), min_value=1, max_value=20
    )
    quiet_minutes = forms.IntegerField(
        label=_("Stuck after so many minutes of work without a run that succeeds"),
        min_value=1,
        max_value=60,
    )

    @classmethod
    def of(cls, classroom: Classroom) -> dict[str, Any]:
        """What the form shows of a class."""
        return {
            "name": classroom.name,
            "joining": classroom.joining,
            "opens_at": classroom.opens_at,
            "closes_at": classroom.closes_at,
            "same_errors": classroom.same_errors,
            "quiet_minutes": classroom.quiet_minutes,
        }

    def settings(self) -> Settings:
        """What was asked for, of a valid form."""
        return Settings(**{name: self.cleaned_data[name] for name in self.fields})
