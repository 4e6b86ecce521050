"""Hints about values: places and keys that do not exist, text that is no number, JSON, zero."""

import ast
import json
import re
from typing import Any

from playground_runtime.hints.scene import MISSING, Scene, code, listing, near, quoted

_SHRINKING = ("pop", "remove", "clear")


def index(scene: Scene) -> str | None:
    """Words for an IndexError."""
    message = scene.message
    if not scene.users:
        return None
    if message.startswith(("pop from empty list", "pop from an empty")):
        return "There is nothing left to take out. Ask before: `if things:`."
    match = re.match(
        r"(list|tuple|string|range object|list assignment|pop) index out of range", message
    )
    if not match:
        return None
    if match[1] == "list assignment":
        return "A list can be changed only at a place that it has. To make it longer, write `append(…)`."
    node = scene.node(ast.Subscript)
    owner, place = (
        (scene.value(node.value), scene.value(node.slice)) if node else (MISSING, MISSING)
    )
    if node is None or type(owner) not in (list, tuple, str, range):
        return _counting(match[1])
    name, size = code(node.value), len(owner)
    if _shrinks(scene, name):
        return f"`{name}` became shorter while the loop went over it. Loop over a copy: `list({name})`."
    letters = "character" if type(owner) is str else "element"
    if size == 0:
        return f"`{name}` is empty: it has no {letters} at all."
    unit, last = letters if size == 1 else letters + "s", f"`{name}[{size - 1}]`"
    if type(place) is not int:
        return f"`{name}` has {size} {unit}. The last one is {last}, counted from 0."
    return (
        f"`{name}` has {size} {unit}, and number {place} was asked for. "
        f"The last one is {last}, counted from 0."
    )


def _counting(what: str) -> str:
    thing = {"string": "text", "pop": "list", "range object": "range"}.get(what, what)
    return (
        f"The {thing} has no such place. Counting begins at 0, so the last place is its length − 1."
    )


def _shrinks(scene: Scene, name: str) -> bool:
    """Whether a loop around the place takes elements out of the list."""
    for loop in ast.walk(scene.tree) if scene.tree is not None else ():
        if not isinstance(loop, ast.For) or not loop.lineno <= scene.line <= (loop.end_lineno or 0):
            continue
        for node in ast.walk(loop):
            if isinstance(node, ast.Delete):
                if any(code(one).startswith(f"{name}[") for one in node.targets):
                    return True
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in _SHRINKING and code(node.func.value) == name:
                    return True
    return False


def key(scene: Scene) -> str | None:
    """Words for a KeyError."""
    if not scene.users or not scene.error.args:
        return None
    if "pop from an empty set" in scene.message:
        return "The set is empty: there is nothing left to take out. Ask before: `if things:`."
    if "popitem(): dictionary is empty" in scene.message:
        return "The dictionary is empty: there is nothing left to take out."
    wanted = scene.error.args[0]
    node = scene.node(ast.Subscript)
    call = scene.node(ast.Call)
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        if type(scene.value(call.func.value)) is set:
            return "The set has no such element. `discard` takes it out only if it is there."
    owner = scene.value(node.value) if node is not None else MISSING
    if (
        node is None
        or type(owner) is not dict
        or type(wanted) not in (str, int, float, bool, tuple)
    ):
        return None
    return _no_key(code(node.value) or "The dictionary", owner, wanted)


def _no_key(name: str, owner: dict[Any, Any], wanted: object) -> str:
    shown = f"`{name}`" if " " not in name else name
    asked = f"`{wanted!r}`" if len(repr(wanted)) <= 40 and "`" not in repr(wanted) else "this"
    start = f"{shown} has no key {asked}"
    if not owner:
        return f"{start}: it is empty."
    keys = [one for one in owner if type(one) is str]
    if type(wanted) is int and str(wanted) in keys:
        return f"{start}, the number, but it has the text `'{wanted}'`."
    if type(wanted) is str and wanted.lstrip("-").isdigit() and _has_int(owner, int(wanted)):
        return f"{start}, the text, but it has the number `{wanted}`."
    meant = near(wanted, keys) if type(wanted) is str else None
    if meant:
        return f"{start}. Did you mean `{meant!r}`?"
    some = [repr(one) for one in list(owner)[:50] if type(one) in (str, int)]
    get = "get" if " " in name else name + ".get"
    if not some or len(owner) > 50:
        return f"{start}. `{get}(…)` gives `None` for a missing key."
    return f"{start}. It has {listing(some, 5)}. `{get}(…)` gives `None` for a missing key."


def _has_int(owner: dict[Any, Any], wanted: int) -> bool:
    return any(type(one) is int and one == wanted for one in owner)


def numbers(scene: Scene) -> str | None:
    """Words for text that is no number."""
    match = re.match(
        r"invalid literal for int\(\) with base 10: (['\"].*)$", scene.message, re.DOTALL
    )
    real = re.match(r"could not convert string to float: (['\"].*)$", scene.message, re.DOTALL)
    found = match or real
    if not scene.users or found is None:
        return None
    try:
        text = ast.literal_eval(found[1])
    except (SyntaxError, ValueError):
        return None
    function = "int" if match else "float"
    bare = text.strip()
    if not bare:
        return f"`{function}` got an empty text, which is no number. Was nothing typed in?"
    if re.fullmatch(r"[+-]?\d{1,3}(?:[ ,.']\d{3})+", bare):
        return f"A number has no spaces or commas between its digits: `{re.sub(r'\D', '', bare)}`."
    if re.fullmatch(r"[+-]?\d+,\d+", bare):
        return f"Python writes numbers with a point, not a comma: `{bare.replace(',', '.')}`."
    if match and re.fullmatch(r"[+-]?\d*\.\d*", bare):
        return f"`int` reads whole numbers only. For a number with a point use `float`: {quoted(bare)}."
    kind = "a whole number" if match else "a number"
    return (
        f"`{function}` needs text that is {kind}, and {quoted(text)} is not. To go on after wrong "
        "input, use `try:` and `except ValueError:`."
    )


def values(scene: Scene) -> str | None:
    """Words for the other kinds of ValueError."""
    message = scene.message
    if not scene.users:
        return None
    match = re.match(
        r"(not enough|too many) values to unpack(?: \(expected (\d+)(?:, got (\d+))?)?", message
    )
    if match:
        return _unpack(scene, match)
    if message.startswith("list.remove(x)"):
        return "The list does not have what `remove` should take out. Ask before with `in`."
    if re.search(r"is not in (?:list|deque)$|^list\.index\(x\)|^tuple\.index\(x\)", message):
        return "`index` found nothing: it is not there. Ask before with `in`."
    if message.startswith("substring not found"):
        return "`index` found nothing in the text. `find` gives −1 in that case."
    if re.match(r"(min|max)\(\) (?:arg is an empty sequence|iterable argument is empty)", message):
        return f"There is no smallest or largest of nothing: `{message[:3]}` got no elements."
    if message.startswith("I/O operation on closed file"):
        return "The file is closed already. Read and write inside the `with` block."
    if message.startswith(("math domain error", "expected a nonnegative input")):
        return "This calculation has no result for that number, like the root of a negative one."
    if "base must be" in message or "arg 3 must not be zero" in message:
        return "`range` cannot count in steps of 0." if "range" in message else None
    return None


def _unpack(scene: Scene, match: re.Match[str]) -> str:
    loop = _loop_over_dict(scene)
    if loop:
        return f"Going through a dictionary gives its keys only. For both, write `{loop}.items()`."
    got = f", but there are {match[3]} values" if match[3] else ""
    few = "More" if match[1] == "not enough" else "Fewer"
    if match[2]:
        return f"There are {match[2]} names to be filled{got}. Both sides need the same number."
    return f"{few} names are there than values: both sides need the same number."


def _loop_over_dict(scene: Scene) -> str | None:
    for node in ast.walk(scene.tree) if scene.tree is not None else ():
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Tuple):
            if scene.node(ast.Tuple) is node.target and type(scene.value(node.iter)) is dict:
                return code(node.iter)
    return None


def zero(scene: Scene) -> str | None:
    """Words for a ZeroDivisionError."""
    pair, change = scene.node(ast.BinOp), scene.node(ast.AugAssign)
    divisor = pair.right if pair is not None else change.value if change is not None else None
    if divisor is None:
        return None
    shown = code(divisor)
    if isinstance(divisor, ast.Constant) or not shown:
        return "Nothing can be divided by zero."
    return (
        f"`{shown}` is 0 here, and nothing can be divided by zero. Ask before: `if {shown} != 0:`."
    )


def json_text(scene: Scene) -> str | None:
    """Words for a JSONDecodeError."""
    error = scene.error
    if not isinstance(error, json.JSONDecodeError) or type(error.doc) is not str:
        return None
    document = error.doc.strip()
    if not document:
        return "The text is empty, so there is no JSON in it."
    if document.startswith("<"):
        return "This text is HTML or XML, not JSON: it starts with `<`."
    there = f"(line {error.lineno}, character {error.colno})"
    rest = error.doc[error.pos : error.pos + 1]
    if rest == "'":
        return f"JSON writes all texts in double quotes, not in single ones {there}."
    if error.msg.startswith(("Illegal trailing comma",)):
        return f"JSON allows no comma after the last element {there}."
    before = error.doc[: error.pos].rstrip()[-1:]
    if rest in "]}" and rest and before == ",":
        return f"JSON allows no comma after the last element {there}."
    word = re.match(r"True|False|None", error.doc[error.pos :])
    if word:
        meant = {"True": "true", "False": "false", "None": "null"}[word[0]]
        return f"JSON writes `{meant}`, not `{word[0]}` {there}."
    if error.msg == "Extra data":
        return (
            f"The JSON ends before the text does {there}. Is it a file with one JSON value on each line? "
            "Then read it line by line."
        )
    return f"This text is not JSON. Look at the place where it stops making sense {there}."


def json_types(scene: Scene) -> str | None:
    """Words for what JSON cannot take, raised inside its module."""
    match = re.match(r"Object of type (\w+) is not JSON serializable", scene.message)
    if match:
        other = {"set": "Make a list of it: `list(…)`.", "datetime": "Make text of it: `str(…)`."}
        return (
            f"JSON knows no `{match[1]}`. {other.get(match[1], 'Make a dictionary or text of it.')}"
        )
    match = re.match(r"the JSON object must be str, bytes or bytearray, not (\w+)", scene.message)
    if not match:
        return None
    if match[1] in ("dict", "list"):
        return f"This is a {match[1]} already: it need not be read by `json.loads`."
    if match[1] == "TextIOWrapper":
        return "`json.loads` reads text. For a file use `json.load`, without the `s`."
    return None
