"""Values and identity: scalars, containers, aliases, cycles, views of memory."""

from tests.state.case import RESTORE, case, group

VALUES = group(
    "values",
    case(
        "numbers",
        "i = 10 ** 40; j = -1; f = 0.1 + 0.2; c = 3 - 2j; t = True; n = None; e = ...",
        "nan = float('nan'); inf = float('-inf'); zero = -0.0",
        RESTORE,
        "import math\nprint(i, j, f, c, t is True, n is None, e is ..., math.copysign(1, zero))",
        "print(nan != nan, [nan] == [nan], inf, type(t), type(i))",
    ),
    case(
        "nan-identity",
        "nan = float('nan'); table = {nan: 'found'}; row = [nan, nan]",
        RESTORE,
        "print(table[nan], nan in row, row[0] is nan, row.count(nan), row.index(nan))",
    ),
    case(
        "texts",
        r"s = 'h\u00e9llo\n\U0001f40d\x00end'; lone = '\udc80'; b = bytes(range(256)); empty = ('', b'')",
        RESTORE,
        "print(len(s), s[-3:], ascii(lone), sum(b), b[::85], empty)",
    ),
    case(
        "subclassed-scalars",
        """
        class Metres(float):
            unit = 'm'
            def __repr__(self): return f'{float(self)} {self.unit}'
        class Tag(str): pass
        class Count(int):
            def __new__(cls, n): return super().__new__(cls, n * 2)
        way, tag, count = Metres(3), Tag('x'), Count(4)
        tag.colour = 'red'
        """,
        RESTORE,
        "print(way, way + 1, type(tag).__name__, tag, tag.colour, count, type(count) is Count, Count(1))",
    ),
    case(
        "containers",
        "l = [1, [2, (3, {4})]]; d = {('a', 1): {'b': [None]}, 2.5: (), True: b'x'}; fs = frozenset({1, 2})",
        "r = range(3, 30, 4); sl = slice(1, None, 2); ba = bytearray(b'abc'); s = {1, 'x', (2,)}",
        RESTORE,
        "print(l, d, fs == {1, 2}, r[3], [0, 1, 2, 3, 4][sl], ba, (2,) in s, len(s))",
    ),
    case(
        "order-of-keys",
        "d = {}\nfor key in 'zebra': d[key] = len(d)\ndel d['z']; d['z'] = 9",
        RESTORE,
        "print(list(d.items())); d['new'] = 1; print(list(d)[-1], next(reversed(d)))",
    ),
    case(
        "order-of-names",
        "b = 1; a = 2\nc = 3",
        "del b; b = 4",
        RESTORE,
        "print([name for name in globals() if len(name) == 1])",
    ),
    case(
        "two-names",
        "a = [1]; b = a; c = [1]",
        RESTORE,
        "b.append(2)\nprint(a, a is b, c, a is c)",
    ),
    case(
        "two-names-in-two-entries",
        "a = {}",
        "b = a",
        "a['x'] = 1",
        RESTORE,
        "b['y'] = 2\nprint(a, a is b)",
    ),
    case(
        "alias-broken-later",
        "a = [1, 2]; b = a",
        "b = list(a)",
        RESTORE,
        "b.append(3)\nprint(a, b, a is b)",
    ),
    case(
        "equal-is-not-same",
        "inner = [0]; a = [inner, inner]; b = [[0], [0]]",
        "a[1] = [0]",
        RESTORE,
        "inner.append(1); b[0].append(5)\nprint(a, b, a[0] is inner, a[1] is inner)",
    ),
    case(
        "shared-row",
        "row = ['.'] * 3\nboard = [row] * 3",
        RESTORE,
        "board[1][1] = 'x'\nprint(board, board[0] is row)",
    ),
    case(
        "shared-inner-across-variables",
        "shared = {'n': 0}\nleft = {'cfg': shared}; right = [shared, {'deep': (shared,)}]",
        "del shared",
        RESTORE,
        "left['cfg']['n'] += 1\nprint(right, left['cfg'] is right[1]['deep'][0])",
    ),
    case(
        "self-cycles",
        "l = []; l.append(l); d = {}; d['me'] = d; t = ([],); t[0].append(t)",
        RESTORE,
        "print(l[0] is l, d['me'] is d, t[0][0] is t, l)",
    ),
    case(
        "cycle-across-variables",
        "a = {'name': 'a'}; b = {'name': 'b', 'other': a}; a['other'] = b",
        "c = [b]",
        RESTORE,
        "print(a['other']['other'] is a, c[0] is b, a['other']['name'])\nb['name'] = 'B'\nprint(a['other']['name'])",
    ),
    case(
        "cycle-in-set",
        """
        class Node:
            def __init__(self, key): self.key = key; self.links = set()
            def __hash__(self): return hash(self.key)
            def __eq__(self, other): return self.key == other.key
        a, b = Node('a'), Node('b')
        a.links |= {a, b}; b.links.add(a)
        """,
        RESTORE,
        "print(a in a.links, b in a.links, sorted(n.key for n in a.links), next(iter(b.links)) is a)",
    ),
    case(
        "tree-with-parents",
        """
        class Node:
            def __init__(self, name, parent=None):
                self.name, self.parent, self.children = name, parent, []
                if parent: parent.children.append(self)
            def path(self): return (self.parent.path() if self.parent else '') + '/' + self.name
        root = Node('root'); leaf = Node('leaf', Node('mid', root))
        """,
        RESTORE,
        "print(leaf.path(), leaf.parent.parent is root)\nNode('new', leaf)\nprint(root.children[0].children[0].children[0].path())",
    ),
    case(
        "key-objects",
        """
        class Key:
            def __init__(self, n): self.n = n
        k = Key(1); seen = {k: 'first', Key(2): 'second'}; group = {k}
        """,
        RESTORE,
        "print(seen[k], k in group, sorted(key.n for key in seen), next(iter(group)) is k)",
    ),
    case(
        "views-of-bytearray",
        "data = bytearray(b'hello'); view = memoryview(data); part = view[1:3]",
        RESTORE,
        "part[0] = ord('E'); view[4] = ord('O')\nprint(data, bytes(part), part.nbytes, view.readonly)",
    ),
    case(
        "view-of-array-cast",
        "from array import array\na = array('i', [1, 2, 3, 4]); v = memoryview(a); w = v.cast('B').cast('i')",
        "del v",
        RESTORE,
        "w[2] = 30\nprint(a, w.tolist(), w.format)",
    ),
    case(
        "views-of-dict",
        "d = {'a': 1}; keys = d.keys(); items = d.items(); vals = d.values()",
        RESTORE,
        "d['b'] = 2\nprint(list(keys), list(items), sum(vals))",
    ),
    case(
        "mapping-proxy",
        "from types import MappingProxyType\nd = {'a': 1}; p = MappingProxyType(d)",
        RESTORE,
        "d['b'] = 2\nprint(dict(p), type(p).__name__)\ntry: p['c'] = 1\nexcept TypeError: print('read only')",
    ),
    case(
        "deleted-stays-deleted",
        "a = 1; b = 2; c = [a]",
        "del a",
        "def get(): return b",
        "del b",
        RESTORE,
        "print('a' in globals(), c)\ntry: get()\nexcept NameError as error: print(error)",
    ),
    case(
        "deleted-and-made-again",
        "x = [1]; y = x",
        "del x",
        "x = [1]",
        RESTORE,
        "print(x == y, x is y)",
    ),
    case(
        "bound-builtin-methods",
        "items = [3, 1]; add = items.append; has = {1, 2}.__contains__; up = 'abc'.upper; low = str.lower",
        RESTORE,
        "add(2)\nprint(items, has(1), up(), low('X'), add.__self__ is items)",
    ),
    case(
        "interned-and-shared-constants",
        "a = 'some text ' * 3; b = a; pair = (a, b); raw = bytes(50); raws = [raw, raw]",
        RESTORE,
        "print(pair[0] is pair[1], a is pair[0], raws[0] is raws[1], raws[0] is raw)",
    ),
    case(
        "empty-and-none",
        "a = None; b = []; c = {}; d = (); e = set(); f = ''; n = NotImplemented; g = object()",
        "h = [g, g]",
        RESTORE,
        "print(a, b, c, d, e, repr(f), n is NotImplemented, h[0] is h[1] is g)",
    ),
    case(
        "types-as-values",
        "kinds = [int, str, list, type, type(None), type(...), type(len)]; kind = kinds[0]; opt = int | None; gen = dict[str, list[int]]",
        RESTORE,
        "print(kind('7'), kinds[4] is type(None), opt, gen, isinstance(3, opt), kinds[6] is type(len))",
    ),
    case(
        "odd-names",
        "größe = 3; _private = [1]; __dunderish = 2; __all__ = ['größe']; x1y2 = _private",
        RESTORE,
        "print(größe, _private is x1y2, __dunderish, __all__)",
    ),
    case(
        "user-names-of-tools",
        "import json as pickle\nsys = 'mine'; os = [1]; io = None; builtins = {}; types = 3; name = 'n'; names = 'ns'",
        RESTORE,
        "print(sys, os, io, builtins, types, name, names, pickle.dumps([1]))",
    ),
    case(
        "loop-variables-into-a-structure",
        "people = [{'name': n, 'tags': []} for n in ('ann', 'bob')]\nfor person in people: person['tags'].append(1)",
        "first = people[0]",
        "person['tags'].append(2)",
        RESTORE,
        "person['name'] = 'BOB'\nprint(people, first is people[0], person is people[1])",
    ),
    case(
        "pointer-then-container-gone",
        "box = [[1], [2]]; inner = box[1]",
        "del box",
        "inner.append(3)",
        RESTORE,
        "print(inner, 'box' in globals())",
    ),
    case(
        "pointer-then-moved",
        "a = [['x']]; inner = a[0]; b = []",
        "b.append(a.pop())",
        RESTORE,
        "inner.append('y')\nprint(a, b, b[0] is inner)",
    ),
    case(
        "tuple-of-lists-hashable-mix",
        "key = (1, ('a', frozenset({2}))); table = {key: [key]}; same = (1, ('a', frozenset({2})))",
        RESTORE,
        "print(table[same][0] is key, table[same] == [same], key is same)",
    ),
)
