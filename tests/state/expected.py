"""What the engine does not reach yet, and what nothing reaches. Both lists may only shrink.

A case that is listed and passes fails the tests, so that the list stays true.
"""

from __future__ import annotations

from tests.state.verdict import Outcome

EVERYWHERE = "3.12 3.13 3.14"

#: Cases that end without the value, but say so: the reason why nothing better is to be had.
UNSAVABLE: dict[str, str] = {
    "iterators.itertools-pairwise-batched": "batched hides how long a batch is",
}

#: Cases in which the engine is below its target, by how they end, in which Pythons.
BELOW_TARGET: dict[str, tuple[Outcome, str]] = {
    "iterators.itertools-chain-islice-product": ("unsaved", "3.14"),
    "iterators.itertools-others": ("unsaved", "3.14"),
    "iterators.itertools-groupby-tee": ("unsaved", "3.14"),
}


#: Sessions whose bytes are not the same in another process yet, or more than they should be.
BYTES_BELOW_TARGET = {
    "sets": "the order of a set depends on hashes",
    "sets-in-code": "the order of a set depends on hashes",
}


def outcome(name: str, version: tuple[int, int]) -> Outcome:
    """How a case ends today."""
    if name in UNSAVABLE:
        return "unsaved"
    listed, versions = BELOW_TARGET.get(name, ("passed", ""))
    here = f"{version[0]}.{version[1]}"
    return listed if here in versions.split() else "passed"
