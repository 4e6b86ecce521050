"""Looks at unfinished Python before a place: brackets, strings, and the expression that ends there.

The code is rarely valid while it is typed, so nothing is parsed as a whole.
"""

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"(?P<quote>\b[rRbBuUfFtT]{1,2}(?:\"\"\"|'''|\"|')|\"\"\"|'''|\"|')|#[^\n]*|[()\[\]{}]"
)
_WORD = re.compile(r"\w*\Z")
_CLOSING = {")": "(", "]": "[", "}": "{"}


@dataclass
class Opened:
    """A string literal that is open at the place."""

    #: Where the literal begins, with its prefix, and where its content does.
    start: int
    content: int
    quote: str


@dataclass
class Scan:
    """What stands before a place."""

    source: str
    place: int
    comment: bool = False
    string: Opened | None = None
    #: Positions of the brackets that are open, the innermost last.
    brackets: list[int] = field(default_factory=list)
    #: Of each closed bracket or string, where it ends (exclusive) and begins.
    pairs: dict[int, int] = field(default_factory=dict)

    @property
    def word(self) -> str:
        """The letters of a name before the place."""
        found = _WORD.search(self.source, 0, self.place)
        return found.group() if found else ""

    def line(self) -> str:
        """The text of the line before the place."""
        return self.source[self.source.rfind("\n", 0, self.place) + 1 : self.place]


def scan(source: str, place: int, start: int = 0) -> Scan:
    """Read the code up to a place."""
    found = Scan(source, place)
    at = start
    while token := _TOKEN.search(source, at, place):
        at = token.end()
        text = token.group()
        if token["quote"]:
            at = _string(found, token.start(), text)
            if found.string or at >= place:
                break
        elif text[0] == "#":
            found.comment = at >= place
        elif text in _CLOSING:
            _close(found, token.start(), text)
        else:
            found.brackets.append(token.start())
    opened = found.string
    if opened is not None and set("fFtT") & set(source[opened.start : opened.content]):
        inside = _replacement_field(source, opened.content, place)
        if inside is not None:
            return scan(source, place, inside)
    return found


def _string(found: Scan, start: int, opening: str) -> int:
    """Step over a string literal; note it as open when it does not end before the place."""
    quote = opening.lstrip("rRbBuUfFtT")
    content = at = start + len(opening)
    source, place = found.source, found.place
    while at < place:
        if source[at] == "\\":
            at += 2
        elif source.startswith(quote, at):
            end = at + len(quote)
            if end > place:
                break
            found.pairs[end] = start
            return end
        elif source[at] == "\n" and len(quote) == 1:
            return at
        else:
            at += 1
    found.string = Opened(start, content, quote)
    return place


def _close(found: Scan, at: int, closing: str) -> None:
    if found.brackets and found.source[found.brackets[-1]] == _CLOSING[closing]:
        found.pairs[at + 1] = found.brackets.pop()


def _replacement_field(source: str, start: int, place: int) -> int | None:
    """Where the code of an f-string's field that is open at the place begins."""
    opened: list[int] = []
    at = start
    while at < place:
        if source.startswith("{{", at) and not opened:
            at += 2
            continue
        if source[at] == "{":
            opened.append(at + 1)
        elif source[at] == "}" and opened:
            opened.pop()
        at += 1
    return opened[-1] if opened else None


def primary_before(found: Scan, end: int) -> str:
    """The name, call, subscript or literal that ends at a place; empty when there is none."""
    source = found.source
    at = end
    while at > 0:
        if at in found.pairs:
            at = found.pairs[at]
            # A literal or a group has nothing before it; a call and a subscript have.
            if source[at] in "([" and at and (source[at - 1].isalnum() or source[at - 1] in "_)]"):
                continue
            break
        word = _WORD.search(source, 0, at)
        if not word or not word.group():
            return ""
        at = word.start()
        if at == 0 or source[at - 1] != ".":
            break
        at -= 1
    return source[at:end]


def index_of(source: str, place: int) -> int:
    """The index in a text of a place counted in UTF-16 characters."""
    if source.isascii():
        return min(place, len(source))
    return len(
        source.encode("utf-16-le", "surrogatepass")[: place * 2].decode("utf-16-le", "replace")
    )
