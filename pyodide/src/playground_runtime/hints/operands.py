"""Hints about values of the wrong kind: text and numbers mixed, things that have no elements."""

import ast
import re
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType, MethodType

from playground_runtime.hints.nothing import why_none
from playground_runtime.hints.scene import MISSING, Scene, code, quoted

_FUNCTIONS = ("function", "builtin_function_or_method", "method", "type")
_NUMBERS = ("int", "float")


def hint(scene: Scene) -> str | None:
    """Words for a TypeError of an operator, a loop, an index or a conversion."""
    if not scene.users:
        return None
    for pattern, make in _MESSAGES:
        match = re.search(pattern, scene.message)
        if match:
            return make(scene, match)
    return None


def _sides(scene: Scene) -> list[ast.expr]:
    """The two sides of the operator that failed."""
    pair = scene.node(ast.BinOp)
    if pair is not None:
        return [pair.left, pair.right]
    change = scene.node(ast.AugAssign)
    if change is not None:
        return [change.target, change.value]
    compare = scene.node(ast.Compare)
    return [compare.left, compare.comparators[0]] if compare is not None else []


def _side(scene: Scene, kind: str) -> ast.expr | None:
    """The side whose value is of a kind, where that can be seen."""
    for side in _sides(scene):
        value = scene.value(side)
        if value is not MISSING and type(value).__name__ == kind:
            return side
    return None


def _text_number(scene: Scene, left: str, right: str) -> str | None:
    """``"a" + 1`` and the like, by the names of the two types."""
    if left != "str" and right != "str":
        return None
    other = right if left == "str" else left
    if other == "NoneType":
        return _none_side(scene)
    if other not in (*_NUMBERS, "bool"):
        if other in _FUNCTIONS:
            return _forgotten_call(scene)
        return '`+` cannot join text with this. Make text of it: `str(…)`, or `f"…{it}"`.'
    text, number = _side(scene, "str"), _side(scene, other)
    value = scene.value(text)
    wanted = code(number) if number is not None else ""
    join = f"`str({wanted})`" if wanted and not isinstance(number, ast.Constant) else "`str(…)`"
    if isinstance(text, ast.Name) and isinstance(value, str) and _number(value):
        convert = "float" if not value.strip().lstrip("+-").isdigit() else "int"
        return (
            f"`{text.id}` is text, {quoted(value)}, also if it looks like a number. To calculate, write "
            f"`{convert}({text.id})`; to join text, {join}."
        )
    return f'`+` cannot join text and a number. Make text of the number: {join}, or use `f"…"`.'


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _none_side(scene: Scene) -> str:
    side = _side(scene, "NoneType")
    shown = f"`{code(side)}`" if side is not None and code(side) else "One of the two sides"
    # A call cannot be looked into; of two sides the one that is a call is the suspect.
    call = side or next((one for one in _sides(scene) if isinstance(one, ast.Call)), None)
    return f"{shown} is `None`: no value at all. {why_none(scene, call)}"


def _forgotten_call(scene: Scene) -> str | None:
    for side in _sides(scene):
        value = scene.value(side)
        shown = code(side)
        if isinstance(value, FunctionType | BuiltinFunctionType | MethodType) and shown:
            return f"`{shown}` is a function. To use what it gives, call it: `{shown}(…)`."
        if isinstance(side, ast.Attribute) and shown:
            return f"Are the round brackets missing after `{shown}`? `{shown}()` calls it."
    return None


def _operands(scene: Scene, match: re.Match[str]) -> str | None:
    sign, left, right = match[1], match[2], match[3]
    kinds = {left, right}
    if "NoneType" in kinds:
        return _none_side(scene)
    if kinds & set(_FUNCTIONS):
        return _forgotten_call(scene)
    if sign in ("+", "+=") and "str" in kinds:
        return _text_number(scene, left, right)
    if "str" in kinds and kinds <= {"str", *_NUMBERS}:
        side = _side(scene, "str")
        name = f"`{code(side)}`" if side is not None and code(side) else "One side"
        make = f"`int({code(side)})`" if isinstance(side, ast.Name) else "`int(…)` or `float(…)`"
        return (
            f"{name} is text, and `{sign.rstrip('=')}` needs numbers. Make a number of it: {make}."
        )
    if "list" in kinds and kinds <= {"list", *_NUMBERS} and sign != "*":
        return (
            f"`{sign}` does not work on a whole list. Do it for each element: "
            f"`[x {sign.rstrip('=') or '+'} 1 for x in numbers]`."
        )
    return None


def _join(scene: Scene, match: re.Match[str]) -> str | None:
    kind, other = match[2], match[1]
    if kind == "str":
        return _text_number(scene, "str", other)
    if other == "NoneType":
        return _none_side(scene)
    side = _sides(scene)[:1]
    name = code(side[0]) if side and isinstance(side[0], ast.Name) else "numbers"
    if kind == "list":
        return (
            f"`+` joins a list with another list only. To add one element, write "
            f"`{name}.append(…)`."
        )
    return (
        "`+` joins a tuple with another tuple only. One element makes a tuple with a comma: `(x,)`."
    )


def _repeat(scene: Scene, match: re.Match[str]) -> str | None:
    kind = match[1]
    if kind == "str":
        return (
            "Text cannot be multiplied with text. Answers of `input` are text: make a number of it "
            "with `int(…)` or `float(…)`."
        )
    if kind == "float":
        return (
            "Text or a list can be repeated only a whole number of times. If the text is meant to be a "
            "number, write `float(…)` around it."
        )
    return None


def _compare(scene: Scene, match: re.Match[str]) -> str | None:
    sign, kinds = match[1], {match[2], match[3]}
    if "NoneType" in kinds:
        return _none_side(scene)
    if kinds & set(_FUNCTIONS):
        return _forgotten_call(scene)
    if "str" not in kinds or not kinds <= {"str", *_NUMBERS}:
        return None
    if scene.node(ast.Compare) is None:
        return _order(scene)
    side = _side(scene, "str")
    if isinstance(side, ast.Name):
        return f"`{side.id}` is text, so `{sign}` cannot compare it with a number. Use `int({side.id})`."
    return f"`{sign}` cannot compare text with a number. Make a number of the text: `int(…)`."


def _order(scene: Scene) -> str | None:
    call = scene.node(ast.Call)
    function = call.func if call is not None else None
    name = getattr(function, "id", "") or getattr(function, "attr", "")
    if name not in ("sorted", "sort", "min", "max"):
        return None
    return "Texts and numbers cannot be put in one order. Make all of them numbers, or all texts."


def _item(scene: Scene, match: re.Match[str]) -> str | None:
    kind = match[1]
    if kind in _FUNCTIONS:
        node = scene.node(ast.Subscript)
        shown = code(node.value) if node is not None else ""
        if not shown or kind == "type":
            return None
        return f"`{shown}` is a function: call it with round brackets, `{shown}(…)`."
    if kind == "NoneType":
        node = scene.node(ast.Subscript)
        owner = node.value if node is not None else None
        shown = f"`{code(owner)}`" if owner is not None and code(owner) else "It"
        return f"{shown} is `None`, so nothing can be taken out of it. {why_none(scene, owner)}"
    if kind in (*_NUMBERS, "bool"):
        return (
            "A number has no parts, so square brackets cannot take one out of it. "
            "For its digits make text of it first: `str(…)`."
        )
    if kind in ("set", "frozenset"):
        return "A set has no order, so it has no first or second element. Make a list: `list(…)`."
    if kind == "generator":
        return (
            "A generator gives its values one after the other. For places make a list: `list(…)`."
        )
    return None


def _iterate(scene: Scene, match: re.Match[str]) -> str | None:
    kind = match[1]
    if kind == "int":
        if scene.loops() is not None:
            return (
                "A number cannot be gone through. To count, write `range(…)`: `for i in range(5):`."
            )
        return "A whole number has no elements to go through."
    if kind == "NoneType":
        return (
            f"This is `None`, so there is nothing to go through. {why_none(scene, scene.loops())}"
        )
    if kind in _FUNCTIONS:
        shown = code(scene.loops())
        return f"`{shown}` is a function. Are the brackets missing? `{shown}()`" if shown else None
    if kind == "coroutine":
        return "An async function gives its result only to `await`: put `await` before the call."
    return None


def _index_kind(scene: Scene, match: re.Match[str]) -> str | None:
    owner, kind = match[1], match[2]
    node = scene.node(ast.Subscript)
    name = code(node.value) if node is not None else ""
    if kind == "str" and owner in ("list", "tuple"):
        value = scene.value(node.slice) if node is not None else MISSING
        if isinstance(value, str) and value.strip().isdigit():
            return "The place in a list must be a number, and this is text. Use `int(…)`."
        shown = f"`{name}` is" if name else "This is"
        return (
            f"{shown} a {owner}: its elements are asked for by their place, `[0]`, `[1]` …, not by a "
            "name. Is one element of it meant?"
        )
    if kind == "str" and owner == "string":
        shown = f"`{name}` is" if name else "This is"
        return f"{shown} text, not a dictionary: its letters are asked for by their place, `[0]`."
    if kind == "float":
        return (
            "A place must be a whole number. `/` always gives a number with a point; `//` does not."
        )
    if kind == "tuple" and owner == "list":
        return "A list within a list is asked for step by step: `table[row][column]`."
    return None


def _assign(scene: Scene, match: re.Match[str]) -> str | None:
    kind = match[1]
    if kind == "str":
        return (
            "Text cannot be changed in place. Make a new one: `text.replace(…)`, or slices and `+`."
        )
    if kind == "tuple":
        return "A tuple cannot be changed. Use a list, `[…]`, when elements are to change."
    return None


def _whole(scene: Scene, match: re.Match[str]) -> str | None:
    kind = match[1]
    if kind == "str":
        return "A whole number is needed here, and this is text. Use `int(…)`; `input` always gives text."
    if kind == "float":
        return "A whole number is needed here. Use `int(…)`, or divide with `//`."
    if kind == "list":
        return "A whole number is needed here, and this is a list. Its length is `len(…)`."
    return None


def _convert(scene: Scene, match: re.Match[str]) -> str | None:
    function, kind = match[1], match[2]
    if kind == "NoneType":
        call = scene.node(ast.Call)
        inner = call.args[0] if call is not None and call.args else None
        return f"`{function}` got `None`. {why_none(scene, inner)}"
    if kind == "list":
        return (
            f"`{function}` takes one value, not a whole list. For each element: "
            f"`[{function}(x) for x in …]`."
        )
    return None


def _length(scene: Scene, match: re.Match[str]) -> str | None:
    kind = match[1]
    if kind in _NUMBERS:
        return "A number has no length. For its digits make text of it first: `len(str(…))`."
    if kind == "NoneType":
        call = scene.node(ast.Call)
        inner = call.args[0] if call is not None and call.args else None
        return f"This is `None`, which has no length. {why_none(scene, inner)}"
    return None


def _unhashable(scene: Scene, match: re.Match[str]) -> str | None:
    instead = {"list": "a tuple, `(…)`", "set": "a `frozenset(…)`", "dict": "something else"}
    other = instead.get(match[1])
    if other is None:
        return None
    return (
        f"A {match[1]} can change, so it cannot be a key of a dictionary or an element of a set. "
        f"Use {other} for that."
    )


def _formatting(scene: Scene, match: re.Match[str]) -> str | None:
    sides = _sides(scene)
    value = scene.value(sides[0]) if sides else MISSING
    if isinstance(value, str) and "%" not in value:
        return (
            "The left side of `%` is text. For the remainder of a division make a number of it: "
            "`int(…)`."
        )
    return None


def _unpack(scene: Scene, match: re.Match[str]) -> str | None:
    if match[1] == "NoneType":
        return f"There is only `None` here, which cannot be split up. {why_none(scene, None)}"
    if match[1] in _NUMBERS:
        return "There are several names left of `=` or in the `for`, but only one number for them."
    return None


def _contains(scene: Scene, match: re.Match[str]) -> str | None:
    if match[1] in _NUMBERS:
        return (
            "`in` asks whether something is inside, and a number has no inside. Compare with `==`."
        )
    if match[1] == "NoneType":
        sides = _sides(scene)
        return f"Right of `in` is `None`. {why_none(scene, sides[-1] if sides else None)}"
    return None


type _Make = Callable[[Scene, re.Match[str]], str | None]


def _fixed(words: str) -> _Make:
    return lambda scene, match: words


_MESSAGES: list[tuple[str, _Make]] = [
    (r"^can only concatenate (?:str|list|tuple) \(not \"(\w+)\"\) to (str|list|tuple)", _join),
    (r"^unsupported operand type\(s\) for (\S+?):? '(\w+)' and '(\w+)'", _operands),
    (r"^unsupported operand type\(s\) for (\S+) or pow\(\): '(\w+)' and '(\w+)'", _operands),
    (r"^can't multiply sequence by non-int of type '(\w+)'", _repeat),
    (r"^'(\S+)' not supported between instances of '(\w+)' and '(\w+)'", _compare),
    (r"^'(\w+)' object is not subscriptable", _item),
    (r"^'(\w+)' object does not support item assignment", _assign),
    (r"^'(\w+)' object is not iterable", _iterate),
    (r"^cannot unpack non-iterable (\w+) object", _unpack),
    (r"^(list|tuple) indices must be integers or slices, not (\w+)", _index_kind),
    (r"^(string) indices must be integers, not '(\w+)'", _index_kind),
    (r"^'(\w+)' object cannot be interpreted as an integer", _whole),
    (r"^(int|float)\(\) argument must be .*, not '(\w+)'", _convert),
    (r"^object of type '(\w+)' has no len\(\)", _length),
    (r"unhashable type: '(\w+)'", _unhashable),
    (r"^not all arguments converted during string formatting", _formatting),
    (r"^argument of type '(\w+)' is not (?:iterable|a container or iterable)", _contains),
    (
        r"^sequence item \d+: expected str instance, (?:int|float) found",
        _fixed(
            "`join` joins texts only. Make texts of the numbers first: `[str(x) for x in numbers]`."
        ),
    ),
    (
        r"^exceptions must derive from BaseException",
        _fixed('`raise` needs an exception: `raise ValueError("what is wrong")`.'),
    ),
]
