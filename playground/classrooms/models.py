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
    """A class. Pupils come in by ``code`` while it is open, new ones only while ``joining``.

    A pupil counts as stuck after ``same_errors`` of the same error in a row, or when ``active``
    without a successful run for ``quiet_minutes``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=CLASS_NAME)
    code = models.CharField(max_length=12, unique=True)
    joining = models.BooleanField(default=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    same_errors = models.PositiveSmallIntegerField(default=3)
    quiet_minutes = models.PositiveSmallIntegerField(default=5)
    paused_until = models.DateTimeField(null=True, blank=True)
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


class Standing(models.Model):
    """Where a pupil stands, as the wall shows it: written as things happen, never scanned for.

    ``error`` is the group of the last run's error, ``before`` that of the run before it.
    ``trying_ms`` is when the first run began after the last one that succeeded. Times in
    milliseconds since 1970 end in ``_ms``. ``seen_ms`` is when the pupil's page last said that it
    is open; 0 when it said that it goes.
    """

    enrolment = models.OneToOneField(
        Enrolment, on_delete=models.CASCADE, primary_key=True, related_name="standing"
    )
    run = models.CharField(max_length=12, blank=True, default="")
    number = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=160, blank=True, default="")
    output = models.CharField(max_length=160, blank=True, default="")
    shown = models.TextField(blank=True, default="")
    error = models.CharField(max_length=200, blank=True, default="")
    error_line = models.PositiveIntegerField(default=0)
    before = models.CharField(max_length=200, blank=True, default="")
    same_error = models.PositiveIntegerField(default=0)
    runs = models.PositiveIntegerField(default=0)
    ran_ms = models.PositiveBigIntegerField(null=True, blank=True)
    ok_ms = models.PositiveBigIntegerField(null=True, blank=True)
    trying_ms = models.PositiveBigIntegerField(null=True, blank=True)
    active_ms = models.PositiveBigIntegerField(null=True, blank=True)
    seen_ms = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"standing of {self.enrolment_id}"


class HelpRequest(models.Model):
    """A raised hand, with the entry that it is about: the session then can be opened as it was.

    Claimed by a teacher it falls back after a while; answered or taken back it has ended.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="hands")
    question = models.CharField(max_length=500, blank=True, default="")
    number = models.PositiveIntegerField(default=0)
    asked_ms = models.PositiveBigIntegerField()
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="claimed_hands",
    )
    claimed_ms = models.PositiveBigIntegerField(null=True, blank=True)
    ended_ms = models.PositiveBigIntegerField(null=True, blank=True)
    answered = models.BooleanField(default=False)

    class Meta:
        constraints = (
            UniqueConstraint(
                fields=["enrolment"], condition=Q(ended_ms__isnull=True), name="hand_up_once"
            ),
        )

    def __str__(self) -> str:
        return f"hand of {self.enrolment_id}"


class Note(models.Model):
    """A message from a teacher to a pupil; kept until it is read and a day old."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="notes")
    sender = models.CharField(max_length=60)
    text = models.CharField(max_length=500)
    at_ms = models.PositiveBigIntegerField()
    read = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"note to {self.enrolment_id}"
