"""What the tests of the core share: one browser page, blobs, and ``verify_action``."""

from __future__ import annotations

import gzip
import hashlib
import io
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sessions_app import actions, blobs, cache, queries
from sessions_app import protocol as p
from sessions_app.models import OperationRecord
from sessions_app.state import Invalid, apply_operation


def state(session: str) -> p.SessionState:
    """The whole state as a new process would load it."""
    return queries.load_state(session, entries=None)


@contextmanager
def verify_action(session: str) -> Iterator[None]:
    """The earlier state, moved on by what was broadcast, must equal the state loaded afresh."""
    before = state(session)
    yield
    records = queries.records_after(session, before.seq, 10_000)
    assert records is not None
    replica = before
    for stored in records:
        after = apply_operation(replica, stored.record)
        assert not isinstance(after, Invalid), (stored.record, after)
        replica = after
    assert replica == state(session)


@dataclass
class Page:
    """One page load of a user: a client id, the numbers it has used, its lease."""

    session: str
    user: int
    client: str = field(default_factory=lambda: uuid.uuid4().hex)
    tab: str = field(default_factory=lambda: uuid.uuid4().hex)
    n: int = 0
    fence: int = 0

    def acquire(self, *, takeover: bool = False) -> p.LeaseGranted | p.LeaseRefused:
        """Ask for the lease."""
        asking = actions.Asking(self.user, "Ada", self.client, self.tab)
        answer = actions.acquire_lease(self.session, asking, takeover=takeover)
        if isinstance(answer, p.LeaseGranted):
            self.fence = answer.fence
        return answer

    def number(self, operation: p.AnyOperation) -> p.Sent:
        """Give an operation its number."""
        self.n += 1
        return p.Sent(self.n, self.fence, operation)

    def push(self, *operations: p.AnyOperation) -> tuple[p.Ack | p.Nack, ...]:
        """Send operations; the change is verified."""
        return self.send(*(self.number(operation) for operation in operations))

    def send(self, *sent: p.Sent | actions.Malformed) -> tuple[p.Ack | p.Nack, ...]:
        """Send numbered operations; the change is verified."""
        with verify_action(self.session):
            return actions.apply_pushed(self.session, self.user, self.client, sent).answers

    def run(self, source: str = "1", text: str = "") -> int:
        """A whole execution; gives its number."""
        number = state(self.session).next_number
        output = [p.AppendOutput(number, (p.StreamOutput("stdout", text),))] if text else []
        answers = self.push(
            p.StartExecution(number, source), *output, p.FinishExecution(number, "ok", 1.5)
        )
        assert all(isinstance(answer, p.Ack) for answer in answers), answers
        return number

    def upload(self, data: bytes) -> p.BlobRef:
        """Upload a blob for the session."""
        ref = store_blob(data)
        found = blobs.find(ref.hash)
        assert found is not None
        actions.link_blob(self.session, self.user, ref.hash, ref.size, found.path.stat().st_size)
        return ref

    def snapshot(self, *units: bytes, **changes: Any) -> p.SnapshotSaved:
        """Upload a snapshot's blobs; gives the operation that saves it."""
        refs = [self.upload(unit) for unit in units]
        return self.snapshot_of(*refs, **changes)

    def snapshot_of(self, *refs: p.BlobRef, **changes: Any) -> p.SnapshotSaved:
        """The operation that saves a snapshot of blobs that are there already."""
        manifest = self.upload(p.encode(manifest_of(*refs)))
        now = state(self.session)
        fields: dict[str, Any] = {
            "snapshot": uuid.uuid4().hex,
            "number": now.next_number - 1,
            "cause": "execution",
            "manifest": manifest,
            "bytes": 100,
            "parent": now.head,
        }
        return p.SnapshotSaved(**(fields | changes))


def manifest_of(*refs: p.BlobRef) -> p.Manifest:
    """A manifest with one unit for each blob."""
    units = [p.ManifestUnit([f"v{i}"], ref) for i, ref in enumerate(refs)]
    return p.Manifest(1, p.ManifestRuntime("python", "3.14", "test"), units, [])


def store_blob(data: bytes) -> p.BlobRef:
    """Store the file of a blob, linked to no session."""
    name = hashlib.sha256(data).hexdigest()
    body = io.BytesIO(gzip.compress(data, 1))
    blobs.store(name, len(data), body, compressed=True)
    return p.BlobRef(name, len(data))


def codes(answers: tuple[p.Ack | p.Nack, ...]) -> list[str]:
    """The answers as ``ack`` or the code of the refusal."""
    return [answer.code if isinstance(answer, p.Nack) else "ack" for answer in answers]


def counted(call: Callable[[], object], session: str) -> int:
    """How many operations a call added to the session, itself verified."""
    before = OperationRecord.objects.filter(session=uuid.UUID(session)).count()
    with verify_action(session):
        call()
    return OperationRecord.objects.filter(session=uuid.UUID(session)).count() - before


def fresh_process() -> None:
    """Forget what a new process would not know."""
    cache.clear()
