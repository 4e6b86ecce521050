"""Every page is free of axe's findings in both themes, and works on a phone and by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.person import Person

PAGES = [
    "/sessions",
    "/sessions?show=bin",
    "/sign-up",
    "/sign-in",
    "/recover",
    "/profile",
    "/profile/devices",
    "/profile/export",
    "/profile/delete",
    "/sign-out",
]


def findings(page: Page) -> list[str]:
    """What axe has against the page, each with the element."""
    response = Axe().run(page).response
    return [
        f"{violation['id']}: {node['html'][:200]}"
        for violation in response["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_session_page_is_accessible(people: Callable[..., Person], theme: str) -> None:
    person = people(color_scheme=theme, bypass_csp=True)
    person.open()
    person.run("import sys\nprint('\\x1b[31mred\\x1b[0m')\nprint('oh', file=sys.stderr)\n1/0")
    person.run("gen = (i for i in range(3))\nopen('a.txt', 'w').write('x')\nx = [1, 2]\nx")
    person.saved()
    expect(person.page.get_by_role("region", name="Files")).to_contain_text("a.txt")
    assert findings(person.page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_the_other_pages_are_accessible(
    people: Callable[..., Person], path: str, theme: str
) -> None:
    person = people(color_scheme=theme, bypass_csp=True)
    person.open()
    person.page.goto(path)
    expect(person.page.get_by_role("main")).to_be_visible()
    assert findings(person.page) == []


def test_a_phone_shows_all_without_scrolling_sideways(people: Callable[..., Person]) -> None:
    person = people(viewport={"width": 360, "height": 740}, has_touch=True)
    person.open()
    person.run(
        "print('x' * 500)\nlong_name_of_a_variable = list(range(1000))\nlong_name_of_a_variable"
    )
    person.saved()
    wide = person.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    expect(person.code).to_be_visible()
    expect(person.page.get_by_role("button", name="Run", exact=True)).to_be_visible()
