"""The session page in all its states."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.screenshots.camera import Camera, close_panel, held, panel

FIRST = """\
temperatures = {"Mon": 14.5, "Tue": 17.0, "Wed": 19.2, "Thu": 16.8}
average = sum(temperatures.values()) / len(temperatures)
round(average, 1)"""
SECOND = """\
def label(degrees):
    return "warm" if degrees > 16 else "cool"


for day, degrees in temperatures.items():
    print(f"{day}  {degrees:4.1f}  {label(degrees)}")"""
TABLE = """\
[{"day": day, "degrees": value, "label": label(value)} for day, value in temperatures.items()]"""
TREE = """\
{"name": "weather", "days": list(temperatures), "limits": {"warm": 16, "hot": 25}}"""
WORDS = r"""class Note:
    def _repr_markdown_(self):
        return "## Result\n\nThe mean is $\\bar{x} = \\frac{1}{n}\\sum x_i$, in **degrees**."

Note()"""
COLOURS = r"""import sys
print("\x1b[1;32mpassed\x1b[0m  14 tests")
print("\x1b[1;31mfailed\x1b[0m   2 tests", file=sys.stderr)
print("\n".join(f"line {n}" for n in range(400)))"""
MISTAKE = """\
def mean(values):
    return sum(values) / len(valeus)

mean([1, 2, 3])"""
SLOW = """\
import time
for step in range(1, 400):
    print("step", step)
    time.sleep(0.4)"""
SCRIPT = """\
import csv

with open("weather.csv") as file:
    rows = list(csv.DictReader(file))

warmest = max(rows, key=lambda row: float(row["degrees"]))
print("Warmest:", warmest["day"])
"""
CSV = "day,degrees\nMon,14.5\nTue,17.0\nWed,19.2\nThu,16.8\n"


def open_titled(person: Person, title: str) -> None:
    """A session of that title, ready."""
    person.open()
    url = person.page.evaluate("title => playground.create({title}).then(({url}) => url)", title)
    person.open(str(url))


def beginning(camera: Camera) -> None:
    """A newcomer's first minute: starting, empty, an example, what is completed while typing."""
    with camera.person() as ada:
        with held(ada.page, "/api/start"):
            ada.page.goto("/")
            expect(ada.page.get_by_text("Making your playground")).to_be_visible()
            camera.shoot(ada.page, "start")
        with held(ada.page, "/runtime/dist/"):
            ada.page.wait_for_url("**/s/*")
            expect(ada.page.get_by_text(re.compile("(Loading|Starting) Python"))).to_be_visible()
            camera.shoot(ada.page, "loading")
        ada.ready()
        ada.saved()
        camera.shoot(ada.page, "empty")
        panel(ada, camera, "Variables")
        camera.shoot(ada.page, "empty-variables")
        close_panel(ada, camera, "Variables")
        ada.page.get_by_role("button", name="Run “Say hello”").click()
        expect(ada.page.get_by_role("textbox", name="What is your name?")).to_be_visible()
        camera.shoot(ada.page, "input")
        ada.page.get_by_role("textbox", name="What is your name?").fill("Ada")
        ada.page.keyboard.press("Enter")
        ada.sees("Hello, Ada")
        ada.code.click()
        ada.page.keyboard.type("name.st")
        expect(ada.page.get_by_role("listbox")).to_be_visible()
        camera.shoot(ada.page, "completion")


def working(camera: Camera) -> None:
    """A session with a history: values, an error, rich outputs, a look inside a value."""
    with camera.person() as ada:
        open_titled(ada, "Weather")
        page = ada.page
        for source in (FIRST, SECOND):
            ada.run(source)
        page.evaluate("text => playground.files.write('weather.csv', text)", CSV)
        ada.saved()
        camera.shoot(page, "session")
        ada.run(MISTAKE)
        ada.sees("NameError")
        camera.shoot(page, "error")
        for source in (TREE, TABLE, WORDS):
            ada.run(source)
        ada.saved()
        camera.shoot(page, "outputs")
        ada.run(COLOURS)
        camera.shoot(page, "long-output")
        region = panel(ada, camera, "Variables")
        camera.shoot(page, "variables")
        region.get_by_role("rowheader", name="temperatures").click()
        inside = page.get_by_role("region", name="Inside temperatures", exact=True)
        expect(inside.get_by_role("option")).to_have_count(4)
        camera.shoot(page, "inspector")
        page.keyboard.press("Escape")
        close_panel(ada, camera, "Variables")
        page.get_by_role("button", name="Search earlier code").click()
        page.keyboard.type("label")
        camera.shoot(page, "history-search")
        page.keyboard.press("Escape")
        page.get_by_role("button", name=re.compile("Go back to here")).first.click()
        ada.sees("Went back to #1")
        camera.shoot(page, "went-back")


def scripts(camera: Camera) -> None:
    """A script in a tab, a table, names that are taken."""
    with camera.person() as ada:
        open_titled(ada, "Scripts")
        page = ada.page
        write = "([path, text]) => playground.files.write(path, text)"
        for path, text in (("weather.csv", CSV), ("main.py", SCRIPT), ("data/more.csv", CSV)):
            page.evaluate(write, [path, text])
        ada.saved()
        files = panel(ada, camera, "Files")
        camera.shoot(page, "files")
        files.get_by_role("button", name="Open main.py").click()
        page.get_by_role("button", name="Run main.py").click()
        # A phone shows the console for what the file says.
        ada.page.wait_for_function("playground.entries().then(({length}) => length === 1)")
        page.get_by_role("tab", name="main.py").click()
        expect(page.get_by_role("textbox", name="Text of main.py")).to_be_visible()
        camera.shoot(page, "script")
        files = panel(ada, camera, "Files")
        files.get_by_role("button", name="Open weather.csv").click()
        expect(page.get_by_text("4 rows")).to_be_visible()
        camera.shoot(page, "table")
        files = panel(ada, camera, "Files")
        files.locator("input[type=file]").set_input_files(
            {"name": "main.py", "mimeType": "text/x-python", "buffer": b"1"}
        )
        expect(page.get_by_role("dialog", name="This name is taken")).to_be_visible()
        camera.shoot(page, "name-taken")


def tools(camera: Camera) -> None:
    """Going back in time, the menu of an entry, the palette, search, keys."""
    with camera.person() as ada:
        open_titled(ada, "Weather")
        page = ada.page
        for source in (FIRST, SECOND, "average = 20"):
            ada.run(source)
        ada.saved()
        page.get_by_role("button", name="What to do with #2").click()
        camera.shoot(page, "entry-menu")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Time", exact=True).click()
        page.get_by_role("listbox", name="States of this session").press("ArrowUp")
        expect(page.get_by_role("region", name="Back in time")).to_contain_text("average")
        camera.shoot(page, "back-in-time")
        page.keyboard.press("Escape")
        page.keyboard.press("Control+k")
        expect(page.get_by_role("dialog", name="Commands")).to_be_visible()
        camera.shoot(page, "palette")
        page.keyboard.press("Escape")
        page.keyboard.press("F1")
        expect(page.get_by_role("dialog")).to_be_visible()
        camera.shoot(page, "keys")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Search", exact=True).click()
        page.keyboard.type("degrees")
        camera.shoot(page, "search")


def troubles(camera: Camera) -> None:
    """What is on the screen when something takes long or does not work."""
    with camera.person() as ada:
        open_titled(ada, "Long work")
        page = ada.page
        ada.run("measured = list(range(1000))\nlines = (n for n in measured)")
        ada.saved()
        camera.shoot(page, "unsaved")
        ada.type(SLOW)
        ada.sees("step 3")
        camera.shoot(page, "running")
        other = ada.context.new_page()
        other.goto(page.url)
        expect(other.get_by_text("running in another tab")).to_be_visible()
        camera.shoot(other, "other-tab")
        other.close()
        page.get_by_role("button", name="Stop", exact=True).click()
        ada.sees("Stopped.")
        camera.shoot(page, "stopped")
        ada.saved()
        ada.context.set_offline(True)
        ada.run("print('without a network')")
        expect(page.get_by_role("status").first).to_contain_text("Offline", timeout=30_000)
        camera.shoot(page, "offline")
        ada.context.set_offline(False)
        ada.saved()
        with held(page, "/blobs/"):
            page.reload()
            expect(page.get_by_text("Loading your values")).to_be_visible(timeout=30_000)
            camera.shoot(page, "restoring")
        ada.ready()
        ada.type("sum(range(10**13))")
        expect(page.get_by_text(re.compile(r"Running #"))).to_be_visible()
        page.get_by_role("button", name="Stop", exact=True).click()
        expect(page.get_by_text("did not stop")).not_to_have_count(0, timeout=20_000)
        ada.saved()
        camera.shoot(page, "restarted")
        if camera.narrow:
            panel(ada, camera, "Variables")
        page.get_by_role("button", name="Fresh start…").click()
        camera.shoot(page, "fresh-start")


SCENES = (beginning, working, tools, scripts, troubles)
