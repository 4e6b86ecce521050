"""What outputs look like in a browser: hints, trees, tables, Markdown, formulas, hostile ones."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.e2e.person import Person
from tests.e2e.test_hostile import Canary


def last(person: Person) -> Locator:
    return person.transcript.locator("[data-entry]").last


def run(person: Person, source: str) -> Locator:
    """Run, and give the newest entry."""
    person.run(source)
    entry = last(person)
    entry.locator(".outputs").scroll_into_view_if_needed()
    return entry


def shot(person: Person, name: str) -> None:
    """A picture for people, where PLAYGROUND_SHOTS says that they want some."""
    folder = os.environ.get("PLAYGROUND_SHOTS")
    if not folder:
        return
    person.page.screenshot(path=Path(folder) / f"outputs-{name}.png")
    usual = person.page.viewport_size
    person.page.emulate_media(color_scheme="dark")
    person.page.set_viewport_size({"width": 390, "height": 800})
    last(person).scroll_into_view_if_needed()
    person.page.screenshot(path=Path(folder) / f"outputs-{name}-phone-dark.png")
    person.page.emulate_media(color_scheme="light")
    if usual:
        person.page.set_viewport_size(usual)


HOSTILE = r"""
leak = "LEAK/x.png"
bad = f'<img src="{leak}" onerror="parent.stolen=1"><script>parent.stolen=1</script>'
links = f"![p]({leak})\n\n[a](javascript:parent.stolen=1) [b]({leak})"
display(Markdown(f"{bad}\n\n{links}\n\n`{bad}`"))
display(Latex(rf"$\href{{javascript:alert(1)}}{{x}}$ $\includegraphics{{{leak}}}$ {bad}"))
display(SVG(f'<svg xmlns="http://www.w3.org/2000/svg" onload="parent.stolen=1">'
            f'<script>parent.stolen=1</script><image href="{leak}"/><circle r="9"/></svg>'))
display(HTML(bad + f'<meta http-equiv="refresh" content="0;url={leak}"><form action="{leak}">'))
display([[bad, bad], {bad: [bad]}])
display([{bad: bad, "b": bad * 2} for _ in range(3)])
display(JSON({bad: [bad]}))
class Forged:
    def __init__(self, mime, data): self.mime, self.given = mime, data
    def _repr_mimebundle_(self, **_): return {self.mime: self.given, "text/plain": bad}
for mime in ("application/vnd.playground.tree+json", "application/vnd.playground.table+json"):
    for data in ('{"open":"[","items":5}', "null", "[" * 5000, '{"columns":[{"name":1}]}', bad):
        display(Forged(mime, data))
raise ValueError(bad)
"""


def test_outputs(people: Callable[..., Person]) -> None:
    ada = people(permissions=["clipboard-read", "clipboard-write"])
    ada.open()
    _errors(ada)
    _structures(ada)
    _laid_out(ada)
    _long(ada)
    canary = Canary()
    _hostile(ada, canary)
    canary.server.shutdown()
    canary.server.server_close()
    assert canary.heard == []
    assert ada.errors == []


def _errors(ada: Person) -> None:
    entry = run(ada, "total = 3\nfor i in range(2):\n    print(totl + i)")
    expect(entry).to_contain_text("Did you mean total?")
    expect(entry.locator(".failing")).to_have_text("totl")
    expect(entry.locator(".source")).to_contain_text("The error is on this line")
    entry = run(ada, "if total == 3\n    print('three')")
    expect(entry).to_contain_text("must end with a colon :")
    shot(ada, "errors")
    entry = run(ada, "import json\njson.loads('{')")
    expect(entry).not_to_contain_text("decoder.py")
    expect(entry).to_contain_text("steps inside libraries")
    entry.get_by_role("button", name="Show all").click()
    expect(entry).to_contain_text("decoder.py")
    outcome = ada.run("int('abc')")
    assert "whole number" in outcome["error"]["hint"]
    assert "playground_runtime" not in "".join(outcome["error"]["traceback"])
    last(ada).get_by_role("button", name="Copy this output").click()
    copied = ada.page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("ValueError: invalid literal for int() with base 10: 'abc'")


def _structures(ada: Person) -> None:
    entry = run(
        ada,
        "rows = [('Ada', 1815), ('Grace', 1906), ('Alan', 912)]\n"
        "people = [{'name': name, 'born': born} for name, born in rows]\npeople",
    )
    expect(entry.locator("tbody tr")).to_have_count(3)
    entry.get_by_role("button", name=re.compile("^born")).click()
    expect(entry.locator("tbody tr").first).to_contain_text("Alan")
    entry.get_by_role("button", name="Copy as a table").click()
    assert ada.page.evaluate("navigator.clipboard.readText()").startswith("name\tborn\nAda\t1815")
    entry.get_by_role("button", name="Show as text").click()
    expect(entry).to_contain_text("[{'name': 'Ada'")
    shot(ada, "table")
    entry = run(
        ada,
        "school = {'name': 'Hill', 'classes': {'5a': {'size': 24, 'marks': [1, 2, 3]}, '5b': {}},\n"
        "          'teachers': [('Ada', 'maths'), ('Grace', 'computing')]}\nschool",
    )
    entry.locator("summary", has_text="'classes'").click()
    entry.locator("summary", has_text="'5a'").click()
    expect(entry).to_contain_text("'marks'")
    shot(ada, "tree")


def _laid_out(ada: Person) -> None:
    text = "# Notes\n\nThe area is $\\\\pi r^2$, see [here](https://example.org/a).\n\n* one\n* two"
    entry = run(ada, f'Markdown("""{text}""")')
    expect(entry.locator("h1")).to_have_text("Notes")
    expect(entry.locator("math")).to_have_count(1)
    expect(entry.get_by_role("link")).to_have_text("here (example.org)")
    entry = run(ada, r"from IPython.display import Math; Math(r'\frac{1}{2}')")
    expect(entry.locator("mfrac")).to_have_count(1)
    entry = run(
        ada,
        "class Frame:\n    def _repr_html_(self):\n        return '''<table class=\"dataframe\" "
        'border="1"><thead><tr style="text-align: right;"><th></th><th>a</th><th>b</th></tr>'
        "</thead><tbody><tr><th>0</th><td>1</td><td>2.5</td></tr><tr><th>1</th><td>3</td><td>4.5"
        "</td></tr></tbody></table>'''\nFrame()",
    )
    frame = entry.frame_locator("iframe")
    expect(frame.locator("td").first).to_have_text("1")
    shot(ada, "laid-out")
    entry = run(ada, 'SVG(\'<svg xmlns="http://www.w3.org/2000/svg"><circle r="20"/></svg>\')')
    with ada.page.expect_download() as download:
        entry.get_by_role("button", name="Download this picture").click()
    assert download.value.suggested_filename == "picture.svg"


def _long(ada: Person) -> None:
    entry = run(ada, "for i in range(500): print('row', i)")
    expect(entry).to_contain_text("440 more lines")
    expect(entry).not_to_contain_text("row 250")
    entry.get_by_role("button", name="Show all").click()
    expect(entry).to_contain_text("row 250")
    entry = run(ada, "print('x' * 50_000)")
    assert len(entry.inner_text()) < 10_000
    entry = run(
        ada,
        "import sys\nprint('one'); print('two', file=sys.stderr); print('three')\n"
        "for i in range(3): print(f'{i} of 3', end='\\r')",
    )
    shown = entry.locator(".outputs").inner_text()
    assert shown.index("one") < shown.index("two") < shown.index("three") < shown.index("2 of 3")
    assert "1 of 3" not in shown


def _hostile(ada: Person, canary: Canary) -> None:
    entry = run(ada, HOSTILE.replace("LEAK", canary.url))
    expect(entry).to_contain_text("ValueError")
    # What is laid out is so when it comes near the part that is seen.
    for shown in entry.locator(".markdown, .display").all():
        shown.scroll_into_view_if_needed()
        ada.page.wait_for_timeout(60)
    expect(entry.locator(".markdown").first.locator("code").first).to_contain_text("<img")
    ada.page.wait_for_timeout(500)
    assert ada.page.evaluate("globalThis.stolen") is None
    assert entry.locator("script, form, [onerror], [onload]").count() == 0
    for address in entry.locator("img").evaluate_all("all => all.map(one => one.src)"):
        assert address.startswith(("data:image/svg+xml", "blob:"))
    for address in entry.locator("a").evaluate_all("all => all.map(one => one.href)"):
        assert address in ("", f"{canary.url}/x.png")
