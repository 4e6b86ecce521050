"""What must not stand in a log: the tokens of links, which let whoever reads them in."""

from __future__ import annotations

import logging
import re

_TOKEN = re.compile(r"(/(?:j|first)/)[\w-]+")


class HideTokens(logging.Filter):
    """Blots the token out of every address of a link in a message."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the message when it holds a token; every record passes."""
        message = record.getMessage()
        if "/j/" in message or "/first/" in message:
            record.msg, record.args = _TOKEN.sub(r"\1…", message), None
        return True
