"""The table of variables and the inspector: finding, opening, renaming, deleting, by keys too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.person import Person
from tests.e2e.test_accessible import findings

SCHOOL = (
    "import math\n"
    "def area(r):\n    'Of a circle.'\n    return math.pi * r * r\n"
    "school = {'class': [{'name': 'Ada', 'marks': [1, 2, 3]}, {'name': 'Bo', 'marks': [4]}]}\n"
    "pupils = [{'name': 'Ada', 'age': 12}, {'name': 'Bo', 'age': 13}]\n"
    "count = 5"
)


def table(page: Page) -> Locator:
    return page.get_by_role("grid", name="Table of variables")


def names(page: Page) -> list[str]:
    return table(page).get_by_role("rowheader").all_inner_texts()


def inspector(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=f"Inside {name}", exact=True)


def test_a_value_three_levels_deep_is_found_by_keyboard(ada: Person) -> None:
    page = ada.page
    ada.run(SCHOOL)
    ada.saved()
    expect(table(page)).to_contain_text("school")
    table(page).focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    school = inspector(page, "school")
    expect(school.get_by_role("option")).to_contain_text(["'class'"])
    page.keyboard.press("Enter")
    expect(school.get_by_role("button", name="Open 0")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(school.get_by_role("option")).to_contain_text(["name", "marks"])
    expect(school.get_by_role("listbox")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(school.get_by_role("navigation")).to_have_text("school['class'][1]['marks']")
    expect(school.get_by_role("option")).to_contain_text(["4"])
    page.keyboard.press("Backspace")
    expect(school.get_by_role("navigation")).to_have_text("school['class'][1]")
    page.keyboard.press("Escape")
    expect(school).to_have_count(0)
    expect(table(page)).to_be_focused()
    assert ada.errors == []


def test_filter_switches_and_sorting(ada: Person) -> None:
    page = ada.page
    ada.run(SCHOOL)
    ada.saved()
    expect(table(page)).to_contain_text("count")
    assert names(page) == ["math", "area", "school", "pupils", "count"]
    page.get_by_role("button", name="Show modules").click()
    page.get_by_role("button", name="Show functions and classes").click()
    assert names(page) == ["school", "pupils", "count"]
    table(page).get_by_role("button", name="Name").click()
    assert names(page) == ["count", "pupils", "school"]
    page.get_by_role("searchbox", name="Filter variables").fill("LIST")
    assert names(page) == ["pupils"]
    page.get_by_role("searchbox", name="Filter variables").fill("nowhere")
    region = page.get_by_role("region", name="Variables", exact=True)
    expect(region).to_contain_text("No variable matches “nowhere”.")
    ada.reload()
    assert names(page) == ["count", "pupils", "school"]
    region.get_by_role("button", name="Show all").click()
    assert names(page) == ["area", "count", "math", "pupils", "school"]


def test_rename_and_delete_can_be_undone(ada: Person) -> None:
    page = ada.page
    ada.run(SCHOOL)
    ada.saved()
    table(page).focus()
    page.keyboard.press("End")
    page.keyboard.press("F2")
    dialog = page.get_by_role("dialog", name="Rename count")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("for")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("word of Python")
    page.get_by_role("textbox", name="New name").fill("school")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("already a variable school")
    page.get_by_role("textbox", name="New name").fill("total")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(table(page)).to_contain_text("total")
    assert ada.text("total") == "5"
    ada.saved()
    table(page).focus()
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Delete")
    expect(table(page)).not_to_contain_text("pupils")
    ada.saved()
    notice = page.locator(".notice", has_text="pupils was deleted.")
    notice.get_by_role("button", name="Undo").click()
    expect(table(page)).to_contain_text("pupils")
    assert ada.text("pupils[1]['name']") == "'Bo'"
    ada.saved()
    ada.reload()
    assert ada.text("total") == "5"


def test_the_inspector_follows_runs_and_leads_back(ada: Person) -> None:
    page = ada.page
    ada.run(SCHOOL)
    ada.run("fill = [n * n for n in range(1000)]")
    ada.saved()
    table(page).get_by_role("row").filter(has_text="fill").click()
    fill = inspector(page, "fill")
    expect(fill).to_contain_text("1,000 items")
    expect(fill).to_contain_text("as of #2")
    expect(fill).to_contain_text("0–99 of 1,000")
    fill.get_by_role("button", name="Later").click()
    expect(fill.get_by_role("option").first).to_contain_text("10000")
    fill.get_by_role("spinbutton", name="Go to position").fill("998")
    page.keyboard.press("Enter")
    expect(fill.get_by_role("option")).to_have_count(2)
    ada.run("fill[0], fill[999] = 'first', 'new'")
    expect(fill).to_contain_text("as of #3")
    expect(fill.get_by_role("option").nth(1)).to_contain_text("'new'")
    expect(fill.locator(".label.changed")).to_have_text(["999"])
    fill.get_by_role("button", name="Go to #3").click()
    expect(page.locator("[data-entry='3']")).to_be_focused()


def test_functions_tables_and_bytes(ada: Person) -> None:
    page = ada.page
    ada.run(SCHOOL + "\ndata = b'Hello' * 3")
    ada.saved()
    row = table(page).get_by_role("row")
    row.filter(has_text="area").click()
    area = inspector(page, "area")
    expect(area).to_contain_text("return math.pi * r * r")
    expect(area).to_contain_text("Of a circle.")
    area.get_by_role("button", name="Close the inspector").click()
    row.filter(has_text="pupils").click()
    pupils = inspector(page, "pupils")
    expect(pupils.get_by_role("columnheader", name="age")).to_be_visible()
    pupils.get_by_role("button", name="Open 1").click()
    expect(pupils.get_by_role("option")).to_contain_text(["'Bo'", "13"])
    pupils.get_by_role("button", name="Close the inspector").click()
    row.filter(has_text="data").click()
    expect(inspector(page, "data")).to_contain_text("48 65 6c 6c 6f")


def test_thousands_of_variables_stay_quick(ada: Person) -> None:
    page = ada.page
    ada.run("globals().update({f'v{i}': i for i in range(1990)})")
    ada.saved()
    expect(table(page).get_by_role("rowheader").first).to_have_text("v0")
    assert table(page).get_by_role("row").count() < 60
    table(page).focus()
    page.keyboard.press("End")
    expect(table(page).get_by_role("rowheader").last).to_have_text("v1989")
    page.get_by_role("searchbox", name="Filter variables").fill("v1234")
    expect(table(page).get_by_role("rowheader")).to_have_text(["v1234"])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_open_inspector_is_accessible(people: Callable[..., Person], theme: str) -> None:
    person = people(color_scheme=theme, bypass_csp=True)
    person.open()
    person.run(SCHOOL + "\ngen = (i for i in [])")
    person.saved()
    page = person.page
    assert findings(page) == []
    for name in ("school", "pupils", "area", "count"):
        table(page).get_by_role("row").filter(
            has=page.get_by_role("rowheader", name=name, exact=True)
        ).click()
        expect(inspector(page, name)).to_contain_text("as of #1")
        assert findings(page) == []
        page.keyboard.press("Escape")


def test_what_is_not_saved_leads_to_its_reason(ada: Person) -> None:
    page = ada.page
    ada.run("many = list(range(3))\nlazy = (i for i in many)\nimport math as lost")
    ada.saved()
    why = page.get_by_role("status").first.get_by_role("button", name="Saved, but not lazy")
    page.get_by_role("searchbox").first.fill("nothing like that")
    why.focus()
    page.keyboard.press("Enter")
    expect(table(page)).to_be_focused()
    active = page.locator(f"#{table(page).get_attribute('aria-activedescendant')}")
    expect(active).to_contain_text("lazy")
    expect(active).to_contain_text("a running generator '<genexpr>' cannot be saved")

    ada.reload()
    expect(page.locator(".notice", has_text="could not be brought back")).to_have_count(1)
    page.evaluate("setTimeout(() => playground.interrupt(), 500)")
    ada.run("sum(range(10**13))")
    expect(page.locator(".notice", has_text="did not stop")).to_have_count(1, timeout=15_000)
    expect(page.locator(".notice", has_text="lazy")).to_have_count(1)


def test_a_long_word_about_saving_keeps_the_head_of_a_phone_low(
    people: Callable[..., Person],
) -> None:
    person = people(viewport={"width": 390, "height": 740}, has_touch=True)
    person.open()
    state = person.page.locator("header .state")
    person.run("x = 1")
    person.saved()
    low = state.evaluate("place => place.offsetHeight")
    person.run("a_very_long_name_of_a_variable = (i for i in [])")
    person.saved()
    said = person.page.get_by_role("status").first
    expect(said).to_contain_text("a_very_long_name_of_a_variable")
    assert state.evaluate("place => place.offsetHeight") == low
    assert person.page.evaluate("document.documentElement.scrollWidth") <= 390
