"""Doorbells of a class: that a pupil's standing changed, or its queue. They carry no content.

A bell may be lost; whoever hears one reads the rows, and walls read them all from time to time.
"""

from __future__ import annotations

from sessions_app import broadcast


def wall_group(classroom: str) -> str:
    """The channel layer's group of those who watch a class."""
    return f"class.{classroom}"


def desk_group(pupil: int) -> str:
    """The channel layer's group of a pupil's pages."""
    return f"pupil.{pupil}"


def pupil(classroom: str, place: int) -> None:
    """A pupil's standing changed."""
    broadcast.ring(wall_group(classroom), {"type": "pupil.changed", "pupil": place})


def queue(classroom: str) -> None:
    """Hands, the door or the pause changed."""
    broadcast.ring(wall_group(classroom), {"type": "queue.changed"})


def roster(classroom: str) -> None:
    """Who is in the class changed, or its settings."""
    broadcast.ring(wall_group(classroom), {"type": "roster.changed"})


def desk(place: int) -> None:
    """What a pupil's page shows of the class changed."""
    broadcast.ring(desk_group(place), {"type": "desk.changed"})
