"""The limits of sessions, read from Django's settings when they are asked for.

Each field is the setting ``PLAYGROUND_<FIELD>``; the default here holds when it is not set.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, fields
from pathlib import Path

from django.conf import settings

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """All limits; sizes in bytes."""

    #: The largest variable or file that a snapshot saves.
    variable_bytes: int = 10 * MB
    #: Stored bytes of one session's blobs.
    session_bytes: int = 100 * MB
    #: Stored bytes of all sessions of one owner.
    account_bytes: int = 1024 * MB
    #: Snapshots of one session; the oldest unlabelled ones go first.
    max_snapshots: int = 500
    #: Hours for which every automatic snapshot is kept; then one an hour for some days.
    keep_all_hours: int = 24
    keep_hourly_days: int = 7
    #: The largest blob, uncompressed.
    max_blob_bytes: int = 64 * MB
    #: The largest manifest, uncompressed.
    max_manifest_bytes: int = 4 * MB
    #: Blobs that one manifest may name.
    max_manifest_blobs: int = 5_000
    #: The largest file that is imported.
    import_bytes: int = 200 * MB
    #: Text of all entries and outputs of one session.
    history_bytes: int = 64 * MB
    #: Outputs of one entry as stored text.
    entry_bytes: int = 8 * MB
    #: Days without activity after which a session counts as idle.
    idle_days: int = 7
    #: Idle days after which a guest's session goes to the bin; that is said so long before.
    guest_days: int = 180
    guest_notice_days: int = 30
    #: Days for which the bin keeps a session.
    bin_days: int = 30
    #: How long the operation log is kept.
    log_hours: int = 24
    #: How many operations the log keeps, and how many bytes of them.
    log_operations: int = 10_000
    log_bytes: int = 32 * MB
    #: Free disk space in per cent below which new guests are refused.
    free_disk_percent: int = 10


def limits() -> Limits:
    """The limits in force now."""
    names = (field.name for field in fields(Limits))
    return Limits(
        **{
            name: getattr(settings, f"PLAYGROUND_{name.upper()}", getattr(Limits, name))
            for name in names
        }
    )


def data_dir() -> Path:
    """The folder of everything that must be kept."""
    return Path(getattr(settings, "DATA_DIR", "data"))


def free_disk_percent() -> float:
    """How much of the disk that holds the data is free, in per cent."""
    usage = shutil.disk_usage(data_dir())
    return 100 * usage.free / usage.total
