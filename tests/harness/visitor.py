"""A person's browser profile, as far as HTTP goes: cookies, CSRF token, JSON."""

from __future__ import annotations

import gzip
import hashlib
import http.cookiejar
import json
import re
import urllib.error
import urllib.request
from typing import Any


class Answer:
    """Status, headers and body of a response, whatever the status."""

    def __init__(self, status: int, headers: Any, body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Visitor:
    """Speaks HTTP to a playground at ``base`` (without a slash at its end)."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request; header names are given with ``_`` for ``-``."""
        request = urllib.request.Request(self.base + path, data=body, method=method)
        request.add_header("Origin", self.base)
        if method not in ("GET", "HEAD"):
            request.add_header("X-CSRFToken", self.cookie("csrftoken") or "")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with self._opener.open(request, timeout=30) as response:
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def get(self, path: str) -> Answer:
        """A GET."""
        return self.request("GET", path)

    def post(self, path: str, value: object = None) -> Answer:
        """A POST of JSON."""
        body = json.dumps({} if value is None else value).encode()
        return self.request("POST", path, body, Content_Type="application/json")

    def put_blob(self, session: str, data: bytes) -> str:
        """Upload a blob; gives its hash.

        Raises:
            RuntimeError: the server refused it.
        """
        name = hashlib.sha256(data).hexdigest()
        answer = self.request(
            "PUT",
            f"/api/sessions/{session}/blobs/{name}",
            gzip.compress(data, 1),
            Content_Encoding="gzip",
            Content_Type="application/octet-stream",
            X_Blob_Size=str(len(data)),
        )
        if answer.status not in (200, 201, 204):
            raise RuntimeError(f"PUT blob: {answer.status} {answer.body[:300]!r}")
        return name

    def start(self) -> str:
        """Become a guest with a session, as the start page's script does; gives its id."""
        page = self.get("/")
        if not self.cookie("csrftoken"):
            raise RuntimeError(f"the start page set no CSRF cookie ({page.status})")
        answer = self.post("/api/start")
        if answer.status not in (200, 201):
            raise RuntimeError(f"/api/start: {answer.status} {answer.body[:300]!r}")
        identifier: str = answer.json()["id"]
        return identifier

    def cookie(self, name: str) -> str | None:
        """The value of a cookie."""
        return next((cookie.value for cookie in self.cookies if cookie.name == name), None)

    def cookie_header(self) -> str:
        """All cookies, as a socket's handshake sends them."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookies)

    def page_data(self, path: str) -> Any:
        """The JSON that a session page carries for its script."""
        page = self.get(path).body.decode()
        found = re.search(r'<script[^>]*id="page-data"[^>]*>(.*?)</script>', page, re.S)
        if not found:
            raise RuntimeError(f"{path} has no page data")
        return json.loads(found.group(1))
