"""The battery: each case ends as ``expected.py`` says, in every Python at hand."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.state import expected
from tests.state.__main__ import version_of
from tests.state.case import Case, case, fitting
from tests.state.cases import ALL
from tests.state.forks import Pair
from tests.state.verdict import Verdict, judge, plan

HERE = (sys.version_info[0], sys.version_info[1])
FOLDERS = Path.home() / ".pyenv/versions"


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with Pair() as both:
        yield both


@pytest.mark.parametrize("one", fitting(ALL, HERE), ids=lambda one: one.name)
def test_here(pair: Pair, one: Case) -> None:
    verdict = pair.try_case(one)
    assert verdict.outcome == expected.outcome(one.name, HERE), verdict.why


def others() -> list[object]:
    """The Pythons 3.12 and 3.13 that this machine has beside the one that runs the tests."""
    found: list[object] = []
    for minor in (12, 13):
        if HERE == (3, minor):
            continue
        places = [*FOLDERS.glob(f"3.{minor}*/bin/python"), Path(f"/usr/bin/python3.{minor}")]
        there = next((str(place) for place in places if place.exists()), None)
        why = pytest.mark.skip(reason=f"NOT RUN: this machine has no Python 3.{minor}")
        marks = () if there else (why,)
        found.append(pytest.param(there, id=f"3.{minor}", marks=marks))
    return found


@pytest.mark.parametrize("python", others())
def test_in_another_python(python: str) -> None:
    version = version_of(python)
    with Pair(python) as pair:
        assert (
            differing({one.name: pair.try_case(one) for one in fitting(ALL, version)}, version)
            == {}
        )


def differing(found: dict[str, Verdict], version: tuple[int, int]) -> dict[str, Verdict]:
    """The verdicts that are not the expected ones."""
    return {
        name: verdict
        for name, verdict in found.items()
        if verdict.outcome != expected.outcome(name, version)
    }


def test_the_battery_is_what_it_is_said_to_be() -> None:
    assert len(ALL) >= 220
    names = {one.name for one in ALL}
    assert set(expected.BELOW_TARGET) | set(expected.UNSAVABLE) <= names
    assert not set(expected.BELOW_TARGET) & set(expected.UNSAVABLE)


PRINTS = case("x", "a = [1]", "---", "print(a)")


def results(**changed: object) -> dict[str, list[dict[str, object]]]:
    """What a case gives that is carried perfectly, but for what is changed."""

    def ran(text: str) -> dict[str, object]:
        return {"status": "ok", "stdout": text, "result": None, "error": None}

    look = ran("[('n', [1, 2])]\n")
    save: dict[str, object] = {"unsaved": changed.get("unsaved", {}), "bytes": 1, "ms": 1}
    save["remarks"] = changed.get("remarks", {})
    after = [ran(str(changed.get("after", "[1]\n"))), changed.get("look", look)]
    onwards = [step for step in after if isinstance(step, dict)]
    return {
        "oracle": [ran(""), ran(""), {}, ran("[1]\n"), look],
        "saved": [ran(""), ran(""), save, ran("[1]\n"), look],
        "restored": [{"failed": {}}, save, *onwards],
    }


def test_verdicts() -> None:
    assert set(plan(PRINTS)) == {"oracle", "saved", "restored", "twice"}
    assert judge(PRINTS, results()).outcome == "passed"
    assert judge(PRINTS, results(after="[2]\n")).outcome == "wrong"
    assert judge(PRINTS, results(after="[2]\n", unsaved={"a": "why"})).outcome == "unsaved"
    assert judge(PRINTS, results(after="[2]\n", unsaved={"b": "why"})).outcome == "wrong"
    assert judge(PRINTS, results(unsaved={"b": "why"})).outcome == "unsaved"
    gone = {"status": "error", "stdout": "", "result": None, "error": "NameError: x"}
    assert judge(PRINTS, results(look=gone)).outcome == "lost"
    assert judge(PRINTS, {**results(), "restored": []}).outcome == "lost"
    listed = case("x", "a = [1]", "---", "print(a)", unsaved={"g": "generator"})
    assert judge(listed, results(unsaved={"g": "a generator"})).outcome == "passed"
    assert judge(listed, results(unsaved={"g": "a socket"})).outcome == "unsaved"
    assert judge(listed, results()).outcome == "wrong"


def test_a_case_that_fails_by_itself_is_a_mistake() -> None:
    broken = results()
    broken["oracle"][1] = {"status": "error", "stdout": "", "result": None, "error": "NameError: x"}
    with pytest.raises(ValueError, match="without any restore it failed"):
        judge(PRINTS, broken)
    with pytest.raises(ValueError, match="shows nothing"):
        judge(
            PRINTS,
            {**results(), "oracle": [*results()["oracle"][:3], *results(after="")["restored"][2:]]},
        )


def test_each_script_has_an_interpreter_and_a_folder_of_its_own(pair: Pair) -> None:
    leave = [{"run": "import sys, math\nsys.left = math.left = 1\nopen('left.txt', 'w').close()"}]
    look = [
        {"run": "import sys, math, os\n(hasattr(sys, 'left'), hasattr(math, 'left'), os.listdir())"}
    ]
    assert pair.near.perform(leave, {})[0]["error"] is None
    assert pair.near.perform(look, {})[0]["result"] == "(False, False, [])"
    hashes = [one.perform([{"run": "hash('a')"}], {})[0]["result"] for one in (pair.near, pair.far)]
    assert hashes[0] != hashes[1]


def test_an_interpreter_that_ends_has_no_results(pair: Pair) -> None:
    assert pair.near.perform([{"run": "import os\nos._exit(3)"}], {}) == []
    assert pair.near.perform([{"run": "1 + 1"}], {})[0]["result"] == "2"
