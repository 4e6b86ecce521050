"""A token bucket for one socket: so many messages a time, with room for a burst."""

from __future__ import annotations

import time

from django.conf import settings

#: A burst may be so many times the rate of one period.
BURST = 5


class Bucket:
    """Counts messages against the rate ``messages`` of the settings."""

    def __init__(self) -> None:
        rate = getattr(settings, "PLAYGROUND_RATES", {}).get("messages")
        self._limited = rate is not None and bool(settings.PLAYGROUND_RATE_LIMITS)
        self._per_second = rate.count / rate.seconds if rate else 0.0
        self._most = float(rate.count * BURST) if rate else 0.0
        self._left = self._most
        self._at = time.monotonic()

    def take(self) -> bool:
        """Count a message; False when it is one too many."""
        if not self._limited:
            return True
        now = time.monotonic()
        self._left = min(self._most, self._left + (now - self._at) * self._per_second)
        self._at = now
        self._left -= 1
        return self._left >= 0
