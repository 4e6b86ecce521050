"""Names of pupils: what may stand in one, and when two of them look the same.

A name must not pretend to be somebody else's: "Anna" with a Cyrillic A, "ANNA" or "An na" is read
as "Anna". Names are held against each other by their skeleton, after Unicode's technical standard
39 (confusable characters); its table comes with the package confusable-homoglyphs.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from confusable_homoglyphs import confusables

from playground.classrooms.models import PUPIL_NAME

#: Characters that make a name look like markup or an address.
_MARKUP = frozenset("<>&\"'`\\/{}[]=;:@#")

#: Figures and letters that many fonts draw alike, beyond the standard's table.
_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "|": "l"})


class BadNameError(ValueError):
    """A name that cannot be used; the message says why."""


def cleaned(name: str) -> str:
    """The name without spaces around it and with single spaces inside.

    Raises:
        BadNameError: it is empty, too long, or has characters that no name has.
    """
    name = " ".join(unicodedata.normalize("NFKC", name[: 4 * PUPIL_NAME]).split())
    if not name:
        raise BadNameError("Please type a name.")
    if len(name) > PUPIL_NAME:
        raise BadNameError(f"A name has {PUPIL_NAME} characters at most.")
    if any(letter in _MARKUP or not letter.isprintable() for letter in name):
        raise BadNameError("Please use letters, digits, spaces, and . - _ in the name.")
    if not any(letter.isalnum() for letter in name):
        raise BadNameError("A name needs at least one letter or digit.")
    return name


def skeleton(name: str) -> str:
    """What the eye reads: names with the same skeleton are taken for the same."""
    bare = unicodedata.normalize("NFKD", name)
    letters = (letter for letter in bare if not unicodedata.combining(letter))
    seen = "".join(_as_seen(letter) for letter in letters if letter.isalnum())
    return seen.casefold().translate(_ALIKE)[: 4 * PUPIL_NAME] or name.casefold()


@lru_cache(4096)
def _as_seen(letter: str) -> str:
    """The ASCII letter that looks like this one, or the letter itself."""
    if letter.isascii():
        return letter
    found = confusables.is_confusable(letter, greedy=True, preferred_aliases=[])
    alike = [other["c"] for entry in found or [] for other in entry["homoglyphs"]]
    plain = [text for text in alike if text.isascii() and text.isalnum()]
    return min(plain, key=lambda text: (len(text), text.casefold())) if plain else letter
