"""Exceptions, iterators part of the way, and what ``asyncio`` makes."""

from tests.state.case import RESTORE, case, group

EXCEPTIONS = group(
    "exceptions",
    case(
        "cause-context-notes",
        "try:\n    try: {}['k']\n    except KeyError as inner: raise ValueError('outer') from inner\nexcept ValueError as e:\n    e.add_note('look here'); saved = e",
        RESTORE,
        "print(saved, repr(saved.__cause__), saved.__notes__, saved.__suppress_context__, saved.__context__ is saved.__cause__)",
    ),
    case(
        "traceback-text",
        "import traceback\ndef bad(n):\n    return 1 / n\ntry: bad(0)\nexcept ZeroDivisionError as e: err = e; text = traceback.format_exc()",
        RESTORE,
        "print(text); print(''.join(traceback.format_exception(err)))",
        remarks={"err": "variables inside its traceback"},
    ),
    case(
        "groups",
        "eg = ExceptionGroup('many', [ValueError('a'), ExceptionGroup('deep', [KeyError('b')])]); first = eg.exceptions[0]",
        RESTORE,
        "try: raise eg\nexcept* KeyError as g: print(g.exceptions[0].exceptions)\nexcept* ValueError as g: print(g.exceptions[0] is first)",
    ),
    case(
        "attributes-of-builtin-errors",
        "try: open('nope.txt')\nexcept OSError as e: o = e\ntry: compile('x = = 1', 'f.py', 'exec')\nexcept SyntaxError as e: s = e\ntry: b'\\xff'.decode()\nexcept UnicodeDecodeError as e: u = e\ntry: undefined_name\nexcept NameError as e: n = e\ni = ImportError('x', name='mod', path='p')",
        RESTORE,
        "print(o.errno, o.filename, type(o).__name__, s.lineno, s.offset, s.filename, u.start, u.object, n.name, i.name, i.path)",
    ),
    case(
        "own-class-with-other-arguments",
        "class Http(Exception):\n    def __init__(self, status, body): self.status, self.body = status, body\n    def __str__(self): return f'{self.status}: {self.body}'\nerrors = [Http(404, {'why': 'x'}), Http(500, None)]; worst = errors[1]",
        RESTORE,
        "print(errors[0], worst, worst is errors[1], errors[0].body)",
    ),
    case(
        "raised-again",
        "class Stop(Exception): pass\nstop = Stop('kept', [1])",
        RESTORE,
        "def f():\n    raise stop from KeyError('why')\ntry: f()\nexcept Stop as e: print(e is stop, e.args, repr(e.__cause__))",
    ),
    case(
        "exceptions-in-results",
        "results = []\nfor x in ('1', 'a', None):\n    try: results.append(int(x))\n    except Exception as e: results.append(e)",
        RESTORE,
        "print([r if isinstance(r, int) else (type(r).__name__, str(r)) for r in results])",
    ),
    case(
        "group-of-own-class-and-system-exit",
        "class Many(ExceptionGroup):\n    def derive(self, xs): return Many(self.message, xs)\nm = Many('m', [OSError(2, 'no'), TypeError('t')]); x = SystemExit(3); k = KeyboardInterrupt()",
        RESTORE,
        "print(m.split(OSError)[0].exceptions, type(m.subgroup(TypeError)).__name__, x.code, repr(k))",
    ),
)

ITERATORS = group(
    "iterators",
    case(
        "of-containers",
        "l = [1, 2, 3]; i = iter(l); next(i); t = iter((4, 5)); next(t); s = iter('abc'); next(s); r = iter(range(5)); next(r); d = iter({'a': 1, 'b': 2}); next(d); e = iter([1]); list(e)",
        RESTORE,
        "l.append(9)\nprint(list(i), list(t), list(s), list(r), list(d), list(e))",
    ),
    case(
        "zip-enumerate-reversed-map-filter",
        "z = zip([1, 2, 3], 'abc'); next(z); en = enumerate('xyz', 10); next(en); rv = reversed([1, 2, 3]); next(rv)\nk = 2\nm = map(lambda x: x * k, [1, 2, 3]); next(m); f = filter(lambda x: x > k, [1, 5, 2, 7]); next(f)",
        RESTORE,
        "k = 3\nprint(list(z), list(en), list(rv), list(m), list(f))",
    ),
    case(
        "shared-iterator",
        "it = iter(range(6)); pairs = zip(it, it); first = next(pairs)",
        RESTORE,
        "print(next(it), list(pairs), first)",
    ),
    case(
        "file-lines-part-way",
        "open('l.txt', 'w').write('a\\nb\\nc\\nd\\n')\nf = open('l.txt'); head = f.readline()",
        RESTORE,
        "print(head, f.readline(), f.read().split(), f.name, f.mode)",
    ),
    case(
        "own-iterator-class",
        "class Down:\n    def __init__(self, n): self.n = n\n    def __iter__(self): return self\n    def __next__(self):\n        if not self.n: raise StopIteration\n        self.n -= 1; return self.n\nd = Down(4); next(d); wrapped = enumerate(d); next(wrapped)",
        RESTORE,
        "print(next(d), list(wrapped))",
    ),
    case(
        "callable-iterator",
        "left = [3, 2, 1, 0]; it = iter(left.pop, 3); next(it)",
        RESTORE,
        "print(list(it), left)",
    ),
    case(
        "itertools-count-cycle",
        "import itertools\nc = itertools.count(10, 5); next(c); cy = itertools.cycle('ab'); next(cy)",
        RESTORE,
        "print(next(c), next(c), [next(cy) for _ in range(3)])",
    ),
    case(
        "itertools-chain-islice-product",
        "import itertools as it\nch = it.chain([1, 2], [3]); next(ch); isl = it.islice(range(100), 5, 20, 5); next(isl); pr = it.product('ab', repeat=2); next(pr); pe = it.permutations([1, 2, 3]); next(pe); co = it.combinations('abc', 2); next(co)",
        RESTORE,
        "print(list(ch), list(isl), list(pr), len(list(pe)), list(co))",
    ),
    case(
        "itertools-others",
        "import itertools as it\nacc = it.accumulate([1, 2, 3]); next(acc); rep = it.repeat('x', 3); next(rep); tw = it.takewhile(lambda x: x < 3, [1, 2, 3]); next(tw); zl = it.zip_longest([1, 2], [3], fillvalue=0); next(zl); sm = it.starmap(pow, [(2, 3), (3, 2)]); next(sm)",
        RESTORE,
        "print(list(acc), list(rep), list(tw), list(zl), list(sm))",
    ),
    case(
        "itertools-pairwise-batched",
        "import itertools as it\npw = it.pairwise([1, 2, 3]); next(pw); ba = it.batched('abcdef', 2); next(ba)",
        RESTORE,
        "print(list(pw), list(ba))",
    ),
    case(
        "itertools-groupby-tee",
        "import itertools as it\ng = it.groupby('aabbc'); key, members = next(g)\na, b = it.tee([1, 2, 3]); next(a)",
        RESTORE,
        "print(key, [k for k, _ in g], list(a), list(b))",
    ),
)

ASYNC = group(
    "async",
    case(
        "queue-event-lock",
        "import asyncio\nq = asyncio.Queue(); q.put_nowait('a'); q.put_nowait('b'); ev = asyncio.Event(); ev.set(); lock = asyncio.Lock(); sem = asyncio.Semaphore(2); same = q",
        RESTORE,
        "async with lock, sem: print(await q.get(), same.qsize(), ev.is_set(), lock.locked())",
    ),
    case(
        "done-task",
        "import asyncio\nasync def work(): return [1]\ntask = asyncio.ensure_future(work()); value = await task",
        RESTORE,
        "print(task.done(), task.result(), task.result() is value, await task)",
    ),
    case(
        "failed-and-cancelled-tasks",
        "import asyncio\nasync def bad(): raise ValueError('b')\nasync def slow(): await asyncio.sleep(100)\nt1 = asyncio.ensure_future(bad()); t2 = asyncio.ensure_future(slow()); await asyncio.sleep(0); t2.cancel(); r = await asyncio.gather(t1, t2, return_exceptions=True)",
        RESTORE,
        "print(t1.exception(), t2.cancelled(), [type(x).__name__ for x in r])",
    ),
    case(
        "objects-with-async-methods",
        "import asyncio\nclass Client:\n    def __init__(self): self.calls = 0\n    async def __aenter__(self): return self\n    async def __aexit__(self, *a): self.calls += 10\n    async def get(self, x): self.calls += 1; await asyncio.sleep(0); return x * 2\n    def __aiter__(self): self.left = 2; return self\n    async def __anext__(self):\n        if not self.left: raise StopAsyncIteration\n        self.left -= 1; return self.left\nc = Client(); got = await c.get(2)",
        RESTORE,
        "async with c as same: print(await same.get(got), [x async for x in c])\nprint(c.calls)",
    ),
    case(
        "done-future-and-partial",
        "import asyncio, functools\nf = asyncio.get_running_loop().create_future(); f.set_result('set')\nasync def add(a, b): return a + b\nadd1 = functools.partial(add, 1)",
        RESTORE,
        "print(f.result(), await f, await add1(2))",
    ),
    case(
        "top-level-await-values",
        "import asyncio\nresults = await asyncio.gather(*(asyncio.sleep(0, i) for i in range(3)))\nasync with asyncio.timeout(5): results.append('in time')",
        RESTORE,
        "results.append(await asyncio.sleep(0, 'later'))\nprint(results)",
    ),
)
