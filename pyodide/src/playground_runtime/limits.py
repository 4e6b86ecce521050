"""Bounds on what leaves the runtime, kept within those of the wire protocol."""

#: UTF-16 characters of both streams that one execution keeps, its closing notices aside.
STREAM_CHARS = 999_600

#: UTF-16 characters of one stream output.
CHUNK_CHARS = 16 * 1024

#: Characters written to stderr between two executions that reach the worker's log.
ASIDE_CHARS = 20_000

#: Outputs that one execution keeps before the room for its notices, result and error.
OUTPUTS = 1_990

#: Characters that are waiting before they are sent without regard to time.
PENDING_CHARS = 16 * 1024

#: Seconds between two sendings of a run that prints without end.
PENDING_SECONDS = 0.05

#: Characters of an object's plain text, and elements shown of a very long container.
PLAIN_CHARS = 100_000
PLAIN_ELEMENTS = 20_000

#: Bytes of one value of a mimebundle, and values in it.
DATA_BYTES = 10_000_000
DATA_VALUES = 20

#: A value's text up to this length stays a line; longer ones are given as trees and tables too.
LINE_CHARS = 80

#: Nodes, levels, children of a node, characters of a node's text and of all texts of a tree.
TREE_NODES = 2_000
TREE_LEVELS = 12
TREE_CHILDREN = 100
TREE_TEXT = 200
TREE_CHARS = 45_000

#: Rows, columns, characters of a cell and of all cells of a table.
TABLE_ROWS = 200
TABLE_COLUMNS = 30
TABLE_CELL = 200
TABLE_CHARS = 45_000

#: Lines of a traceback, characters of a line, of an exception's message and of its name.
TRACEBACK_LINES = 200
TRACEBACK_LINE_CHARS = 2_000
EVALUE_CHARS = 20_000
NAME_CHARS = 300

#: Characters of a hint about an exception (UTF-16 at most twice as many).
HINT_CHARS = 500

#: Rows of the variable table, characters of a preview.
VARIABLES = 2_000
PREVIEW_CHARS = 200

#: Milliseconds for one user-defined ``__repr__`` in a preview, and for all of them together.
REPR_MS = 50
REPRS_MS = 500

#: Files and folders of a home folder, characters of a path.
FILES = 10_000
PATH_CHARS = 400

#: Rows of a list of what was not saved, characters of a reason.
UNSAVED = 200
REASON_CHARS = 500
