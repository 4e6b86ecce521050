"""The shared fixtures of operations, applied by ``state.py``; ``reducer.test.ts`` applies the same.

A case is a state, the records that follow it, and either the fields that have changed afterwards
(all others must be as before) or the reason why the last record is invalid.
"""

import json
import typing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sessions_app import protocol
from sessions_app.state import Invalid, apply_operation

FIXTURES = Path(__file__).parent.parent / "fixtures/operations"
CASES = [
    pytest.param(case, id=f"{file.stem}: {case['name']}")
    for file in sorted(FIXTURES.glob("*.json"))
    for case in json.loads(file.read_text())
]


@pytest.mark.parametrize("case", CASES)
def test_shared_fixtures(case: dict[str, Any]) -> None:
    state = msgspec.convert(case["state"], protocol.SessionState)
    result: protocol.SessionState | Invalid = state
    for record in msgspec.convert(case["records"], list[protocol.Record]):
        assert isinstance(result, protocol.SessionState)
        result = apply_operation(result, record)
    if isinstance(result, Invalid):
        assert result.reason == case["invalid"]
        return
    assert json.loads(protocol.encode(result)) == case["state"] | case["expect"]


def test_every_operation_has_a_fixture() -> None:
    cases = [case for file in FIXTURES.glob("*.json") for case in json.loads(file.read_text())]
    used = {record["operation"]["type"] for case in cases for record in case["records"]}
    declared = {
        operation.__struct_config__.tag for operation in typing.get_args(protocol.AnyOperation)
    }
    assert used == declared
