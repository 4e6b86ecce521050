"""Hints about calls: too many or too few values, something called that cannot be called."""

import ast
import builtins
import re
from types import ModuleType

from playground_runtime.hints.nothing import why_none
from playground_runtime.hints.scene import MISSING, Scene, code, near

_ALMOST_INIT = ("_init_", "__int__", "_init__", "__init_", "init", "__initialize__", "__inti__")


def hint(scene: Scene) -> str | None:
    """Words for a TypeError of a call."""
    for pattern, make in _MESSAGES:
        match = re.search(pattern, scene.message)
        if match:
            return make(scene, match)
    return None


def _missing(scene: Scene, match: re.Match[str]) -> str | None:
    name, count, kind, names = match[1], int(match[2]), match[3], match[4]
    listed = re.findall(r"'(\w+)'", names)
    if listed[:1] == ["self"]:
        owner = name.rpartition(".")[0] or "the class"
        return (
            f"`{name.rpartition('.')[2]}` was called on the class itself, so there is no object to be "
            f"`self`. Make one first: `thing = {owner}()`."
        )
    if not listed:
        return None
    wanted = " and ".join(f"`{one}`" for one in listed[:3])
    how = f" Write it with its name: `{listed[0]}=…`." if kind == "keyword-only" else ""
    what = "a value" if count == 1 else "values"
    return f"`{_short(name)}` needs {what} for {wanted} between its brackets.{how}"


def _too_many(scene: Scene, match: re.Match[str]) -> str | None:
    name, takes, given = match[1], match[2], int(match[3])
    most = int(re.findall(r"\d+", takes)[-1])
    if _short(name) == "input":
        return 'Only one text goes into `input`. Put values into it: `input(f"Hello {name}")`.'
    method = name.rpartition(".")[0]
    if method and given == most + 1 and _lacks_self(scene, name):
        return (
            f"Python hands the object itself to a method as the first value, and `{_short(name)}` has "
            f"no place for it. Write `def {_short(name)}(self, …)`."
        )
    # Of a method, the object itself is counted among the values.
    own = 1 if method and "<locals>" not in name else 0
    takes_words = "no values" if most - own == 0 else f"at most {most - own}"
    return f"`{_short(name)}` takes {takes_words} between its brackets, but got {given - own}."


def _lacks_self(scene: Scene, name: str) -> bool:
    call = scene.node(ast.Call)
    if call is None or not isinstance(call.func, ast.Attribute | ast.Name):
        return False
    owner, _, method = name.rpartition(".")
    cls = scene.lookup(owner)
    function = cls.__dict__.get(method) if type(cls) is type else None
    made = getattr(function, "__code__", None)
    if made is None:
        return False
    first = made.co_varnames[:1]
    return first not in (("self",), ("cls",)) and made.co_argcount >= len(first)


def _no_arguments(scene: Scene, match: re.Match[str]) -> str | None:
    cls = scene.lookup(match[1])
    if type(cls) is not type:
        return None
    wrong = next((name for name in _ALMOST_INIT if name in vars(cls)), None)
    if wrong:
        return f"The method that receives the values must be called `__init__`, not `{wrong}`."
    return (
        f"The class `{match[1]}` has no `__init__` that could receive values. "
        "Add one: `def __init__(self, …):`."
    )


def _unexpected(scene: Scene, match: re.Match[str]) -> str | None:
    name, word = match[1], match[2]
    function = scene.lookup(_short(name))
    if type(function) is type:
        function = vars(function).get("__init__")
    made = getattr(function, "__code__", None)
    if made is None:
        return None
    parameters = list(made.co_varnames[: made.co_argcount + made.co_kwonlyargcount])
    meant = near(word, parameters)
    if meant:
        return f"`{_short(name)}` knows no `{word}=`. Did you mean `{meant}=`?"
    known = ", ".join(f"`{one}`" for one in parameters[:6] if one != "self")
    return f"`{_short(name)}` knows no `{word}=`. It takes {known or 'no values'}."


def _twice(scene: Scene, match: re.Match[str]) -> str | None:
    return f"`{match[2]}` is given twice to `{_short(match[1])}`: once by its place and once by its name."


def _not_callable(scene: Scene, match: re.Match[str]) -> str | None:
    call = scene.node(ast.Call)
    kind = match[1]
    if call is None:
        return None
    function = call.func
    if kind == "NoneType":
        what = code(function)
        before = f"`{what}`" if what else "What stands before the round brackets"
        return f"{before} is `None` and cannot be called. {why_none(scene, function)}"
    if kind == "module" and isinstance(function, ast.Name):
        module = scene.lookup(function.id)
        inner = (
            function.id if isinstance(module, ModuleType) and function.id in vars(module) else ""
        )
        example = f"`{function.id}.{inner or '…'}(…)`"
        return f"`{function.id}` is a module. Call something inside of it: {example}."
    if isinstance(function, ast.Name):
        return _named(scene, function.id, kind)
    if kind in ("int", "float") and isinstance(function, ast.Constant | ast.BinOp | ast.Call):
        return (
            "A number followed by brackets is a call in Python. To multiply, write the star: `*`."
        )
    if kind in ("str", "list", "tuple") and isinstance(
        function, ast.Constant | ast.List | ast.Tuple
    ):
        return "Two things stand next to each other here: perhaps a comma is missing between them."
    return None


def _named(scene: Scene, name: str, kind: str) -> str | None:
    if hasattr(builtins, name) and scene.lookup(name) is not getattr(builtins, name, MISSING):
        return (
            f"`{name}` was given a value before, which hides Python's own `{name}`. "
            f"Use another name for the value and run `del {name}`."
        )
    what = {"int": "a number", "float": "a number", "str": "text", "list": "a list"}.get(kind)
    what = what or {"dict": "a dictionary", "tuple": "a tuple", "set": "a set"}.get(kind)
    if what is None:
        return None
    if kind in ("list", "dict", "tuple", "str"):
        return (
            f"`{name}` is {what}, not a function. To take something out of it, use square brackets: "
            f"`{name}[…]`."
        )
    return f"`{name}` is {what}, not a function. To multiply, write the star: `{name} * (…)`."


def _short(name: str) -> str:
    return name.replace(".__init__", "").rpartition(".")[2]


_NAME = r"([\w.<>]+)\(\)"
_MESSAGES = [
    (rf"^{_NAME} missing (\d+) required (positional|keyword-only) arguments?: (.*)$", _missing),
    (
        rf"^{_NAME} takes ((?:from \d+ to )?\d+) positional arguments? but (\d+) (?:was|were) given",
        _too_many,
    ),
    (r"^(\w+)\(\) takes no arguments$", _no_arguments),
    (rf"^{_NAME} got an unexpected keyword argument '(\w+)'", _unexpected),
    (rf"^{_NAME} got multiple values for argument '(\w+)'", _twice),
    (r"^'(\w+)' object is not callable", _not_callable),
]
