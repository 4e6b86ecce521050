"""The teachers' side: who may do what, the roster, cards, settings, and who looked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from playground.accounts.models import User
from playground.classrooms import actions, policy
from playground.classrooms.models import Classroom, Enrolment, Look
from sessions_app.errors import ActionError
from sessions_app.models import Member
from tests.classrooms.conftest import browser_of, teacher_called

pytestmark = pytest.mark.django_db

#: What each part may do; everything else is refused.
TABLE: dict[str | None, set[str]] = {
    "lead": {
        "see",
        "open_work",
        "let_in",
        "roster",
        "cards",
        "settings",
        "teachers",
        "archive",
    },
    "helper": {"see", "open_work", "let_in"},
    "pupil": set(),
    None: set(),
}

#: For each deed, an action that asks for it.
ASKING: dict[str, Callable[[str, int], object]] = {
    "let_in": lambda room, user: actions.answer_knock(room, user, 0, let_in=True),
    "roster": lambda room, user: actions.add_pupils(room, user, ["Zoe"]),
    "cards": lambda room, user: actions.new_cards(room, user, []),
    "settings": lambda room, user: actions.change_settings(
        room, user, actions.Settings("8b", True, None, None)
    ),
    "teachers": lambda room, user: actions.remove_teacher(room, user, 0),
    "archive": lambda room, user: actions.archive_class(room, user, archived=False),
}


@pytest.mark.parametrize("part", TABLE)
@pytest.mark.parametrize("deed", policy.DEEDS)
def test_the_policy(part: str | None, deed: policy.Deed) -> None:
    assert policy.may(part, deed) is (deed in TABLE[part])


@pytest.mark.parametrize("part", ["lead", "helper", "pupil", None])
@pytest.mark.parametrize("deed", ASKING)
def test_actions_ask_the_policy(
    part: str | None, deed: str, classroom: Classroom, tess: User
) -> None:
    person = tess if part == "lead" else teacher_called("Hal")
    if part == "helper":
        actions.add_teacher(classroom.public_id, tess.pk, "hal")
    if part == "pupil":
        actions.enrol_account(classroom.public_id, person.pk, "Hal")
    if deed in TABLE[part]:
        ASKING[deed](classroom.public_id, person.pk)
        return
    with pytest.raises(ActionError):
        ASKING[deed](classroom.public_id, person.pk)


PAGES = ["", "/code", "/knocks", "/settings"]


@pytest.mark.parametrize("page", PAGES)
def test_only_teachers_of_the_class_see_its_pages(
    page: str, classroom: Classroom, teaching: Client
) -> None:
    address = f"/classes/{classroom.public_id}{page}"
    assert teaching.get(address).status_code == 200
    for stranger in (Client(), browser_of(teacher_called("Eve"))):
        assert stranger.get(address).status_code == 404
        assert stranger.post(f"/classes/{classroom.public_id}/change").status_code == 404


def test_only_teachers_make_classes(tess: User) -> None:
    pupil = User.objects.create_user("Paul", password=None)
    with pytest.raises(ActionError, match="Only teachers"):
        actions.create_class(pupil.pk, "mine")
    client = browser_of(tess)
    answer = client.post("/classes", {"name": "7c"})
    assert answer.status_code == 302
    assert "7c" in client.get("/classes").content.decode()
    assert client.post("/classes", {"name": " "}).status_code == 400


def change(client: Client, classroom: Classroom, **form: object) -> str:
    address = f"/classes/{classroom.public_id}/change"
    return client.post(address, form, follow=True).content.decode()


def test_a_roster_by_hand_and_by_file(teaching: Client, classroom: Classroom) -> None:
    page = change(teaching, classroom, do="add", names="Anna\nBen\n<b>")
    assert "2 names added" in page and "&lt;b&gt;" in page
    file = SimpleUploadedFile("8b.csv", b"Name;Born\nCleo;2012\nanna;2012\n")
    page = change(teaching, classroom, do="add", file=file)
    assert "1 name added" in page and "on the list already" in page
    assert list(classroom.enrolments.order_by("name").values_list("name", flat=True)) == [
        "Anna",
        "Ben",
        "Cleo",
    ]


def test_renaming_and_removing(teaching: Client, classroom: Classroom) -> None:
    came = actions.join(classroom.public_id, "Anna")
    place = Enrolment.objects.get()
    change(teaching, classroom, do="rename", pupil=place.pk, name="Anna B")
    assert User.objects.get(pk=came.user).name == "Anna B"
    change(teaching, classroom, do="remove", pupil=place.pk)
    assert not Enrolment.objects.exists()
    assert not Member.objects.filter(granted_by=classroom.grant).exists()
    assert Member.objects.filter(user=came.user, role="owner").exists()


def test_merging_keeps_the_work_of_both(teaching: Client, classroom: Classroom) -> None:
    anna = actions.join(classroom.public_id, "Anna")
    other = actions.join(classroom.public_id, "Ana")
    kept, gone = Enrolment.objects.get(name="Anna"), Enrolment.objects.get(name="Ana")
    change(teaching, classroom, do="merge", pupil=gone.pk, into=kept.pk)
    assert list(Enrolment.objects.values_list("name", flat=True)) == ["Anna"]
    owned = Member.objects.filter(user=anna.user, role="owner").count()
    assert owned == 2
    assert not Member.objects.filter(user=other.user).exists()


def test_merging_into_a_name_that_was_only_written_down(
    teaching: Client, classroom: Classroom, tess: User
) -> None:
    actions.add_pupils(classroom.public_id, tess.pk, ["Anna Berg"])
    came = actions.join(classroom.public_id, "anni")
    kept, gone = Enrolment.objects.get(name="Anna Berg"), Enrolment.objects.get(name="anni")
    change(teaching, classroom, do="merge", pupil=gone.pk, into=kept.pk)
    kept.refresh_from_db()
    assert kept.user_id == came.user
    assert User.objects.get(pk=came.user).name == "Anna Berg"
    assert actions.come_by_words(classroom.public_id, "Anna Berg", came.card.words)  # type: ignore[union-attr]


def test_a_helper_sees_work_from_when_they_are_added_until_they_are_removed(
    classroom: Classroom, tess: User
) -> None:
    hal = teacher_called("Hal")
    came = actions.join(classroom.public_id, "Anna")
    helping = browser_of(hal)
    assert helping.get(f"/s/{came.session}").status_code == 404
    actions.add_teacher(classroom.public_id, tess.pk, "hal")
    assert helping.get(f"/s/{came.session}").status_code == 200
    actions.remove_teacher(classroom.public_id, hal.pk, hal.pk)
    assert helping.get(f"/s/{came.session}").status_code == 404
    assert browser_of(tess).get(f"/s/{came.session}").status_code == 200


def test_who_looked_is_told_to_the_pupil_once_a_visit(
    classroom: Classroom, tess: User, teaching: Client
) -> None:
    came = actions.join(classroom.public_id, "Anna")
    anna = browser_of(User.objects.get(pk=came.user))
    assert "Nobody yet" in anna.get("/c/mine").content.decode()
    for _ in range(3):
        teaching.get(f"/s/{came.session}")
    anna.get(f"/s/{came.session}")
    assert list(Look.objects.values_list("name", flat=True)) == ["Tess"]
    page = anna.get("/c/mine").content.decode()
    assert "Tess" in page and "Nobody yet" not in page


def test_cards_are_shown_once_and_for_those_chosen(
    teaching: Client, classroom: Classroom, tess: User
) -> None:
    actions.add_pupils(classroom.public_id, tess.pk, ["Anna", "Ben"])
    address = f"/classes/{classroom.public_id}/cards"
    assert teaching.get(address).status_code == 405
    anna = Enrolment.objects.get(name="Anna")
    page = teaching.post(address, {"pupil": anna.pk}).content.decode()
    assert "Anna" in page and "Ben" not in page
    everybody = teaching.post(address).content.decode()
    assert everybody.count("<svg") == 2


def test_settings_of_a_class(teaching: Client, classroom: Classroom) -> None:
    address = f"/classes/{classroom.public_id}/settings"
    form = {"name": "8b new", "opens_at": "2030-01-01T08:00", "closes_at": "2030-01-01T09:00"}
    form |= {"same_errors": "4", "quiet_minutes": "7"}
    assert teaching.post(address, form).status_code == 302
    classroom.refresh_from_db()
    assert (classroom.name, classroom.joining) == ("8b new", False)
    assert (classroom.same_errors, classroom.quiet_minutes) == (4, 7)
    assert classroom.opens_at and classroom.opens_at.hour == 8
    backwards = form | {"closes_at": "2029-01-01T09:00"}
    answer = teaching.post(address, backwards)
    assert answer.status_code == 400 and "before it closes" in answer.content.decode()
    code = classroom.code
    teaching.post(address, {"do": "code"})
    classroom.refresh_from_db()
    assert classroom.code != code
    assert Client().get(f"/c/{code}").status_code == 404


@pytest.mark.parametrize("name", ["", "x" * 101, "a\u202eb", "a\nb"])
def test_names_of_classes_that_are_refused(name: str, tess: User) -> None:
    with pytest.raises(ActionError):
        actions.create_class(tess.pk, name)


def test_forged_numbers_lead_to_nothing(teaching: Client, classroom: Classroom, tess: User) -> None:
    other = Classroom.objects.get(pk=actions.create_class(teacher_called("Eve").pk, "9a"))
    actions.join(other.public_id, "Ben")
    foreign = Enrolment.objects.get(name="Ben")
    for do in ("rename", "merge", "remove"):
        for pupil in (str(foreign.pk), "9" * 40, "x", "-1", ""):
            change(teaching, classroom, do=do, pupil=pupil, name="Eve", into=pupil)
    assert list(Enrolment.objects.values_list("name", flat=True)) == ["Ben"]
