"""Functions: live globals, closures, decorators, what ``functools`` makes of them, their source."""

from tests.state.case import RESTORE, case, group

FUNCTIONS = group(
    "functions",
    case(
        "globals-are-live",
        "scale = 10\ndef f(): return scale",
        RESTORE,
        "scale = 20\nprint(f(), f.__globals__ is globals())",
    ),
    case(
        "helper-redefined",
        "def tax(x): return x * 2\ndef total(xs): return sum(tax(x) for x in xs)",
        RESTORE,
        "def tax(x): return x * 3\nprint(total([1, 2]))",
    ),
    case(
        "global-statement",
        "hits = 0\ndef hit():\n    global hits\n    hits += 1",
        "hit()",
        RESTORE,
        "hit(); hit()\nprint(hits)",
    ),
    case(
        "recursion",
        "def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)\nfact = lambda n: 1 if n == 0 else n * fact(n - 1)",
        RESTORE,
        "print(fib(12), fact(6))",
    ),
    case(
        "mutual-recursion",
        "def even(n): return n == 0 or odd(n - 1)\ndef odd(n): return n != 0 and even(n - 1)",
        RESTORE,
        "print(even(10), odd(7), even(3))",
    ),
    case(
        "defaults",
        "def add(item, into=[], *more, sep='-', **named):\n    into.append(item); return sep.join(map(str, into)), more, named\nadd(1)",
        RESTORE,
        "print(add(2), add(3, sep='+', x=1), add.__defaults__, add.__kwdefaults__)",
    ),
    case(
        "default-is-a-variable",
        "log = []\ndef note(x, target=log): target.append(x)\nnote(1)",
        RESTORE,
        "note(2)\nprint(log, note.__defaults__[0] is log)",
    ),
    case(
        "positional-and-keyword-only",
        "def f(a, /, b, *, c=3): return a, b, c",
        RESTORE,
        "import inspect\nprint(f(1, b=2), inspect.signature(f))\ntry: f(a=1, b=2)\nexcept TypeError as error: print(error)",
    ),
    case(
        "closure-counter",
        "def counter():\n    n = 0\n    def up():\n        nonlocal n\n        n += 1\n        return n\n    return up\nup = counter(); other = counter(); up()",
        RESTORE,
        "print(up(), up(), other())",
    ),
    case(
        "shared-cell",
        "def account(balance):\n    def put(n):\n        nonlocal balance\n        balance += n\n    def look(): return balance\n    return put, look\nput, look = account(10)",
        "put(5)",
        RESTORE,
        "put(1)\nprint(look(), put.__closure__[0] is look.__closure__[0])",
    ),
    case(
        "shared-cell-inside-containers",
        "def make():\n    total = 0\n    def add(n):\n        nonlocal total\n        total += n\n    return {'add': add}, [lambda: total]\napi, views = make()",
        "api['add'](4)",
        RESTORE,
        "api['add'](5)\nprint(views[0]())",
    ),
    case(
        "recursive-closure",
        "def outer():\n    def walk(t): return t if isinstance(t, int) else sum(walk(x) for x in t)\n    return walk\nwalk = outer()",
        RESTORE,
        "print(walk([1, [2, [3]]]), walk.__closure__[0].cell_contents is walk)",
    ),
    case(
        "empty-cell",
        "def outer(fill):\n    def inner(): return value\n    if fill: value = 1\n    return inner\nempty = outer(False); full = outer(True)",
        RESTORE,
        "print(full())\ntry: empty()\nexcept NameError as error: print(error)",
    ),
    case(
        "late-binding-lambdas",
        "late = [lambda: i for i in range(3)]; early = [lambda i=i: i for i in range(3)]\nsquare = lambda x: x * x",
        RESTORE,
        "print([f() for f in late], [f() for f in early], square(5), square.__name__)",
    ),
    case(
        "decorator-with-state",
        """
        import functools
        def counted(f):
            @functools.wraps(f)
            def wrapper(*args):
                wrapper.calls += 1
                return f(*args)
            wrapper.calls = 0
            return wrapper
        @counted
        def greet(name):
            'Say hello.'
            return 'hello ' + name
        greet('a')
        """,
        RESTORE,
        "print(greet('b'), greet.calls, greet.__name__, greet.__doc__, greet.__wrapped__('c'), greet.calls)",
    ),
    case(
        "decorator-registry",
        "handlers = {}\ndef on(event):\n    def register(f): handlers[event] = f; return f\n    return register\n@on('start')\ndef start(): return 'go'",
        RESTORE,
        "print(handlers['start'] is start, handlers['start']())\n@on('stop')\ndef stop(): return 'halt'\nprint(sorted(handlers))",
    ),
    case(
        "parametrized-decorator",
        "def times(n):\n    def deco(f):\n        def run(*a): return [f(*a) for _ in range(n)]\n        return run\n    return deco\n@times(3)\n@times(2)\ndef hi(x): return x",
        RESTORE,
        "print(hi('y'))",
    ),
    case(
        "partial",
        "from functools import partial\ndef power(base, exp=2): return base ** exp\ncube = partial(power, exp=3); nested = partial(cube, 2); out = partial(print, 'p:', sep='')",
        "cube.note = 'mine'",
        RESTORE,
        "print(cube(2), nested(), cube.func is power, cube.note)\nout('x')",
    ),
    case(
        "lru-cache",
        "from functools import lru_cache\ncalls = []\n@lru_cache(maxsize=32)\ndef slow(n): calls.append(n); return n * 2\nslow(1)",
        RESTORE,
        "print(slow(2), slow(2), calls.count(2), slow.cache_parameters(), slow.__wrapped__(7))",
        remarks={"slow": "its cache starts empty"},
    ),
    case(
        "lru-cache-recursive-method",
        "from functools import cache\n@cache\ndef fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)\nfib(20)",
        RESTORE,
        "print(fib(60), fib.__name__)",
        remarks={"fib": "its cache starts empty"},
    ),
    case(
        "cached-property",
        "from functools import cached_property\nclass Circle:\n    made = 0\n    def __init__(self, r): self.r = r\n    @cached_property\n    def area(self): Circle.made += 1; return 3 * self.r ** 2\nc = Circle(2); c.area",
        RESTORE,
        "print(c.area, Circle.made)\ndel c.area\nprint(c.area, Circle.made)",
    ),
    case(
        "singledispatch",
        "from functools import singledispatch\nclass Shape: pass\n@singledispatch\ndef show(x): return 'any'\n@show.register\ndef _(x: int): return 'int'\n@show.register(list)\ndef show_list(x): return 'list'\n@show.register\ndef _(x: Shape): return 'shape'\ns = Shape()",
        RESTORE,
        "print(show(1), show([]), show(s), show(''), show.dispatch(int)(0))\n@show.register\ndef _(x: str): return 'str'\nprint(show(''))",
    ),
    case(
        "total-ordering-and-cmp-key",
        "import functools\n@functools.total_ordering\nclass V:\n    def __init__(self, n): self.n = n\n    def __eq__(self, o): return self.n == o.n\n    def __lt__(self, o): return self.n < o.n\nby = functools.cmp_to_key(lambda a, b: b - a)\nvs = [V(3), V(1)]",
        RESTORE,
        "print([v.n for v in sorted(vs)], V(1) >= V(0), sorted([1, 3, 2], key=by))",
    ),
    case(
        "async-function",
        "import asyncio\nrate = 2\nasync def fetch(n):\n    await asyncio.sleep(0)\n    return n * rate\nasync def stream(n):\n    for i in range(n): yield i",
        RESTORE,
        "rate = 5\nprint(await fetch(3), [x async for x in stream(3)], await asyncio.gather(fetch(1), fetch(2)))",
    ),
    case(
        "generator-function",
        "start = 1\ndef count(n):\n    got = yield start\n    while n: n -= 1; got = yield got\ndef chain(*its):\n    for it in its: yield from it",
        RESTORE,
        "start = 7\ng = count(2)\nprint(next(g), g.send('a'), g.send('b'), list(chain('ab', [1])))",
    ),
    case(
        "function-attributes",
        "def f(): pass\nf.tags = ['a']; f.self = f; f.__doc__ = 'changed'; f.__name__ = 'renamed'; g = f",
        RESTORE,
        "g.tags.append('b')\nprint(f.tags, f.self is f, f.__doc__, f.__name__, g is f)",
    ),
    case(
        "annotations",
        "from __future__ import annotations\nclass Later: pass\ndef f(a: Later, b: int = 1, *, c: list[str] | None = None) -> Nope: ...",
        RESTORE,
        "import inspect\nprint(f.__annotations__, inspect.signature(f))",
    ),
    case(
        "annotations-live",
        "import typing\nclass A: pass\ndef f(a: A, n: 'int') -> list[A]: return [a]",
        RESTORE,
        "hints = typing.get_type_hints(f)\nprint(hints['a'] is A, hints['n'], f.__annotations__['a'] is A)",
    ),
    case(
        "generic-function",
        "def first[T: (int, str)](xs: list[T]) -> T: return xs[0]\ntype Pair[K] = tuple[K, K]",
        RESTORE,
        "T = first.__type_params__[0]\nprint(first([3]), T.__name__, T.__constraints__, first.__annotations__['return'] is T)\nprint(Pair[int], Pair.__type_params__[0].__name__)",
    ),
    case(
        "source-text",
        "def area(w, h):\n    # width by height\n    return w * h\nhalf = lambda x: x / 2",
        RESTORE,
        "import inspect\nprint(inspect.getsource(area))\nprint(inspect.getsource(half))",
    ),
    case(
        "traceback-shows-lines",
        "def deep(n):\n    if n == 0:\n        raise ValueError('at the bottom')\n    return deep(n - 1)",
        RESTORE,
        "import traceback\ntry: deep(1)\nexcept ValueError: print(traceback.format_exc())",
    ),
    case(
        "functions-in-structures",
        "ops = {'+': lambda a, b: a + b, 'neg': [abs, max, str.upper]}; table = [(len, 'abc'), (sorted, 'cab')]",
        RESTORE,
        "print(ops['+'](1, 2), ops['neg'][2]('a'), [f(x) for f, x in table])",
    ),
    case(
        "nested-function-name",
        "def outer():\n    def inner(): 'doc'\n    return inner\ni = outer(); o = outer",
        RESTORE,
        "print(i.__qualname__, i.__module__, i.__doc__, o.__code__.co_name, o is outer)",
    ),
    case(
        "code-changed-by-hand",
        "def f(): return 1\ndef g(): return 2\nf.__code__ = g.__code__; h = f",
        RESTORE,
        "print(f(), h is f)",
    ),
    case(
        "exec-and-eval-made",
        "ns = {'k': 4}\nexec('def f(x): return x * k', ns)\nmade = ns['f']; e = eval('lambda x: x + base'); base = 1",
        RESTORE,
        "ns['k'] = 5; base = 2\nprint(made(2), e(2), made.__globals__ is ns)",
    ),
    case(
        "bound-methods",
        "class Cart:\n    def __init__(self): self.items = []\n    def add(self, x): self.items.append(x); return len(self.items)\n    @classmethod\n    def make(cls): return cls()\n    @staticmethod\n    def tax(x): return x * 2\ncart = Cart(); add = cart.add; make = Cart.make; tax = cart.tax; raw = Cart.add",
        RESTORE,
        "print(add('a'), add('b'), cart.items, add.__self__ is cart, type(make()) is Cart, tax(4), raw(cart, 'c'))",
    ),
    case(
        "functions-of-packages-are-theirs",
        "import json, textwrap\nfrom textwrap import dedent as dd\nf = json.dumps; fs = [textwrap.fill, dd]",
        RESTORE,
        "import textwrap as tw\nprint(f is json.dumps, fs[0] is tw.fill, dd is tw.dedent, dd.__globals__ is vars(tw), f([1]))",
    ),
    case(
        "callbacks-in-closure-of-instances",
        "class Button:\n    def __init__(self): self.handlers = []\n    def click(self): return [h() for h in self.handlers]\nbutton = Button(); clicks = []\nbutton.handlers.append(lambda: clicks.append(len(clicks)) or len(clicks))\nbutton.click()",
        RESTORE,
        "print(button.click(), button.click(), clicks)",
    ),
)
