"""The table of roles and deeds: every operation of the protocol has its line."""

from __future__ import annotations

from typing import get_args

import pytest

from sessions_app import policy
from sessions_app import protocol as p

TABLE = {
    # deed: (owner, editor, viewer)
    "read": (True, True, True),
    "read_values": (True, True, False),
    "run": (True, True, False),
    "upload": (True, True, False),
    "fork": (True, True, False),
    "bin": (True, False, False),
    "archive": (True, False, False),
    "share": (True, False, False),
    "start_execution": (True, True, False),
    "append_output": (True, True, False),
    "finish_execution": (True, True, False),
    "delete_entry": (True, True, False),
    "restore_entry": (True, True, False),
    "return_snapshot": (True, True, False),
    "pin_entry": (True, True, False),
    "set_variables": (True, True, False),
    "set_files": (True, True, False),
    "snapshot_saved": (True, True, False),
    "restore_snapshot": (True, True, False),
    "label_snapshot": (True, True, False),
    "set_remake": (True, True, False),
    "set_title": (True, True, False),
    "remove_snapshots": (False, False, False),
    "set_runner": (False, False, False),
    "no_such_deed": (False, False, False),
}


@pytest.mark.parametrize("deed", TABLE)
def test_roles(deed: str) -> None:
    roles = ("owner", "editor", "viewer")
    assert tuple(policy.may(role, deed) for role in roles) == TABLE[deed]
    assert not policy.may(None, deed)
    assert not policy.may("root", deed)


@pytest.mark.parametrize("deed", TABLE)
def test_a_grant_that_allows_forking_gives_a_viewer_the_values_and_nothing_else(deed: str) -> None:
    owner, editor, viewer = TABLE[deed]
    more = viewer or deed in ("fork", "read_values")
    roles = ("owner", "editor", "viewer")
    assert [policy.may(role, deed, forks=True) for role in roles] == [owner, editor, more]
    assert not policy.may(None, deed, forks=True)


def test_every_operation_and_deed_is_in_the_table() -> None:
    operations = {str(kind.__struct_config__.tag) for kind in get_args(p.AnyOperation)}
    assert operations | set(policy.DEEDS) | {"no_such_deed"} == set(TABLE)


def test_an_operation_is_asked_for_by_its_tag() -> None:
    assert policy.may("editor", p.SetTitle("x"))
    assert not policy.may("owner", p.RemoveSnapshots(("a",)))
