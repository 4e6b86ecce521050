"""Sessions whose saving is measured: entries, and a last one that tells whether all is right.

Standard library only, the same in every Python. ``typical`` is a sales analysis as the design
describes it: 30 entries, 62 variables, 5 to 6 MB of which about 8.3 MB really change in the end.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Trace:
    """Entries, the one that checks the whole, and one that uses a single small variable."""

    name: str
    entries: list[str]
    check: str
    first_use: str


TYPICAL = Trace(
    "typical: a sales analysis",
    [
        "import random, math, statistics as st\nfrom collections import Counter, defaultdict\nfrom dataclasses import dataclass, field\nCURRENCY = 'EUR'; TAX = 0.19; SEED = 7",
        "random.seed(SEED)\nregions = ['north', 'south', 'east', 'west']; products = [f'product-{i}' for i in range(40)]",
        "signal = [random.gauss(100, 15) for _ in range(333_000)]",
        "raw = '\\n'.join(f'{i};{random.choice(regions)};{random.choice(products)};{random.randint(1, 9)};{random.random() * 50:.2f}' for i in range(16_000))",
        "lines = raw.splitlines(); rows = [line.split(';') for line in lines]; n_rows = len(rows)",
        "@dataclass(eq=False)\nclass Order:\n    id: int\n    region: str\n    product: str\n    count: int\n    price: float\n    flags: int = 0\n    def total(self): return self.count * self.price\ndef fmt(x): return f'{x:,.2f} {CURRENCY}'",
        "orders = [Order(int(i), sys_region, product, int(n), float(p)) for i, sys_region, product, n, p in rows]\nby_id = {o.id: o for o in orders}; by_region = defaultdict(list)\nfor o in orders: by_region[o.region].append(o)",
        "revenue = sum(o.total() for o in orders)\nfmt(revenue)",
        "region_totals = {r: sum(o.total() for o in os) for r, os in by_region.items()}; best_region = max(region_totals, key=region_totals.get)",
        "def top(n, key): return sorted(orders, key=key, reverse=True)[:n]\nbig = top(50, Order.total); biggest = big[0]\nbiggest.total()",
        "counts = Counter(o.product for o in orders); common = counts.most_common(5)",
        "mean = st.fmean(signal); spread = st.pstdev(signal[:5000]); limits = (mean - 2 * spread, mean + 2 * spread)",
        "for o in orders: o.price = round(o.price * (1 + TAX), 2)",
        "revenue_taxed = sum(o.total() for o in orders); gain = revenue_taxed - revenue\nfmt(gain)",
        "class Report:\n    def __init__(self, title): self.title, self.parts = title, []\n    def add(self, name, value): self.parts.append((name, value)); return self\n    def text(self): return '\\n'.join(f'{n}: {v}' for n, v in self.parts)\nreport = Report('Sales').add('revenue', fmt(revenue)).add('best', biggest)",
        "report.add('region', best_region)\nprint(report.text()[:80])",
        "histogram = Counter(int(x // 10) for x in signal)",
        "def memo(f):\n    seen = {}\n    def run(x):\n        if x not in seen: seen[x] = f(x)\n        return seen[x]\n    run.seen = seen\n    return run\n@memo\ndef price_class(product): return 'cheap' if len(counts) and counts[product] > 400 else 'dear'",
        "classes = {p: price_class(p) for p in products}; cheap = [p for p, c in classes.items() if c == 'cheap']",
        "outliers = [i for i, x in enumerate(signal) if not limits[0] < x < limits[1]]; n_outliers = len(outliers); outliers = outliers[:200]",
        "vip_orders = [o for o in big if o.region == best_region]; vip_total = sum(o.total() for o in vip_orders)\nvip_total",
        "monthly = [[sum(o.total() for o in orders[m::12]) for m in range(12)]]; growth = [b - a for a, b in zip(monthly[0], monthly[0][1:])]",
        "threshold = 120\ndef is_big(o): return o.total() > threshold\nn_big = sum(map(is_big, orders))",
        "threshold = 200; n_big = sum(map(is_big, orders))\nn_big",
        "settings = {'tax': TAX, 'currency': CURRENCY, 'seed': SEED, 'notes': []}; settings['notes'].append('checked')",
        "for o in by_region['north']: o.flags |= 1\nflagged = len([o for o in orders if o.flags])",
        "bad = [o.id for o in orders if o.price > 55]; sample = random.sample(products, 3)",
        "pivot = {(r, p): 0.0 for r in regions for p in products}\nfor o in orders: pivot[o.region, o.product] += o.total()\nmedian = st.median(pivot.values())",
        "for o in orders:\n    if o.id % 100 == 0: o.count += 1; o.flags |= 2\nn_changed = sum(1 for o in orders if o.flags & 2)",
        "final = {'report': report, 'vip': vip_orders, 'totals': region_totals, 'median': median}; done = True; summary = report.add('median', fmt(median)).text()\nsummary",
    ],
    "print(round(sum(o.total() for o in orders), 2), by_id[100] is orders[100], big[0] is biggest, final['report'] is report, report.parts[1][1] is biggest, len(signal), round(sum(signal), 3), price_class('product-1') == classes['product-1'], fmt(1234.5), is_big(biggest), o is orders[-1], random.random(), type(biggest) is Order, vip_orders[0] in orders, len([n for n in globals() if not n.startswith('_')]) > 50)",
    "print(n_rows)",
)

SMALL = Trace(
    "many small variables",
    [
        "import string\nfor i in range(400): globals()[f'item_{i}'] = {'n': i, 'name': f'item {i}', 'tags': [i % 3, string.ascii_letters[i % 52]]}",
        *(f"item_{i * 7}['n'] += 1; extra_{i} = item_{i * 7}['tags']" for i in range(20)),
    ],
    "print(sum(globals()[f'item_{i}']['n'] for i in range(400)), extra_3 is item_21['tags'])",
    "print(item_9['n'])",
)

TABLE = Trace(
    "one large table",
    [
        "from array import array\nimport random\nrandom.seed(1)\nN = 150_000\nframe = {name: array('d', (random.random() for _ in range(N))) for name in 'abcd'}\nframe['key'] = [f'k{i % 500}' for i in range(N)]",
        "frame['e'] = array('d', (a * b for a, b in zip(frame['a'], frame['b'])))",
        *(f"frame['a'][{i * 1000}] = -1.0; checked = {i}" for i in range(5)),
        "def mean(name): return sum(frame[name]) / N\nmeans = {name: mean(name) for name in 'abcde'}",
        "small = {name: column[:100] for name, column in frame.items()}",
        *(f"means['run {i}'] = mean('e') + {i}" for i in range(5)),
        "frame['key'][5] = 'changed'",
        "view = memoryview(frame['b'])[10:20]",
        "view[0] = 42.0",
    ],
    "print(round(mean('a'), 9), frame['b'][10], frame['key'][5], len(small['key']), view.obj is frame['b'])",
    "print(checked)",
)

DEEP = Trace(
    "a deep object graph",
    [
        "class Node:\n    def __init__(self, name, parent=None):\n        self.name, self.parent, self.children, self.data = name, parent, [], {'visits': 0}\n        if parent: parent.children.append(self)\ndef grow(node, depth, width):\n    if depth:\n        for i in range(width): grow(Node(f'{node.name}.{i}', node), depth - 1, width)\n    return node",
        "root = grow(Node('root'), 8, 3); trunk = [root]\nfor i in range(60): trunk.append(Node(f'trunk{i}', trunk[-1]))",
        "def walk(node):\n    stack = [node]\n    while stack: n = stack.pop(); stack += n.children; yield n\nindex = {n.name: n for n in walk(root)}; size = len(index)",
        *(
            f"leaf = index['root.{i % 3}.0.1']; leaf.data['visits'] += {i}; log = leaf.name"
            for i in range(12)
        ),
        "for n in walk(index['root.2']): n.data['visits'] += 1",
        "path = []\nn = trunk[-1]\nwhile n: path.append(n.name); n = n.parent",
    ],
    "print(size, sum(n.data['visits'] for n in walk(root)), index['root.1.0.1'].parent.parent is root.children[1], len(path), trunk[-1].parent is trunk[-2])",
    "print(size)",
)

CODE = Trace(
    "classes and closures",
    [
        "from dataclasses import dataclass\nimport functools\nregistry = {}\ndef register(c): registry[c.__name__] = c; return c",
        *(
            f"@register\nclass Shape{i}({f'Shape{i - 1}' if i % 5 else 'object'}):\n    size = {i}\n    def __init__(self, w={i}): self.w = w; self.log = []\n    def area(self): self.log.append(self.w); return self.w * self.size * factor\n    @property\n    def double(self): return self.area() * 2\nfactor = {i}\ns{i} = Shape{i}()"
            for i in range(20)
        ),
        "def counter(start):\n    n = start\n    def up(by=1):\n        nonlocal n\n        n += by\n        return n\n    def read(): return n\n    return up, read\ncounters = [counter(i) for i in range(50)]",
        *(f"up, read = counters[{i}]; up(); s{i}.area()" for i in range(10)),
        "@functools.lru_cache\ndef fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)\nfib(80)",
        "Shape3.size = 300",
    ],
    "factor = 2\nprint(s4.area(), s3.double, len(registry), registry['Shape7'] is Shape7, counters[3][0](), counters[3][1](), fib(20), isinstance(s4, Shape3), s4.log)",
    "print(factor)",
)

APPEND = Trace(
    "appending to a large list",
    [
        "import random\nrandom.seed(3)\nbig = [random.random() for _ in range(1_000_000)]",
        *(
            f"big.append({i}.5); big += [random.random() for _ in range(10)]; last = {i}"
            for i in range(15)
        ),
        "notes = ['line of text %d' % i for i in range(60_000)]",
        *(f"notes.append('added {i}')" for i in range(5)),
    ],
    "print(len(big), round(sum(big), 6), notes[-1], len(notes), last)",
    "print(last)",
)

ALL = [TYPICAL, SMALL, TABLE, DEEP, CODE, APPEND]
