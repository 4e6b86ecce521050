"""How long a browser stays signed in, for Django's session engine.

Django knows an age for all, or "until the browser is closed", which leaves the row on the server
valid for that same age: on a school computer whose browser is never closed the next pupil would be
the one before. So a sign-in that ends with the browser also ends on the server when it was not
used for ``PLAYGROUND_PUPIL_IDLE_HOURS``.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

#: What ``set_expiry`` takes for a cookie without an age.
WITH_THE_BROWSER = 0


class SessionStore(DatabaseStore):
    """Sign-ins in the database, as Django's own, with a shorter age for those of pupils."""

    def get_session_cookie_age(self) -> int:
        """Seconds for which the row is valid after it was last saved."""
        if self.get("_session_expiry") == WITH_THE_BROWSER:
            return int(settings.PLAYGROUND_PUPIL_IDLE_HOURS) * 3600
        return super().get_session_cookie_age()
