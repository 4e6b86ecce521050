"""Names in code that nothing defines, and local variables that nothing uses.

A mark that is wrong annoys more than a missing one helps: whatever could define a name counts, at
any place of the code, and code that reaches names in other ways is left alone.
"""

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_NESTED = (*_FUNCTIONS, *_COMPREHENSIONS, ast.ClassDef)
#: Calling one of these may use or make any name.
_REACHING = frozenset({"exec", "eval", "locals", "globals", "vars", "dir", "setattr", "__import__"})


@dataclass
class Scope:
    """One function, class, comprehension or the module: what it binds and what it uses."""

    node: ast.AST
    parent: "Scope | None"
    bound: set[str] = field(default_factory=set)
    loads: list[ast.Name] = field(default_factory=list)
    #: Where plain local variables are assigned: candidates for being unused.
    plain: dict[str, ast.expr | ast.alias] = field(default_factory=dict)
    elsewhere: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)

    @property
    def is_function(self) -> bool:
        """Whether names that it binds are its own variables."""
        return isinstance(self.node, ast.FunctionDef | ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Found:
    """What the analysis marks."""

    undefined: list[ast.Name]
    unused: list[tuple[str, ast.expr | ast.alias]]


def analyse(tree: ast.Module, known: Collection[str]) -> Found:
    """The undefined and unused names of a module whose globals may already hold ``known``."""
    scopes = list(_scopes(tree))
    if _is_open(tree, scopes):
        return Found([], [])
    shared = {name for scope in scopes for name in scope.elsewhere}
    scopes[0].bound |= shared
    undefined = [
        load
        for scope in scopes
        for load in scope.loads
        if _owner(scope, load.id) is None and load.id not in known
    ]
    unused = [
        (name, node)
        for scope in scopes
        if scope.is_function
        for name, node in scope.plain.items()
        if name not in scope.used and name not in shared and not name.startswith("_")
    ]
    return Found(undefined, unused)


def _is_open(tree: ast.Module, scopes: list[Scope]) -> bool:
    """Whether the code has other ways to its names: a star import, ``exec`` and the like."""
    if any(load.id in _REACHING for scope in scopes for load in scope.loads):
        return True
    return any(
        isinstance(node, ast.ImportFrom) and any(one.name == "*" for one in node.names)
        for node in ast.walk(tree)
    )


def _owner(scope: Scope, name: str) -> Scope | None:
    """The scope that binds a name as seen from another; notes there that it is used."""
    at: Scope | None = scope
    while at is not None:
        # The names of a class are seen in its own body only.
        visible = at is scope or not isinstance(at.node, ast.ClassDef)
        if visible and name in at.bound:
            at.used.add(name)
            return at
        at = at.parent
    return None


def _scopes(tree: ast.Module) -> Iterator[Scope]:
    """All scopes of a module with their bindings; the module's own comes first."""
    waiting = [Scope(tree, None)]
    while waiting:
        scope = waiting.pop()
        for node in _inside(scope.node):
            _note(scope, node)
            if isinstance(node, _NESTED):
                inner = Scope(node, scope)
                waiting.append(inner)
        yield scope


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes evaluated in a node's own scope, nested scopes themselves included."""
    waiting = _body(node)
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, _NESTED):
            waiting.extend(_outside(one))
        elif not isinstance(one, ast.arg):
            waiting.extend(ast.iter_child_nodes(one))


def _body(node: ast.AST) -> list[ast.AST]:
    """The parts of a node that are evaluated in its own scope."""
    match node:
        case ast.Lambda(args, body):
            return [*_parameters(args), body]
        case ast.FunctionDef(args=args, body=body) | ast.AsyncFunctionDef(args=args, body=body):
            return [*_parameters(args), *node.type_params, *body]
        case ast.ClassDef():
            return [*node.type_params, *node.body]
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            first = node.generators[0]
            children = [one for one in ast.iter_child_nodes(node) if one is not first]
            return [*children, first.target, *first.ifs]
    return list(ast.iter_child_nodes(node))


def _outside(node: ast.AST) -> list[ast.AST]:
    """The parts of a nested scope that are evaluated around it.

    Type parameters count as names of both, which never makes a mark too many.
    """
    match node:
        case ast.FunctionDef(args=args) | ast.AsyncFunctionDef(args=args):
            returned = [node.returns] if node.returns else []
            return [*node.decorator_list, *node.type_params, *_around(args), *returned]
        case ast.ClassDef():
            return [*node.decorator_list, *node.type_params, *node.bases, *node.keywords]
        case ast.Lambda(args=args):
            return _around(args)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            # A walrus in a comprehension binds in the scope around.
            bound = [one.target for one in ast.walk(node) if isinstance(one, ast.NamedExpr)]
            return [node.generators[0].iter, *bound]
    return []


def _parameters(args: ast.arguments) -> list[ast.AST]:
    return [one for one in ast.iter_child_nodes(args) if isinstance(one, ast.arg)]


def _around(args: ast.arguments) -> list[ast.AST]:
    """Defaults and annotations."""
    children = list(ast.iter_child_nodes(args))
    noted = [one.annotation for one in children if isinstance(one, ast.arg) and one.annotation]
    return [*noted, *(one for one in children if not isinstance(one, ast.arg))]


def _note(scope: Scope, node: ast.AST) -> None:
    match node:
        case ast.Name(ctx=ast.Load()):
            scope.loads.append(node)
        case ast.Name(name):
            scope.bound.add(name)
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
            scope.bound.add(name)
        case ast.arg(name):
            scope.bound.add(name)
        case ast.alias():
            name = node.asname or node.name.partition(".")[0]
            scope.bound.add(name)
            scope.plain.setdefault(name, node)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            scope.bound.add(name)
        case ast.MatchStar(str(name)) | ast.MatchMapping(rest=str(name)):
            scope.bound.add(name)
        case ast.TypeVar(name) | ast.ParamSpec(name) | ast.TypeVarTuple(name):
            scope.bound.add(name)
        case ast.Global(names) | ast.Nonlocal(names):
            scope.elsewhere.update(names)
            scope.bound.update(names)
        case (
            ast.Assign(targets=[ast.Name() as target]) | ast.AnnAssign(target=ast.Name() as target)
        ):
            scope.plain.setdefault(target.id, target)
        case ast.AugAssign(target=ast.Name() as target):
            scope.used.add(target.id)
