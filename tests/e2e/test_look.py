"""Light and dark, chosen on any page: at once everywhere, and before anything is painted."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.person import Person

LIGHT, DARK = "rgb(246, 247, 249)", "rgb(18, 23, 29)"
TABLE = (
    "class Table:\n"
    "    def _repr_html_(self):\n"
    "        return '<table><tr><td>cell</td></tr></table>'\n"
    "Table()"
)


def ground(page: Page) -> str:
    """The colour behind everything."""
    colour: str = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    return colour


def scheme_of_output(page: Page) -> str:
    scheme: str = page.locator(".outputs iframe").evaluate(
        "frame => frame.contentWindow.getComputedStyle(frame.contentDocument.documentElement)"
        ".colorScheme"
    )
    return scheme


def test_the_look_is_chosen_once_for_all_pages(ada: Person) -> None:
    page = ada.page
    refused: list[str] = []
    page.on("console", lambda told: refused.append(told.text) if "Policy" in told.text else None)
    ada.run(TABLE)
    expect(page.locator(".outputs iframe")).to_be_visible()
    ada.saved()
    assert ground(page) == LIGHT

    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("group", name="Look").get_by_role("button", name="Dark").click()
    assert ground(page) == DARK
    assert scheme_of_output(page) == "dark"

    # It is there before the page's own scripts.
    page.route("**/static/build/**", lambda route: route.abort())
    page.reload()
    assert ground(page) == DARK
    page.unroute("**/static/build/**")
    ada.reload()
    assert scheme_of_output(page) == "dark"

    other = ada.context.new_page()
    other.goto("/sessions")
    choice = other.get_by_role("combobox", name="Look")
    expect(choice).to_have_value("dark")
    assert ground(other) == DARK
    choice.select_option("light")
    assert ground(other) == LIGHT
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert scheme_of_output(page) == "light"
    other.goto("/nothing-here")
    assert ground(other) == LIGHT

    page.emulate_media(color_scheme="dark")
    assert ground(page) == LIGHT
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Commands").get_by_role("combobox")).to_be_focused()
    page.keyboard.type("look system")
    page.keyboard.press("Enter")
    expect(page.locator("html")).not_to_have_attribute("data-theme", "light")
    assert ground(page) == DARK
    assert refused == ada.errors == []
