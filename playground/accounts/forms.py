"""The forms of signing up, signing in, recovery and the profile: what is asked, in plain words."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from playground.accounts.models import User

#: Invisible, but part of words and emoji: joiners and direction marks of single letters.
_PART_OF_WORDS = frozenset("\u200c\u200d\u200e\u200f\u061c")


def _password(label: Any, *, new: bool) -> forms.CharField:
    complete = "new-password" if new else "current-password"
    return forms.CharField(
        label=label,
        strip=False,
        max_length=128,
        help_text=_("At least 8 characters.") if new else "",
        widget=forms.PasswordInput(attrs={"autocomplete": complete}),
    )


def _name() -> forms.CharField:
    return forms.CharField(
        label=_("Name"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class SignUpForm(forms.ModelForm[User]):
    """Asks for a name and a password; the e-mail address may stay empty."""

    password = _password(_("Password"), new=True)
    field_order = ("username", "password", "email")

    class Meta:
        model = User
        fields = ("username", "email")
        labels: ClassVar[dict[str, Any]] = {"email": _("E-mail (you may leave this empty)")}
        widgets: ClassVar[dict[str, Any]] = {
            "username": forms.TextInput(
                attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
            ),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    def clean_username(self) -> str:
        """Refuse a name that somebody has, in whatever case, or that looks like a guest's."""
        name = User.normalize_username(self.cleaned_data["username"])
        reserved = name.lower().startswith(("guest-", "pupil-"))
        if reserved or User.objects.filter(username__iexact=name).exists():
            raise ValidationError(_("This name is taken. Please choose another."), code="taken")
        return name

    def clean(self) -> dict[str, Any] | None:
        """Hold the password against the rules, which look at the name too."""
        cleaned = super().clean()
        values = self.cleaned_data
        if "password" in values:
            someone = User(username=values.get("username", ""), email=values.get("email", ""))
            _check_password(self, "password", someone)
        return cleaned


class SignInForm(forms.Form):
    """Asks for name and password."""

    username = _name()
    password = _password(_("Password"), new=False)


class RecoverForm(forms.Form):
    """Asks for the recovery code and a new password."""

    username = _name()
    code = forms.CharField(
        label=_("Recovery code"),
        max_length=60,
        help_text=_("You were shown it when you signed up: five groups of four characters."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = _password(_("New password"), new=True)

    def clean_password(self) -> str:
        """Hold the new password against the rules."""
        password: str = self.cleaned_data["password"]
        validate_password(password, User(username=self.cleaned_data.get("username", "")))
        return password


class Seen(forms.ModelForm[User]):
    """A name that others see must be one that can be seen."""

    def clean_display_name(self) -> str:
        """Refuse line breaks, marks that turn the text around, and what is invisible."""
        name: str = self.cleaned_data["display_name"].strip()
        hidden = any(not letter.isprintable() and letter not in _PART_OF_WORDS for letter in name)
        seen = any(letter.isprintable() and not letter.isspace() for letter in name)
        if hidden or (name and not seen):
            raise ValidationError(_("This name has a hidden character. Please type it anew."))
        return name


class ProfileForm(Seen):
    """Asks how others shall see one, and for an e-mail address."""

    class Meta:
        model = User
        fields = ("display_name", "email")
        labels: ClassVar[dict[str, Any]] = {
            "display_name": _("Name that others see"),
            "email": _("E-mail (you may leave this empty)"),
        }
        widgets: ClassVar[dict[str, Any]] = {
            "email": forms.EmailInput(attrs={"autocomplete": "email"})
        }


class GuestProfileForm(Seen):
    """Asks a guest how others shall see them."""

    class Meta:
        model = User
        fields = ("display_name",)
        labels: ClassVar[dict[str, Any]] = {"display_name": _("Name that others see")}


class PasswordForm(forms.Form):
    """Asks for the present password and a new one."""

    present = _password(_("Current password"), new=False)
    password = _password(_("New password"), new=True)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_present(self) -> str:
        """Refuse whoever does not know the present password."""
        return _present(self.user, self.cleaned_data["present"])

    def clean(self) -> dict[str, Any] | None:
        """Hold the new password against the rules."""
        cleaned = super().clean()
        if "password" in self.cleaned_data:
            _check_password(self, "password", self.user)
        return cleaned


class ConfirmForm(forms.Form):
    """Asks for the present password before something that matters."""

    present = _password(_("Current password"), new=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_present(self) -> str:
        """Refuse whoever does not know the present password."""
        return _present(self.user, self.cleaned_data["present"])


class SureForm(forms.Form):
    """Asks somebody who has no password to say that they are sure."""

    sure = forms.BooleanField(
        label=_("Yes, delete everything"),
        error_messages={"required": _("Tick the box if you are sure.")},
    )


def _present(user: User, password: str) -> str:
    if not user.check_password(password):
        raise ValidationError(_("This is not your present password."), code="wrong")
    return password


def _check_password(form: forms.BaseForm, field: str, user: User) -> None:
    try:
        validate_password(form.cleaned_data[field], user)
    except ValidationError as error:
        form.add_error(field, error)
