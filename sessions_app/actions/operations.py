"""The action behind every push: operations of one client, taken in the order of their numbers.

Each operation is answered: ``Ack`` when it is (or long was) part of the session, ``Nack`` when it
was refused. A refused number is used up, and repeating it gives the same answer. docs/protocol.md
tells the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from sessions_app import direct
from sessions_app import protocol as p
from sessions_app.actions.change import Change, changing, role_of
from sessions_app.actions.checks import Refusal, check
from sessions_app.actions.entries import Deletion, prepare
from sessions_app.actions.lease import close_running
from sessions_app.actions.snapshots import prune, remember_blobs
from sessions_app.errors import ActionError
from sessions_app.models import ClientCursor
from sessions_app.policy import may
from sessions_app.state import Invalid

#: Refused numbers whose answers are kept for repeats: more than a client may have unanswered.
KEPT_REFUSALS = 2 * p.MAX_UNACKNOWLEDGED_OPERATIONS


@dataclass(frozen=True)
class Malformed:
    """In the place of an operation that could not be decoded: its number is used up."""

    n: int
    message: str


@dataclass(frozen=True)
class Pushed:
    """The answers, and the session's last operation after them."""

    answers: tuple[p.Ack | p.Nack, ...]
    seq: int


def apply_pushed(
    session: str, user: int, client: str, sent: Sequence[p.Sent | Malformed]
) -> Pushed:
    """Take operations that ``user`` sends under the id ``client``.

    Raises:
        ActionError: ``not-found``, the person is no member (any more).
    """
    with changing(session) as change:
        role = role_of(change.row, user)
        if role is None:
            raise ActionError("not-found", "There is no such session.")
        known = direct.select(ClientCursor, session_id=change.row.pk, client=client)
        cursor = (
            known[0] if known else ClientCursor(session=change.row, client=client, user_id=user)
        )
        if cursor.user_id != user:
            foreign = (_nack(client, item.n, _FOREIGN) for item in sent)
            return Pushed(tuple(foreign), change.state.seq)
        if cursor.pk is None and role == "viewer":
            # Who may change nothing leaves no row behind for each id that they think of.
            looked = (_nack(client, item.n, _LOOK_ONLY) for item in sent)
            return Pushed(tuple(looked), change.state.seq)
        taking = _Taking(change, cursor, role)
        answers = taking.take(sent)
        taking.save()
    return Pushed(answers, change.state.seq)


_LOOK_ONLY = Refusal("forbidden", "You may not do this here.")
_FOREIGN = Refusal("forbidden", "These changes were made by somebody else.")


class _Taking:
    """One push under way."""

    def __init__(self, change: Change, cursor: ClientCursor, role: str) -> None:
        self.change = change
        self.cursor = cursor
        self.role = role
        self.refused: dict[int, p.Nack] = msgspec.json.decode(
            cursor.refused, type=dict[int, p.Nack]
        )
        self.fences: list[int] = msgspec.json.decode(cursor.fences, type=list[int])
        self._first_n = cursor.last_n

    def take(self, sent: Sequence[p.Sent | Malformed]) -> tuple[p.Ack | p.Nack, ...]:
        answers: list[p.Ack | p.Nack] = []
        for item in sent:
            answer = self._one(item)
            answers.append(answer)
            if isinstance(answer, p.Nack) and answer.code == "expect":
                break
        return tuple(answers)

    def save(self) -> None:
        if self.cursor.last_n == self._first_n:
            return
        latest = sorted(self.refused)[-KEPT_REFUSALS:]
        self.cursor.refused = msgspec.json.encode({n: self.refused[n] for n in latest}).decode()
        if self.cursor.pk is None:
            self.cursor.save()
        else:
            direct.update(self.cursor, ("last_n", "refused"))

    def _one(self, item: p.Sent | Malformed) -> p.Ack | p.Nack:
        expected = self.cursor.last_n + 1
        if item.n > expected:
            message = f"Number {expected} comes next."
            return p.Nack(self.cursor.client, item.n, "expect", message, expected)
        if item.n < expected:
            return self._repeated(item.n)
        self.cursor.last_n = item.n
        answer = self._new(item)
        if isinstance(answer, Refusal):
            nack = _nack(self.cursor.client, item.n, answer)
            self.refused[item.n] = nack
            return nack
        return p.Ack(self.cursor.client, item.n, answer.seq, answer.at)

    def _repeated(self, n: int) -> p.Ack | p.Nack:
        if n in self.refused:
            return self.refused[n]
        client = self.cursor.client
        fresh = self.change.record_of(client, n)
        if fresh is not None:
            return p.Ack(client, n, fresh.seq, fresh.at)
        logged = self.change.row.log.filter(client=client, n=n).values_list("seq", "at_ms").first()
        return p.Ack(client, n, *(logged or (0, 0)))

    def _new(self, item: p.Sent | Malformed) -> p.Record | Refusal:
        if isinstance(item, Malformed):
            return Refusal("invalid", item.message)
        operation = item.operation
        if not may(self.role, operation):
            return Refusal("forbidden", "You may not do this here.")
        leased = isinstance(operation, p.LEASE_OPERATIONS)
        if leased and not self._fence_holds(item.fence):
            return Refusal("fenced", "Another tab runs this session now.")
        prepare(self.change, operation)
        refusal = check(self.change, operation)
        if refusal is not None:
            return refusal
        if isinstance(operation, p.StartExecution):
            # One execution at a time: an earlier one that never ended will not end any more.
            close_running(self.change)
        deletion = None
        if isinstance(operation, p.DeleteEntry):
            deletion = Deletion(self.change, operation.numbers)
        record = self.change.apply(operation, client=self.cursor.client, n=item.n, fence=item.fence)
        if isinstance(record, Invalid):
            return Refusal("invalid", _sentence(record.reason))
        if leased and item.fence > self.change.row.written_fence:
            self.change.set(written_fence=item.fence)
        if deletion is not None:
            deletion.finish()
        self._follow_up(operation)
        return record

    def _fence_holds(self, fence: int) -> bool:
        row = self.change.row
        return row.written_fence <= fence <= row.fence and fence in self.fences

    def _follow_up(self, operation: p.AnyOperation) -> None:
        if isinstance(operation, p.AppendOutput | p.RestoreEntry):
            remember_blobs(self.change, operation)
        elif isinstance(operation, p.SnapshotSaved | p.ReturnSnapshot):
            prune(self.change)


def _nack(client: str, n: int, refusal: Refusal) -> p.Nack:
    return p.Nack(client, n, refusal.code, refusal.message)


def _sentence(reason: str) -> str:
    return reason[:1].upper() + reason[1:] + "."
