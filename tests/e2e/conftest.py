"""Fixtures of the browser tests: a real server, real Chromium, and people with profiles.

Chromium is Playwright's own where it was installed, else Debian's (``CHROMIUM`` names another).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, Page

from tests.e2e.person import Person
from tests.harness.server import Server

CANDIDATES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]


def chromium_path(browser_type: BrowserType) -> str | None:
    """The Chromium to use; None leaves the choice, and the error, to Playwright."""
    paths = [os.environ.get("CHROMIUM", ""), browser_type.executable_path, *CANDIDATES]
    return next((path for path in paths if path and Path(path).exists()), None)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("playground")) as running:
        yield running


@pytest.fixture(scope="session")
def browser(browser_type: BrowserType) -> Iterator[Browser]:
    chromium = browser_type.launch(args=FLAGS, executable_path=chromium_path(browser_type))
    yield chromium
    chromium.close()


@pytest.fixture
def people(browser: Browser, server: Server) -> Iterator[Callable[..., Person]]:
    """Makes people, each with a browser profile of their own."""
    everyone: list[Person] = []

    def person(**options: Any) -> Person:
        everyone.append(Person(browser, server.url, **options))
        return everyone[-1]

    yield person
    for one in everyone:
        one.leave()


@pytest.fixture
def ada(people: Callable[..., Person]) -> Person:
    """A newcomer who has opened the start page and waits for Python."""
    person = people()
    person.open()
    return person


@pytest.fixture
def page(ada: Person) -> Page:
    return ada.page
