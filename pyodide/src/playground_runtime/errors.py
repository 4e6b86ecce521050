"""The one exception that crosses the bridge on purpose."""

from playground_runtime.text import encode_json


class RefusedError(Exception):
    """A request that cannot be fulfilled: its text is JSON ``{"code", "message"}``.

    ``code`` is ``invalid``, ``not-found`` or ``too-large``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(encode_json({"code": code, "message": message}))
        self.code = code
        self.message = message
