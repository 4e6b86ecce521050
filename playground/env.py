"""The settings that are read from the environment, each declared once with its meaning.

``playground/settings.py`` asks here for every variable it reads. What was asked for is kept in
``DECLARED``, so that a test can hold docs/settings.md against it: a setting that is read but not
documented fails the build.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Declared:
    """One environment variable: its name, its default as text, and what it is for."""

    name: str
    default: str
    help: str


@dataclass(frozen=True)
class Rate:
    """At most ``count`` events in ``seconds``."""

    count: int
    seconds: int


DECLARED: dict[str, Declared] = {}

_SIZES = {"": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3}
_SPANS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def text(name: str, default: str, help: str) -> str:
    """Declare a variable and read it; an empty value counts as not set."""
    DECLARED[name] = Declared(name, default, help)
    return os.environ.get(name, "").strip() or default


def path(name: str, default: str, help: str, *, base: Path) -> Path:
    """Read a folder; a relative one is taken from ``base``."""
    return (base / Path(text(name, default, help)).expanduser()).resolve()


def flag(name: str, default: str, help: str) -> bool:
    """Read ``on`` or ``off`` (also yes, no, true, false, 1, 0).

    Raises:
        ImproperlyConfigured: the value is none of these.
    """
    value = text(name, default, help).lower()
    if value in {"on", "yes", "true", "1"}:
        return True
    if value in {"off", "no", "false", "0"}:
        return False
    raise ImproperlyConfigured(f"{name} must be on or off, but is {value!r}.")


def number(name: str, default: str, help: str, *, least: int = 0) -> int:
    """Read a whole number of at least ``least``.

    Raises:
        ImproperlyConfigured: it is not such a number.
    """
    value = text(name, default, help)
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(
            f"{name} must be a whole number from {least} on, but is {value!r}."
        )
    return int(value)


def size(name: str, default: str, help: str) -> int:
    """Read a number of bytes, such as ``10 MB``; units are KB, MB and GB of 1024.

    Raises:
        ImproperlyConfigured: it is not such a size.
    """
    value = text(name, default, help)
    match = re.fullmatch(r"(\d+)\s*(KB|MB|GB|)", value.upper())
    if match is None:
        raise ImproperlyConfigured(f"{name} must be a size such as '10 MB', but is {value!r}.")
    return int(match[1]) * _SIZES[match[2]]


def rate(name: str, default: str, help: str) -> Rate:
    """Read a rate such as ``10/15m``: ten in fifteen minutes; units are s, m, h and d.

    Raises:
        ImproperlyConfigured: it is not such a rate.
    """
    value = text(name, default, help)
    match = re.fullmatch(r"(\d+)/(\d*)([smhd])", value)
    if match is None or int(match[2] or 1) == 0:
        raise ImproperlyConfigured(f"{name} must be a rate such as '10/15m', but is {value!r}.")
    return Rate(int(match[1]), int(match[2] or 1) * _SPANS[match[3]])


def words(name: str, default: str, help: str) -> list[str]:
    """Read a list of words parted by commas or spaces."""
    return [word for word in re.split(r"[\s,]+", text(name, default, help)) if word]
