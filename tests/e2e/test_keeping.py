"""What is kept: after a reload, a crash, a dead server, on another device, in a second tab."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.person import Person, until
from tests.harness.server import Server


def test_a_newcomer_types_and_sees_the_result(ada: Person) -> None:
    ada.code.click()
    ada.page.keyboard.type("6 * 7")
    ada.page.keyboard.press("Enter")
    ada.sees("42")
    expect(ada.page.get_by_role("status").first).to_contain_text("Saved", timeout=15_000)
    assert ada.errors == []
    assert ada.foreign == []


def test_enter_goes_on_with_an_unfinished_block(ada: Person) -> None:
    ada.code.click()
    ada.page.keyboard.type("for i in range(3):")
    ada.page.keyboard.press("Enter")
    ada.page.keyboard.type("print('row', i)")
    ada.page.keyboard.press("Shift+Enter")
    ada.sees("row 2")


def test_code_typed_while_python_starts_runs_when_it_is_ready(
    people: Callable[..., Person],
) -> None:
    person = people()
    person.page.goto("/")
    person.page.wait_for_url("**/s/*")
    person.type("'early' + ' bird'")
    person.sees("early bird", timeout=60_000)


def test_everything_is_there_after_a_reload(ada: Person) -> None:
    ada.type("import time\nstamp = time.time_ns()\nstamp")
    ada.type("def area(r): return scale * r\nscale = 3")
    ada.type("class Dog:\n    def __init__(self, name): self.name = name\nrex = Dog('Rex')")
    ada.run("None")
    ada.saved()
    before = ada.text("stamp")
    ada.saved()
    ada.reload()
    ada.sees("class Dog")
    assert ada.text("(stamp, area(2), rex.name, isinstance(rex, Dog))") == (
        f"({before}, 6, 'Rex', True)"
    )


def test_a_csv_is_uploaded_read_and_downloaded(ada: Person, tmp_path: Path) -> None:
    table = tmp_path / "marks.csv"
    table.write_text("name,mark\nAda,1\nBob,2\n")
    files = ada.page.get_by_role("region", name="Files")
    files.locator("input[type=file]").set_input_files(table)
    expect(files).to_contain_text("marks.csv")
    ada.type("import csv\nsum(int(row['mark']) for row in csv.DictReader(open('marks.csv')))")
    ada.sees("3")
    ada.saved()
    ada.reload()
    expect(files).to_contain_text("marks.csv")
    assert ada.text("open('marks.csv').readline()") == "'name,mark\\n'"
    with ada.page.expect_download() as download:
        files.get_by_role("button", name=re.compile("download marks.csv", re.I)).click()
    assert Path(download.value.path()).read_text() == table.read_text()


def test_input_waits_for_the_person(ada: Person) -> None:
    ada.type("name = input('Who are you? ')\nprint('Hello,', name)")
    field = ada.page.get_by_role("textbox", name="Who are you?")
    field.fill("Ada")
    field.press("Enter")
    ada.sees("Hello, Ada")


def test_stop_ends_a_busy_loop_and_keeps_the_values(ada: Person) -> None:
    ada.run("n = 0")
    ada.type("while True: n += 1")
    stop = ada.page.get_by_role("button", name="Stop", exact=True)
    expect(stop).to_be_enabled()
    ada.page.wait_for_timeout(300)
    stop.click()
    ada.sees("Stopped. Line 1 was running.")
    assert ada.run("n = 0\nwhile True:\n    n += 1", timeoutMs=300)["status"] == "timeout"
    ada.sees("The time was up.")
    assert ada.text("n > 1000") == "True"


def test_code_that_cannot_be_stopped_is_ended_and_the_values_come_back(ada: Person) -> None:
    ada.run("precious = [1, 2]")
    ada.saved()
    ada.type("sum(range(10**13))")
    ada.page.wait_for_timeout(500)
    ada.page.get_by_role("button", name="Stop", exact=True).click()
    expect(ada.page.locator("body")).to_contain_text("did not stop", timeout=15_000)
    assert ada.text("precious") == "[1, 2]"


def test_going_back_and_forward(ada: Person) -> None:
    first = ada.run("v = [1]")["number"]
    ada.saved()
    ada.run("v.append(2)")
    ada.saved()
    entry = ada.page.locator(f"[data-entry='{first}']")
    entry.get_by_role("button", name=re.compile("go back", re.I)).click()
    ada.sees(f"Went back to #{first}")
    assert ada.text("v") == "[1]"


def test_another_device_through_sign_in(people: Callable[..., Person]) -> None:
    ada = people()
    ada.open()
    ada.run("treasure = {'gold': 3}")
    ada.saved()
    session = ada.page.url
    name = f"ada{abs(hash(session)) % 10**9}"
    ada.page.goto("/sign-up")
    ada.page.get_by_label("Name", exact=True).fill(name)
    ada.page.get_by_label("Password", exact=True).fill("correct horse battery")
    ada.page.get_by_role("button", name=re.compile("sign up|create", re.I)).click()
    expect(ada.page.locator("body")).to_contain_text(re.compile("recovery code", re.I))
    ada.leave()

    elsewhere = people()
    elsewhere.page.goto("/sign-in")
    elsewhere.page.get_by_label("Name", exact=True).fill(name)
    elsewhere.page.get_by_label("Password", exact=True).fill("correct horse battery")
    elsewhere.page.get_by_role("button", name=re.compile("sign in", re.I)).click()
    elsewhere.page.wait_for_url(lambda url: "/sign-in" not in url)
    elsewhere.open(session)
    assert elsewhere.text("treasure") == "{'gold': 3}"


def test_two_tabs_and_the_second_goes_on_alone(ada: Person) -> None:
    ada.run("shared = 1")
    ada.saved()
    second = ada.context.new_page()
    second.goto(ada.page.url)
    until(second, "Boolean(globalThis.playground?.ready)")
    second.evaluate("playground.ready")
    ada.run("print('tick' + 'tock')")
    expect(second.get_by_role("log", name="Transcript")).to_contain_text("ticktock")
    ada.page.close()
    outcome = second.evaluate("playground.execute('shared + 1')")
    assert outcome["result"]["text/plain"] == "2"


def test_nothing_called_saved_is_lost_when_the_server_dies(
    people: Callable[..., Person], server: Server
) -> None:
    person = people()
    person.open()
    person.run("ledger = list(range(1000))")
    person.saved()
    server.kill()
    person.run("ledger.append('offline')")
    expect(person.page.get_by_role("status").first).to_contain_text("Offline", timeout=30_000)
    server.start()
    person.saved()
    person.reload()
    assert person.text("(len(ledger), ledger[-1])") == "(1001, 'offline')"
