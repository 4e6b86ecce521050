"""Which automatic snapshots go with age; a pure choice, so that it can be shown to be right.

All states of the latest hours are kept, then the last one of each hour, then the last one of each
day. A state with a name stays for ever. So do the one that the session stands on, the states just
before it, to which undo goes back, and the end of every branch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@dataclass(frozen=True)
class Rules:
    """For how many hours all are kept, and for how many days one an hour."""

    all_hours: int
    hourly_days: int
    #: How many states before the present one are kept, however old they are.
    undo_steps: int


@dataclass(frozen=True)
class Dated:
    """What the choice needs to know of a snapshot; times in milliseconds."""

    id: str
    created_ms: int
    labelled: bool
    parent: str | None


def span(age_ms: int, rules: Rules) -> int:
    """The milliseconds of which one state is kept at this age; 0 where all are."""
    if age_ms < rules.all_hours * HOUR_MS:
        return 0
    return HOUR_MS if age_ms < rules.hourly_days * DAY_MS else DAY_MS


def needed(snapshots: Sequence[Dated], head: str | None, rules: Rules) -> set[str]:
    """The snapshots that stay whatever their age: named, undo's, and ends of branches."""
    by_id = {one.id: one for one in snapshots}
    kept = {one.id for one in snapshots if one.labelled}
    kept |= by_id.keys() - {one.parent for one in snapshots}
    step = head
    for _ in range(rules.undo_steps + 1):
        if step is None or step not in by_id:
            break
        kept.add(step)
        step = by_id[step].parent
    return kept


def outgrown(
    snapshots: Sequence[Dated], head: str | None, now_ms: int, rules: Rules
) -> tuple[str, ...]:
    """The ids of the snapshots that go now, in the order in which they are listed."""
    kept = needed(snapshots, head, rules)
    last: dict[tuple[int, int], Dated] = {}
    for one in snapshots:
        length = span(now_ms - one.created_ms, rules)
        if not length:
            kept.add(one.id)
            continue
        place = (length, one.created_ms // length)
        other = last.get(place)
        if other is None or one.created_ms >= other.created_ms:
            last[place] = one
    kept |= {one.id for one in last.values()}
    return tuple(one.id for one in snapshots if one.id not in kept)
