"""What is kept of a session: data and constraints, no workflows.

The rows are the state; the operation log beside them is only for catching up. Values of the
protocol are kept as JSON text written by ``protocol.encode``: unlike a JSON column that text takes
every character a program can print, the NUL (escaped) included, on every database. Only actions
write here.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

#: The longest identifier of the protocol (see ``protocol.Identifier``).
IDENTIFIER = 64

#: Characters of the last line of code and of output that a session list shows.
PREVIEW = 160


def new_epoch() -> str:
    """A name for one unbroken line of sequence numbers."""
    return uuid.uuid4().hex[:16]


class Session(models.Model):
    """A session; ``seq`` is its last operation, ``fence`` the highest fencing number granted.

    ``written_fence`` is the highest under which something was written. Times in milliseconds since
    1970 end in ``_ms``. ``history_bytes`` counts the text of entries and outputs, ``stored_bytes``
    the blobs as stored, ``log_bytes`` the operations in the log. The columns from
    ``variable_count`` to ``preview_output`` are what lists show (``summary.py`` keeps them).

    A session with ``binned_at`` is in its owner's bin: for everything else it does not exist. A
    ``doomed`` one is being removed for good and cannot be restored.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    epoch = models.CharField(max_length=IDENTIFIER, default=new_epoch)
    seq = models.PositiveBigIntegerField(default=0)
    next_number = models.PositiveIntegerField(default=1)
    head = models.CharField(max_length=IDENTIFIER, null=True, blank=True)  # noqa: DJ001  # none is not empty
    runner = models.TextField(null=True, blank=True)  # noqa: DJ001  # none is not empty
    runner_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="running_sessions",
    )
    reserved = models.CharField(max_length=IDENTIFIER, null=True, blank=True)  # noqa: DJ001  # none is not empty
    fence = models.PositiveBigIntegerField(default=0)
    written_fence = models.PositiveBigIntegerField(default=0)
    lease_renewed_ms = models.PositiveBigIntegerField(default=0)
    variables = models.TextField(default="[]")
    files = models.TextField(default="[]")
    marks = models.TextField(default="[]")
    remakes = models.TextField(default="[]")
    stored_bytes = models.PositiveBigIntegerField(default=0)
    history_bytes = models.PositiveBigIntegerField(default=0)
    log_bytes = models.PositiveBigIntegerField(default=0)
    runtime = models.CharField(max_length=100, default="python")
    forked_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="forks"
    )
    forked_at = models.PositiveIntegerField(null=True, blank=True)
    idle = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_activity = models.DateTimeField(db_index=True)
    variable_count = models.PositiveIntegerField(default=0)
    entry_count = models.PositiveIntegerField(default=0)
    preview_number = models.PositiveIntegerField(default=0)
    preview_code = models.CharField(max_length=PREVIEW, blank=True, default="")
    preview_output = models.CharField(max_length=PREVIEW, blank=True, default="")
    archived = models.BooleanField(default=False)
    binned_at = models.DateTimeField(null=True, blank=True, db_index=True)
    binned_by_age = models.BooleanField(default=False)
    doomed = models.BooleanField(default=False)

    class Meta:
        constraints = (
            CheckConstraint(
                condition=Q(written_fence__lte=models.F("fence")), name="session_written_fence"
            ),
            CheckConstraint(condition=Q(next_number__gte=1), name="session_next_number"),
            CheckConstraint(
                condition=Q(doomed=False) | Q(binned_at__isnull=False), name="session_doomed_binned"
            ),
        )
        indexes = (Index(fields=["idle", "last_activity"], name="session_idle"),)

    def __str__(self) -> str:
        return self.title

    @property
    def public_id(self) -> str:
        """The id in addresses and messages."""
        return self.id.hex


class Member(models.Model):
    """A person in a session. ``granted_by`` names what gave the role: ``creation``, a link …

    ``forks`` lets a viewer read saved values and make a session of their own from them. A grant
    counts until ``expires_ms``.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(
        max_length=10, choices=[("owner", "owner"), ("editor", "editor"), ("viewer", "viewer")]
    )
    granted_by = models.CharField(max_length=100, default="creation")
    forks = models.BooleanField(default=False)
    expires_ms = models.PositiveBigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            UniqueConstraint(fields=["session", "user", "granted_by"], name="member_once_a_grant"),
            UniqueConstraint(
                fields=["session"], condition=Q(role="owner"), name="member_one_owner"
            ),
            CheckConstraint(
                condition=Q(role__in=["owner", "editor", "viewer"]), name="member_role"
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} of {self.session_id}"


class ShareLink(models.Model):
    """An address that makes whoever opens it a member, until it expires or is revoked.

    The token of the address is looked up by its hash and is not stored: ``sharing.token_of`` makes
    it from ``salt`` and the server's secret key, so neither alone is of use. ``forks`` is as in
    ``Member``; ``preview`` lets other services show the session's title beside the address.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="share_links")
    token_hash = models.CharField(max_length=64, unique=True)
    salt = models.CharField(max_length=32)
    role = models.CharField(max_length=10, choices=[("editor", "editor"), ("viewer", "viewer")])
    forks = models.BooleanField(default=False)
    preview = models.BooleanField(default=False)
    name = models.CharField(max_length=100, blank=True, default="")
    created_ms = models.PositiveBigIntegerField()
    expires_ms = models.PositiveBigIntegerField(null=True, blank=True)
    ended_ms = models.PositiveBigIntegerField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)
    last_used_ms = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        constraints = (
            CheckConstraint(condition=Q(role__in=["editor", "viewer"]), name="share_link_role"),
        )
        indexes = (
            Index(
                fields=["expires_ms"], condition=Q(ended_ms__isnull=True), name="share_link_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} link {self.id}"

    @property
    def grant(self) -> str:
        """What memberships from this link have as ``granted_by``."""
        return f"link:{self.id.hex}"


class Entry(models.Model):
    """An entry without its outputs; ``body`` is ``protocol.Entry`` with none."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="entries")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=12)
    body = models.TextField()
    output_bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "entries"
        constraints = (UniqueConstraint(fields=["session", "number"], name="entry_number_once"),)
        indexes = (
            Index(fields=["session", "status"], condition=Q(status="running"), name="entry_open"),
        )

    def __str__(self) -> str:
        return f"#{self.number}"


class EntryOutput(models.Model):
    """One output of an entry, in its place; only the last short stream chunk is ever rewritten."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="outputs")
    number = models.PositiveIntegerField()
    position = models.PositiveIntegerField()
    body = models.TextField()

    class Meta:
        constraints = (
            UniqueConstraint(fields=["session", "number", "position"], name="output_place_once"),
        )

    def __str__(self) -> str:
        return f"#{self.number}.{self.position}"


class Blob(models.Model):
    """Immutable bytes named by the SHA-256 of their uncompressed form; a file holds them.

    ``stored_bytes`` is the size of that file.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    stored_bytes = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256


class BlobLink(models.Model):
    """A blob belongs to a session: its bytes were uploaded for it, or came with its fork."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="blob_links")
    blob = models.ForeignKey(Blob, on_delete=models.CASCADE, related_name="links")
    linked_ms = models.PositiveBigIntegerField()

    class Meta:
        constraints = (UniqueConstraint(fields=["session", "blob"], name="blob_link_once"),)

    def __str__(self) -> str:
        return f"{self.blob_id[:12]} of {self.session_id}"


class EntryBlob(models.Model):
    """An output of an entry names a blob."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="entry_blobs")
    number = models.PositiveIntegerField()
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="entries")

    class Meta:
        constraints = (
            UniqueConstraint(fields=["session", "number", "blob"], name="entry_blob_once"),
        )

    def __str__(self) -> str:
        return f"{self.blob_id[:12]} in #{self.number}"


class Snapshot(models.Model):
    """A snapshot; its id is the browser's and unique in the session.

    ``bytes`` is what its save sent, ``stored_bytes`` what all its blobs take on the disk.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="snapshots")
    snapshot = models.CharField(max_length=IDENTIFIER)
    number = models.PositiveBigIntegerField()
    cause = models.CharField(max_length=12)
    manifest_hash = models.CharField(max_length=64)
    manifest_size = models.PositiveBigIntegerField()
    parent = models.CharField(max_length=IDENTIFIER, null=True, blank=True)  # noqa: DJ001  # none is not empty
    bytes = models.PositiveBigIntegerField()
    stored_bytes = models.PositiveBigIntegerField(default=0)
    label = models.TextField(null=True, blank=True)  # noqa: DJ001  # none is not empty
    created_ms = models.PositiveBigIntegerField()
    unsaved = models.TextField(default="[]")
    blobs = models.ManyToManyField(Blob, through="SnapshotBlob", related_name="snapshots")

    class Meta:
        constraints = (UniqueConstraint(fields=["session", "snapshot"], name="snapshot_id_once"),)

    def __str__(self) -> str:
        return f"{self.snapshot} after #{self.number}"


class SnapshotBlob(models.Model):
    """A snapshot's manifest names a blob, or is it."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="snapshot_blobs")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="snapshot_blobs")

    class Meta:
        constraints = (UniqueConstraint(fields=["snapshot", "blob"], name="snapshot_blob_once"),)

    def __str__(self) -> str:
        return f"{self.blob_id[:12]} in {self.snapshot_id}"


class OperationRecord(models.Model):
    """One operation in its place in the log; ``body`` is the whole ``protocol.Record``."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="log")
    seq = models.PositiveBigIntegerField()
    at_ms = models.PositiveBigIntegerField()
    client = models.CharField(max_length=IDENTIFIER)
    n = models.PositiveBigIntegerField()
    fence = models.PositiveBigIntegerField()
    body = models.TextField()

    class Meta:
        constraints = (
            UniqueConstraint(fields=["session", "seq"], name="record_seq_once"),
            UniqueConstraint(
                fields=["session", "client", "n"], condition=Q(n__gt=0), name="record_n_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.seq}"


class ClientCursor(models.Model):
    """How far the server has taken one client's operations; a client id is its first user's.

    ``refused`` maps the latest refused numbers to their answers; ``fences`` lists the latest
    fencing numbers granted to the client.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="cursors")
    client = models.CharField(max_length=IDENTIFIER)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cursors"
    )
    last_n = models.PositiveBigIntegerField(default=0)
    refused = models.TextField(default="{}")
    fences = models.TextField(default="[]")

    class Meta:
        constraints = (UniqueConstraint(fields=["session", "client"], name="cursor_once"),)

    def __str__(self) -> str:
        return f"{self.client} up to {self.last_n}"


class TaskRun(models.Model):
    """When a task of the worker ran last, what came of it, and when it last failed."""

    name = models.CharField(max_length=60, primary_key=True)
    started_at = models.DateTimeField()
    seconds = models.FloatField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return self.name


class Job(models.Model):
    """Work that must happen, written with the change that needs it; messages only remind of it.

    ``unique_key`` keeps the same work from waiting twice; it is emptied when the job has ended.
    """

    kind = models.CharField(max_length=40)
    args = models.JSONField(default=list)
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
    unique_key = models.CharField(max_length=120, null=True, blank=True, unique=True)
    run_after_ms = models.PositiveBigIntegerField(default=0)
    lease_until_ms = models.PositiveBigIntegerField(default=0)
    tries = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (Index(fields=["state", "run_after_ms"], name="job_due"),)
        constraints = (
            CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "failed"]), name="job_state"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


# Django finds models here; this one is described with the feature that it belongs to.
from sessions_app.exchange.models import Transfer as Transfer  # noqa: E402  # needs the app's name
