"""A local socket over which another process of this machine asks the web process to write.

A request and its answer are JSON, each behind its length in four bytes. Only the owner of the data
folder can open the socket, and only actions of ``actions.NAMED`` can be asked for.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import socket
import struct
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sessions_app.errors import ActionError
from sessions_app.limits import data_dir

log = logging.getLogger(__name__)

MAX_BYTES = 1024 * 1024
TIMEOUT_S = 60.0

#: The longest path that every system takes for such a socket.
MAX_PATH = 100


class NobodyThereError(Exception):
    """No web process runs."""


def socket_path() -> Path:
    """Where the socket is: in the data folder, or aside when that path is too long for one."""
    path = data_dir().resolve() / "writer.sock"
    if len(os.fsencode(path)) <= MAX_PATH:
        return path
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:24]
    return Path(tempfile.gettempdir()) / f"playground-{name}.sock"


def ask(name: str, args: Sequence[Any]) -> Any:
    """Ask the web process to run an action; gives its answer.

    Raises:
        NobodyThereError: no web process answers there.
        ActionError: the action said no, or the answer never came (``busy``).
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(TIMEOUT_S)
        try:
            client.connect(str(socket_path()))
        except (FileNotFoundError, ConnectionRefusedError) as error:
            raise NobodyThereError from error
        try:
            _send(client, {"name": name, "args": list(args)})
            answer = _receive(client)
        except OSError as error:
            raise ActionError("busy", "The server did not answer.") from error
    if "error" in answer:
        raise ActionError(answer["error"]["code"], answer["error"]["message"])
    return answer["value"]


class Server:
    """Answers other processes; ``answer`` runs a named action."""

    def __init__(self, answer: Callable[[str, list[Any]], Any]) -> None:
        self._answer = answer
        self._path = socket_path()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # What a process left behind that was killed.
        self._path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(str(self._path))
        self._path.chmod(0o600)
        self._socket.listen(16)
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="writer-socket")
        threading.Thread(target=self._accept, name="writer-socket", daemon=True).start()

    def stop(self) -> None:
        """Answer no more."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._threads.shutdown()
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        while True:
            try:
                connected, _ = self._socket.accept()
            except OSError:
                return
            self._threads.submit(self._serve, connected)

    def _serve(self, connected: socket.socket) -> None:
        with connected, contextlib.suppress(OSError):
            connected.settimeout(TIMEOUT_S)
            request = _receive(connected)
            try:
                answer = {"value": self._answer(request["name"], request["args"])}
            except ActionError as error:
                answer = {"error": {"code": error.code, "message": error.message}}
            except Exception:
                log.exception("The action %s failed.", request.get("name"))
                answer = {"error": {"code": "storage", "message": "The action failed."}}
            _send(connected, answer)


def _send(peer: socket.socket, value: dict[str, Any]) -> None:
    body = json.dumps(value).encode()
    peer.sendall(struct.pack("!I", len(body)) + body)


def _receive(peer: socket.socket) -> dict[str, Any]:
    (length,) = struct.unpack("!I", _exactly(peer, 4))
    if length > MAX_BYTES:
        raise OSError("the message is too long")
    try:
        value = json.loads(_exactly(peer, length))
    except ValueError as error:
        raise OSError("the message is not JSON") from error
    if not isinstance(value, dict):
        raise OSError("the message is no object")
    return value


def _exactly(peer: socket.socket, count: int) -> bytes:
    body = b""
    while len(body) < count:
        piece = peer.recv(count - len(body))
        if not piece:
            raise OSError("the peer went away")
        body += piece
    return body
