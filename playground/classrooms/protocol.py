"""The messages between the server and a class's live pages: the teacher's wall, a pupil's desk.

Small and of its own: what a pupil does travels over the session's socket, which these messages do
not touch. The TypeScript is generated (``make protocol``). Times are milliseconds since 1970.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from sessions_app.protocol import PROTOCOL_VERSION

#: The subprotocol's version is that of the session's socket.
CLASS_PROTOCOL = PROTOCOL_VERSION

#: Characters of a question or a message, pupils that one message names, seconds of a pause.
MAX_TEXT = 500
MAX_NAMED = 1000
MAX_PAUSE_S = 3600

Text = Annotated[str, Meta(max_length=MAX_TEXT)]
Id = Annotated[int, Meta(ge=1, le=2**53)]
Variable = Annotated[str, Meta(max_length=100, pattern=r"^[^\W\d]\w*$")]

#: How the last run of a pupil ended; "" before the first.
Run = Literal["", "running", "ok", "error", "interrupted", "timeout"]


class _Value(Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Base of all wire types: immutable, camelCase, unknown fields refused."""


class Tile(_Value, frozen=True):
    """What the wall shows of a pupil.

    ``error`` names the last run's error as a group: its kind, the shape of its message (names and
    numbers left out) and the line. ``same_error`` counts how often in a row it came. ``output`` is
    the last line shown, ``shown`` the beginning of all that the last run showed. ``trying_at`` is
    when they began to run what has not succeeded since.
    """

    id: Id
    name: str
    session: str | None
    here: bool
    run: Run
    number: int
    code: str
    output: str
    shown: str
    error: str
    error_line: int
    same_error: int
    runs: int
    ran_at: int | None
    ok_at: int | None
    trying_at: int | None
    active_at: int | None
    locked: bool


class Hand(_Value, frozen=True):
    """A raised hand: who asks what, since when, about which entry, and who is on the way."""

    id: Id
    pupil: Id
    question: str
    number: int
    asked_at: int
    claimed_by: str | None


class Asking(_Value, frozen=True):
    """A browser at the door that says it is somebody of the roster."""

    id: Id
    name: str
    browser: str


class Group(_Value, frozen=True):
    """Pupils whose variable has the same value; ``preview`` is how it looks."""

    preview: str
    pupils: tuple[int, ...]


class _Message(_Value, frozen=True, tag_field="type"):
    """Base of messages."""


# --- to the wall -------------------------------------------------------------------------------


class Wall(_Message, frozen=True, tag="wall"):
    """Everything, at the beginning and whenever something may have been missed.

    ``ids`` are all pupils of the class; the tiles of those who do not fit follow in ``Tiles``.
    """

    name: str
    same_errors: int
    quiet_minutes: int
    now: int
    ids: tuple[int, ...]
    tiles: tuple[Tile, ...]
    hands: tuple[Hand, ...]
    asking: tuple[Asking, ...]
    paused_until: int | None


class Tiles(_Message, frozen=True, tag="tiles"):
    """Tiles that changed."""

    tiles: tuple[Tile, ...]


class Hands(_Message, frozen=True, tag="hands"):
    """All raised hands, and all who stand at the door."""

    hands: tuple[Hand, ...]
    asking: tuple[Asking, ...]
    paused_until: int | None


class Values(_Message, frozen=True, tag="values"):
    """Who has which value of a variable; ``without`` have no such variable."""

    variable: str
    groups: tuple[Group, ...]
    without: tuple[int, ...]


class Trouble(_Message, frozen=True, tag="trouble"):
    """What was asked for could not be done, in words for the person."""

    message: str


# --- to a pupil --------------------------------------------------------------------------------


class Note(_Value, frozen=True):
    """A message from a teacher."""

    id: Id
    sender: str
    text: str
    at: int


class Desk(_Message, frozen=True, tag="desk"):
    """All that a pupil's page shows of the class; ``ahead`` is how many hands are before theirs."""

    name: str
    now: int
    hand: Hand | None
    ahead: int
    notes: tuple[Note, ...]
    paused_until: int | None


# --- from browsers -----------------------------------------------------------------------------


class Here(_Message, frozen=True, tag="here"):
    """Said every ten seconds: the page is still open."""


class AskValues(_Message, frozen=True, tag="ask_values"):
    """Group the class by a variable."""

    variable: Variable


class Say(_Message, frozen=True, tag="say"):
    """Send a message to pupils; to all of the class when none are named."""

    text: Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]
    pupils: Annotated[tuple[Id, ...], Meta(max_length=MAX_NAMED)] = ()


class Claim(_Message, frozen=True, tag="claim"):
    """Be the one who helps."""

    hand: Id


class Answered(_Message, frozen=True, tag="answered"):
    """The question is answered: the hand goes down."""

    hand: Id


class LetIn(_Message, frozen=True, tag="let_in"):
    """Let in who stands at the door, or send them away."""

    asking: Id
    welcome: bool


class Pause(_Message, frozen=True, tag="pause"):
    """Eyes up for so many seconds; 0 ends it."""

    seconds: Annotated[int, Meta(ge=0, le=MAX_PAUSE_S)]


class RaiseHand(_Message, frozen=True, tag="raise_hand"):
    """Ask for help, perhaps with a question, about an entry (0: about none)."""

    question: Text = ""
    number: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


class LowerHand(_Message, frozen=True, tag="lower_hand"):
    """Never mind."""


class Read(_Message, frozen=True, tag="read"):
    """Messages up to this one have been read."""

    note: Id


FromTeacher = Here | AskValues | Say | Claim | Answered | LetIn | Pause
FromPupil = Here | RaiseHand | LowerHand | Read
ToWall = Wall | Tiles | Hands | Values | Trouble
ToPupil = Desk | Trouble
