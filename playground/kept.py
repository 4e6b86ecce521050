"""Answers again what never changes, from memory and without Django.

A page of the playground asks for some twenty files whose addresses carry a hash of their content.
Each would pass all middleware in a thread of its own, and many threads at once wait for each
other: Python's start in the browser would wait for the server. Here the first answer is kept as it
was, with its headers, and given again by the thread that has the socket. What may be kept is what
the answer itself says: public and immutable, for everybody alike. The few addresses that are one
file each, such as the runtime's frame, are answered from memory until that file changes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]

#: What is kept at most, in bytes: a distribution in two encodings and the page's files.
CAPACITY = 64 * 1024 * 1024

#: Request headers on which an answer may depend; anything that asks for less than the whole
#: answer is left to Django.
_SEEN = (b"host", b"accept-encoding", b"x-forwarded-proto", b"x-forwarded-host")
_PARTIAL = {b"range", b"if-none-match", b"if-modified-since", b"if-match", b"if-unmodified-since"}

_Key = tuple[Any, ...]


class _Answer(NamedTuple):
    headers: list[tuple[bytes, bytes]]
    body: bytes


class KeptAnswers:
    """An ASGI middleware that keeps answers; the least used go when it is full.

    ``files`` names addresses whose answers depend on nothing but a file and who is asked for it.
    """

    def __init__(
        self,
        application: Application,
        files: Mapping[str, Path] | None = None,
        capacity: int = CAPACITY,
    ) -> None:
        self.application = application
        self.capacity = capacity
        self.files = files or {}
        self.size = 0
        self._kept: OrderedDict[_Key, _Answer] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or pass the request on and perhaps keep the answer."""
        key = self._key(scope)
        if key is None:
            await self.application(scope, receive, send)
            return
        known = self._kept.get(key)
        if known is None:
            await self.application(scope, receive, self._watch(key, send))
            return
        self._kept.move_to_end(key)
        await send({"type": "http.response.start", "status": 200, "headers": known.headers})
        await send({"type": "http.response.body", "body": known.body})

    def _watch(self, key: _Key, send: Send) -> Send:
        stamp, *_ = key
        headers: list[tuple[bytes, bytes]] | None = None
        body = bytearray()

        async def watched(message: Message) -> None:
            nonlocal headers
            await send(message)
            if message["type"] == "http.response.start":
                found = list(message.get("headers", []))
                if message["status"] == 200 and _may_be_kept(found, lasting=stamp is None):
                    headers = found
            elif headers is not None:
                body.extend(message.get("body", b""))
                if len(body) > self.capacity // 4:
                    headers = None
                elif not message.get("more_body", False):
                    self._keep(key, _Answer(headers, bytes(body)))

        return watched

    def _key(self, scope: Scope) -> _Key | None:
        """All that an answer may depend on; None for requests that are passed on."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope.get("query_string"):
            return None
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        if any(name in _PARTIAL for name, _ in headers):
            return None
        file = self.files.get(scope["path"])
        try:
            stamp = None if file is None else file.stat().st_mtime_ns
        except OSError:
            return None
        seen = tuple((name, value) for name, value in headers if name in _SEEN)
        return (stamp, scope.get("scheme"), scope.get("root_path"), scope["path"], *seen)

    def _keep(self, key: _Key, answer: _Answer) -> None:
        before = self._kept.pop(key, None)
        self.size += len(answer.body) - (len(before.body) if before else 0)
        self._kept[key] = answer
        while self.size > self.capacity:
            _, gone = self._kept.popitem(last=False)
            self.size -= len(gone.body)


def _may_be_kept(headers: Headers, *, lasting: bool) -> bool:
    """``lasting``: nothing tells when the answer changes, so it has to say that it will not."""
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        found[name.lower()] = found.get(name.lower(), b"") + b"," + value.lower()
    if b"set-cookie" in found or _words(found.get(b"vary", b"")) - {b"accept-encoding"}:
        return False
    return not lasting or {b"public", b"immutable"} <= _words(found.get(b"cache-control", b""))


def _words(value: bytes) -> set[bytes]:
    return {word.strip() for word in value.split(b",")} - {b""}
