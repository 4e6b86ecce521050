"""What a socket carries: a browser sends ``ClientMessage``, the server ``ServerMessage``."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from sessions_app.protocol.bounds import Count, Identifier, Name, Number, ShortText
from sessions_app.protocol.operations import AnyOperation, Record
from sessions_app.protocol.values import Role, Runner, Value

# --- from the browser --------------------------------------------------------------------------


class Message(Value, frozen=True, tag_field="type"):
    """Base of all socket messages."""


class Hello(Message, frozen=True, tag="hello"):
    """The first message: who speaks, for which tab, and the last operation it has.

    ``user`` is the person for whom the page was loaded. The browser may be somebody else by now,
    and what the page has not sent yet must not be sent as theirs.
    """

    protocol: int
    client: Identifier
    tab: Identifier
    epoch: Identifier
    seq: Count
    user: Count | None = None


class Sent(Value, frozen=True):
    """An operation on its way to the server, numbered by its client."""

    n: Number
    fence: Count
    operation: AnyOperation


class Push(Message, frozen=True, tag="push"):
    """Operations of ``client`` in the order of their numbers.

    A tab that finds the unsent operations of a closed tab sends them under that tab's client id.
    """

    client: Identifier
    operations: Annotated[tuple[Sent, ...], Meta(min_length=1, max_length=64)]


class AcquireLease(Message, frozen=True, tag="acquire_lease"):
    """Asks to become the runner, after all unsent operations were pushed.

    With ``takeover`` a present runner is asked to finish, save and hand over.
    """

    takeover: bool = False


class ReleaseLease(Message, frozen=True, tag="release_lease"):
    """The runner gives its lease up, for ``reserved`` if that tab asked for it."""

    fence: Count
    reserved: Identifier | None = None


class Received(Message, frozen=True, tag="received"):
    """Confirms all frames up to operation ``seq``: the server may send more."""

    seq: Count


class Ping(Message, frozen=True, tag="ping"):
    """Sent every 10 s; a peer that is silent for 25 s is taken for gone."""


ClientMessage = Hello | Push | AcquireLease | ReleaseLease | Received | Ping


# --- from the server ---------------------------------------------------------------------------


class Person(Value, frozen=True):
    """Somebody who has the session open, in ``tabs`` tabs."""

    name: Name
    role: Role
    tabs: int


class Welcome(Message, frozen=True, tag="welcome"):
    """The answer to ``hello``. With ``resync`` the browser fetches the state over HTTP, then
    says hello again; otherwise newer operations follow. ``acknowledged`` is the highest number
    that the server has from this client, and ``forks`` whether this person may read saved values
    and make a session of their own from this one."""

    protocol: int
    epoch: Identifier
    seq: Count
    name: Name
    role: Role
    resync: bool
    acknowledged: Count
    forks: bool


class Operations(Message, frozen=True, tag="operations"):
    """Operations of others (and the server's), in order."""

    records: tuple[Record, ...]


class Ack(Message, frozen=True, tag="ack"):
    """Operation ``n`` of ``client`` is durable as ``seq``, at ``at``.

    It stands in the stream in the place of the operation itself. ``seq`` is 0 when a repeated
    operation is older than the log.
    """

    client: Identifier
    n: Number
    seq: Count
    at: Count


NackCode = Literal[
    "expect",  # a number was skipped: go on from ``expect``
    "fenced",  # another runner has written since
    "invalid",  # does not fit the state, or is malformed
    "forbidden",  # this member may not
    "missing",  # names a blob that was not uploaded for this session
    "limit",  # over a limit of the session or account
    "storage",  # the server cannot store it now
]


class Nack(Message, frozen=True, tag="nack"):
    """Operation ``n`` of ``client`` was refused; it changed nothing and is not to be sent again,
    but for ``expect``."""

    client: Identifier
    n: Number
    code: NackCode
    message: ShortText
    expect: Number | None = None


class LeaseGranted(Message, frozen=True, tag="lease_granted"):
    """This tab is the runner, under ``fence``."""

    fence: Number


class LeaseRefused(Message, frozen=True, tag="lease_refused"):
    """Another tab is the runner; with a takeover it has been asked to hand over."""

    runner: Runner | None
    message: ShortText


class LeaseWanted(Message, frozen=True, tag="lease_wanted"):
    """To the runner: ``tab`` of ``name`` asks for the lease."""

    tab: Identifier
    name: Name


class Presence(Message, frozen=True, tag="presence"):
    """Who has the session open now."""

    people: tuple[Person, ...]


class Pong(Message, frozen=True, tag="pong"):
    """The answer to ``ping``."""


class Refused(Message, frozen=True, tag="refused"):
    """A message could not be used; the socket stays open. Too many of them close it."""

    code: Literal["invalid", "too-large", "limit", "forbidden"]
    message: ShortText


ServerMessage = (
    Welcome
    | Operations
    | Ack
    | Nack
    | LeaseGranted
    | LeaseRefused
    | LeaseWanted
    | Presence
    | Pong
    | Refused
)
