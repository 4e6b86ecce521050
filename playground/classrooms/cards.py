"""Cards and codes: made, hashed, compared. Nothing is written here.

A card has three words for the keyboard and a secret of 128 bits for its QR code. Three words of a
list of 1,296 (the short list of the Electronic Frontier Foundation, from the package xkcdpass) are
31 bits: too few to be tried out only because a card locks after five wrong tries. The words are
hashed like a password; the secret, which nobody can guess, with SHA-256 so that it can be found.
"""

from __future__ import annotations

import hashlib
import io
import re
import secrets
from dataclasses import dataclass
from functools import cache

import segno
from django.contrib.auth.hashers import check_password, make_password
from xkcdpass import xkcd_password

#: Without letters and digits that look or sound alike.
_CODE_LETTERS = "abcdefghjkmnpqrtuvwxyz2346789"
_CODE_LENGTH = 6

_SECRET = re.compile(r"[A-Za-z0-9_-]{22}\Z")


@dataclass(frozen=True)
class Card:
    """A new card in clear, to be shown once."""

    words: str
    secret: str

    @property
    def words_hash(self) -> str:
        """What the database keeps of the words."""
        return make_password(plain(self.words))

    @property
    def secret_hash(self) -> str:
        """What the database keeps of the secret."""
        return hash_of(self.secret)


def new_card() -> Card:
    """Make a card."""
    words = _words()
    return Card(" ".join(secrets.choice(words) for _ in range(3)), secrets.token_urlsafe(16))


def new_code() -> str:
    """Make a join code, as ``abc-def``."""
    letters = "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
    return f"{letters[:3]}-{letters[3:]}"


def code_of(typed: str) -> str:
    """A join code as it is kept, however it was typed; may be no code at all."""
    letters = "".join(letter for letter in typed.lower() if letter.isalnum())
    return f"{letters[:3]}-{letters[3:]}" if len(letters) == _CODE_LENGTH else ""


def plain(words: str) -> str:
    """The words as they are compared, however they were typed."""
    return " ".join(re.findall(r"[a-z]+", words.lower()))[:100]


def words_fit(words: str, hashed: str) -> bool:
    """Whether the words are the card's. Takes as long where there is no card."""
    if not hashed:
        make_password(plain(words))
        return False
    return check_password(plain(words), hashed)


def hash_of(secret: str) -> str:
    """What the database has of a secret; "" for what cannot be one."""
    return hashlib.sha256(secret.encode()).hexdigest() if _SECRET.match(secret) else ""


def qr(address: str) -> str:
    """A QR code as SVG, dark on light whatever the page's colours are."""
    drawing = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(
        drawing, kind="svg", border=4, dark="#000", light="#fff", omitsize=True, xmldecl=False
    )
    return drawing.getvalue().decode()


@cache
def _words() -> tuple[str, ...]:
    found = xkcd_password.generate_wordlist(
        wordfile=xkcd_password.locate_wordfile("eff-short"), min_length=3, max_length=6
    )
    return tuple(found)
