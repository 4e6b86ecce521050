"""Presence over several web processes: others' words count for a while and are told again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sessions_app import broadcast, presence
from sessions_app import protocol as p
from sessions_app.presence import Tab

SESSION = "5" * 32


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What this process tells the others."""
    messages: list[dict[str, Any]] = []
    monkeypatch.setattr(broadcast, "send", lambda _, message: messages.append(message))
    presence.join(SESSION, "channel", Tab(1, "Ada", "owner"))
    yield messages
    presence.leave(SESSION, "channel")


def roster(*people: tuple[int, str, str]) -> dict[str, Any]:
    return {"process": "another", "people": [list(person) for person in people]}


def test_people_of_all_processes_are_one_list(told: list[dict[str, Any]]) -> None:
    presence.note(SESSION, roster((2, "Bob", "viewer"), (1, "Ada", "editor")))
    assert presence.people(SESSION) == (p.Person("Ada", "owner", 2), p.Person("Bob", "viewer", 1))
    presence.note(SESSION, roster())
    assert presence.people(SESSION) == (p.Person("Ada", "owner", 1),)


def test_a_process_that_says_nothing_is_forgotten(
    told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    presence.note(SESSION, roster((2, "Bob", "viewer")))
    now = presence.time.monotonic()
    monkeypatch.setattr(presence.time, "monotonic", lambda: now + presence.EXPIRES_S + 1)
    assert [person.name for person in presence.people(SESSION)] == ["Ada"]


def test_it_is_told_again_from_time_to_time(
    told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    told.clear()
    presence.repeat(SESSION)
    presence.answer(SESSION, "another")
    assert told == []
    now = presence.time.monotonic()
    monkeypatch.setattr(presence.time, "monotonic", lambda: now + presence.REPEAT_S + 1)
    presence.repeat(SESSION)
    assert [message["people"] for message in told] == [[[1, "Ada", "owner"]]]


def test_a_session_without_sockets_here_is_not_kept() -> None:
    presence.note("6" * 32, roster((2, "Bob", "viewer")))
    assert presence.people("6" * 32) == ()
