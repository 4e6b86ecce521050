"""What is written when something changes, and that no change is missed."""

from typing import Any

import pytest
from playground_runtime.state import changes, packs
from playground_runtime.state.forms.classes import class_dict


def new_bytes(session: Any, **limits: Any) -> int:
    header = session.capture(**limits)
    return sum(len(session.blobs[number]) for number in header["new"])


def test_a_small_step_beside_large_values_costs_little(session: Any) -> None:
    session.ok("import random\nxs = [random.random() for _ in range(200_000)]; n = 0")
    assert new_bytes(session) > 1_500_000
    session.ok("n += 1")
    assert new_bytes(session) < 1_500
    session.ok("xs.append(1.5)")
    assert new_bytes(session) < 300_000


def test_a_variable_within_another_is_a_pointer(session: Any) -> None:
    session.ok(
        "class C:\n    def __init__(self, n): self.n = n; self.tags = []\n"
        "many = [C(n) for n in range(2000)]\nlast = None"
    )
    new_bytes(session)
    for number in (5, 700):
        session.ok(f"last = many[{number}]; some = many[{number}:{number + 3}]")
        assert new_bytes(session) < 1_500


CHANGES = [
    ("def push(v): data.append(v)\ndata = []", "push(1)", "data"),
    (
        "def make():\n    box = []\n    return box.append, lambda: box\nadd, get = make()",
        "add(1)",
        "get()",
    ),
    ("class C: pass\nc = C(); c.d = {}; m = c.d.update", "m(x=1)", "c.d"),
    ("class C:\n    all = []\n    def __init__(self): C.all.append(1)", "C()", "C.all"),
    ("a = [1]; b = [a]", "b[0].append(2)", "a"),
    ("a = bytearray(3); v = memoryview(a)[1:]", "v[0] = 7", "a"),
    ("a = {'k': 1}", "globals()['a']['k'] = 2", "a"),
    ("a = [1.5, 0.0]", "a[1] = -0.0", "a"),
    ("a = [1, 2]", "a[0] = True", "a"),
    ("a = {'x': 1, 'y': 2}", "a['x'] = a.pop('x')", "list(a)"),
    ("a = [[1], [1]]", "a[0] = a[1]", "a[0] is a[1]"),
    ("def f(x, seen=[]): seen.append(x)\n", "f(3)", "f.__defaults__"),
    (
        "import weakref\nclass C: pass\nc = C(); c.n = [1]; w = weakref.ref(c)",
        "w().n.append(2)",
        "c.n",
    ),
    ("a = [1]\n[a]", "_[0].append(2)", "a"),
]


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(("before", "change", "shown"), CHANGES)
def test_a_change_is_found(
    sessions: Any, before: str, change: str, shown: str, large: bool
) -> None:
    first = sessions()
    if large:
        first.ok("filling = [[n] for n in range(30_000)]")
    first.ok(before)
    first.capture()
    first.ok(change)
    header = first.capture()
    second = sessions()
    assert second.restore(header, first.blobs)["failed"] == []
    assert second.run(shown).text == first.run(shown).text


MANY = (
    "import random\nrandom.seed(1)\n"
    "class C:\n    def __init__(self, n): self.n = n; self.at = n / 2; self.tags = [n, 'tag']\n"
    "many = [C(n) for n in range(1500)]; floats = [n / 3 for n in range(50_000)]\n"
    "table = {n: (None, str(n)) for n in range(3000)}; mixed = [1, [2], 'x', 2.5] * 800"
)
STEPS = [
    "many[7].at = 1.25",
    "many[9].at = 'a text'",
    "many[9].n = True",
    "many[11].tags.append(5)",
    "for one in many: one.n += 1",
    "floats[40_000] = -0.0",
    "floats.append(2.5)",
    "floats.insert(3, 'text')",
    "del floats[:9]",
    "floats.clear()",
    "mixed[0] = None; mixed[2] = float('inf'); mixed[6] = float('-inf')",
    "table[5000] = 1",
    # These lead elsewhere, so that a walk is needed.
    "mixed[0] = []",
    "mixed[3] = float('nan')",
    "mixed[1], mixed[2] = mixed[2], mixed[1]",
    "many[5].new = 1",
    "del many[5].new",
    "many[3].n = 'x' * 3000",
    "many[4] = many[3]",
    "table[7] = (1, 2)",
]


def test_writing_a_part_of_a_unit_gives_the_bytes_of_a_walk(
    sessions: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewritten: list[str] = []
    rewrite = changes.rewrite

    def noted(unit: Any, *arguments: Any) -> Any:
        again = rewrite(unit, *arguments)
        rewritten.append(unit.name) if again is not None else None
        return again

    found = []
    for way in (noted, lambda *_: None):
        monkeypatch.setattr(changes, "rewrite", way)
        session = sessions()
        session.ok(MANY)
        session.capture()
        rows = []
        for step in STEPS:
            session.ok(step)
            header = session.capture()
            rows.append([session.blobs[row["blob"]] for row in header["units"]])
        found.append(rows)
    assert len(rewritten) >= 11
    assert found[0] == found[1]


def test_changes_in_units_of_many_values_are_restored(sessions: Any) -> None:
    first = sessions()
    first.ok(MANY)
    first.capture()
    shown = (
        "__import__('hashlib').sha1(repr(([vars(one) for one in many], floats, table, mixed,"
        " many[3] is many[4])).encode()).hexdigest()"
    )
    points = []
    for step in STEPS:
        first.ok(step)
        points.append((first.capture(), first.run(shown).text))
    for header, expected in points:
        second = sessions()
        assert second.restore(header, first.blobs)["failed"] == []
        assert second.run(shown).text == expected


def test_what_no_name_led_to_is_found_by_looking_at_everything(sessions: Any) -> None:
    first = sessions()
    first.ok("big = [[n] for n in range(25_000)]; other = [[n] for n in range(25_000)]")
    for _ in range(3):
        first.capture()
    names = first.session.interpreter.namespace.names
    names["big"].append("unseen")
    names["other"].append("unseen")
    first.ok("x = 1")
    header = first.capture(thorough=True)
    assert header["missed"] >= 1
    second = sessions()
    second.restore(header, first.blobs)
    assert second.run("(big[-1], other[-1])").text == "('unseen', 'unseen')"


def test_what_is_let_go_of_dies_at_once(session: Any) -> None:
    session.ok(
        "import weakref\nclass C: pass\nc = C(); held = [C()]\n"
        "w = weakref.ref(c); v = weakref.ref(held[0])"
    )
    session.capture()
    assert session.run("del c; held.clear(); (w(), v())").text == "(None, None)"


def test_a_missing_blob_costs_only_what_it_holds(sessions: Any) -> None:
    first = sessions()
    first.ok(
        "import os\na = [os.urandom(20_000)] * 2; b = os.urandom(50_000)\n"
        "c = {'a': a, 'n': 1}; d = 4"
    )
    header = first.capture()
    large = max(header["units"], key=lambda row: row["size"])
    lost = {number: data for number, data in first.blobs.items() if number != large["blob"]}
    second = sessions()
    request = {key: header[key] for key in ("files", "directories")}
    request |= {"units": header["units"], "blobIds": list(lost)}
    report = second.session.restore(request, list(lost.values()))
    assert [row["name"] for row in report["failed"]] == ["b"]
    assert second.run("(c['a'] is a, d, len(a[0]))").text == "(True, 4, 20000)"
    assert second.run("len(b)").error["ename"] == "NotSavedError"


def test_small_units_of_one_capture_lie_in_blobs_of_a_bounded_size(
    sessions: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packs, "LARGEST", 50_000)
    first = sessions()
    first.ok(
        "import os\nfor n in range(40): globals()[f'v{n}'] = [os.urandom(1500) for _ in '1234']"
    )
    header = first.capture()
    assert max(len(first.blobs[row["blob"]]) for row in header["units"]) <= 50_000
    second = sessions()
    assert second.restore(header, first.blobs)["failed"] == []
    assert second.run("len(v39)").text == "4"


def test_the_mark_of_a_class_dict_stays_and_does_not_keep_the_class(session: Any) -> None:
    session.ok("class C:\n    x: int = 1")
    session.capture()
    scope, names = session.session._engine._scope, session.session.interpreter.namespace.names
    marks = []
    for _ in range(2):
        scope.begin()
        scope.class_dicts[id(class_dict(names["C"]))] = names["C"]
        marks.append(scope.contents(class_dict(names["C"])))
    assert marks[0] is marks[1]
    scope.begin()
    assert session.run("import gc; del C; gc.collect(); 0").text == "0"
    assert marks[0].owner is None
