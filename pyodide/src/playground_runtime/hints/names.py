"""Hints about names: not defined, misspelt, not imported, not an attribute."""

import ast
import os
import re
import sys
from types import ModuleType
from typing import Any

from playground_runtime.hints.nothing import why_none
from playground_runtime.hints.scene import MISSING, Scene, code, getattr_plain, near
from playground_runtime.plaintext import type_name

_OTHER_LANGUAGES = {
    "true": "True",
    "TRUE": "True",
    "false": "False",
    "FALSE": "False",
    "null": "None",
    "NULL": "None",
    "nil": "None",
    "none": "None",
    "undefined": "None",
}
_SHORT = {"np": "numpy", "pd": "pandas", "plt": "matplotlib.pyplot", "sns": "seaborn"}
_FROM = {
    "math": "sqrt pi sin cos tan floor ceil factorial gcd radians degrees log10",
    "random": "randint choice shuffle randrange sample",
    "time": "sleep perf_counter",
    "datetime": "timedelta",
    "collections": "Counter defaultdict deque namedtuple OrderedDict",
    "dataclasses": "dataclass",
    "pathlib": "Path",
    "functools": "reduce lru_cache partial",
    "itertools": "permutations combinations product chain",
    "decimal": "Decimal",
    "fractions": "Fraction",
    "statistics": "mean median",
}
_MODULE_OF = {name: module for module, names in _FROM.items() for name in names.split()}

#: What people look for on a built-in type, and where it is.
_ELSEWHERE: dict[tuple[type, str], str] = {
    (list, "add"): "`append`",
    (list, "push"): "`append`",
    (list, "append_all"): "`extend`",
    (list, "contains"): "the word `in`: `3 in numbers`",
    (list, "includes"): "the word `in`: `3 in numbers`",
    (list, "delete"): "`remove`",
    (list, "join"): '`join` of the text that goes between: `", ".join(words)`',
    (str, "contains"): 'the word `in`: `"a" in text`',
    (str, "includes"): 'the word `in`: `"a" in text`',
    (str, "append"): "`+`: `text = text + more`",
    (str, "push"): "`+`: `text = text + more`",
    (str, "reverse"): "a slice: `text[::-1]`",
    (str, "toUpperCase"): "`upper`",
    (str, "toLowerCase"): "`lower`",
    (str, "trim"): "`strip`",
    (dict, "has_key"): "the word `in`: `key in table`",
    (dict, "add"): "square brackets: `table[key] = value`",
    (dict, "append"): "square brackets: `table[key] = value`",
    (dict, "push"): "square brackets: `table[key] = value`",
    (dict, "iteritems"): "`items`",
    (set, "append"): "`add`",
    (set, "push"): "`add`",
}
_KINDS: dict[type, str] = {
    list: "a list",
    str: "text",
    dict: "a dictionary",
    tuple: "a tuple",
    set: "a set",
    int: "a whole number",
    float: "a number",
    bool: "`True` or `False`",
    bytes: "bytes",
}


def undefined(scene: Scene) -> str | None:
    """Words for a NameError."""
    name = getattr(scene.error, "name", None)
    if not isinstance(name, str) or not 0 < len(name) <= 60 or "free variable" in scene.message:
        return None
    called = _called(scene)
    if name in _OTHER_LANGUAGES:
        return f"Python writes it `{_OTHER_LANGUAGES[name]}`."
    if name == "self":
        return "A method must name `self` as its first parameter: `def name(self):`."
    attribute = _own_attribute(scene, name)
    if attribute:
        return attribute
    later = _defined_later(scene, name)
    if later:
        return f"`{name}` gets its value only later, on line {later}. Move that before this line."
    needed = _to_import(scene, name, called)
    if needed:
        return f"`{name}` must be imported first: `{needed}`."
    meant = near(name, scene.names())
    if meant:
        return f"Python does not know the name `{name}`. Did you mean `{meant}`?"
    if not scene.users:
        return None
    if called:
        return (
            f"There is no function named `{name}` (yet). Check the spelling, or run the code that "
            "defines it first."
        )
    text = f' If it is meant to be text, put quotes around it: `"{name}"`.'
    return f"`{name}` has no value yet. Give it one first: `{name} = …`.{text}"


def _called(scene: Scene) -> bool:
    """Whether the unknown name is used as a function."""
    node = scene.node(ast.Name)
    return node is not None and any(
        isinstance(call, ast.Call) and call.func is node for call in ast.walk(scene.tree or node)
    )


def _own_attribute(scene: Scene, name: str) -> str | None:
    own = scene.frame.f_locals.get("self", MISSING) if scene.frame else MISSING
    held = getattr_plain(own, "__dict__")
    if type(held) is dict and (name in held or any(name in vars(one) for one in type(own).__mro__)):
        return (
            f"Inside a method, what belongs to the object is reached through `self`: `self.{name}`."
        )
    return None


def _defined_later(scene: Scene, name: str) -> int | None:
    """The line of the entry's outer level that gives the name a value after all."""
    if scene.tree is None or scene.function:
        return None
    for statement in getattr(scene.tree, "body", []):
        if statement.lineno <= scene.line:
            continue
        if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            if statement.name == name:
                return int(statement.lineno)
        elif isinstance(statement, ast.Assign):
            if any(isinstance(one, ast.Name) and one.id == name for one in statement.targets):
                return int(statement.lineno)
    return None


def _to_import(scene: Scene, name: str, called: bool) -> str | None:
    if name in _SHORT:
        return f"import {_SHORT[name]} as {name}"
    node = scene.node(ast.Name)
    dotted = node is not None and any(
        isinstance(one, ast.Attribute) and one.value is node for one in ast.walk(scene.tree or node)
    )
    if dotted and name in sys.stdlib_module_names:
        return f"import {name}"
    if dotted and name not in ("Path", "Counter", "datetime", "Decimal"):
        return None
    if name == "datetime":
        return "from datetime import datetime"
    module = _MODULE_OF.get(name)
    return f"from {module} import {name}" if module else None


def unbound(scene: Scene) -> str | None:
    """Words for an UnboundLocalError."""
    name = getattr(scene.error, "name", None) or _first(r"local variable '(\w+)'", scene.message)
    if not isinstance(scene.error, UnboundLocalError) or not name or scene.frame is None:
        return None
    if name in scene.frame.f_globals:
        return (
            f"Because `{scene.function}` gives `{name}` a value, `{name}` is its own there and not the "
            f"one outside, and it has no value yet. Hand it in as a parameter, or write "
            f"`global {name}` as the function's first line."
        )
    return (
        f"The line that gives `{name}` a value has not run before this one. "
        f"Give `{name}` a first value at the top of `{scene.function}`."
    )


def not_imported(scene: Scene) -> str | None:
    """Words for ImportError and ModuleNotFoundError."""
    name = getattr(scene.error, "name", None) or ""
    root = name.split(".")[0]
    wanted = _first(r"cannot import name '(\w+)'", scene.message)
    if wanted:
        module = sys.modules.get(name)
        hiding = _hiding(module)
        if hiding:
            return hiding
        meant = (
            near(wanted, [one for one in vars(module or {}) if type(one) is str])
            if module
            else None
        )
        return f"`{name}` has no `{wanted}`. Did you mean `{meant}`?" if meant else None
    if not isinstance(scene.error, ModuleNotFoundError) or not scene.users:
        return None
    if root in ("tkinter", "_tkinter", "turtle", "pygame"):
        return (
            f"`{root}` opens windows on a computer's screen. Python in a web page cannot do that."
        )
    if root in sys.stdlib_module_names or "." in name:
        return None
    files = [one[:-3] for one in os.listdir() if one.endswith(".py")]
    meant = near(root, [*files, *sorted(sys.stdlib_module_names)])
    if meant:
        return f"There is no module `{root}`. Did you mean `{meant}`?"
    return (
        f"There is no module `{root}` here. Check the spelling; a file of your own must be called "
        f"`{root}.py` and be among the files of this session."
    )


def _hiding(module: ModuleType | None) -> str | None:
    """Words for a file of the user's that has the name of one of Python's modules."""
    name = getattr(module, "__name__", "")
    path = getattr(module, "__file__", None) or ""
    if name in sys.stdlib_module_names and os.path.dirname(path) == os.getcwd():
        file = os.path.basename(path)
        return (
            f"Your file `{file}` has the name of Python's own module `{name}` and hides it. "
            f"Rename your file."
        )
    return None


def of_nothing(scene: Scene) -> str | None:
    """Words for an attribute of None: mostly a forgotten ``return``."""
    name = getattr(scene.error, "name", None)
    if not name or "'NoneType' object has no attribute" not in scene.message or not scene.users:
        return None
    node = scene.node(ast.Attribute) or _method(scene)
    owner = node.value if node is not None else None
    what = f"`{code(owner)}`" if owner is not None and code(owner) else "What stands before the dot"
    return f"{what} is `None`, which has no `{name}`. {why_none(scene, owner)}"


def _method(scene: Scene) -> ast.Attribute | None:
    call = scene.node(ast.Call)
    return call.func if call is not None and isinstance(call.func, ast.Attribute) else None


def attribute(scene: Scene) -> str | None:
    """Words for any other AttributeError."""
    name = getattr(scene.error, "name", None)
    owner = getattr(scene.error, "obj", MISSING)
    if not isinstance(name, str) or owner is MISSING or not scene.users:
        return None
    if isinstance(owner, ModuleType):
        hiding = _hiding(owner)
        meant = near(name, [one for one in vars(owner) if type(one) is str])
        return hiding or (
            f"`{owner.__name__}` has no `{name}`. Did you mean `{meant}`?" if meant else None
        )
    if type(owner).__name__ == "coroutine":
        return "An async function gives its result only to `await`: put `await` before the call."
    kind = type(owner)
    what = _KINDS.get(kind)
    elsewhere = _ELSEWHERE.get((kind, name))
    if elsewhere:
        return f"{what.capitalize() if what else ''} has no `{name}`. Use {elsewhere}."
    if name in ("length", "size", "len", "count") and kind in (list, str, dict, tuple, set):
        return f"{(what or '').capitalize()} has no `{name}`. Its length is `len(…)`."
    meant = near(name, _attributes(owner))
    if meant:
        thing = what or f"`{type_name(owner)}`"
        return f"{thing[0].upper()}{thing[1:]} has no `{name}`. Did you mean `{meant}`?"
    return _of_another(kind, what, name)


def _of_another(kind: type, what: str | None, name: str) -> str | None:
    owners = [one for one in (str, list, dict, set) if name in vars(one)]
    if what is None or not owners or name.startswith("_"):
        return None
    # Only a name that one type alone has tells what was expected.
    if len(owners) > 1 and not (set(owners) <= {list, set, dict} and kind is str):
        return None
    return f"`{name}` belongs to {_KINDS[owners[0]]}, but this is {what}."


def _attributes(owner: Any) -> list[str]:
    held = getattr_plain(owner, "__dict__")
    own = list(held) if type(held) is dict else []
    inherited = [name for one in type(owner).__mro__ for name in vars(one)]
    found = [name for name in [*own, *inherited] if type(name) is str]
    return [name for name in found if not name.startswith("_")]


def _first(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    return match[1] if match else ""
