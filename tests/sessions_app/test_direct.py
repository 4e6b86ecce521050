"""Rows read and written directly are those that the models' own queries see."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from sessions_app import direct
from sessions_app.models import ClientCursor, EntryOutput, Member, OperationRecord, Session
from tests.sessions_app.helpers import Page

pytestmark = pytest.mark.django_db


def _fields(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.parametrize("model", [Session, Member, ClientCursor])
def test_select_gives_what_a_query_gives(runner: Page, model: type[Model]) -> None:
    wanted = model._default_manager.get()
    (found,) = direct.select(model, lock=True, **{wanted._meta.pk.attname: wanted.pk})
    assert _fields(found) == _fields(wanted)


def test_select_leaves_out_what_is_deferred(runner: Page) -> None:
    key = Session.objects.get().pk
    (found,) = direct.select(Session, defer=("variables",), id=key)
    assert found.get_deferred_fields() == {"variables"}
    assert found.variables == "[]"


def test_insert_and_update_are_seen_by_queries(runner: Page) -> None:
    row = Session.objects.get()
    bodies = ["plain", "\u00e9 \\u0000 %s '\"; --"]
    direct.insert(
        [EntryOutput(session=row, number=1, position=i, body=b) for i, b in enumerate(bodies)]
    )
    assert list(row.outputs.order_by("position").values_list("body", flat=True)) == bodies
    row.title, row.idle, row.last_activity = "%s é", True, timezone.now()
    row.runtime = "not written"
    direct.update(row, ("title", "idle", "last_activity"))
    stored = Session.objects.get()
    assert (stored.title, stored.idle, stored.last_activity) == ("%s é", True, row.last_activity)
    assert stored.runtime == "python"


def test_constraints_hold(runner: Page) -> None:
    row = Session.objects.get()
    record = OperationRecord(session=row, seq=9, at_ms=0, client="c", n=1, fence=0, body="{}")
    direct.insert([record])
    with pytest.raises(IntegrityError), transaction.atomic():
        direct.insert([record])
    row.written_fence = row.fence + 1
    with pytest.raises(IntegrityError), transaction.atomic():
        direct.update(row, ("written_fence",))
