"""Why something is None: a method that changes in place, a function without ``return``."""

import ast
import inspect
import textwrap
from types import FunctionType
from typing import Any

from playground_runtime.hints.scene import MISSING, Scene, code

_IN_PLACE = "append extend insert sort reverse clear update add discard remove".split()
_MUTABLE = (list, dict, set, bytearray)


def why_none(scene: Scene, node: ast.AST | None) -> str:
    """A sentence about where a None came from; general words when that is not known."""
    found = _source(scene, node)
    if found is not None:
        words = _about(scene, found)
        if words:
            return words
    return "Where did it get that? A function without `return` gives back `None`."


def _source(scene: Scene, node: ast.AST | None) -> ast.Call | None:
    """The call whose result the node is: itself, or the last one assigned to the name."""
    if isinstance(node, ast.Await):
        node = node.value
    if isinstance(node, ast.Call):
        return node
    if not isinstance(node, ast.Name) or scene.tree is None:
        return None
    given = [
        one
        for one in ast.walk(scene.tree)
        if isinstance(one, ast.Assign)
        and one.lineno <= scene.line
        and any(isinstance(target, ast.Name) and target.id == node.id for target in one.targets)
    ]
    # Two places that give the value leave open which one did.
    if len(given) != 1 and len({ast.dump(one.value) for one in given[-2:]}) != 1:
        given = given[-1:] if _straight(given) else []
    value = given[-1].value if given else None
    return value if isinstance(value, ast.Call) else None


def _straight(given: list[ast.Assign]) -> bool:
    """Whether the assignments stand at one level, so that the last one counts."""
    return len({one.col_offset for one in given}) == 1 if given else False


def _about(scene: Scene, call: ast.Call) -> str | None:
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr in _IN_PLACE:
        holder = scene.value(function.value)
        # `x = x.sort()` has replaced the list by None already.
        if holder is None or holder is MISSING or type(holder) in _MUTABLE:
            shown = code(call)
            method = f"`{function.attr}()`"
            there = f" Write `{shown}` on a line of its own, without `=`." if shown else ""
            return f"{method} changes the thing itself and gives back `None`.{there}"
        return None
    if isinstance(function, ast.Name):
        return _about_function(function.id, scene.lookup(function.id))
    if isinstance(function, ast.Attribute) and function.attr in ("match", "search", "fullmatch"):
        return "The pattern was not found in the text; ask `if match:` before using it."
    if isinstance(function, ast.Attribute) and function.attr == "get":
        return "`get` gives back `None` when there is no such key."
    return None


def _about_function(name: str, value: Any) -> str | None:
    if name == "print":
        return "`print` shows a value and gives back `None`."
    if isinstance(value, FunctionType) and not _returns(value):
        return f"`{name}` has no `return`, so calling it gives back `None`."
    return None


def _returns(function: FunctionType) -> bool:
    """Whether the function's source gives back anything."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError, TypeError, ValueError):
        return True
    return any(isinstance(one, ast.Return) and one.value is not None for one in ast.walk(tree))
