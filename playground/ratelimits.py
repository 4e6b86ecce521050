"""Counting how often somebody does something, to stop guessing and flooding.

The rates are settings (``PLAYGROUND_RATE_…``). Counts live in Django's cache: in the web process,
or in Redis when there are several. A count is of a fixed window, so around its border up to twice
the rate can pass; for its purpose that is enough.
"""

from __future__ import annotations

import hashlib
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from playground.env import Rate
from playground.errors import refuse


def allow(kind: str, *who: object, amount: int = 1) -> bool:
    """Count ``amount`` events of ``kind`` by ``who``; False when that is above the rate.

    ``kind`` is a key of ``settings.PLAYGROUND_RATES``.
    """
    if not settings.PLAYGROUND_RATE_LIMITS:
        return True
    rate: Rate = settings.PLAYGROUND_RATES[kind]
    key = _key(kind, rate, who)
    cache.add(key, 0, timeout=rate.seconds * 2)
    try:
        return cache.incr(key, amount) <= rate.count
    except ValueError:
        # The key was dropped between the two calls; the window starts anew.
        return True


def exhausted(kind: str, *who: object) -> bool:
    """Say whether the rate is used up, without counting."""
    if not settings.PLAYGROUND_RATE_LIMITS:
        return False
    rate: Rate = settings.PLAYGROUND_RATES[kind]
    return int(cache.get(_key(kind, rate, who), 0)) >= rate.count


def address(request: HttpRequest) -> str:
    """Give the network address of the asker, as the server or the proxy before it sees it.

    Of the addresses in ``X-Forwarded-For`` only the last was written by that proxy; those before it
    are what the asker says, who could say another for each try, or that of a victim.
    """
    if settings.HTTPS:
        seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if seen:
            return seen
    return str(request.META.get("REMOTE_ADDR", ""))


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer 429 in plain words."""
    response = refuse(request, 429, "limit", "That was too often. Please wait a few minutes.")
    response.headers["Retry-After"] = "60"
    return response


def _key(kind: str, rate: Rate, who: tuple[object, ...]) -> str:
    window = int(time.time()) // rate.seconds
    digest = hashlib.sha256(repr(who).encode()).hexdigest()[:32]
    return f"rate:{kind}:{window}:{digest}"
