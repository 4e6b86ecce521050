"""Random sessions, saved at a random step, restored, continued: as if nothing had happened."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.state.forks import Pair
from tests.state.programs import random_case

#: ``STATE_EXAMPLES`` asks for more than the usual ones, which are the same in every run.
EXAMPLES = int(os.environ.get("STATE_EXAMPLES", "0"))


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with Pair() as both:
        yield both


@settings(
    max_examples=EXAMPLES or 80,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.randoms(use_true_random=False), st.integers(1, 24))
def test_a_random_session_goes_on(pair: Pair, numbers: random.Random, length: int) -> None:
    one = random_case(numbers, length)
    verdict = pair.try_case(one)
    assert verdict.outcome == "passed", (verdict, one)
