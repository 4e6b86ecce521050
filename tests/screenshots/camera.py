"""Takes the pictures: people with a look, and files with the names of what they show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.e2e.person import Person
from tests.harness.server import Server


class Camera:
    """Makes people who see pages with one look, and keeps pictures in a folder of that look."""

    def __init__(self, browser: Browser, server: Server, look: dict[str, Any], folder: Path):
        self.server = server
        self.pictures: list[Path] = []
        self._browser = browser
        self._look = look
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def person(self) -> Iterator[Person]:
        """A person with a profile of their own."""
        someone = Person(self._browser, self.server.url, reduced_motion="reduce", **self._look)
        try:
            yield someone
        finally:
            someone.leave()

    @property
    def narrow(self) -> bool:
        return bool(self._look["viewport"]["width"] < 600)

    @property
    def theme(self) -> str:
        return str(self._look["color_scheme"])

    def shoot(self, page: Page, name: str, *, whole: bool = False) -> None:
        """Keep what the page shows; ``whole`` takes in what is below the fold."""
        page.wait_for_load_state("domcontentloaded")
        page.evaluate("document.fonts.ready")
        # A picture that is under way is waited for; one that cannot be shown is part of the page.
        page.evaluate("Promise.allSettled([...document.images].map((image) => image.decode()))")
        path = self._folder / f"{name}.png"
        page.screenshot(path=path, full_page=whole, animations="disabled")
        self.pictures.append(path)
        print(f"  {self._folder.name}/{name}", flush=True)


@contextmanager
def held(page: Page, address: str) -> Iterator[None]:
    """Keep requests to addresses of this pattern waiting, and let them go on afterwards."""
    waiting: list[Route] = []
    holding = True

    def hold(route: Route) -> None:
        if holding:
            waiting.append(route)
        else:
            route.continue_()

    pattern = re.compile(address)
    page.route(pattern, hold)
    try:
        yield
    finally:
        holding = False
        for route in waiting:
            route.continue_()
        page.unroute(pattern, hold)


def panel(person: Person, camera: Camera, name: str) -> Locator:
    """The region of that name beside the transcript; on a phone it is opened first."""
    region = person.page.get_by_role("region", name=name)
    if camera.narrow and not region.is_visible():
        person.page.get_by_role("button", name=re.compile(rf"^{name} \d")).click()
    expect(region).to_be_visible()
    return region


def close_panel(person: Person, camera: Camera, name: str) -> None:
    """Back to the transcript on a phone."""
    if camera.narrow:
        person.page.get_by_role("button", name=re.compile(rf"^{name} \d")).click()


Scene = Callable[[Camera], None]
