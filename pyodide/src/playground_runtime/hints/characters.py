"""Hints about characters that look like those of Python and are not."""

import re

_LOOKALIKES = {
    "“”„‟«»″": '"',
    "‘’‚‛′´": "'",
    "–—−‐‑": "-",
    "×∗⋅·": "*",
    "÷∕⁄": "/",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "…": "...",
    "（": "(",
    "）": ")",
    "［【": "[",
    "］】": "]",
    "｛": "{",
    "｝": "}",
    "：": ":",
    "，、": ",",
    "；": ";",
    "＝": "=",
    "＋": "+",
    "。": ".",
    "²": "**2",
    "³": "**3",
    "→": "->",
}


def character(message: str) -> str | None:
    """Words for Python's "invalid character" messages."""
    hidden = re.match(r"invalid non-printable character U\+([0-9A-F]+)", message)
    if hidden:
        return (
            "There is a character here that cannot be seen; it often comes along with copied text. "
            "Delete the space here and type it again."
        )
    match = re.match(r"invalid character '(.+?)' \(U\+[0-9A-F]+\)", message)
    if not match:
        return None
    found = match[1]
    for likes, meant in _LOOKALIKES.items():
        if found in likes:
            if meant in "\"'":
                return (
                    f"`{found}` is a quote of word processors. Python needs the straight ones: "
                    "`\"` or `'`."
                )
            return f"Python does not know `{found}`. Type `{meant}` in its place."
    return f"Python does not know the character `{found}` in code. Inside quotes it is allowed."
