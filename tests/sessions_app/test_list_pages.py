"""The session list as a browser without scripts sees it: plain pages and forms."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from playground.accounts.models import User
from sessions_app import actions, lists, queries
from sessions_app.clock import now_ms
from sessions_app.models import Member, Session
from tests.sessions_app.helpers import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(ada: User) -> Client:
    """Ada's browser."""
    client = Client()
    client.force_login(ada)
    return client


def text(browser: Client, path: str = "/sessions") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def titles(page: str) -> list[str]:
    return re.findall(r"<bdi>(.*?)</bdi>", page)


def do(browser: Client, deed: str, *sessions: str, **more: str) -> str:
    """Send a form of the list; gives the page that follows."""
    data = {"do": deed, "session": list(sessions), **more}
    answer = browser.post("/sessions/change", data, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def make(user: User, *names: str) -> list[str]:
    return [actions.create_session(user.pk, name) for name in names]


def test_a_newcomer_has_no_list(client: Client, db: None) -> None:
    assert client.get("/sessions").status_code == 302
    assert client.post("/sessions/change", {"do": "delete"}).status_code == 302


def test_an_empty_list_says_what_a_session_is(browser: Client) -> None:
    assert "You have no sessions yet." in text(browser)
    assert "The bin is empty." in text(browser, "/sessions?show=bin")
    assert "Nothing is archived." in text(browser, "/sessions?show=archived")
    assert "Nobody has shared" in text(browser, "/sessions?show=shared")


def test_a_line_tells_what_a_session_holds(browser: Client, runner: Page) -> None:
    runner.run("x = 41\nprint(x + 1)", "<b>42</b>\n")
    page = text(browser)
    assert "print(x + 1)" in page
    assert "&lt;b&gt;42&lt;/b&gt;" in page
    assert "1 run<" in page
    assert "0 variables" in page


def test_reading_the_list_writes_nothing_and_asks_little(
    browser: Client, ada: User, django_assert_max_num_queries: object
) -> None:
    for session in make(ada, *[f"s{n}" for n in range(30)]):
        page = Page(session, ada.pk)
        page.acquire()
        page.run("1", "one\n")
    before = list(Session.objects.order_by("pk").values())
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert len(titles(text(browser))) == 30
    assert list(Session.objects.order_by("pk").values()) == before


def test_search_and_sort(browser: Client, ada: User, runner: Page) -> None:
    make(ada, "Übung eins", "other")
    runner.run("needle = 1")
    assert titles(text(browser, "/sessions?q=übung")) == ["Übung eins"]
    assert titles(text(browser, "/sessions?q=NEEDLE")) == ["New session"]
    assert titles(text(browser, "/sessions?q=eins+nothing")) == []
    assert "No session here has “&lt;b&gt;”" in text(browser, "/sessions?q=%3Cb%3E")
    assert titles(text(browser, "/sessions?sort=title"))[0] == "New session"
    assert titles(text(browser, "/sessions?sort=executions"))[0] == "New session"
    for odd in ("sort=nonsense", "page=99", "page=x", "show=..", "q=%00", "undo=9" * 3):
        assert browser.get(f"/sessions?{odd}").status_code == 200


def test_pages_of_a_long_list(browser: Client, ada: User) -> None:
    make(ada, *[f"s{n}" for n in range(lists.PAGE + 1)])
    assert len(titles(text(browser))) == lists.PAGE
    assert len(titles(text(browser, "/sessions?page=2"))) == 1
    assert "Page 2 of 2" in text(browser, "/sessions?page=7")


def test_delete_and_undo(browser: Client, ada: User) -> None:
    one, two, kept = make(ada, "one", "two", "kept")
    page = do(browser, "delete", one, two)
    assert titles(page) == ["kept"]
    assert "2 sessions are in the bin." in page
    at = re.search(r'name="undo" value="(\d+)"', page)
    assert at
    assert sorted(titles(text(browser, "/sessions?show=bin"))) == ["one", "two"]
    back = browser.post("/sessions/change", {"undo": at[1]}, follow=True).content.decode()
    assert sorted(titles(back)) == ["kept", "one", "two"]
    assert "2 sessions restored." in back
    assert queries.membership(kept, ada.pk)


def test_undo_is_for_what_one_deleted_oneself(browser: Client, ada: User, bob: User) -> None:
    (theirs,) = make(bob, "theirs")
    at = now_ms()
    actions.bin_session(theirs, bob.pk, at)
    assert 'name="undo"' not in text(browser, f"/sessions?undo={at}")
    browser.post("/sessions/change", {"undo": str(at)})
    assert queries.binned_for(theirs, bob.pk) is not None


@pytest.mark.parametrize("at", ["9" * 15, "x", "-1", "9" * 40])
def test_no_instant_that_a_form_makes_up_breaks_the_list(browser: Client, at: str) -> None:
    assert 'name="undo"' not in text(browser, f"/sessions?undo={at}")
    assert browser.post("/sessions/change", {"undo": at}).status_code == 302


def test_restore_and_delete_for_good(browser: Client, ada: User) -> None:
    one, two = make(ada, "one", "two")
    do(browser, "delete", one, two)
    assert titles(do(browser, "restore", one, next="show=bin")) == ["two"]
    assert "1 session deleted for good." in do(browser, "doom", two)
    assert titles(text(browser, "/sessions?show=bin")) == []
    assert titles(text(browser)) == ["one"]


def test_the_address_of_a_session_in_the_bin(browser: Client, ada: User, bob: User) -> None:
    (one,) = make(ada, "<i>one</i>")
    Member.objects.create(session_id=uuid.UUID(one), user=bob, role="viewer", granted_by="link")
    do(browser, "delete", one)
    page = text(browser, f"/s/{one}")
    assert "This session is in the bin" in page
    assert "&lt;i&gt;one&lt;/i&gt;" in page
    other = Client()
    other.force_login(bob)
    assert other.get(f"/s/{one}").status_code == 404
    assert Client().get(f"/s/{one}").status_code == 404
    answer = browser.post(
        "/sessions/change", {"do": "restore", "session": one, "open": "1"}, follow=True
    )
    assert answer.redirect_chain[-1][0] == f"/s/{one}"
    do(browser, "delete", one)
    do(browser, "doom", one)
    assert browser.get(f"/s/{one}").status_code == 404


def test_archive(browser: Client, ada: User) -> None:
    one, _two = make(ada, "one", "two")
    assert titles(do(browser, "archive", one)) == ["two"]
    assert titles(text(browser, "/sessions?show=archived")) == ["one"]
    assert browser.get("/")["Location"] != f"/s/{one}"
    assert len(titles(do(browser, "unarchive", one))) == 2


def test_duplicate(browser: Client, runner: Page) -> None:
    runner.run("x = 1", "hello\n")
    page = do(browser, "duplicate", runner.session)
    assert sorted(titles(page)) == ["Copy of New session", "New session"]
    assert page.count("hello") == 2


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("x" * 10_000, "A title has 200 characters at most; this one has 10,000."),
        ("\u202eabc", "has a line break or a hidden character"),
        ("a\nb", "has a line break or a hidden character"),
        ("\u200f\u200f", "at least one character that can be seen"),
        ("   ", "at least one character that can be seen"),
        ("a\x00", "has a line break or a hidden character"),
    ],
)
def test_a_title_that_cannot_be_is_kept_for_mending(
    browser: Client, session: str, title: str, sentence: str
) -> None:
    data = {"do": "rename", "session": session, "title": title}
    answer = browser.post("/sessions/change", data)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert Session.objects.get().title == "New session"


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", "שלום", "👨‍👩‍👧 F", "می‌خواهم"])
def test_titles_of_all_sorts_are_shown_as_they_are(
    browser: Client, session: str, title: str
) -> None:
    page = do(browser, "rename", session, title=f" {title} ")
    assert "Renamed." in page
    assert Session.objects.get().title == title
    assert "<script>alert" not in page


def test_other_peoples_sessions_are_not_there(browser: Client, ada: User, bob: User) -> None:
    theirs, binned = make(bob, "theirs", "binned")
    actions.bin_session(binned, bob.pk, now_ms())
    before = list(Session.objects.order_by("pk").values())
    for deed in ("delete", "archive", "unarchive", "restore", "doom", "duplicate", "leave"):
        page = do(browser, deed, theirs, binned, "0" * 32, "nonsense")
        assert "There is no such session." in page, deed
    answer = browser.post("/sessions/change", {"do": "rename", "session": theirs, "title": "mine"})
    assert answer.status_code == 404
    assert list(Session.objects.order_by("pk").values()) == before
    assert titles(text(browser)) == []


def test_what_is_shared_says_so_and_can_be_left(browser: Client, ada: User, bob: User) -> None:
    look, edit = make(bob, "to look", "to edit")
    for session, role in ((look, "viewer"), (edit, "editor")):
        Member.objects.create(session_id=uuid.UUID(session), user=ada, role=role, granted_by="link")
    page = text(browser, "/sessions?show=shared")
    assert "you can view" in page
    assert "you can edit" in page
    refused = do(browser, "delete", edit)
    assert "Only the owner of this session can do that." in refused
    assert titles(do(browser, "leave", look)) == ["to edit"]
    assert queries.membership(look, ada.pk) is None
    assert queries.membership(look, bob.pk) is not None


def test_nothing_ticked_is_said(browser: Client, session: str) -> None:
    assert "Tick a session first." in do(browser, "delete")
    assert titles(do(browser, "nonsense", session)) == ["New session"]


def test_guests_are_told_before_age_takes_a_session(browser: Client, ada: User) -> None:
    (old,) = make(ada, "old")
    Session.objects.update(last_activity=timezone.now() - timedelta(days=160))
    assert "You have no account" not in text(browser)
    assert lists.ages_at(old) is None
    User.objects.update(is_guest=True)
    page = text(browser)
    assert "goes to the bin on" in page
    assert "180 days" in page
    assert '"agesAt":"20' in text(browser, f"/s/{old}")
    Session.objects.update(last_activity=timezone.now() - timedelta(days=100))
    assert "goes to the bin on" not in text(browser)
    assert '"agesAt":null' in text(browser, f"/s/{old}")
