"""What is done with a case, and how it ended.

Four scripts, each for an interpreter of its own: ``oracle`` runs the whole session and never saves.
``saved`` saves as it goes, then goes on (or goes back and goes on). ``restored`` restores, saves
what it got at once, and goes on. ``twice`` restores that second save and goes on. All must print
what the oracle prints.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from tests.state.case import Case

type Step = dict[str, Any]
type Scripts = dict[str, list[Step]]

#: ``unsaved``: it was said that a name is not saved. ``wrong``: other output without a word.
#: ``lost``: saving or restoring raised, ended the interpreter, or took another variable along.
Outcome = Literal["passed", "unsaved", "wrong", "lost"]
WORST_FIRST: tuple[Outcome, ...] = ("lost", "wrong", "unsaved", "passed")

#: A variable that has nothing to do with any case, to see that it is never lost.
BESIDE = "kept_beside = {'n': [1, 2], 'text': 'beside'}"
LOOK = "print(sorted(kept_beside.items()))"


@dataclass(frozen=True)
class Verdict:
    """How a case ended, and what shows it."""

    outcome: Outcome
    why: str = ""


def plan(case: Case) -> Scripts:
    """The scripts, in the order in which they must be performed."""
    every: list[Step] = [{"run": BESIDE}]
    for place, source in enumerate(case.steps, 1):
        every.append({"run": source})
        if case.save == "each" or place == len(case.steps):
            every.append({"save": f"step {place}"})
    kept = case.at or len(case.steps)
    onwards: list[Step] = [{"run": source} for source in [*case.after, LOOK]]
    return {
        "oracle": [
            {"run": BESIDE},
            *({"run": source} for source in case.steps[:kept]),
            {"skip": len(case.steps) - kept},
            *onwards,
        ],
        "saved": [*every, *([{"restore": f"step {case.at}"}] if case.at else []), *onwards],
        "restored": [{"restore": f"step {kept}"}, {"save": "again"}, *onwards],
        "twice": [{"restore": "again"}, *onwards],
    }


def judge(case: Case, results: dict[str, list[Step]]) -> Verdict:
    """The worst that happened on the ways that were performed.

    Raises:
        ValueError: the case itself is wrong: without any restore it fails or prints nothing.
    """
    onwards = len(case.after) + 1
    wanted = _check_oracle(case, results["oracle"], onwards)
    kept = case.at or len(case.steps)
    ways = [way for way in results if way != "oracle"]
    verdicts = [_compare(case, way, results, wanted, onwards) for way in ways]
    verdicts.append(_reported(case, results.get("saved", []), kept))
    return min(verdicts, key=lambda verdict: WORST_FIRST.index(verdict.outcome))


def _check_oracle(case: Case, results: list[Step], onwards: int) -> list[Step]:
    ran = [step for step in results if "status" in step]
    entries = 1 + (case.at or len(case.steps)) + onwards
    if len(ran) != entries:
        raise ValueError(f"{case.name}: without any restore it broke: {results[-1:]}")
    failed = [step for step in ran if step["error"]]
    if failed and not case.raises:
        raise ValueError(f"{case.name}: without any restore it failed: {failed[0]}")
    wanted = ran[-onwards:]
    if not any(step["stdout"] or step["result"] for step in wanted[:-1]):
        raise ValueError(f"{case.name}: after the restore it shows nothing")
    return wanted


def _compare(
    case: Case, way: str, all_results: dict[str, list[Step]], wanted: list[Step], onwards: int
) -> Verdict:
    results = all_results.get(way, [])
    lost = next((step["lost"] for step in results if "lost" in step), None)
    script = plan(case)[way]
    if lost is not None or len(results) != len(script):
        return Verdict("lost", f"{way}: {lost or 'the interpreter ended'}")
    found = results[-onwards:]
    if found == wanted:
        return Verdict("passed")
    pairs = zip(found, wanted, strict=True)
    shown = next(
        f"{way}: {_brief(one)} instead of {_brief(two)}" for one, two in pairs if one != two
    )
    if found[-1] != wanted[-1]:
        return Verdict("lost", shown)
    named = _named(case, [step for steps in all_results.values() for step in steps])
    return Verdict("unsaved" if named else "wrong", f"{shown} {named or ''}".strip())


def _reported(case: Case, results: list[Step], kept: int) -> Verdict:
    """Whether the save that was restored listed what it must, and nothing else."""
    saves = [step for step in results if "unsaved" in step]
    if not saves:
        return Verdict("lost", "saved: nothing was saved")
    save = saves[kept - 1 if case.save == "each" else -1]
    remarks: dict[str, str] = save["remarks"]
    for name in case.remarks.keys() | remarks.keys():
        if not re.search(case.remarks.get(name, "^$"), remarks.get(name, "")):
            return Verdict("wrong", f"{name}: the remark is {remarks.get(name)!r}")
    listed: dict[str, str] = save["unsaved"]
    for name, pattern in case.unsaved.items():
        if not re.search(pattern, listed.get(name, "")):
            why = f"{name}: {listed.get(name)!r} does not say {pattern!r}"
            return Verdict("unsaved" if name in listed else "wrong", why)
    more = {name: reason for name, reason in listed.items() if name not in case.unsaved}
    return Verdict("unsaved", f"not saved: {more}") if more else Verdict("passed")


def _named(case: Case, results: list[Step]) -> dict[str, str]:
    """What was listed as not saved or not restored, of the names in the case."""
    source = "\n".join([*case.steps, *case.after])
    found: dict[str, str] = {}
    for step in results:
        found |= step.get("unsaved", {}) | step.get("failed", {})
    return {
        name: why for name, why in found.items() if re.search(rf"\b{re.escape(name)}\b", source)
    }


def _brief(step: Step) -> str:
    parts = [repr(step[key]) for key in ("stdout", "result", "error") if step[key]]
    return " ".join(parts)[:300] or "nothing"
