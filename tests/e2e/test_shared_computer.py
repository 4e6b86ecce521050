"""One browser, several people: who leaves is gone from every tab, and nobody speaks for another."""

from __future__ import annotations

import re

from playwright.sync_api import WebSocketRoute, expect

from tests.e2e.person import Person


def test_nothing_goes_on_in_other_tabs(ada: Person) -> None:
    ada.run("diary = 'mine'")
    ada.saved()
    first, address = ada.page, ada.page.url
    ada.code.fill("half a thought")
    second = ada.context.new_page()
    second.goto("/sign-out")
    second.get_by_role("button", name="Forget this visitor").click()
    second.wait_for_url("**/signed-out")
    expect(first.get_by_role("alert").filter(has_text="signed out")).to_be_visible()
    said = first.evaluate("playground.execute('1').then(() => 'ran', (error) => error.code)")
    assert said == "gone"
    # The next person, in the very tab of the one before.
    first.goto("/")
    ada.ready()
    assert first.url != address
    assert "thought" not in ada.code.inner_text()
    assert "mine" not in first.content()
    kept = first.evaluate("Object.keys(localStorage).concat(Object.keys(sessionStorage))")
    assert not any("draft" in key for key in kept)
    assert first.goto(address).status == 404  # type: ignore[union-attr]


def test_a_page_of_one_person_is_never_anothers(ada: Person) -> None:
    """While a tab has no connection, somebody else is let in by a link in the same browser."""
    cut: list[WebSocketRoute] = []
    down = False

    def connect(socket: WebSocketRoute) -> None:
        if down:
            socket.close(code=1001)
            return
        socket.connect_to_server()
        cut.append(socket)

    ada.page.route_web_socket(re.compile("/ws/"), connect)
    ada.reload()
    ada.run("x = 1")
    ada.saved()
    token = ada.page.evaluate("playground.share({role: 'editor'})")["url"]
    down = True
    cut[0].close(code=1001)
    ada.run("secret = 'only mine'")
    ada.context.clear_cookies(name="playground")
    other = ada.context.new_page()
    other.goto(token)
    other.wait_for_url("**/s/*")
    down = False
    gone = ada.page.get_by_role("alert").filter(has_text="signed out")
    expect(gone).to_be_visible(timeout=60_000)
    other.reload()
    expect(other.get_by_role("log", name="Transcript")).to_contain_text("x = 1")
    expect(other.get_by_role("log", name="Transcript")).not_to_contain_text("secret")
