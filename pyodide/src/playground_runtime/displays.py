"""Turns a value into a mimebundle: its plain text and what its ``_repr_*_`` methods offer.

Methods are looked up on the type, so objects that answer to every attribute offer nothing by
accident. A method that fails leaves its form out and says so on stderr; it never fails the run.
"""

import base64
import re
import sys
from typing import Any

from playground_runtime import limits
from playground_runtime.plaintext import describe, plain_text, type_name
from playground_runtime.tables import MIME as TABLE
from playground_runtime.tables import table
from playground_runtime.text import clean, encode_json
from playground_runtime.trees import MIME as TREE
from playground_runtime.trees import tree

_METHODS = {
    "_repr_html_": "text/html",
    "_repr_markdown_": "text/markdown",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
    "_repr_jpeg_": "image/jpeg",
    "_repr_latex_": "text/latex",
    "_repr_json_": "application/json",
}
_MIME = re.compile(r"[A-Za-z0-9_.+-]+/[A-Za-z0-9_.+-]+")


def mimebundle(value: object) -> dict[str, str]:
    """All forms of a value, ``text/plain`` always among them."""
    bundle: dict[str, str] = {}
    if not isinstance(value, type):
        for mime, data in _offered(value):
            _keep(bundle, mime, data, value)
    if "text/plain" not in bundle:
        bundle["text/plain"] = plain_text(value)
    if len(bundle) == 1:
        _add_structure(bundle, value)
    return bundle


def _add_structure(bundle: dict[str, str], value: object) -> None:
    """A table or a tree for a value whose text does not fit on a line."""
    text = bundle["text/plain"]
    if len(text) <= limits.LINE_CHARS and "\n" not in text:
        return
    try:
        rows = table(value)
        structure = tree(value) if rows is None else None
    except (RecursionError, TypeError, ValueError, AttributeError, RuntimeError):
        return
    if rows is not None:
        bundle[TABLE] = rows
    elif structure is not None:
        bundle[TREE] = structure


def _offered(value: object) -> list[tuple[Any, Any]]:
    """What the value's methods give, the general one first; the first to name a form wins."""
    whole = _call(value, "_repr_mimebundle_", include=None, exclude=None)
    if isinstance(whole, tuple) and whole:
        whole = whole[0]
    offered: list[tuple[Any, Any]] = list(whole.items()) if isinstance(whole, dict) else []
    for method, mime in _METHODS.items():
        if not (isinstance(whole, dict) and mime in whole):
            data = _call(value, method)
            data = data[0] if isinstance(data, tuple) and len(data) == 2 else data
            offered.append((mime, data))
    return [(mime, data) for mime, data in offered if data is not None]


def _call(value: object, method: str, **options: object) -> Any:
    for kind in type(value).__mro__:
        if method in kind.__dict__:
            break
    else:
        return None
    try:
        return getattr(value, method)(**options)
    except Exception as error:
        sys.stderr.write(f"{type_name(value)}.{method} raised {describe(error)}\n")
        return None


def _keep(bundle: dict[str, str], mime: Any, data: Any, value: object) -> None:
    if not isinstance(mime, str) or len(mime) > 120 or not _MIME.fullmatch(mime):
        return
    if len(bundle) >= limits.DATA_VALUES - 1:
        return
    try:
        text = _as_text(data)
    except (TypeError, ValueError, RecursionError) as error:
        sys.stderr.write(f"{type_name(value)}: its {mime} cannot be shown: {describe(error)}\n")
        return
    if len(text) > limits.DATA_BYTES:
        size = f"{len(text) / 1e6:.1f} MB"
        limit = f"{limits.DATA_BYTES / 1e6:.0f} MB"
        bundle["text/plain"] = f"<{type_name(value)}: its {mime} of {size} is over {limit}>"
        return
    bundle[mime] = text


def _as_text(data: Any) -> str:
    if isinstance(data, str):
        return clean(data)
    if isinstance(data, bytes | bytearray | memoryview):
        return base64.b64encode(data).decode("ascii")
    return encode_json(data)
