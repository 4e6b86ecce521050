"""The runtime's frame and distribution: exact headers, compression, nothing outside the folder."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from playground import runtime_files

BUILD = "0123abcd"


@pytest.fixture(autouse=True)
def built(tmp_path: Path, settings: Settings) -> Path:
    """A distribution and a frame as their builds leave them."""
    folder = tmp_path / "build" / BUILD
    folder.mkdir(parents=True)
    wasm = b"\0asm" + bytes(5000)
    (folder / "pyodide.asm.wasm").write_bytes(wasm)
    (folder / "pyodide.asm.wasm.gz").write_bytes(gzip.compress(wasm))
    (folder / "pyodide.asm.wasm.br").write_bytes(b"brotli bytes")
    (folder / "pyodide.mjs").write_text("export {}")
    (tmp_path / "secret").write_text("not to be served")
    (tmp_path / "build" / "current.json").write_text(json.dumps({"hash": BUILD}))
    (tmp_path / "frame.html").write_text("<!doctype html><title>frame</title>")
    (tmp_path / "frame.js").write_text("'frame'")
    settings.RUNTIME_BUILD = tmp_path / "build"
    settings.FRAME_PAGE = tmp_path / "frame.html"
    settings.FRAME_SCRIPT = tmp_path / "frame.js"
    return tmp_path


@pytest.mark.parametrize("host", ["localhost:8000", "[::1]:9000"])
def test_the_frame_has_the_headers_of_the_recipe(client: Client, host: str) -> None:
    headers = dict(client.get("/runtime/frame.html", headers={"Host": host}).headers)
    app = f"http://{host}"
    assert headers["Content-Security-Policy"] == (
        "sandbox allow-scripts; default-src 'none'; "
        f"script-src {app}/runtime/frame.js blob: 'wasm-unsafe-eval'; worker-src blob:; "
        f"connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors {app}"
    )
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "X-Frame-Options" not in headers
    assert "Set-Cookie" not in headers
    assert headers["Content-Type"].startswith("text/html")


def test_a_made_up_host_gets_no_frame(client: Client) -> None:
    answer = client.get("/runtime/frame.html", headers={"Host": "x;script-src *"})
    assert answer.status_code == 400


def test_the_frames_script_loads_from_an_opaque_origin(client: Client) -> None:
    answer = client.get("/runtime/frame.js", headers={"Origin": "null"})
    assert answer.content == b"'frame'"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "Content-Security-Policy" not in answer.headers


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("identity", None),
        ("", None),
    ],
)
def test_a_distribution_file_is_compressed_as_the_browser_allows(
    client: Client, accepted: str, encoding: str | None
) -> None:
    address = f"/runtime/dist/{BUILD}/pyodide.asm.wasm"
    answer = client.get(address, headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Content-Type"] == "application/wasm"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    if encoding == "gzip":
        assert gzip.decompress(answer.content)[:4] == b"\0asm"


def test_a_file_without_a_compressed_twin_is_served_as_it_is(client: Client) -> None:
    answer = client.get(f"/runtime/dist/{BUILD}/pyodide.mjs", headers={"Accept-Encoding": "br"})
    assert answer.content == b"export {}"
    assert answer.headers["Content-Type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "path",
    [
        "../current.json",
        f"{BUILD}/..%2f..%2fsecret",
        "%2e%2e/secret",
        f"{BUILD}/none",
        "../../secret",
    ],
)
def test_nothing_outside_a_distribution_is_served(client: Client, path: str) -> None:
    assert client.get(f"/runtime/dist/{path}").status_code == 404


def test_current_is_read_again_when_it_changed(built: Path) -> None:
    assert runtime_files.current() == {"hash": BUILD}
    file = built / "build" / "current.json"
    file.write_text(json.dumps({"hash": "new"}))
    os.utime(file, ns=(1, 1))
    assert runtime_files.current() == {"hash": "new"}
    file.unlink()
    assert runtime_files.current() is None


def test_without_a_build_the_frame_is_not_found(client: Client, built: Path) -> None:
    (built / "frame.js").unlink()
    assert client.get("/runtime/frame.js").status_code == 404
