"""Which origins may talk to the server: pure comparisons of ``Origin`` and ``Host``."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_HOST = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")


def host_name(host: str) -> str | None:
    """Give the name in a ``Host`` header without its port, in lower case; None when malformed."""
    if not _HOST.fullmatch(host):
        return None
    return urlsplit(f"//{host}").hostname


def same_host(origin: str, host: str) -> bool:
    """Say whether ``origin`` is a web page of the same host name, on any port."""
    scheme, separator, rest = origin.partition("://")
    if scheme not in {"http", "https"} or not separator:
        return False
    name = host_name(rest)
    return name is not None and name == host_name(host)


def is_loopback(address: str) -> bool:
    """Say whether an address (without a port) is this computer's own."""
    return address in _LOOPBACK or address.startswith("127.")


def same_loopback(origin: str, host: str) -> bool:
    """Say whether both are this computer, under the same name, on any port."""
    return same_host(origin, host) and host_name(host) in _LOOPBACK
