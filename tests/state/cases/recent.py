"""What only newer Pythons have."""

from tests.state.case import RESTORE, case, group

RECENT = group(
    "recent",
    case(
        "override-and-type-aliases",
        "from typing import override, Self, Unpack, TypedDict\nclass A:\n    def go(self) -> Self: return self\nclass B(A):\n    @override\n    def go(self) -> Self: return super().go()\nb = B()\ntype Tree[T] = list[Tree[T]] | T\nclass Opt(TypedDict): n: int\ndef f(**kw: Unpack[Opt]): return kw",
        RESTORE,
        "print(b.go() is b, B.go.__override__, Tree.__name__, f(n=1), Tree.__value__)",
    ),
    case(
        "f-strings-and-batched",
        "import itertools\nbits = list(itertools.batched('abcde', 2)); name = 'x'; show = lambda v: f'{v!r:>5}{f\"{name}\"}'",
        RESTORE,
        "print(bits, show(1))",
    ),
    case(
        "copy-replace",
        "import copy\nfrom dataclasses import dataclass\n@dataclass(frozen=True)\nclass P:\n    x: int\n    y: int = 2\np = P(1)",
        RESTORE,
        "print(copy.replace(p, x=5))",
        since=(3, 13),
    ),
    case(
        "defaults-of-type-parameters",
        "class Box[T = int]:\n    def __init__(self, v: T): self.v = v\nb = Box(3); t = Box.__type_params__[0]",
        RESTORE,
        "print(b.v, t.has_default(), t.__default__, Box.__type_params__[0] is t)",
        since=(3, 13),
    ),
    case(
        "deprecated",
        "from warnings import deprecated\n@deprecated('use new')\ndef old(): return 1\n@deprecated('gone')\nclass Old: pass\nimport warnings; warnings.simplefilter('ignore')",
        RESTORE,
        "print(old(), old.__deprecated__, Old.__deprecated__, type(Old()).__name__)",
        since=(3, 13),
    ),
    case(
        "annotations-that-wait",
        "class Tree:\n    left: Tree | None = None\n    value: Missing\ndef f(x: Later) -> Tree: return x",
        "class Later: pass",
        RESTORE,
        "import annotationlib\nprint(f.__annotations__['x'] is Later, f.__annotations__['return'] is Tree)\nprint(annotationlib.get_annotations(Tree, format=annotationlib.Format.STRING))\nclass Missing: pass\nprint(Tree.__annotations__['value'] is Missing)",
        since=(3, 14),
    ),
    case(
        "annotations-with-closures",
        "def make(kind):\n    def f(x: kind): return x\n    class C:\n        y: kind\n    return f, C\nf, C = make(int)\nimport functools\n@functools.wraps(f)\ndef g(*a): return f(*a)",
        RESTORE,
        "print(f.__annotations__, C.__annotations__, g.__annotations__, g(2))",
        since=(3, 14),
    ),
    case(
        "template-strings",
        "who = 'ann'; t = eval(\"t'hi {who!r:>5}'\"); parts = [t.interpolations[0]]",
        RESTORE,
        "print(t.strings, t.interpolations[0].value, parts[0].expression, parts[0].format_spec, parts[0] is t.interpolations[0])",
        since=(3, 14),
    ),
    case(
        "zstandard",
        "from compression import zstd\ndata = zstd.compress(b'abc' * 100); d = zstd.ZstdDict(b'abc' * 200, is_raw=True)",
        RESTORE,
        "print(zstd.decompress(data)[:6], len(d.dict_content))",
        since=(3, 14),
    ),
    case(
        "union-and-module-annotations",
        "u = int | str; x: int = 3\ny: Nope",
        RESTORE,
        "class Nope: pass\nprint(u, isinstance('a', u), __annotate__(1)['x'], x)",
        since=(3, 14),
    ),
)
