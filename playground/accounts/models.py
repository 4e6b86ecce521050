"""The user: a guest, who is known by one browser's cookie alone, or a person with an account.

A guest becomes an account in place (``actions.sign_up``), so everything that belongs to the guest
belongs to the account without being moved.
"""

from __future__ import annotations

import unicodedata
import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import MinLengthValidator, RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

username_characters = RegexValidator(
    r"^[\w.-]+\Z", _("Use letters, digits, and . - _ only, without spaces.")
)


class User(AbstractUser):
    """Somebody who uses the playground.

    ``recovery_code`` is the hash of the code shown once after signing up; it is empty for guests.
    ``help_code`` is that of the code which an administrator made for a person who has lost theirs;
    it works once, until ``help_code_until``. A teacher may make classrooms. A pupil is a guest whom
    a classroom made: known by a card and not by one browser (``login_sessions``), and never removed
    by age.
    """

    first_name = None  # type: ignore[assignment]  # removes the field of AbstractUser
    last_name = None  # type: ignore[assignment]  # removes the field of AbstractUser
    username = models.CharField(
        _("name"),
        max_length=40,
        unique=True,
        validators=[MinLengthValidator(2), username_characters],
    )
    email = models.EmailField(_("e-mail"), blank=True)
    display_name = models.CharField(_("shown as"), max_length=60, blank=True)
    is_guest = models.BooleanField(_("guest"), default=False)
    is_pupil = models.BooleanField(_("pupil of a class"), default=False, editable=False)
    is_teacher = models.BooleanField(
        _("teacher"), default=False, help_text=_("May make classes and see their pupils' work.")
    )
    recovery_code = models.CharField(max_length=128, blank=True, editable=False)
    help_code = models.CharField(max_length=128, blank=True, editable=False)
    help_code_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[UserManager[User]] = UserManager()  # type: ignore[assignment]

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = (models.UniqueConstraint(Lower("username"), name="username_ignores_case"),)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What others see."""
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """What others see, under the name that Django's admin asks for."""
        return self.name

    def get_short_name(self) -> str:
        """As ``get_full_name``."""
        return self.name

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """Give names that look the same the same characters."""
        return unicodedata.normalize("NFKC", username)


class Device(models.Model):
    """A browser in which a person is signed in, by the key of its login session."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen = models.DateTimeField()

    def __str__(self) -> str:
        return self.browser


class DataExport(models.Model):
    """Everything about a person as one file: asked for, in the making, or there for some days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="data_export")
    state = models.CharField(
        max_length=10,
        default="waiting",
        choices=[(name, name) for name in ("waiting", "running", "done", "failed")],
    )
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"
