"""Gives a variable another name, when that is a name and nothing else has it."""

import builtins
import keyword
import unicodedata
from typing import Any

from playground_runtime.errors import RefusedError
from playground_runtime.limits import NAME_CHARS
from playground_runtime.namespace import RESERVED, is_hidden
from playground_runtime.session import Session


def rename(session: Session, args: dict[str, Any]) -> dict[str, Any]:
    """Rename a variable; it keeps its place in the order of creation."""
    names = session.interpreter.namespace.names
    old, wanted = args.get("name"), args.get("to")
    if type(old) is not str or old not in names or old in RESERVED:
        raise RefusedError("not-found", "This variable does not exist any more.")
    new = check_name(wanted)
    if new == old:
        return {"name": new}
    if new in names:
        raise RefusedError("invalid", f"There is already a variable {new}. Choose another name.")
    later = list(names)[list(names).index(old) + 1 :]
    names[new] = names.pop(old)
    for name in later:
        names[name] = names.pop(name)
    return {"name": new}


def check_name(wanted: object) -> str:
    """A name as Python reads it. Raises ``RefusedError`` with why it cannot be one."""
    text = unicodedata.normalize("NFKC", wanted.strip()) if type(wanted) is str else ""
    if not text:
        raise RefusedError("invalid", "A variable needs a name.")
    if len(text) > NAME_CHARS:
        raise RefusedError("too-large", f"A name has at most {NAME_CHARS} characters.")
    if keyword.iskeyword(text):
        raise RefusedError("invalid", f"“{text}” is a word of Python itself, so it is no name.")
    if not text.isidentifier():
        raise RefusedError("invalid", _why_not(text))
    if is_hidden(text) or text in RESERVED:
        raise RefusedError("invalid", f"“{text}” is a name that Python keeps for itself.")
    if text in vars(builtins):
        raise RefusedError(
            "invalid", f"“{text}” is something that Python brings along. Choose another name."
        )
    return text


def _why_not(text: str) -> str:
    if text[0].isdigit():
        return "A name cannot begin with a digit."
    if any(one.isspace() for one in text):
        return "A name has no spaces. Use _ between words."
    return "A name has letters, digits and _ only."
