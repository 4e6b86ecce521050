"""Modules: imports of every form, modules made by the user, files of the session, patches."""

from tests.state.case import RESTORE, case, group

MODULES = group(
    "modules",
    case(
        "forms-of-import",
        "import math, os.path, urllib.parse, xml.etree.ElementTree as ET\nfrom collections import abc, Counter as C\nfrom json import *",
        RESTORE,
        "print(math.pi, os.path.join('a', 'b'), urllib.parse.quote(' '), ET.fromstring('<a b=\"1\"/>').get('b'), issubclass(list, abc.Sequence), C('aa'), loads('[1]'))",
    ),
    case(
        "modules-in-structures",
        "import math, string, colorsys\nmods = {'m': math, 's': [string]}; pick = colorsys; same = math",
        RESTORE,
        "import math as again\nprint(mods['m'] is again, mods['s'][0].digits, pick.__name__, same is again)",
    ),
    case(
        "import-inside-function",
        "def area(r):\n    import cmath, decimal\n    return decimal.Decimal(r) * 2\narea(2)",
        RESTORE,
        "print(area(3))\nimport sys\nprint(type(sys.modules.get('decimal')).__name__)",
    ),
    case(
        "star-import",
        "from math import *\nfrom functools import *\nfloor = lambda x: 'mine'",
        RESTORE,
        "print(sqrt(16), tau > 6, floor(2.5), reduce(lambda a, b: a * b, [1, 2, 3]))",
    ),
    case(
        "module-of-own-files",
        "open('shapes.py', 'w').write('SIZE = 3\\nclass Box:\\n    n = 1\\ndef area(): return SIZE ** 2\\n')\nimport shapes\nfrom shapes import Box, area\nb = Box(); b.n = 2",
        RESTORE,
        "print(shapes.area(), b.n, type(b) is shapes.Box, isinstance(b, Box), area is shapes.area, shapes.__file__.rsplit('/')[-1])",
    ),
    case(
        "state-of-an-own-module",
        "open('counter.py', 'w').write('n = 0\\nlog = []\\ndef up():\\n    global n\\n    n += 1; log.append(n); return n\\n')\nimport counter\ncounter.up(); counter.up(); log = counter.log",
        RESTORE,
        "print(counter.up(), counter.n, log is counter.log, log)\nimport counter as again\nprint(again is counter)",
    ),
    case(
        "changed-attribute-of-an-own-module",
        "open('conf.py', 'w').write('mode = \"slow\"\\ndef get(): return mode\\n')\nimport conf\nconf.mode = 'fast'; conf.extra = [1]",
        RESTORE,
        "print(conf.get(), conf.extra)",
    ),
    case(
        "own-package",
        "import os\nos.makedirs('pkg/sub')\nopen('pkg/__init__.py', 'w').write('from .tools import double\\n')\nopen('pkg/tools.py', 'w').write('def double(x): return 2 * x\\n')\nopen('pkg/sub/__init__.py', 'w').write('')\nopen('pkg/sub/deep.py', 'w').write('class D: pass\\n')\nimport pkg, pkg.sub.deep as deep\nd = deep.D(); f = pkg.double",
        RESTORE,
        "print(pkg.double(4), f(2), type(d) is pkg.sub.deep.D, d.__class__.__module__)\nimport pkg.tools\nprint(pkg.tools.double is f)",
    ),
    case(
        "own-file-changed-after-import",
        "import importlib\nopen('lib.py', 'w').write('def v(): return 1\\n')\nimport lib",
        "open('lib.py', 'w').write('def v(): return 2\\n')",
        RESTORE,
        "print(lib.v())\nimportlib.reload(lib)\nprint(lib.v())",
    ),
    case(
        "user-made-module",
        "import types, sys\nm = types.ModuleType('virtual', 'doc'); m.data = [1]; sys.modules['virtual'] = m\nexec('def get(): return data', m.__dict__)",
        RESTORE,
        "import virtual\nvirtual.data.append(2)\nprint(virtual is m, m.get(), m.__doc__, virtual.__name__)",
    ),
    case(
        "user-made-module-unregistered",
        "import types\nbox = types.ModuleType('box'); box.n = 4; keep = [box]",
        RESTORE,
        "print(box.n, keep[0] is box, box.__name__)",
    ),
    case(
        "patched-attribute-of-a-library",
        "import json, math\nreal = json.dumps\njson.dumps = lambda o, **k: 'patched ' + real(o, **k)\nmath.answer = 42",
        RESTORE,
        "print(json.dumps([1]), math.answer, real([2]))",
    ),
    case(
        "patched-class-of-a-library",
        "import textwrap\ntextwrap.TextWrapper.shout = lambda self, t: t.upper()\nw = textwrap.TextWrapper(width=10)",
        RESTORE,
        "print(w.shout('x'), w.width)",
    ),
    case(
        "sys-path-of-the-session",
        "import sys, os\nos.mkdir('libs'); open('libs/extra.py', 'w').write('v = 5\\n')\nsys.path.append('libs')\nimport extra",
        RESTORE,
        "print(extra.v, 'libs' in sys.path)\ndel sys.modules['extra']\nimport extra as e2\nprint(e2.v)",
    ),
    case(
        "future-stays-on",
        "from __future__ import annotations",
        "def f(x: Undefined) -> Nope: return x",
        RESTORE,
        "def g(x: NotThere): return x\nprint(f.__annotations__, g.__annotations__, f(1))",
    ),
    case(
        "builtins-changed",
        "import builtins\nbuiltins.shout = lambda s: s.upper()\nbuiltins.LIMIT = [3]",
        RESTORE,
        "LIMIT.append(4)\nprint(shout('a'), builtins.LIMIT)",
    ),
    case(
        "main-module",
        "import sys, __main__\nx = 5; me = __main__",
        RESTORE,
        "me.y = 6\nprint(me is sys.modules['__main__'], me.x, y, __name__, sys.modules['__main__'].__dict__ is globals())",
    ),
)
