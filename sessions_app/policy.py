"""Who may do what in a session: a pure function of a role and the name of a deed.

Operations of the protocol are asked for by their tag; the other deeds are named in ``DEEDS``.
Operations that only the server makes are nobody's.
"""

from __future__ import annotations

from typing import Literal

from sessions_app import protocol as p

Deed = Literal["read", "read_values", "run", "upload", "fork", "bin", "archive", "share"]

#: Deeds that are no operations. ``run`` is to hold the lease; ``read_values`` is to read the blobs
#: of snapshots (those of outputs need ``read`` only). ``bin`` is to delete and to restore,
#: ``share`` to make, see and end links.
DEEDS: tuple[Deed, ...] = (
    "read",
    "read_values",
    "run",
    "upload",
    "fork",
    "bin",
    "archive",
    "share",
)

_EVERYBODY = frozenset({"owner", "editor", "viewer"})
_WRITERS = frozenset({"owner", "editor"})
_OWNER = frozenset({"owner"})
_NOBODY: frozenset[str] = frozenset()

_ALLOWED: dict[str, frozenset[str]] = {
    "read": _EVERYBODY,
    "read_values": _WRITERS,
    "run": _WRITERS,
    "upload": _WRITERS,
    "fork": _WRITERS,
    "bin": _OWNER,
    "archive": _OWNER,
    "share": _OWNER,
    "start_execution": _WRITERS,
    "append_output": _WRITERS,
    "finish_execution": _WRITERS,
    "delete_entry": _WRITERS,
    "restore_entry": _WRITERS,
    "return_snapshot": _WRITERS,
    "pin_entry": _WRITERS,
    "set_variables": _WRITERS,
    "set_files": _WRITERS,
    "snapshot_saved": _WRITERS,
    "restore_snapshot": _WRITERS,
    "label_snapshot": _WRITERS,
    "set_remake": _WRITERS,
    "set_title": _WRITERS,
    "remove_snapshots": _NOBODY,
    "set_runner": _NOBODY,
}


#: What a viewer may do only with a grant that allows forking.
_FORKING = frozenset({"fork", "read_values"})


def may(role: str | None, deed: p.Operation | str, *, forks: bool = False) -> bool:
    """Whether a member of that role (None: no member) may do it. Unknown deeds are refused.

    ``forks``: a grant of theirs allows taking the values into a session of their own.
    """
    name = deed if isinstance(deed, str) else operation_name(deed)
    if role == "viewer" and forks and name in _FORKING:
        return True
    return role is not None and role in _ALLOWED.get(name, _NOBODY)


def operation_name(operation: p.Operation) -> str:
    """The tag of an operation, as on the wire."""
    return str(operation.__struct_config__.tag)
