"""Completion, hover help and signatures from the live namespace, without running its code."""

import json
import signal
from typing import Any

import pytest
from playground_runtime import questions

SETUP = """
import math, os.path
prices = {"apple": 1, "pear's": 2, 7: {"deep": [1]}}
words = ["a", "b"]
class Dog:
    "A good dog."
    kind = "mammal"
    asked = []
    def __init__(self, name): self.name = name
    @property
    def secret(self):
        Dog.asked.append("secret")
        return 1
    @property
    def label(self) -> str:
        Dog.asked.append("label")
        return "x"
    def __getattr__(self, name):
        Dog.asked.append(name)
        raise AttributeError(name)
    def __dir__(self):
        Dog.asked.append("dir")
        return []
    def bark(self, times: int = 1, *, loud=False) -> str:
        "Say woof.\\n\\nMany times."
    @classmethod
    def make(cls, breed): ...
    @staticmethod
    def count(limit): ...
rex = Dog("Rex")
def area(radius, scale=2): ...
open("marks.csv", "w").close()
"""


def ask(session: Any, question: str, code: str, **more: Any) -> Any:
    """Ask with the place marked by ``|`` in the code."""
    before, after = code.split("|")
    place = len(before.encode("utf-16-le")) // 2
    args = {"source": before + after, "place": place, **more}
    return json.loads(questions.answer(session.session, question, args))


def labels(session: Any, code: str, **more: Any) -> list[str]:
    found = ask(session, "complete", code, **more)
    return [item["label"] for item in found["items"]] if found else []


@pytest.fixture
def ready(session: Any) -> Any:
    session.ok(SETUP)
    return session


HOLDS = [
    ("rex.|", ["bark", "name", "kind", "secret"]),
    ("rex.na|", ["name"]),
    ("Dog.|", ["make", "kind"]),
    ("rex.name.|", ["upper", "split"]),
    ("rex.label.|", ["upper"]),
    ("rex.bark().|", ["upper"]),
    ("Dog('x').|", ["bark"]),
    ("'text'.|", ["upper"]),
    ("[1, 2].|", ["append"]),
    ("prices[7]['deep'].|", ["append"]),
    ("words[0].|", ["upper"]),
    ("'a b'.split().|", ["append"]),
    ("print(rex.|)", ["bark"]),
    ("f'hello {rex.|", ["bark"]),
    ("'🐍' + rex.|", ["bark"]),
    ("math.|", ["sqrt", "pi"]),
    ("os.path.|", ["join"]),
    ("os.|", ["getcwd"]),
    ("text = 'a'\ntext.|", ["upper"]),
    ("with open('f') as f:\n    f.|", ["readline"]),
    ("def g(dog: Dog):\n    dog.|", ["bark"]),
    ("prices['|", ["apple", "pear's"]),
    ('prices["ap|"]', ["apple"]),
    ("prices[|", ["'apple'", "7"]),
    ("prices[7]['|", ["deep"]),
    ("area(|", []),
    ("area(ra|", ["radius=", "scale=", "range"]),
    ("area(1, s|", ["scale="]),
    ("rex.bark(lo|", ["loud=", "times="]),
    ("wo|", ["words", "while", "print"]),
    ("total_of_all = 1\nto|", ["total_of_all"]),
    ("open('ma|", ["marks.csv"]),
    ("import ma|", ["math"]),
    ("import os, js|", ["json"]),
    ("import os.pa|", []),
    ("import importlib.ab|", ["abc"]),
    ("from math import sq|", ["sqrt"]),
    ("from math import (pi, sq|", ["sqrt"]),
    ("from this import |", ["s", "d"]),
]


@pytest.mark.parametrize(("code", "expected"), HOLDS)
def test_completion_offers(ready: Any, code: str, expected: list[str]) -> None:
    assert set(expected) <= set(labels(ready, code))


NOTHING = [
    "# rex.|", "'rex.|", "1.|", "nothing.|", "|", "def ar|", "class D|", "import math as m|",
    "f(rex).|", "print('ma|", "rex.secret.|", "x = 12|", "rex.name(|",
]  # fmt: skip


@pytest.mark.parametrize("code", NOTHING)
def test_completion_keeps_quiet(ready: Any, code: str) -> None:
    assert labels(ready, code) == []


def test_no_code_of_the_user_runs(ready: Any) -> None:
    for code, _ in HOLDS:
        labels(ready, code)
    ask(ready, "describe", "rex|")
    ask(ready, "signature", "rex.bark(|")
    ready.ok("assert Dog.asked == [], Dog.asked")


def test_asked_for_completion_offers_everything(ready: Any) -> None:
    assert {"rex", "print"} <= set(labels(ready, "|", explicit=True))
    assert labels(ready, "x = '|", explicit=True) == ["marks.csv"]


def test_a_key_closes_its_quote_and_bracket(ready: Any) -> None:
    def written(code: str) -> list[str]:
        return [item.get("apply") for item in ask(ready, "complete", code)["items"]]

    assert written("prices['|")[:2] == ["apple']", "pear\\'s']"]
    assert written("prices['|']")[0] == "apple"
    assert written('prices["|]')[0] == 'apple"'
    assert written("prices[|]")[0] == "'apple'"


def test_the_place_is_counted_as_the_page_does(ready: Any) -> None:
    assert ask(ready, "complete", "'🐍'; re|")["from"] == 6


def test_private_names_come_when_they_are_meant(ready: Any) -> None:
    ready.ok("_hidden = 1")
    assert "_hidden" in labels(ready, "_h|")
    assert "_hidden" not in labels(ready, "hi|")
    assert "__init__" in labels(ready, "rex.__|")
    assert "__init__" not in labels(ready, "rex.|")


def test_a_key_protocol_that_never_ends_is_interrupted(ready: Any) -> None:
    ready.ok("class Slow:\n    def _ipython_key_completions_(self):\n        while True: pass")
    ready.ok("slow = Slow()")

    def deadline(ms: float) -> None:
        signal.setitimer(signal.ITIMER_REAL, ms / 1000)

    before = signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
    ready.hooks.deadline = deadline
    try:
        assert labels(ready, "slow['|") == []
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


TITLES = [
    ("ar|ea", "area(radius, scale=2)"),
    ("rex.bark|", "bark(times: int = 1, *, loud=False)"),
    ("Dog.make|", "make(breed)"),
    ("rex.count|", "count(limit)"),
    ("Dog|", "class Dog(name)"),
    ("math|", "module math"),
    ("words|", "words: list"),
    ("x = 'a'.upper|", "upper()"),
]


@pytest.mark.parametrize(("code", "title"), TITLES)
def test_hover_help(ready: Any, code: str, title: str) -> None:
    assert ask(ready, "describe", code)["title"] == title


def test_hover_help_tells_doc_and_value(ready: Any) -> None:
    assert ask(ready, "describe", "Dog|")["doc"] == "A good dog."
    found = ask(ready, "describe", "print(wo|rds)")
    assert (found["from"], found["to"], found["value"]) == (6, 11, "['a', 'b']")
    assert ask(ready, "describe", "'words|'") is None
    assert ask(ready, "describe", "missing|") is None


SIGNATURES = [
    ("area(|", "area", 0),
    ("area(1, |", "area", 1),
    ("area((1, 2), [3, 4|", None, None),
    ("area((1, 2), |", "area", 1),
    ("area(scale=|", "area", 1),
    ("area(1, 2, |", "area", -1),
    ("rex.bark(|", "bark", 0),
    ("print('a', 'b|", "print", 0),
    ("print('a', sep='|", "print", 1),
    ("max(area(1), |", "max", 1),
]


@pytest.mark.parametrize(("code", "name", "active"), SIGNATURES)
def test_signatures(ready: Any, code: str, name: Any, active: Any) -> None:
    found = ask(ready, "signature", code)
    assert (found and found["name"]) == name
    assert (found and found["active"]) == active


def test_no_signature_where_a_function_is_defined(ready: Any) -> None:
    assert ask(ready, "signature", "def area(|") is None
    assert ask(ready, "signature", "area(1)|") is None
