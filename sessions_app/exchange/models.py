"""The one table of exports and imports."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q


class Transfer(models.Model):
    """An export or import of one person: what was asked, how far it is, what came of it.

    ``session`` is the public id of the session that is exported, or that an import made. The file
    lies in ``exchange.transfers.folder``; both go at ``expires_ms``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="transfers"
    )
    kind = models.CharField(max_length=10, choices=[("export", "export"), ("import", "import")])
    form = models.CharField(max_length=10)
    name = models.CharField(max_length=300)
    session = models.CharField(max_length=32, blank=True, default="")
    state = models.CharField(
        max_length=10,
        default="waiting",
        choices=[
            ("waiting", "waiting"),
            ("running", "running"),
            ("done", "done"),
            ("failed", "failed"),
        ],
    )
    progress = models.FloatField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    message = models.TextField(blank=True, default="")
    notes = models.JSONField(default=list)
    created_ms = models.PositiveBigIntegerField()
    expires_ms = models.PositiveBigIntegerField(db_index=True)

    class Meta:
        app_label = "sessions_app"
        constraints = (
            CheckConstraint(condition=Q(kind__in=["export", "import"]), name="transfer_kind"),
            CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "failed"]),
                name="transfer_state",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def public_id(self) -> str:
        """The id in addresses."""
        return self.id.hex
