"""A person at a browser: opens pages, types into the box, reads what is on the screen."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

START_MS = 60_000

#: In a burst the page waits so long before it paints once more, and then for a frame, in ms.
PAINTED_MS = 40 + 20


def until(page: Page, script: str) -> None:
    """Wait until the script gives something true, or a promise of it.

    Playwright's own waiting evaluates a text in the page, which the page's policy refuses.

    Raises:
        TimeoutError: it does not within a minute.
    """
    deadline = time.monotonic() + START_MS / 1000
    while not page.evaluate(script):
        if time.monotonic() > deadline:
            raise TimeoutError(script)
        page.wait_for_timeout(50)


class Person:
    """A browser profile. ``errors`` collects what the page's scripts threw."""

    def __init__(self, browser: Browser, base: str, **options: Any) -> None:
        self.base = base
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.context = browser.new_context(base_url=base, **options)
        self.context.on("weberror", lambda error: self.errors.append(str(error.error)))
        self.context.on("request", lambda request: self._note(request.url))
        self.page: Page = self.context.new_page()

    def leave(self) -> None:
        """Close the browser at once, as a crash would."""
        self.context.close()

    def open(self, path: str = "/", *, ready: bool = True) -> Page:
        """Open a page and, on a session's, wait for Python."""
        self.page.goto(path)
        if ready:
            self.ready()
        return self.page

    def ready(self) -> None:
        """Wait until the session is ready; the start page goes on by itself."""
        self.page.wait_for_url("**/s/*", timeout=START_MS)
        until(self.page, "Boolean(globalThis.playground?.ready)")
        self.page.evaluate("globalThis.playground.ready")

    def reload(self) -> None:
        """Reload and wait for Python."""
        self.page.reload()
        self.ready()

    @property
    def code(self) -> Locator:
        """The input box."""
        return self.page.get_by_role("textbox", name="Code", exact=True)

    @property
    def transcript(self) -> Locator:
        return self.page.get_by_role("log", name="Transcript")

    def type(self, source: str) -> None:
        """Write into the box and press Run."""
        self.code.fill(source)
        self.page.get_by_role("button", name="Run", exact=True).click()

    def sees(self, text: str, timeout: float = 15_000) -> None:
        """The transcript shows ``text``."""
        expect(self.transcript).to_contain_text(text, timeout=timeout)

    def run(self, source: str, **options: Any) -> dict[str, Any]:
        """Run through the page's API until what the run shows is painted; gives the outcome."""
        outcome: dict[str, Any] = self.page.evaluate(
            "([source, options]) => playground.execute(source, options)", [source, options]
        )
        self.page.wait_for_timeout(PAINTED_MS)
        return outcome

    def text(self, source: str) -> str | None:
        """The plain text of the result of ``source``."""
        result = self.run(source)["result"]
        return result["text/plain"] if result else None

    def saved(self) -> dict[str, Any]:
        """Wait until all is durable."""
        report: dict[str, Any] = self.page.evaluate("playground.saved()")
        return report

    def _note(self, url: str) -> None:
        if url.startswith(("http", "ws")) and not url.split("://")[1].startswith(
            self.base.split("://")[1]
        ):
            self.foreign.append(url)
