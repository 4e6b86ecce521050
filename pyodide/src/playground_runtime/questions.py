"""What the page may ask about a session while nothing runs: one table, by name.

A question looks and changes nothing; ``rename`` and ``time`` change, and the page saves after. An
answer is plain JSON. Where a question must run code of the user it does so by ``Session.guard``;
one that takes ten seconds is interrupted.
"""

from collections.abc import Callable
from typing import Any

from playground_runtime import pristine
from playground_runtime.completion import complete
from playground_runtime.describing import describe, signature
from playground_runtime.errors import RefusedError
from playground_runtime.problems import check
from playground_runtime.remaking.asking import remake
from playground_runtime.renaming import rename
from playground_runtime.session import Session
from playground_runtime.text import encode_json
from playground_runtime.timing import measure
from playground_runtime.viewing.view import copy, view

#: Characters of an answer's JSON.
MAX_CHARS = 1_000_000

type Question = Callable[[Session, dict[str, Any]], Any]

QUESTIONS: dict[str, Question] = {
    "check": check,
    "complete": complete,
    "describe": describe,
    "signature": signature,
    "copy": copy,
    "remake": remake,
    "rename": rename,
    "time": measure,
    "view": view,
}


def answer(session: Session, name: str, args: dict[str, Any]) -> str:
    """JSON of the answer to one question, asked in the context of the session's code."""
    question = QUESTIONS.get(name)
    if question is None:
        raise RefusedError("not-found", f"There is no question {name[:100]}.")
    with pristine.Pristine():
        found = session.interpreter.context.run(question, session, args)
        text = encode_json(found)
    if len(text) > MAX_CHARS:
        raise RefusedError("too-large", "The answer is too large.")
    return text
