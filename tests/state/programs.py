"""Random sessions: object graphs with aliases, cycles, closures and classes, and what changes them.

A program is a list of entries that never fail: each looks first whether its change makes sense.
``LOOK`` prints the whole namespace in a canonical form that tells structure and identity, and
nothing else: two namespaces print the same exactly when no program could tell them apart by
following references.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.state.case import Case

NAMES = [f"v{number}" for number in range(6)]

START = """
import collections, functools
class Thing:
    shared = []
    def __init__(self, **names): self.__dict__.update(names)
    def method(self): return self
class Slotted:
    __slots__ = ('x', 'y')
    def __init__(self, x): self.x = x
class Keyed:
    def __init__(self, key): self.key, self.more = key, None
    def __hash__(self): return hash(self.key)
    def __eq__(self, other): return self is other
class Cell:
    def __init__(self, value):
        def get(): return value
        def put(new):
            nonlocal value
            value = new
        self.get, self.put = get, put
count = 0
v0, v1, v2, v3, v4, v5 = [], {}, Thing(), Cell(None), (1, [2]), Slotted(3)
"""

#: Entries with places: ``A B C`` are names, ``N`` is a number, ``L`` is a literal.
MAKE = [
    "A = [B, C, L]",
    "A = (B, [C])",
    "A = {'k': B, N: C}",
    "A = {L, N, 'set'}",
    "A = Thing(x=B, y=C)",
    "A = Slotted(B)",
    "A = Cell(B)",
    "A = Keyed(N); A.more = {A: B}",
    "A = B",
    "A = collections.deque([B, C], maxlen=4)",
    "A = collections.defaultdict(lambda: B, n=C)",
    "A = functools.partial(Thing, x=B)",
    "A = bytearray(b'abcdef'); B = memoryview(A)",
    "A = C.method if isinstance(C, Thing) else [C]",
    "def fN(x=B, *, y=C): return x, y, A\nA = fN",
    "class CN(Thing):\n    held = B\n    def get(self): return C, super().method()\nA = CN",
    "class CN(Thing):\n    held = [L]\nA = CN(x=B); C = CN",
    "A = [B] * 2; C = [A, A]",
    "A = [[L], [L]]; B = A[0]",
    "A = type(B)(x=C) if isinstance(B, Thing) else Thing(x=B)",
    "for A in [B, C, [N]]: pass",
    "A, B = B, A",
    "A = [lambda x=B: (x, C), lambda: A]",
    "A = type('TN', (Thing,), {'held': B})()",
]
CHANGE = [
    "if isinstance(A, list): A.append(B)",
    "if isinstance(A, list) and A: A[-1] = B",
    "if isinstance(A, list) and A: A.pop(0)",
    "if isinstance(A, list) and A: B = A[-1]",
    "if isinstance(A, list) and A and isinstance(A[0], list): A[0] = list(A[0])",
    "if isinstance(A, list): A.reverse()",
    "if isinstance(A, dict): A['k'] = B",
    "if isinstance(A, dict): A[N] = [B]",
    "if isinstance(A, dict): A.pop('k', None)",
    "if isinstance(A, dict) and A: B = next(iter(A.values()))",
    "if isinstance(A, set): A.add(N)",
    "if isinstance(A, Thing): A.x = B",
    "if isinstance(A, Thing): A.me = A; A.shared.append(N)",
    "if isinstance(A, Thing) and hasattr(A, 'x'): B = A.x",
    "if isinstance(A, Slotted): A.y = B",
    "if isinstance(A, Cell): A.put(B)",
    "if isinstance(A, Cell): B = A.get()",
    "if isinstance(A, Cell): B = A.put",
    "if isinstance(A, type) and issubclass(A, Thing): A.held = B; A.seen = [A]",
    "if isinstance(A, type) and issubclass(A, Thing): B = A()",
    "if isinstance(A, collections.deque): A.append(B)",
    "if isinstance(A, bytearray): A[N % 6] = N",
    "if isinstance(A, memoryview): A[N % 6] = N",
    "if isinstance(A, type(lambda: 0)): A.note = B",
    "count += 1; Thing.shared = [count, B]",
    "def helper(x): x.append(count) if isinstance(x, list) else None\nhelper(A)",
    "A = None",
    "globals()['A'] = B",
    "del A\nA = N",
    "exec('A = [B, A]')",
]

LOOK = """
def canonical(names):
    import collections, functools, types
    seen, lines, queue = {}, [], []
    def of(x):
        if x is None or isinstance(x, (int, float, str, bytes)): return repr(x)
        if x is globals(): return 'globals'
        if isinstance(x, type) and x.__module__ != '__main__': return 'type ' + x.__name__
        if isinstance(x, types.BuiltinFunctionType): return 'builtin ' + x.__name__
        if id(x) not in seen: seen[id(x)] = (len(seen), x); queue.append(x)
        return '#%d' % seen[id(x)][0]
    def items(d): return ['%s: %s' % (of(k), of(v)) for k, v in d.items()]
    def parts(x):
        if isinstance(x, (list, tuple)): return [of(y) for y in x]
        if isinstance(x, collections.deque): return [str(x.maxlen)] + [of(y) for y in x]
        if isinstance(x, dict): return [of(getattr(x, 'default_factory', None))] + items(x)
        if isinstance(x, (set, frozenset)): return sorted(map(of, x))
        if isinstance(x, bytearray): return [bytes(x).hex()]
        if isinstance(x, memoryview): return [of(x.obj), str(len(x))]
        if isinstance(x, functools.partial): return [of(x.func), of(x.args), of(x.keywords)]
        if isinstance(x, types.MethodType): return [of(x.__func__), of(x.__self__)]
        if isinstance(x, types.CellType): return [of(x.cell_contents)]
        if isinstance(x, types.FunctionType):
            return [x.__qualname__, of(x.__globals__), of(x.__defaults__), of(x.__kwdefaults__)] + [
                of(c) for c in x.__closure__ or ()] + items(x.__dict__)
        if isinstance(x, type):
            own = {k: v for k, v in vars(x).items() if not k.startswith('__')}
            own = {k: v for k, v in own.items() if not isinstance(v, types.MemberDescriptorType)}
            return [x.__qualname__] + [of(b) for b in x.__bases__] + items(own)
        if isinstance(x, Slotted): return [of(getattr(x, n, None)) for n in ('x', 'y')]
        return [of(type(x))] + items(vars(x))
    for name in names: lines.append(name + ' = ' + of(globals()[name]))
    while queue:
        x = queue.pop(0)
        lines.append('%s %s %s' % (of(x), type(x).__name__, parts(x)))
    return '\\n'.join(lines)
wanted = 'v0 v1 v2 v3 v4 v5 count helper Thing Cell'.split()
print(canonical([name for name in list(globals()) if name in wanted]))
"""


def program(numbers: random.Random, length: int) -> list[str]:
    """Entries that build a graph and change it."""
    entries = [START.strip()]
    for place in range(length):
        kind = MAKE if numbers.random() < 0.45 else CHANGE
        entries.append(_filled(numbers.choice(kind), place, numbers.choice))
    return entries


def _filled(pattern: str, place: int, choice: Callable[[list[str]], str]) -> str:
    first, second, third = (choice(NAMES) for _ in range(3))
    literal = choice(["0", "1.5", "'text'", "None", "True", "10**20", "'text' * 3", "b'raw'"])
    found = {"A": first, "B": second, "C": third, "L": literal, "N": str(place)}
    text = ""
    for before, one, after in zip(" " + pattern, pattern, pattern[1:] + " ", strict=False):
        # A letter alone is a place; the C and T of a class name take the number behind them.
        alone = not (before.isalpha() or before == "_") and not (after.isalpha() or after == "_")
        if one == "N" and (alone or before in "fCT"):
            text += found["N"]
        else:
            text += found[one] if alone and one in found else one
    return text


def random_case(numbers: random.Random, length: int, name: str = "random") -> Case:
    """A program that is saved at a random step, now and then after each."""
    entries = program(numbers, length)
    cut = numbers.randint(1, len(entries))
    save = numbers.choice(["each", "each", "end"])
    at = numbers.choice([0, 0, numbers.randint(1, cut)]) if save == "each" else 0
    after = [*entries[cut:], LOOK.strip()]
    return Case(name, entries[:cut], after, "random", at, save)
