"""Coming into a class: newcomers, cards, the teacher's tap, accounts, and who is kept out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from playground.accounts import visitors
from playground.accounts.models import User
from playground.classrooms import actions
from playground.classrooms.models import Classroom, Enrolment, Knock
from sessions_app.models import Member, Session
from tests.classrooms.conftest import browser_of

pytestmark = pytest.mark.django_db


def who(client: Client) -> User | None:
    return visitors.visitor(client.get("/signed-out").wsgi_request)


def come(client: Client, classroom: Classroom, **form: str) -> str:
    """Send the door's form; gives the page or where it leads."""
    answer = client.post(f"/c/{classroom.code}", form)
    return answer.headers.get("Location") or answer.content.decode()


def join(client: Client, classroom: Classroom, name: str) -> tuple[str, str]:
    """Join as a newcomer; gives the card's words and secret."""
    page = come(client, classroom, by="name", name=name)
    words = re.search(r'card-words">([a-z ]+)<', page)
    assert words, page
    return words[1], page


def test_a_newcomer_is_in_with_a_name_and_nothing_else(classroom: Classroom) -> None:
    client = Client()
    _, page = join(client, classroom, "Anna")
    anna = who(client)
    assert anna and (anna.name, anna.is_pupil, anna.email) == ("Anna", True, "")
    place = Enrolment.objects.get(classroom=classroom)
    assert place.session is not None
    assert f"/s/{place.session.public_id}" in page
    assert client.get(f"/s/{place.session.public_id}").status_code == 200


def test_looking_at_the_door_makes_nobody(classroom: Classroom) -> None:
    client = Client()
    assert "8b" in client.get(f"/c/{classroom.code}").content.decode()
    assert who(client) is None
    assert not Enrolment.objects.exists()


def test_the_teacher_is_a_viewer_who_can_copy_and_nobody_else_is(
    classroom: Classroom, tess: User
) -> None:
    join(Client(), classroom, "Anna")
    grants = Member.objects.filter(granted_by=classroom.grant)
    assert [(one.user_id, one.role, one.forks) for one in grants] == [(tess.pk, "viewer", True)]


def test_a_name_that_looks_the_same_is_taken(classroom: Classroom) -> None:
    join(Client(), classroom, "Anna")
    for name in ("anna", "Аnna", " An na "):
        assert "has this name" in come(Client(), classroom, by="name", name=name)
    assert Enrolment.objects.count() == 1


def test_a_card_brings_back_on_another_computer(classroom: Classroom) -> None:
    first, second = Client(), Client()
    words, _ = join(first, classroom, "Anna")
    where = come(second, classroom, by="words", name="anna", words=words.upper())
    assert where.startswith("/s/")
    assert who(first) == who(second)


def test_a_qr_code_brings_back_until_there_is_a_new_one(classroom: Classroom, tess: User) -> None:
    join(Client(), classroom, "Anna")
    [(_, card)] = actions.new_cards(classroom.public_id, tess.pk, [])
    assert come(Client(), classroom, by="secret", secret=card.secret).startswith("/s/")
    actions.new_cards(classroom.public_id, tess.pk, [])
    assert "does not work" in come(Client(), classroom, by="secret", secret=card.secret)
    assert "do not fit" in come(Client(), classroom, by="words", name="Anna", words=card.words)


def test_five_wrong_tries_lock_a_card_for_everybody(classroom: Classroom, tess: User) -> None:
    words, _ = join(Client(), classroom, "Anna")
    for _ in range(5):
        assert "do not fit" in come(Client(), classroom, by="words", name="Anna", words="a b c")
    assert "locked" in come(Client(), classroom, by="words", name="Anna", words=words)
    page = browser_of(tess).get(f"/classes/{classroom.public_id}").content.decode()
    assert "card locked" in page
    Enrolment.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert come(Client(), classroom, by="words", name="Anna", words=words).startswith("/s/")


def test_a_name_of_the_roster_opens_by_card_or_tap_alone(classroom: Classroom, tess: User) -> None:
    actions.add_pupils(classroom.public_id, tess.pk, ["Ben"])
    ben = Client()
    assert "has this name" in come(ben, classroom, by="name", name="Ben")
    assert "do not fit" in come(ben, classroom, by="words", name="Ben", words="")
    assert come(ben, classroom, by="knock", name="Ben").endswith("/wait")
    again = f"/c/{classroom.code}/again"
    assert ben.post(again).json() == {"state": "waiting"}
    asked = Knock.objects.get()
    # Another browser cannot use what this one asked for.
    assert Client().post(again).json() == {"state": "over"}
    actions.answer_knock(classroom.public_id, tess.pk, asked.pk, let_in=True)
    assert ben.post(again).json()["state"] == "in"
    pupil = who(ben)
    assert pupil and pupil.name == "Ben"
    assert not Knock.objects.exists()
    assert ben.post(again).json() == {"state": "over"}


def test_who_is_sent_away_or_comes_late_is_told(classroom: Classroom, tess: User) -> None:
    actions.add_pupils(classroom.public_id, tess.pk, ["Ben"])
    ben = Client()
    come(ben, classroom, by="knock", name="Ben")
    actions.answer_knock(classroom.public_id, tess.pk, Knock.objects.get().pk, let_in=False)
    assert ben.post(f"/c/{classroom.code}/again").json()["state"] == "over"
    come(ben, classroom, by="knock", name="Ben")
    Knock.objects.update(let_in=True, asked_at=timezone.now() - timedelta(hours=1))
    assert ben.post(f"/c/{classroom.code}/again").json()["state"] == "over"
    assert who(ben) is None


def test_a_guest_keeps_what_they_had_for_later(classroom: Classroom) -> None:
    client = Client()
    session = client.post("/api/start").json()["id"]
    guest = who(client)
    join(client, classroom, "Anna")
    assert who(client) != guest
    assert "Choose what to keep" in client.get("/sessions").content.decode()
    client.post("/keep", {"keep": [session]})
    anna = who(client)
    assert anna and Member.objects.filter(session__pk=session, user=anna, role="owner").exists()


def test_somebody_with_an_account_joins_as_themselves(classroom: Classroom) -> None:
    ada = User.objects.create_user("Ada", password=None)
    client = browser_of(ada)
    where = come(client, classroom, by="myself", name="Ada L.")
    assert where.startswith("/s/")
    assert who(client) == ada
    assert come(client, classroom, by="myself") == where
    assert Enrolment.objects.get().name == "Ada L."


@pytest.mark.parametrize(
    ("change", "newcomers", "others"),
    [
        ({"joining": False}, False, True),
        ({"archived": True}, False, False),
        ({"opens_at": timedelta(hours=1)}, False, False),
        ({"closes_at": timedelta(hours=-1)}, False, False),
        ({"opens_at": timedelta(hours=-1), "closes_at": timedelta(hours=1)}, True, True),
    ],
)
def test_when_a_class_is_open(
    classroom: Classroom, change: dict[str, object], newcomers: bool, others: bool
) -> None:
    words, _ = join(Client(), classroom, "Anna")
    now = timezone.now()
    values = {k: now + v if isinstance(v, timedelta) else v for k, v in change.items()}
    Classroom.objects.filter(pk=classroom.pk).update(**values)
    came = come(Client(), classroom, by="words", name="Anna", words=words)
    assert came.startswith("/s/") is others
    page = come(Client(), classroom, by="name", name="Zoe")
    assert ("Your card" in page) is newcomers
    assert Client().get(f"/c/{classroom.code}").status_code == 200


def test_a_pupils_sign_in_ends_with_the_browser_or_when_idle(classroom: Classroom) -> None:
    client = Client()
    join(client, classroom, "Anna")
    cookie = client.cookies["playground"]
    assert cookie["max-age"] == "" and cookie["expires"] == ""
    from django.contrib.sessions.models import Session as LoginSession

    row = LoginSession.objects.get(pk=cookie.value)
    left = row.expire_date - timezone.now()
    assert timedelta(hours=7) < left <= timedelta(hours=8)
    client.post("/api/visit")
    assert client.cookies["playground"]["max-age"] == ""
    LoginSession.objects.filter(pk=client.cookies["playground"].value).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )
    assert who(client) is None


def test_wrong_codes_are_counted_and_right_ones_never_refused(
    classroom: Classroom, rate_limited: None
) -> None:
    client = Client()
    answers = {client.get(f"/c/zzz-{number:03}").status_code for number in range(130)}
    assert answers == {404, 429}
    assert client.get(f"/c/{classroom.code}").status_code == 200


def test_a_session_in_the_bin_is_replaced_when_the_pupil_comes_again(
    classroom: Classroom,
) -> None:
    words, _ = join(Client(), classroom, "Anna")
    Session.objects.update(binned_at=timezone.now())
    client = Client()
    where = come(client, classroom, by="words", name="Anna", words=words)
    assert client.get(where).status_code == 200
    assert Session.objects.count() == 2
