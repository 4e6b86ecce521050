"""``python -m tests.screenshots``: pictures of every page and state.

They are kept in tests/artifacts/screenshots, one folder for each look.

``--look`` and ``--scene`` choose some (``--look desk-dark --scene working``); ``--keep`` copies the
best ones to docs/images. A scene that does not come to its end is told, and the others go on.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.conftest import FLAGS, chromium_path
from tests.harness.server import Server
from tests.screenshots import page_scenes, session_scenes
from tests.screenshots.camera import Camera, Scene
from tests.screenshots.looks import BEST, LOOKS

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "tests/artifacts/screenshots"
SCENES: dict[str, Scene] = {
    scene.__name__: scene for scene in (*session_scenes.SCENES, *page_scenes.SCENES)
}


def main() -> int:
    """Make the pictures; the exit code is 1 when a scene failed."""
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--look", choices=LOOKS, action="append")
    parser.add_argument("--scene", choices=SCENES, action="append")
    parser.add_argument("--keep", action="store_true", help="copy the best to docs/images")
    wanted = parser.parse_args()
    failed: list[str] = []
    with (
        tempfile.TemporaryDirectory() as data,
        Server(Path(data)) as server,
        sync_playwright() as playwright,
    ):
        path = chromium_path(playwright.chromium)
        browser = playwright.chromium.launch(args=FLAGS, executable_path=path)
        for look in wanted.look or LOOKS:
            failed += shoot_all(browser, server, look, wanted.scene or list(SCENES))
        browser.close()
    if wanted.keep:
        keep_best()
    print("\n".join([f"Pictures are in {FOLDER.relative_to(ROOT)}.", *failed]))
    return 1 if failed else 0


def shoot_all(browser: Browser, server: Server, look: str, scenes: list[str]) -> list[str]:
    """Every scene with one look; gives a line for each that failed."""
    failed = []
    for name in scenes:
        try:
            SCENES[name](Camera(browser, server, LOOKS[look], FOLDER / look))
        except Exception:
            traceback.print_exc()
            failed.append(f"FAILED: {look}, {name}")
    return failed


def keep_best() -> None:
    """Copy the best pictures to where the docs show them."""
    for picture, copy in BEST.items():
        shutil.copyfile(FOLDER / f"{picture}.png", ROOT / "docs/images" / copy)


if __name__ == "__main__":
    sys.exit(main())
