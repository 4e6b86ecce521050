"""Finding the port to listen on."""

from __future__ import annotations

import socket

#: How many further ports are tried when the wanted one is taken.
_TRIES = 50


class NoPortError(Exception):
    """No port can be had; the message says why, in words for the person at the terminal."""


def choose(host: str, wanted: int) -> int:
    """Give ``wanted``, or the next port after it that nobody listens on; 0 means any.

    Raises:
        NoPortError: the address is not of this computer, or no port is free or allowed.
    """
    if wanted == 0:
        return _bound_port(host, 0)
    last = min(wanted + _TRIES, 65535)
    reason: OSError | None = None
    for port in range(wanted, last + 1):
        try:
            return _bound_port(host, port)
        except PermissionError as error:
            raise NoPortError(f"Port {port} needs administrator rights: set PORT.") from error
        except OSError as error:
            reason = error
    raise NoPortError(f"No free port from {wanted} to {last} on {host}: {reason}.")


def _bound_port(host: str, port: int) -> int:
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as probe:
        # As the server does it: a port whose last connections are closing can be used at once.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
        bound: int = probe.getsockname()[1]
        return bound


def address(host: str, port: int) -> str:
    """Give the URL to open in a browser on this computer."""
    if host in {"127.0.0.1", "::1", "0.0.0.0", "::", "localhost", ""}:  # noqa: S104  # compared
        host = "localhost"
    elif ":" in host:
        host = f"[{host}]"
    return f"http://{host}:{port}"
