"""The core in Django's admin, for staff: to look at, not to change.

What people wrote and what ran is theirs: bodies are not listed, and only actions write rows.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from sessions_app.models import (
    Blob,
    Entry,
    Job,
    Member,
    OperationRecord,
    Session,
    ShareLink,
    Snapshot,
    TaskRun,
)


class ReadOnly(admin.ModelAdmin[Any]):
    """Shows rows; adds, changes and deletes none."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Session)
class SessionAdmin(ReadOnly):
    """Sessions with their sizes and leases."""

    list_display = (
        "id",
        "title",
        "seq",
        "stored_bytes",
        "history_bytes",
        "idle",
        "last_activity",
        "binned_at",
    )
    list_filter = ("idle", "archived", "binned_by_age", "doomed", "runtime")
    exclude = ("variables", "files", "marks", "preview_code", "preview_output")
    ordering = ("-last_activity",)


@admin.register(Member)
class MemberAdmin(ReadOnly):
    """Who is in which session, and why."""

    list_display = ("session", "user", "role", "granted_by", "created_at")
    list_filter = ("role",)
    list_select_related = ("session", "user")


@admin.register(ShareLink)
class ShareLinkAdmin(ReadOnly):
    """Links without what would let somebody use them."""

    list_display = ("id", "session_id", "role", "forks", "expires_ms", "ended_ms", "uses")
    list_filter = ("role",)
    exclude = ("token_hash", "salt")
    ordering = ("-created_ms",)


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    """Entries by number and status."""

    list_display = ("session_id", "number", "status", "output_bytes")
    list_filter = ("status",)
    exclude = ("body",)


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnly):
    """Snapshots and what they take."""

    list_display = ("session_id", "snapshot", "number", "cause", "bytes", "stored_bytes")
    list_filter = ("cause",)
    exclude = ("unsaved", "blobs")


@admin.register(OperationRecord)
class OperationRecordAdmin(ReadOnly):
    """The operation log without its contents."""

    list_display = ("session_id", "seq", "client", "n", "fence")
    exclude = ("body",)
    ordering = ("-pk",)


@admin.register(Blob)
class BlobAdmin(ReadOnly):
    """Blobs by size."""

    list_display = ("sha256", "size", "stored_bytes", "created_at")


@admin.register(Job)
class JobAdmin(ReadOnly):
    """Work that waits, runs or has failed."""

    list_display = ("kind", "args", "state", "tries", "error", "created_at")
    list_filter = ("state", "kind")
    ordering = ("-pk",)


@admin.register(TaskRun)
class TaskRunAdmin(ReadOnly):
    """When each task of the worker ran last, and what failed."""

    list_display = ("name", "started_at", "seconds", "done", "failed_at", "error")
    ordering = ("name",)
