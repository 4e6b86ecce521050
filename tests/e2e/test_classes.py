"""A class in real browsers: joining, coming back by card and tap, the roster, who looked."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.test_accessible import findings
from tests.harness.server import Server

PASSWORD = "correct-horse-7"

People = Callable[..., Person]


@pytest.fixture
def tess(people: People, server: Server) -> Person:
    """A teacher with a class called 8b, whose page is open."""
    person = people(bypass_csp=True)
    person.page.goto("/sign-up")
    name = f"tess-{id(person)}"
    person.page.get_by_label("Name").fill(name)
    person.page.get_by_label("Password").fill(PASSWORD)
    person.page.get_by_role("button", name="Sign up").click()
    server.shell(_teaches(name))
    person.page.goto("/classes")
    person.page.get_by_label("Name of the new class").fill("8b")
    person.page.get_by_role("button", name="Make a class").click()
    expect(person.page.get_by_role("heading", name="8b")).to_be_visible()
    return person


def _teaches(name: str) -> str:
    return (
        "from playground.accounts.models import User;"
        f"User.objects.filter(username={name!r}).update(is_teacher=True)"
    )


def code_of(tess: Person) -> str:
    return tess.page.locator(".notice .join-code").inner_text()


def join(people: People, code: str, name: str) -> tuple[Person, str, str]:
    """Join with the code; gives the pupil, the words of their card, and their class page."""
    pupil = people()
    pupil.page.goto("/c")
    pupil.page.get_by_label("Code of the class").fill(code.upper())
    pupil.page.get_by_role("button", name="Next").click()
    pupil.page.get_by_label("Your name").first.fill(name)
    pupil.page.get_by_role("button", name="Join").click()
    words = pupil.page.locator(".card-words").inner_text()
    pupil.page.get_by_role("link", name="Start").click()
    pupil.ready()
    return pupil, words, pupil.page.url


def test_a_pupil_joins_works_and_comes_back_by_the_card(people: People, tess: Person) -> None:
    code = code_of(tess)
    anna, words, address = join(people, code, "Anna")
    anna.run("total = sum(range(11))\nprint('it is', total)")
    anna.saved()

    tess.page.reload()
    row = tess.page.get_by_role("row", name=re.compile("Anna"))
    expect(row).to_contain_text("it is 55")
    row.get_by_role("link", name="Look at the work of Anna").click()
    expect(tess.page.get_by_role("log", name="Transcript")).to_contain_text("it is 55")

    again = people(bypass_csp=True)
    again.page.goto(f"/c/{code}")
    again.page.get_by_text("I have been here before").click()
    again.page.locator("#known").fill("anna")
    again.page.get_by_label("The three words of your card").fill(words)
    again.page.get_by_role("button", name="Come in").click()
    again.ready()
    assert again.page.url == address
    assert again.run("total")["result"]["text/plain"] == "55"

    again.page.goto("/c/mine")
    expect(again.page.get_by_role("main")).to_contain_text("tess-")
    assert findings(again.page) == []
    for person in (anna, again, tess):
        assert person.errors == []


def test_a_name_on_the_list_opens_by_a_tap_or_a_printed_card(
    people: People, tess: Person, server: Server
) -> None:
    page = tess.page
    page.get_by_text("Add names").click()
    page.get_by_label("Names, one on each line").fill("Ben\nCleo")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("2 names added.")).to_be_visible()
    address = page.url

    ben = people()
    ben.page.goto(f"/c/{code_of(tess)}")
    ben.page.get_by_text("I have been here before").click()
    ben.page.locator("#known").fill("Ben")
    ben.page.get_by_role("button", name="No card: ask my teacher").click()
    expect(ben.page.get_by_text("Your teacher sees that you are waiting.")).to_be_visible()
    page.get_by_role("button", name="Let Ben in").click()
    ben.ready()

    page.goto(address)
    page.get_by_role("button", name="Print cards for all").click()
    expect(page.locator(".card-sheet .resume-card")).to_have_count(2)
    assert findings(page) == []
    secret = server.shell(NEW_CARD).strip()
    cleo = people()
    cleo.page.goto(
        f"/c/{page.locator('.card-address').first.inner_text().rpartition('/')[2]}#{secret}"
    )
    cleo.ready()
    assert secret not in cleo.page.url
    cleo.page.goto("/c/mine")
    expect(cleo.page.get_by_text("You are Cleo here.")).to_be_visible()


#: Prints the secret of a new card of the pupil Cleo, which her QR code holds.
NEW_CARD = """
from playground.classrooms import actions
from playground.classrooms.models import Enrolment
place = Enrolment.objects.select_related('classroom').get(name='Cleo')
lead = place.classroom.teachings.get(role='lead').user_id
print(actions.new_cards(place.classroom.public_id, lead, [place.pk])[0][1].secret)
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_a_class_are_accessible(people: People, tess: Person, scheme: str) -> None:
    page = tess.page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
    code, address = code_of(tess), page.url
    join(people, code, "Anna")
    for path in ("/classes", address, f"{address}/code", f"{address}/settings"):
        page.goto(path)
        assert findings(page) == []
    visitor = people(color_scheme=scheme, bypass_csp=True)
    for path in ("/c", f"/c/{code}"):
        visitor.page.goto(path)
        assert findings(visitor.page) == []


def test_a_lesson_with_a_question_a_message_and_eyes_up(people: People, tess: Person) -> None:
    code, address = code_of(tess), tess.page.url
    anna, _, _ = join(people, code, "Anna")
    ben, _, _ = join(people, code, "Ben")
    wall = tess.page
    wall.goto(f"{address}/lesson")
    tiles = wall.get_by_role("region", name="Pupils").get_by_role("listitem")
    expect(tiles).to_have_count(2)

    anna.run("total = 6\nprint('it is', total)")
    expect(tiles.filter(has_text="Anna")).to_contain_text("it is 6")
    ben.run("print(totl)")
    expect(tiles.filter(has_text="Ben")).to_contain_text("NameError: name … is not defined")
    wall.get_by_label("Group by").select_option("error")
    expect(wall.get_by_role("heading", name="NameError")).to_contain_text("1 pupil")
    wall.get_by_label("Group by").select_option("nothing")

    ben.page.get_by_role("button", name="Raise hand").click()
    ben.page.get_by_label("What is your question?").fill("What is totl?")
    ben.page.get_by_role("button", name="Ask").click()
    expect(ben.page.get_by_text("Your hand is up. You are next.")).to_be_visible()
    queue = wall.get_by_role("complementary", name="Hands up")
    expect(queue).to_contain_text("What is totl?")
    expect(tiles.first).to_contain_text("Ben")
    assert findings(wall) == []
    queue.get_by_role("button", name="I help Ben").click()
    expect(ben.page.get_by_text("is coming to help you.")).to_be_visible()
    queue.get_by_role("button", name="Ben is answered").click()
    expect(ben.page.get_by_role("button", name="Raise hand")).to_be_visible()

    wall.get_by_role("button", name="Message Anna").click()
    wall.get_by_label("Message", exact=True).fill("Well done")
    wall.get_by_role("button", name="Send").click()
    note = anna.page.get_by_role("alert").filter(has_text="Well done")
    expect(note).to_be_visible()
    note.get_by_role("button", name="Got it").click()
    expect(note).to_have_count(0)
    expect(ben.page.get_by_text("Well done")).to_have_count(0)

    wall.get_by_role("button", name="Eyes up: 2 min").click()
    for pupil in (anna, ben):
        expect(pupil.page.get_by_role("heading", name="Eyes up!")).to_be_visible()
    wall.get_by_role("button", name="Go on").click()
    expect(anna.page.get_by_role("heading", name="Eyes up!")).to_have_count(0)
    assert anna.run("total + 1")["result"]["text/plain"] == "7"

    wall.get_by_label("Hide names").check()
    expect(wall.get_by_role("main")).not_to_contain_text("Anna")
    ben.leave()
    expect(wall.get_by_text("1 away")).to_be_visible()
    for person in (anna, tess):
        assert person.errors == []
