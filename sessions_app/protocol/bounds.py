"""The limits of the protocol and the bounded types made from them.

A bound is enforced when a message is decoded, on the server; the numbers are generated into
TypeScript, so that a browser does not send what would be refused.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

#: Raised by one whenever an older browser page could misread what is sent now.
PROTOCOL_VERSION = 3

#: The largest socket frame either side sends, in bytes of UTF-8.
MAX_FRAME_BYTES = 256 * 1024

#: Operations that a browser may have sent without an answer.
MAX_UNACKNOWLEDGED_OPERATIONS = 64

#: Bytes of frames that the server sends before the browser has confirmed them with ``received``.
MAX_UNCONFIRMED_BYTES = 1024 * 1024

#: An output value above this size travels as a blob, in characters.
MAX_INLINE_CHARS = 64 * 1024

#: Adjacent chunks of one stream are joined up to this length, in characters (see ``state.py``).
STREAM_CHUNK_CHARS = 16 * 1024

#: Text of one execution's streams that a session keeps, in characters.
MAX_STREAM_CHARS = 1_000_000

#: The longest source of one entry, in characters.
MAX_SOURCE_CHARS = 100_000

#: Variables and files that a session lists; more exist in the runtime but are not shown.
MAX_VARIABLES = 2_000
MAX_FILES = 2_000

#: Rows of the variable table that a snapshot keeps to be looked at later.
MAX_MANIFEST_VARIABLES = 300

#: Variables that a session makes again by itself after loading.
MAX_REMAKES = 100

#: Outputs of one entry.
MAX_OUTPUTS = 2_000

#: The longest hint about an error, in characters.
MAX_HINT_CHARS = 1_000

#: Entries that one operation deletes.
MAX_DELETED = 200

#: The title of a session that nobody has named yet.
DEFAULT_TITLE = "New session"

# ``$`` alone would let a trailing newline through.
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$(?!\n)")]
Identifier = Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{1,64}$(?!\n)")]
Number = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Milliseconds = Annotated[float, Meta(ge=0, le=1e12)]
Name = Annotated[str, Meta(max_length=300)]
ShortText = Annotated[str, Meta(max_length=1_000)]
Label = Annotated[str, Meta(min_length=1, max_length=200)]
Path = Annotated[str, Meta(min_length=1, max_length=400)]
Source = Annotated[str, Meta(max_length=MAX_SOURCE_CHARS)]
InlineText = Annotated[str, Meta(max_length=MAX_INLINE_CHARS)]
MimeType = Annotated[str, Meta(max_length=120, pattern=r"^[\w.+-]+/[\w.+-]+$(?!\n)")]


#: Close codes of the socket that end reconnection, and what they mean.
CLOSE_PROTOCOL = 4400  #: another protocol version: reload the page
CLOSE_SIGNED_OUT = 4401  #: this browser was signed out from elsewhere
CLOSE_FORBIDDEN = 4403  #: not a member (any more), or a foreign Origin
CLOSE_GONE = 4410  #: the session is in its owner's bin
CLOSE_FLOOD = 4429  #: too many bad messages or too fast; reconnect later
