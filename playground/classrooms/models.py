"""What is kept of a class: data and constraints, no workflows.

A pupil's place in a class is an ``Enrolment``. It is there before the pupil is: a name that a
teacher wrote onto the roster has no ``user`` until its card or a teacher's tap opens it.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

#: The longest name of a class and of a pupil, in characters.
CLASS_NAME = 100
PUPIL_NAME = 40


class Classroom(models.Model):
    """A class. Pupils come in by ``code`` while it is open, new ones only while ``joining``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=CLASS_NAME)
    code = models.CharField(max_length=12, unique=True)
    joining = models.BooleanField(default=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    archived = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            CheckConstraint(
                condition=Q(opens_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(opens_at__lt=models.F("closes_at")),
                name="classroom_opens_before_closing",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        """The id in addresses."""
        return self.id.hex

    @property
    def grant(self) -> str:
        """What its teachers' memberships in pupils' sessions have as ``granted_by``."""
        return f"class:{self.id.hex}"


class Teaching(models.Model):
    """A teacher of a class: its ``lead`` may everything, a ``helper`` what ``policy`` says."""

    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="teachings")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="teachings"
    )
    role = models.CharField(max_length=10, choices=[("lead", "lead"), ("helper", "helper")])

    class Meta:
        constraints = (
            UniqueConstraint(fields=["classroom", "user"], name="teaching_once"),
            CheckConstraint(condition=Q(role__in=["lead", "helper"]), name="teaching_role"),
        )

    def __str__(self) -> str:
        return f"{self.role} of {self.classroom_id}"


class Enrolment(models.Model):
    """A place on the roster of a class.

    ``skeleton`` is the name as the eye reads it (``names.skeleton``), once in a class. ``words`` is
    the hash of the card's three words, ``secret`` that of its QR code; both empty without a card.
    """

    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="enrolments")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="enrolments",
    )
    session = models.ForeignKey(
        "sessions_app.Session",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="enrolments",
    )
    name = models.CharField(max_length=PUPIL_NAME)
    skeleton = models.CharField(max_length=4 * PUPIL_NAME)
    words = models.CharField(max_length=128, blank=True, default="")
    secret = models.CharField(max_length=64, blank=True, default="", db_index=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    came_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            UniqueConstraint(fields=["classroom", "skeleton"], name="enrolment_name_once"),
            UniqueConstraint(
                fields=["classroom", "user"], condition=Q(user__isnull=False), name="enrolment_once"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Knock(models.Model):
    """A browser that asks to be let in under a name; it waits for a teacher's tap.

    ``secret`` is the hash of what that browser alone knows.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="knocks")
    secret = models.CharField(max_length=64, unique=True)
    browser = models.CharField(max_length=60)
    asked_at = models.DateTimeField(auto_now_add=True)
    let_in = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.browser} as {self.enrolment_id}"


class Look(models.Model):
    """That somebody else opened a pupil's session, from ``first_at`` to ``last_at``; the pupil
    sees these lines. ``name`` stays when the person goes."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="looks")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="looks",
    )
    name = models.CharField(max_length=60)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.enrolment_id}"
