"""Names of pupils: what may stand in one, and which are taken for the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.classrooms import cards, names
from playground.classrooms.models import PUPIL_NAME
from playground.classrooms.teaching import names_in


@pytest.mark.parametrize(
    "name", ["Anna", "  Anna  B. ", "Åsa-Maria", "Ben 2", "小明", "O. Müller", "a", "x_1"]
)
def test_names_that_people_have(name: str) -> None:
    assert names.cleaned(name) == " ".join(name.split())


@pytest.mark.parametrize(
    "name",
    ["", "   ", "<b>Anna</b>", "x" * 41, "A\u202enna", "a\nb\0", "...", "Anna & Ben", "a@b.c", "​"],
)
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(names.BadNameError):
        names.cleaned(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna", "anna"),
        ("Anna", "ANNA"),
        ("Anna", "An na"),
        ("Anna", "Аnna"),  # Cyrillic A
        ("Anna", "Ännа"),  # an umlaut, and a Cyrillic a
        ("Anna", "𝐀nna"),
        ("Bill", "Bi11"),
        ("Olga", "0lga"),
        ("Ben", "B.e-n"),
        ("José", "Jose"),
    ],
)
def test_names_that_look_alike_are_the_same(one: str, other: str) -> None:
    assert names.skeleton(one) == names.skeleton(other)


@pytest.mark.parametrize(("one", "other"), [("Anna", "Anne"), ("Ben", "Ken"), ("Ben 1", "Ben 2")])
def test_names_that_differ(one: str, other: str) -> None:
    assert names.skeleton(one) != names.skeleton(other)


@given(st.text(max_size=200))
def test_any_text_is_a_name_or_is_refused(text: str) -> None:
    try:
        name = names.cleaned(text)
    except names.BadNameError:
        return
    assert 0 < len(name) <= PUPIL_NAME
    assert 0 < len(names.skeleton(name)) <= 4 * PUPIL_NAME
    assert names.cleaned(name) == name


def test_lists_of_names_as_teachers_have_them() -> None:
    assert names_in("Anna\nBen\n\n  Cleo \n") == ["Anna", "Ben", "Cleo"]
    assert names_in("Name;Born\nAnna;2012\nBen;2011\n") == ["Anna", "Ben"]
    assert names_in('"Ada, B.",8b\nBen,8b\n') == ["Ada, B.", "Ben"]
    assert names_in("") == []


def test_codes_and_words_however_they_are_typed() -> None:
    code = cards.new_code()
    assert cards.code_of(f" {code.upper().replace('-', ' ')} ") == code
    assert cards.code_of("abc") == cards.code_of("../etc/passwd") == ""
    card = cards.new_card()
    assert cards.words_fit(card.words.upper().replace(" ", ", "), card.words_hash)
    assert not cards.words_fit("wrong wrong wrong", card.words_hash)
    assert len(card.words.split()) == 3
    assert cards.hash_of(card.secret) == card.secret_hash
    assert cards.hash_of("x" * 500) == ""
