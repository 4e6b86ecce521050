"""What may stand in a title: one line that a person can see.

Marks that only tell letters which way to run, or that join emoji, are part of ordinary words.
Those that turn the rest of a line around, and line breaks, would let a title pretend to be
something else on the screen.
"""

from __future__ import annotations

from sessions_app.errors import ActionError

#: The longest title, in characters.
MAX_TITLE = 200

#: Invisible, but part of words and emoji: joiners and direction marks of single letters.
_PART_OF_WORDS = frozenset("\u200c\u200d\u200e\u200f\u061c")


def problem(title: str, what: str = "A title", most: int = MAX_TITLE) -> str | None:
    """Why this cannot be a title (or a like name), in a sentence; None when it can."""
    if len(title) > most:
        return f"{what} has {most} characters at most; this one has {len(title):,}."
    if any(not letter.isprintable() and letter not in _PART_OF_WORDS for letter in title):
        return (
            f"{what} is one line of visible text; this one has a line break or a hidden character."
        )
    if not any(letter.isprintable() and not letter.isspace() for letter in title):
        return f"{what} needs at least one character that can be seen."
    return None


def checked(title: str) -> str:
    """The title without spaces around it.

    Raises:
        ActionError: ``invalid``.
    """
    title = title.strip()
    trouble = problem(title)
    if trouble is not None:
        raise ActionError("invalid", trouble)
    return title
