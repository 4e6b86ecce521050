"""The writes of classrooms: each one is a transaction. What they need of sessions are its actions.

Views call them through ``sessions_app.writer``, as the core's own: on SQLite they run in the one
writing thread, so that a class which comes in together does not queue for the database's lock.
"""

from __future__ import annotations

from playground.classrooms.actions.change import MOST_PUPILS, closed
from playground.classrooms.actions.classes import (
    Settings,
    add_teacher,
    archive_class,
    change_settings,
    create_class,
    remove_teacher,
    renew_code,
)
from playground.classrooms.actions.coming import (
    Came,
    answer_knock,
    come_after_knock,
    come_by_secret,
    come_by_words,
    enrol_account,
    join,
    knock,
)
from playground.classrooms.actions.helping import (
    answer_hand,
    claim_hand,
    lower_hand,
    note_here,
    pause,
    raise_hand,
    read_notes,
    say,
)
from playground.classrooms.actions.roster import (
    add_pupils,
    merge_pupils,
    new_cards,
    remove_pupil,
    rename_pupil,
)

__all__ = [
    "MOST_PUPILS",
    "Came",
    "Settings",
    "add_pupils",
    "add_teacher",
    "answer_hand",
    "answer_knock",
    "archive_class",
    "change_settings",
    "claim_hand",
    "closed",
    "come_after_knock",
    "come_by_secret",
    "come_by_words",
    "create_class",
    "enrol_account",
    "join",
    "knock",
    "lower_hand",
    "merge_pupils",
    "new_cards",
    "note_here",
    "pause",
    "raise_hand",
    "read_notes",
    "remove_pupil",
    "remove_teacher",
    "rename_pupil",
    "renew_code",
    "say",
]
