"""The one error that an action or a view raises when it has to say no.

Its codes are those of docs/page-api.md; ``STATUS`` says what each is over HTTP.
"""

from __future__ import annotations

from typing import Literal

Code = Literal[
    "forbidden", "not-found", "gone", "invalid", "too-large", "limit", "busy", "offline", "storage"
]

STATUS: dict[Code, int] = {
    "forbidden": 403,
    "not-found": 404,
    "gone": 410,
    "invalid": 400,
    "too-large": 413,
    "limit": 413,
    "busy": 429,
    "offline": 503,
    "storage": 507,
}


class ActionError(Exception):
    """A refusal with a code and a sentence that a person understands."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code: Code = code
        self.message = message

    @property
    def status(self) -> int:
        """The HTTP status that goes with the code."""
        return STATUS[self.code]
