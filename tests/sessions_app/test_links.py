"""Share links: what the owner may, what a link gives, and that it ends when it should."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings

from playground.accounts.models import User
from sessions_app import actions, queries, sharing, tasks
from sessions_app import protocol as p
from sessions_app.actions import links
from sessions_app.errors import ActionError
from sessions_app.models import Member, Session, ShareLink
from tests.sessions_app.helpers import Page, codes, state

pytestmark = pytest.mark.django_db


def make(session: str, user: User, **wanted: Any) -> tuple[str, str]:
    """A link: its id and the hash of its token."""
    link = actions.create_link(session, user.pk, actions.NewLink(**wanted))
    return link, ShareLink.objects.get(pk=uuid.UUID(link)).token_hash


def role(session: str, user: User) -> str | None:
    place = queries.membership(session, user.pk)
    return place.role if place else None


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets seconds pass for everything that asks what time it is."""
    clock = {"ms": links.now_ms()}
    for module in ("actions.links", "actions.change", "sharing", "queries", "tasks"):
        monkeypatch.setattr(f"sessions_app.{module}.now_ms", lambda: clock["ms"])

    def wait(seconds: float) -> None:
        clock["ms"] += int(seconds * 1000)

    return wait


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(ActionError) as refused:
        call()
    return refused.value.code


@pytest.mark.parametrize(
    ("member", "answer"),
    [("owner", None), ("editor", "forbidden"), ("viewer", "forbidden"), (None, "not-found")],
)
def test_only_the_owner_shares(
    session: str, ada: User, bob: User, member: str | None, answer: str | None
) -> None:
    link, _ = make(session, ada)
    user = ada if member == "owner" else bob
    if member in ("editor", "viewer"):
        Member.objects.create(session_id=uuid.UUID(session), user=bob, role=member, forks=True)
    deeds = [
        lambda: actions.create_link(session, user.pk, actions.NewLink()),
        lambda: actions.rename_link(session, user.pk, link, "name"),
        lambda: actions.revoke_link(session, user.pk, link),
    ]
    for deed in deeds:
        if answer is None:
            deed()
        else:
            assert code_of(deed) == answer
    alive = ShareLink.objects.get(pk=uuid.UUID(link)).ended_ms is None
    assert alive == (answer is not None)


def test_a_link_makes_members_and_counts_its_use(session: str, ada: User, bob: User) -> None:
    link, token = make(session, ada, name=" For the class ")
    assert role(session, bob) is None
    for _ in range(2):
        assert actions.join_by_link(token, bob.pk) == session
    assert role(session, bob) == "viewer"
    (listed,) = sharing.links_of(session)
    assert (listed.link.name, listed.link.uses, listed.people) == ("For the class", 2, 1)
    assert listed.link.last_used_ms is not None
    actions.rename_link(session, ada.pk, link, "For all")
    assert sharing.links_of(session)[0].link.name == "For all"


def test_revoking_ends_what_came_from_the_link_and_nothing_else(
    session: str, ada: User, bob: User, person: Callable[[str], User]
) -> None:
    eve = person("eve")
    first, one = make(session, ada)
    _, two = make(session, ada)
    actions.join_by_link(one, bob.pk)
    actions.join_by_link(one, eve.pk)
    actions.join_by_link(two, eve.pk)
    actions.revoke_link(session, ada.pk, first)
    assert (role(session, bob), role(session, eve), role(session, ada)) == (
        None,
        "viewer",
        "owner",
    )
    assert code_of(lambda: actions.join_by_link(one, bob.pk)) == "gone"
    assert code_of(lambda: actions.revoke_link(session, ada.pk, first)) == "not-found"
    assert len(sharing.links_of(session)) == 1


def test_a_link_of_another_session_is_not_found(session: str, ada: User, bob: User) -> None:
    theirs = actions.create_session(bob.pk)
    link, _ = make(theirs, bob)
    assert code_of(lambda: actions.revoke_link(session, ada.pk, link)) == "not-found"
    assert code_of(lambda: actions.rename_link(session, ada.pk, link, "x")) == "not-found"
    assert sharing.link_in(session, link) is None


def test_a_link_never_lowers_a_role(session: str, ada: User, bob: User) -> None:
    _, viewing = make(session, ada)
    editing, edits = make(session, ada, role="editor")
    assert actions.join_by_link(viewing, ada.pk) == session
    assert role(session, ada) == "owner"
    assert not Member.objects.filter(user=ada).exclude(role="owner").exists()
    actions.join_by_link(edits, bob.pk)
    actions.join_by_link(viewing, bob.pk)
    assert role(session, bob) == "editor"
    actions.revoke_link(session, ada.pk, editing)
    assert role(session, bob) == "viewer"


def test_a_membership_is_over_when_its_link_is(
    session: str, ada: User, bob: User, later: Callable[[float], None]
) -> None:
    _, token = make(session, ada, seconds=60, role="editor")
    actions.join_by_link(token, bob.pk)
    theirs = Page(session, bob.pk)
    assert codes(theirs.push(p.SetTitle("by bob"))) == ["ack"]
    later(61)
    assert role(session, bob) is None
    assert queries.sessions_of(bob.pk) == []
    assert code_of(lambda: theirs.push(p.SetTitle("late"))) == "not-found"
    assert code_of(lambda: actions.join_by_link(token, bob.pk)) == "gone"
    assert sharing.links_of(session) == []
    assert Member.objects.filter(user=bob).exists()
    assert tasks.expire_links() == 1
    assert not Member.objects.filter(user=bob).exists()
    assert tasks.expire_links() == 0
    later(91 * 24 * 3600)
    assert tasks.expire_links() == 1
    assert not ShareLink.objects.exists()


def test_a_grant_that_ends_leaves_the_other(
    session: str, ada: User, bob: User, later: Callable[[float], None]
) -> None:
    _, short = make(session, ada, seconds=60, forks=True)
    _, long = make(session, ada)
    actions.join_by_link(short, bob.pk)
    actions.join_by_link(long, bob.pk)
    place = queries.membership(session, bob.pk)
    assert place is not None
    assert place.forks
    later(61)
    place = queries.membership(session, bob.pk)
    assert place is not None
    assert (place.role, place.forks, place.expires_ms) == ("viewer", False, None)


def test_forking_by_link_takes_entries_values_and_files(runner: Page, ada: User, bob: User) -> None:
    runner.run("x = 1", "out\n")
    saved = runner.snapshot(b"x is 1")
    runner.push(saved)
    _, looks = make(runner.session, ada)
    _, copies = make(runner.session, ada, forks=True)
    actions.join_by_link(looks, bob.pk)
    assert code_of(lambda: actions.fork_session(runner.session, bob.pk)) == "forbidden"
    actions.join_by_link(copies, bob.pk)
    fork = actions.fork_session(runner.session, bob.pk, 1)
    assert role(fork, bob) == "owner"
    assert role(fork, ada) is None
    assert [entry.source for entry in state(fork).entries] == ["x = 1"]
    before = state(fork)
    # It lives on its own: without the session that it came from, and without the link.
    Session.objects.filter(pk=uuid.UUID(runner.session)).delete()
    assert state(fork) == before
    assert queries.lacking(fork, [saved.manifest.hash]) == []
    assert fork == queries.latest_session(bob.pk)
    theirs = Page(fork, bob.pk)
    theirs.acquire()
    assert theirs.run("x + 1") == 2


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"role": "owner"}, "look"),
        ({"seconds": 0.5}, "one second"),
        ({"seconds": 1e12}, "ten years"),
        ({"name": "x" * 10_000}, "100 characters at most; this one has 10,000"),
        ({"name": "a\u202eb"}, "hidden"),
        ({"name": "a\nb"}, "one line"),
    ],
)
def test_what_cannot_be_asked_for(
    session: str, ada: User, wanted: dict[str, Any], words: str
) -> None:
    with pytest.raises(ActionError, match=words) as refused:
        make(session, ada, **wanted)
    assert refused.value.code == "invalid"
    assert not ShareLink.objects.exists()


def test_links_are_bounded(session: str, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "MAX_LINKS", 2)
    first, _ = make(session, ada)
    make(session, ada)
    assert code_of(lambda: make(session, ada)) == "limit"
    actions.revoke_link(session, ada.pk, first)
    make(session, ada)


def test_tokens_are_not_stored_and_need_the_secret_key(
    session: str, ada: User, settings: Any
) -> None:
    make(session, ada)
    make(session, ada)
    one, two = sharing.links_of(session)
    assert one.token is not None
    assert len(one.token) == 22
    assert one.token != two.token
    values = ShareLink.objects.filter(pk=one.link.pk).values().get()
    assert one.token not in repr(values)
    found = sharing.find(one.token)
    assert found is not None
    assert found.pk == one.link.pk
    for wrong in (one.token[:-1], one.token + "x", one.token.swapcase(), "", "../x", "\x00" * 22):
        assert sharing.find(wrong) is None
    settings.SECRET_KEY = django_settings.SECRET_KEY + "changed"
    # What was given away still works; it cannot be shown again.
    assert sharing.links_of(session)[1].token is None
    assert sharing.find(one.token) is not None


def test_in_the_bin_nobody_is_let_in_by_a_link(session: str, ada: User, bob: User) -> None:
    _, token = make(session, ada)
    actions.join_by_link(token, bob.pk)
    actions.bin_session(session, ada.pk, links.now_ms())
    link = ShareLink.objects.get()
    assert not sharing.is_open(link)
    assert code_of(lambda: actions.join_by_link(token, bob.pk)) == "gone"
    assert role(session, bob) is None
    actions.restore_session(session, ada.pk)
    assert actions.join_by_link(token, bob.pk) == session
    assert role(session, bob) == "viewer"


def test_links_that_end_while_their_session_is_in_the_bin_end_there(
    session: str, ada: User, bob: User, later: Callable[[float], None]
) -> None:
    _, token = make(session, ada, seconds=60)
    actions.join_by_link(token, bob.pk)
    actions.bin_session(session, ada.pk, links.now_ms())
    later(61)
    assert tasks.expire_links() == 1
    assert not Member.objects.filter(user=bob).exists()


def test_a_guests_places_go_to_the_account(
    session: str, ada: User, bob: User, person: Callable[[str], User]
) -> None:
    guest = person("guest")
    link, token = make(session, ada, forks=True)
    actions.join_by_link(token, guest.pk)
    actions.transfer_members(guest.pk, bob.pk)
    assert role(session, bob) == "viewer"
    actions.revoke_link(session, ada.pk, link)
    assert role(session, bob) is None


@pytest.mark.parametrize(
    ("title", "taken"),
    [
        ("<b>Title</b> & 'more'", True),
        ("שלום עולם", True),
        ("👩‍💻 می‌خواهم", True),
        ("a\u200fb", True),
        ("\u202etxt.exe", False),
        ("\u200d\u200c", False),
        ("a\tb", False),
    ],
)
def test_titles(runner: Page, title: str, taken: bool) -> None:
    assert codes(runner.push(p.SetTitle(title))) == (["ack"] if taken else ["invalid"])
    assert (state(runner.session).title == title) == taken
