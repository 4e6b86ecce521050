"""Hints about code that is not Python: SyntaxError, IndentationError, TabError.

Python's own message says which kind it is; where it only says "invalid syntax", the line is looked
at for what other languages, older Pythons and word processors write.
"""

import keyword
import linecache
import re
from collections.abc import Callable

from playground_runtime.hints.characters import character
from playground_runtime.hints.scene import Scene, near

type Make = Callable[[re.Match[str], str], str | None]

_OPENERS = "if elif else for while def class with try except finally match case async".split()
_BLOCK = re.compile(rf"\s*({'|'.join(_OPENERS)})\b")


def hint(scene: Scene) -> str | None:
    """Words for a SyntaxError."""
    error = scene.error
    assert isinstance(error, SyntaxError)
    message = str(error.msg or "")
    line = _line(error)
    # Errors inside an f-string, and those of code given to eval or exec, have lines of their own.
    start = max(0, (error.offset or 1) - 1)
    special = _foreign(message, line, start)
    if special:
        return special
    for pattern, make in _MESSAGES:
        match = re.search(pattern, message)
        if match:
            return make(match, line)
    return character(message)


def _line(error: SyntaxError) -> str:
    if error.text:
        return error.text.rstrip("\n")
    return linecache.getline(error.filename or "", error.lineno or 0).rstrip("\n")


def _foreign(message: str, line: str, start: int) -> str | None:
    """What other languages write, told apart by the line itself."""
    code = _without_strings(line)
    if not message.startswith(
        ("invalid syntax", "expected ", "Did you mean", "cannot assign", "'{' was never")
    ):
        return None
    for pattern, words in _FOREIGN:
        match = re.search(pattern, code)
        # The mistake must be where Python stopped, not somewhere else in the line.
        if match and match.start() - 2 <= start <= match.end() + 2:
            return match.expand(words)
    first = re.match(r"\s*(\w+)\s*(?==(?!=))", code)
    if first and first[1] in keyword.kwlist:
        return f"`{first[1]}` is a word of Python itself, so it cannot be a name. Choose another."
    opener = _BLOCK.match(code)
    if opener and ":" not in code and message == "invalid syntax":
        return _no_colon(opener[1])
    lone = re.match(r"\s*(else|elif|except|finally)\b", code)
    if lone and message == "invalid syntax" and start == lone.start(1):
        owner = {"else": "if", "elif": "if"}.get(lone[1], "try")
        return (
            f"This `{lone[1]}` has no `{owner}` to belong to. It must come right after the block of "
            f"the `{owner}` and start with as many spaces as the `{owner}`."
        )
    return None


_FOREIGN = [
    (r"^\s*else\s+if\b", "In Python `else if` is written as one word: `elif`."),
    (r"^\s*(?:elsif|elseif)\b", "In Python this is written `elif`."),
    (r"(\w+)\s*\+\+", r"Python has no `++`. To add one, write `\1 += 1`."),
    (r"\+\+\s*(\w+)", r"Python has no `++`. To add one, write `\1 += 1`."),
    (r"([A-Za-z_]\w*)\s*--\s*(?:;|$)", r"Python has no `--`. To take one away, write `\1 -= 1`."),
    (r"=>", "Python has no `=>`. For “greater or equal” write `>=`."),
    (r"=<", "“Less or equal” is written the other way round: `<=`."),
    (r"=!", "“Not equal” is written the other way round: `!=`."),
    (r"<>", "“Not equal” is written `!=` in Python 3."),
    (r"===", "Python compares with two equals signs: `==`."),
    (r"!==", "Python compares with `!=`, one equals sign."),
    (r"&&", "Python writes `and` where other languages have `&&`."),
    (r"\|\|", "Python writes `or` where other languages have `||`."),
    (r"(?<![\w)\]}\"' ])!\s*\w|\b(?:if|while|and|or|not)\s+!\s*\w", "Write `not` in place of `!`."),
    (
        r"^\s*(?:if|elif|else|for|while|def|class)\b.*\{\s*$",
        "Python has no braces around a block: end the line with a colon `:` and put four spaces "
        "before each line of the block.",
    ),
    (
        r"^\s*(?:function|func|fn|void)\s+(\w+)",
        r"A function begins with `def` in Python: `def \1():`.",
    ),
    (r"^\s*(?:let|var|const)\s+(\w+)", r"Python needs no word before a name: write `\1 = …`."),
    (r"^\s*>>>", "`>>>` is the prompt of Python, not a part of the code. Leave it out."),
    (
        r"^\s*[!%]?(?:python3? -m )?pip3? install\b",
        "`pip install` is a command for a terminal, not Python code.",
    ),
    (
        r"^\s*import\s+([\w, ]+?)\s+from\s+([\w.]+)",
        r"It is the other way round: `from \2 import \1`.",
    ),
]


def _never_closed(match: re.Match[str], line: str) -> str:
    closing = {"(": ")", "[": "]", "{": "}"}[match[1]]
    return (
        f"A bracket `{match[1]}` is opened here and never closed. Add the `{closing}` where it belongs; "
        "the line before a strange error is worth a look, too."
    )


def _string(match: re.Match[str], line: str) -> str:
    if "triple" in match[0]:
        return "A text that starts with three quotes must end with the same three quotes."
    if re.search(r"'[^'\"]*\w'\w", line):
        return (
            "The apostrophe inside the text ends it too early. Put the text in double quotes: "
            '`"It\'s"`.'
        )
    if re.search(r"\\[\"']\s*\)?\s*$", line):
        return "A backslash before the last quote makes it a part of the text. Write two: `\\\\`."
    return "This text has no quote at its end. Add one, the same as at its beginning."


def _colon(match: re.Match[str], line: str) -> str | None:
    word = _BLOCK.match(line)
    if not word:
        return None
    if _without_strings(line).rstrip().endswith(":"):
        return None
    return _no_colon(word[1])


def _no_colon(word: str) -> str:
    return f"The line that starts with `{word}` must end with a colon `:`."


def _block(match: re.Match[str], line: str) -> str:
    what = match[1] or "this line"
    after = re.search(r"'(\w+)'|(\w+) definition", what)
    word = f"`{after[1] or after[2]}`" if after else "line before"
    word = {"`function`": "`def`"}.get(word, word)
    whose = f"{word} on line {match[2]}" if match[2] else word
    return (
        f"What belongs to the {whose} must be set in: put four spaces before it. "
        "If nothing is to happen there, write `pass`."
    )


def _equals(match: re.Match[str], line: str) -> str:
    return "A single `=` gives a name to a value. To ask whether two things are equal, write `==`."


def _assign(match: re.Match[str], line: str) -> str | None:
    what = match[1]
    if "==" in match.string and re.match(r"\s*(?:if|elif|while|return|assert)\b|.*\(", line):
        return _equals(match, line)
    if what in ("True", "False", "None"):
        return f"`{what}` is a word of Python itself, so it cannot be given a new value."
    if what.startswith(("literal", "function call", "expression", "attribute", "f-string")):
        return (
            "Left of `=` goes the name that is to hold the value, right of it the value: "
            "`name = 5`. To compare, write `==`."
        )
    return None


def _outside(match: re.Match[str], line: str) -> str:
    word = match[1]
    if word in ("break", "continue"):
        return (
            f"`{word}` works only inside a `for` or `while` loop. "
            "Is this line set in as far as the loop's other lines?"
        )
    if word == "await":
        return (
            "`await` works only inside a function that starts with `async def`, "
            "or outside of all functions."
        )
    return (
        f"`{word}` works only inside a function. "
        "Is this line set in as far as the function's other lines?"
    )


def _keyword(match: re.Match[str], line: str) -> str:
    return f"One word of Python seems to be misspelt here: did you mean `{match[1]}`?"


def _digits(match: re.Match[str], line: str) -> str | None:
    glued = re.search(r"(?<![\w.])(\d+)([A-Za-z_]\w*)", _without_strings(line))
    if not glued:
        return None
    if re.match(r"\s*\d+\w*\s*=(?!=)", line):
        return "A name cannot start with a digit. Put a letter first."
    return (
        f"A name cannot start with a digit. To multiply, write the star: `{glued[1]} * {glued[2]}`."
    )


def _comma(match: re.Match[str], line: str) -> str | None:
    return "Something is missing between two things here: perhaps a comma, an operator or a quote."


def _fixed(words: str) -> Make:
    return lambda match, line: words


_MESSAGES: list[tuple[str, Make]] = [
    (r"expected an indented block(?: after (.*?))?(?: on line (\d+))?$", _block),
    (
        r"^unexpected indent",
        _fixed(
            "There are spaces before this line that do not belong there. Remove them, or set it in "
            "as far as its neighbours."
        ),
    ),
    (
        r"^unindent does not match",
        _fixed(
            "This line is not set in as far as any line before it. Lines of one block need exactly "
            "the same number of spaces, mostly four."
        ),
    ),
    (
        r"^inconsistent use of tabs",
        _fixed(
            "Tabs and spaces are mixed before the lines; they look alike and are not. Use four "
            "spaces everywhere."
        ),
    ),
    (
        r"^Missing parentheses in call to '(?:print|exec)'",
        _fixed('That is how Python 2 printed. Now brackets are needed: `print("hello")`.'),
    ),
    (r"^expected ':'", _colon),
    (r"^'([(\[{])' was never closed", _never_closed),
    (
        r"^closing parenthesis '(.)' does not match opening parenthesis '(.)'",
        lambda match, line: (
            f"A bracket that was opened with `{match[2]}` cannot be closed with `{match[1]}`."
        ),
    ),
    (
        r"^unmatched '(.)'",
        lambda match, line: (
            f"This `{match[1]}` closes a bracket that was never opened. Remove it, or "
            "add the one that opens."
        ),
    ),
    (r"^unterminated (?:triple-quoted )?\w*-?(?:string|f-string|t-string)", _string),
    (r"Maybe you meant '==' or ':='", _equals),
    (r"^cannot assign to (.+?)(?: here)?(?:\.|$)", _assign),
    (r"^'(return|yield|await|break|continue)' (?:outside|not properly)", _outside),
    (r"^(asynchronous comprehension|'async \w+') outside", lambda match, line: None),
    (r"^invalid syntax\. Did you mean '(\w+)'\?", _keyword),
    (r"^invalid syntax\. Perhaps you forgot a comma", _comma),
    (r"^invalid (?:decimal|hexadecimal|octal|binary) literal", _digits),
    (
        r"^leading zeros in decimal integer literals",
        _fixed("A whole number must not start with 0: write `7`, not `07`."),
    ),
    (
        r"^unexpected character after line continuation",
        _fixed(
            "A backslash `\\` outside quotes may only stand at the very end of a line. To divide, "
            "write `/`."
        ),
    ),
    (
        r"^expected '\('",
        lambda match, line: (
            "A function's name must be followed by round brackets, also when they are "
            "empty: `def name():`."
            if re.match(r"\s*(?:async\s+)?def\b", line)
            else None
        ),
    ),
    (
        r"^expected 'except' or 'finally' block",
        _fixed("A `try:` needs an `except:` after its block, set in as far as the `try`."),
    ),
    (
        r"^positional argument follows keyword argument",
        _fixed("In a call, plain values come first, those with a name (`name=value`) after them."),
    ),
    (
        r"^(?:non-default argument|parameter without a default) follows",
        _fixed("In a `def`, parameters without a value come first, those with `=` after them."),
    ),
    (
        r"^multiple exception types must be parenthesized",
        _fixed("Python 3 writes `except ValueError as error:`; several kinds go in brackets."),
    ),
    (
        r"^f-string: expecting '}'|^f-string: expecting a valid expression after '{'"
        r"|^f-string: valid expression required before '}'|^f-string: single '}' is not allowed",
        _fixed(
            "In an f-string, each `{` needs its `}` with a name or a calculation between them. For a "
            "brace itself write it twice: `{{`."
        ),
    ),
    (
        r"^'elif' block follows an 'else' block",
        _fixed("`else` comes last: put the `elif` before it."),
    ),
    (r"^invalid syntax$", lambda match, line: _first_word(line)),
]


def _first_word(line: str) -> str | None:
    """A misspelt first word; newer Pythons find these themselves."""
    match = re.match(r"\s*([a-z]+)\b(?!\s*[=(.,\[])", line)
    if not match or match[1] in keyword.kwlist:
        return None
    meant = near(match[1], [*_OPENERS, "import", "from", "return", "while", "print"])
    if meant == "from" and re.search(r"\bin\b", line):
        meant = "for"
    return f"`{match[1]}` is no word of Python: did you mean `{meant}`?" if meant else None


def _without_strings(line: str) -> str:
    """The line with the inside of its texts and its comment blanked, columns kept."""
    blank = re.sub(
        r"(\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')", lambda match: "_" * len(match[0]), line
    )
    return re.sub(r"#.*", lambda match: " " * len(match[0]), blank)
