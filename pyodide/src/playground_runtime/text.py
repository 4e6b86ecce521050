"""Text on its way out: JSON, valid Unicode, UTF-16 lengths, cuts that say what they took.

The encoders are bound once, so an entry that patches ``json`` changes nothing here.
"""

import json

encode_json = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
#: For JSON inside JSON: letters stay letters, or each would take twelve bytes.
encode_letters = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
decode_json = json.JSONDecoder().decode


def clean(text: str) -> str:
    """Give text whose lone surrogates are replaced by U+FFFD, as an exact ``str``."""
    if type(text) is not str:
        text = "".join((text, ""))
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, which is what JavaScript and the protocol count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """Shorten text to about ``limit`` characters and say how many are missing."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… {len(text) - limit:,} more characters"


def shorten(text: str, limit: int) -> str:
    """Shorten text to at most ``limit`` UTF-16 characters with an ellipsis, on one line."""
    head = clean(text[: limit * 2])
    line = " ".join(head.split()) if "\n" in head or "\r" in head else head
    if len(text) <= limit and utf16_length(line) <= limit:
        return line
    while utf16_length(line) > limit - 1:
        line = line[: limit - 1] if len(line) >= limit else line[:-1]
    return line + "…"
