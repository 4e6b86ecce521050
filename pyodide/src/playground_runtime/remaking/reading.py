"""What one entry reads, makes and changes, read from its text; nothing is run.

It errs to the side of too much: a name that may be needed counts as needed, one that may be
changed as changed. What only a run can tell (``exec``, an object changed inside a function that it
was given to) is not seen.
"""

import ast
import symtable
from collections.abc import Iterator
from dataclasses import dataclass, field

from playground_runtime.remaking.effects import Call, call

#: Methods that change the object they belong to.
_CHANGING = frozenset(
    [
        *("append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "add"),
        *("update", "discard", "setdefault", "popitem", "appendleft", "extendleft", "rotate"),
        *("start", "connect", "bind", "listen", "register", "subscribe", "fit", "train", "put"),
        *("push", "seek", "write", "writelines", "execute", "executemany", "executescript"),
        *("add_argument", "add_row", "setattr", "__setattr__", "__setitem__", "put_nowait"),
    ]
)

#: Functions that change their first argument.
_CHANGING_FIRST = frozenset(
    [
        *("setattr", "delattr", "heappush", "heappop", "heapify", "shuffle"),
        *("insort", "insort_left", "insort_right"),
    ]
)

_DYNAMIC = frozenset(["exec", "eval", "globals", "vars", "locals", "__import__"])
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_BLOCKS = (ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.If, ast.Try, ast.TryStar)


@dataclass
class Definition:
    """A function or class: which globals its code reads and sets when it runs, what it calls."""

    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    calls: list[Call] = field(default_factory=list)
    is_class: bool = False


@dataclass
class Reading:
    """What an entry does to the session's names."""

    #: Names that it needs from before.
    reads: set[str] = field(default_factory=set)
    #: All names that it uses outside its functions.
    uses: set[str] = field(default_factory=set)
    #: Names that it surely makes, so that nothing from before matters.
    makes: set[str] = field(default_factory=set)
    #: Names that it may make, or whose objects it changes.
    changes: set[str] = field(default_factory=set)
    #: What imported names stand for: ``np`` is ``numpy``.
    imports: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    #: It may make any name: ``exec``, a star import.
    dynamic: bool = False


def read(source: str, failed: int | None = None) -> Reading | None:
    """Read an entry; None when it is no Python. ``failed`` is the line where its run ended."""
    try:
        tree = ast.parse(source)
        reader = _Reader(tree)
        for statement in tree.body:
            if failed is not None and (statement.end_lineno or 0) >= failed:
                if statement.lineno <= failed and isinstance(statement, _BLOCKS):
                    reader.maybe([statement])
                break
            reader.statement(statement)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return reader.reading


class _Reader:
    def __init__(self, tree: ast.Module) -> None:
        self.reading = Reading()
        self._last = tree.body[-1] if tree.body else None

    def statement(self, node: ast.stmt) -> None:
        """Note what one statement does, after those before it."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._define(node)
            case ast.Import(names=names):
                for one in names:
                    path = one.name if one.asname else one.name.partition(".")[0]
                    self._import(one.asname or path, path)
            case ast.ImportFrom(module=module, names=names):
                for one in names:
                    if one.name == "*":
                        self.reading.dynamic = True
                    else:
                        self._import(one.asname or one.name, f"{module or ''}.{one.name}")
            case ast.Assign(targets=targets, value=value):
                self._expression(value)
                for target in targets:
                    self._target(target)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._expression(value)
                self._target(target)
            case ast.AugAssign(target=target, value=value):
                self._expression(value)
                self._read_root(target)
                self._change(target)
            case ast.TypeAlias(name=target):
                self._target(target)
            case ast.Delete(targets=targets):
                for target in targets:
                    self._delete(target)
            case ast.For(target=target, iter=source) | ast.AsyncFor(target=target, iter=source):
                self._expression(source)
                self._target(target)
                self._block([*node.body, *node.orelse])
            case ast.While(test=test, body=body, orelse=orelse):
                self._expression(test)
                self._block([*body, *orelse])
            case ast.If(test=test, body=body, orelse=orelse):
                self._expression(test)
                self._either([body, orelse])
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                for item in items:
                    self._expression(item.context_expr)
                    if item.optional_vars is not None:
                        self._target(item.optional_vars)
                self._block(body)
            case ast.Try(body=body, orelse=orelse) | ast.TryStar(body=body, orelse=orelse):
                self._block(body)
                for handler in node.handlers:
                    self.maybe(handler.body)
                self._block([*orelse, *node.finalbody])
            case ast.Match(subject=subject, cases=cases):
                self._expression(subject)
                for case in cases:
                    self._captures(case.pattern)
                    self.maybe(case.body)
            case ast.Expr(value=value):
                self._expression(value)
                self._told(node, value)
            case _:
                for part in ast.iter_child_nodes(node):
                    if isinstance(part, ast.expr):
                        self._expression(part)

    def _block(self, body: list[ast.stmt]) -> None:
        for node in body:
            self.statement(node)

    def maybe(self, body: list[ast.stmt]) -> set[str]:
        """Statements that may not have run: what they make counts as changed. Gives its names."""
        made = self.reading.makes
        self.reading.makes = set(made)
        self._block(body)
        fresh = self.reading.makes - made
        self.reading.makes = made
        self.reading.changes |= fresh
        return fresh

    def _either(self, branches: list[list[ast.stmt]]) -> None:
        made = [self.maybe(body) for body in branches]
        self.reading.makes |= set.intersection(*made)

    def _define(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        for decorator in node.decorator_list:
            self._expression(decorator)
        outside: list[ast.expr | None] = []
        if isinstance(node, ast.ClassDef):
            outside += [*node.bases, *(one.value for one in node.keywords)]
        else:
            outside += [*node.args.defaults, *node.args.kw_defaults]
        for part in outside:
            if part is not None:
                self._expression(part)
        found = Definition(is_class=isinstance(node, ast.ClassDef))
        for table in _tables(symtable.symtable(ast.unparse(node), "<entry>", "exec")):
            for symbol in table.get_symbols():
                if symbol.is_global() and symbol.is_referenced():
                    found.reads.add(symbol.get_name())
                if symbol.is_declared_global() and symbol.is_assigned():
                    found.writes.add(symbol.get_name())
        found.calls = [call(one) for one in ast.walk(node) if isinstance(one, ast.Call)]
        if found.is_class:
            # The body of a class runs at once, with whatever it calls.
            self._note_reads(found.reads)
            self.reading.calls += found.calls
        self.reading.definitions[node.name] = found
        self._make(node.name)

    def _import(self, name: str, path: str) -> None:
        self._make(name)
        self.reading.imports[name] = path

    def _make(self, name: str) -> None:
        self.reading.makes.add(name)
        self.reading.imports.pop(name, None)

    def _target(self, node: ast.expr) -> None:
        match node:
            case ast.Name(id=name):
                self._make(name)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self._target(part)
            case ast.Starred(value=inner):
                self._target(inner)
            case _:
                self._expression(node)
                self._change(node)

    def _delete(self, node: ast.expr) -> None:
        if isinstance(node, ast.Name):
            self._note_reads({node.id} - self.reading.makes)
            self.reading.makes.discard(node.id)
        else:
            self._expression(node)
            self._change(node)

    def _captures(self, pattern: ast.pattern) -> None:
        for one in ast.walk(pattern):
            match one:
                case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                    self.reading.changes.add(name)
                case ast.MatchMapping(rest=str(name)):
                    self.reading.changes.add(name)
                case ast.MatchValue(value=value) | ast.MatchClass(cls=value):
                    self._expression(value)

    def _read_root(self, node: ast.expr) -> None:
        name = _root(node)
        if name is not None:
            self._note_reads({name})

    def _change(self, node: ast.expr) -> None:
        name = _root(node)
        if name is not None:
            self.reading.changes.add(name)

    def _note_reads(self, names: set[str]) -> None:
        self.reading.uses |= names
        self.reading.reads |= names - self.reading.makes
        self.reading.dynamic = self.reading.dynamic or not names.isdisjoint(_DYNAMIC)

    def _expression(self, node: ast.expr) -> None:
        self._note_reads(_free(node))
        for one in ast.walk(node):
            if isinstance(one, ast.Call):
                self.reading.calls.append(call(one))
                self._called(one)
            elif isinstance(one, ast.NamedExpr):
                self._target(one.target)

    def _called(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGING:
            self._change(node.func.value)
        last = self.reading.calls[-1].path.rpartition(".")[2]
        if last in _CHANGING_FIRST and node.args:
            self._change(node.args[0])

    def _told(self, node: ast.Expr, value: ast.expr) -> None:
        """A method whose answer nobody takes is called for what it does: ``model.prepare()``."""
        inner = value.value if isinstance(value, ast.Await) else value
        if node is self._last or not isinstance(inner, ast.Call):
            return
        if isinstance(inner.func, ast.Attribute):
            self._change(inner.func.value)


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _tables(child)


def _root(node: ast.expr) -> str | None:
    """The variable in which something is: ``jobs`` of ``jobs[3].state``."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _free(node: ast.AST) -> set[str]:
    """The names that an expression reads, without those of its lambdas and comprehensions."""
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Load) else set()
    names: set[str] = set()
    for child in ast.iter_child_nodes(node):
        names |= _free(child)
    if isinstance(node, ast.Lambda):
        names -= {one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)}
    elif isinstance(node, _COMPREHENSIONS):
        own: set[str] = set()
        for part in node.generators:
            own |= {one.id for one in ast.walk(part.target) if isinstance(one, ast.Name)}
        # What the first loop goes through is read around the comprehension.
        names = (names - own) | _free(node.generators[0].iter)
    return names
