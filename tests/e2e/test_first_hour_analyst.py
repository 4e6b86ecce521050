"""The ten things that an analyst does in the first hour, on one page, one after the other.

docs/first-hour.md lists them with what was mended. Those after the first use the table that the
first brings in, which ``analyst`` has ready for them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.person import Person
from tests.e2e.test_exchange import take_out
from tests.e2e.test_first_hour import button, last, write
from tests.harness.server import Server

CSV = "city,month,rain\nBonn,1,60\nBonn,2,48\nOslo,1,50\nOslo,2,36\nRome,1,70\nRome,2,62\n"
READ = (
    "import csv, statistics\n"
    "rows = [{**row, 'rain': int(row['rain'])} for row in csv.DictReader(open('rain.csv'))]\n"
    "rows"
)
CHART = """\
class Chart:
    def __init__(self, numbers):
        self.numbers = numbers

    def _repr_svg_(self):
        bars = "".join(
            f'<rect x="{30 * at}" y="{80 - n}" width="24" height="{n}" fill="teal"/>'
            for at, n in enumerate(self.numbers)
        )
        return f'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="80">{bars}</svg>'


Chart([row["rain"] for row in rows])"""


@pytest.fixture(scope="module")
def analyst(browser: Browser, server: Server) -> Iterator[Person]:
    """Somebody with a table to look at."""
    person = Person(browser, server.url)
    person.open()
    expect(person.page.locator(".cm-content")).to_be_visible()
    files = person.page.get_by_role("region", name="Files")
    upload = {"name": "rain.csv", "mimeType": "text/csv", "buffer": CSV.encode()}
    files.locator("input[type=file]").set_input_files(upload)
    expect(files).to_contain_text("rain.csv")
    person.run(READ)
    person.saved()
    yield person
    assert person.errors == []
    person.leave()


def variables(person: Person) -> Locator:
    return person.page.get_by_role("grid", name="Table of variables")


def test_1_bring_a_table_in_and_look_at_it(analyst: Person) -> None:
    page = analyst.page
    button(analyst, "Open rain.csv").click()
    table = page.get_by_role("table", name="Table of rain.csv")
    expect(table.get_by_role("columnheader")).to_have_text(["city", "month", "rain"])
    button(analyst, "Close rain.csv").first.click()
    expect(table).to_have_count(0)


def test_2_read_it_and_sort_the_rows(analyst: Person) -> None:
    analyst.run("rows")
    entry = last(analyst)
    expect(entry.locator("tbody tr")).to_have_count(6)
    entry.get_by_role("button", name=re.compile("^rain")).click()
    expect(entry.locator("tbody tr").first).to_contain_text("36")


def test_3_count_something_for_each_group(analyst: Person) -> None:
    analyst.run(
        "by_city = {}\nfor row in rows:\n"
        "    by_city.setdefault(row['city'], []).append(row['rain'])\n"
        "means = {city: statistics.mean(rain) for city, rain in by_city.items()}\nmeans"
    )
    expect(last(analyst)).to_contain_text("'Rome': 66")


def test_4_look_inside_a_nested_value(analyst: Person) -> None:
    analyst.run("report = {'rain': {'Oslo': {'mean': 43, 'months': [50, 36]}, 'unit': 'mm'}}")
    variables(analyst).get_by_role("rowheader", name="report").click()
    inside = analyst.page.get_by_role("region", name="Inside report", exact=True)
    for key in ("'rain'", "'Oslo'", "'months'"):
        inside.get_by_role("option").filter(has_text=key).click()
    expect(inside.get_by_role("navigation")).to_have_text("report['rain']['Oslo']['months']")
    expect(inside.get_by_role("option")).to_contain_text(["50", "36"])
    analyst.page.keyboard.press("Escape")


def test_5_draw_a_chart(analyst: Person) -> None:
    analyst.run("rows = rows or []")
    analyst.run(CHART)
    picture = last(analyst).get_by_role("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 200


def test_6_see_how_long_it_takes(analyst: Person) -> None:
    write(analyst, ":time sorted(range(1000))")
    analyst.sees("for one run")


def test_7_try_something_and_go_back_to_a_named_state(analyst: Person) -> None:
    analyst.run("limit = 50")
    write(analyst, ":save good numbers")
    analyst.sees("is named “good numbers”")
    analyst.run("limit = 0\nspoiled = True")
    write(analyst, ":restore good numbers")
    analyst.page.get_by_role("dialog").get_by_role("button").last.click()
    analyst.sees("at “good numbers”")
    assert analyst.text("(limit, 'spoiled' in globals())") == "(50, False)"


def test_8_write_a_result_and_download_it(analyst: Person) -> None:
    analyst.run("with open('wet.txt', 'w') as f:\n    f.write('Rome')\ndel f")
    with analyst.page.expect_download() as download:
        button(analyst, "Download wet.txt").click()
    assert Path(download.value.path()).read_text() == "Rome"


def test_9_send_a_link_and_be_followed(analyst: Person, people: Callable[..., Person]) -> None:
    button(analyst, "Share").click()
    dialog = analyst.page.get_by_role("dialog", name="Share this session")
    dialog.get_by_label("They may make their own copy").check()
    dialog.get_by_role("button", name="Make a link").click()
    address = dialog.get_by_role("textbox", name=re.compile("^Address of")).input_value()
    analyst.page.keyboard.press("Escape")
    colleague = people()
    colleague.page.goto(address)
    colleague.ready()
    analyst.run("print('look', 'here')")
    colleague.sees("look here")
    shared = colleague.page.url
    colleague.page.get_by_role("button", name="Make my own copy").click()
    colleague.page.wait_for_url(lambda url: url != shared)
    colleague.ready()
    assert colleague.text("len(rows)") == "6"


def test_10_take_a_notebook_out(analyst: Person, tmp_path: Path) -> None:
    analyst.run("print('for', 'the report')")
    analyst.saved()
    path = take_out(analyst, "Notebook (.ipynb)", tmp_path)
    notebook = json.loads(path.read_text())
    nbformat.validate(notebook)
    assert "for the report" in path.read_text()
