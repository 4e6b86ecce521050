"""All cases of the battery, one file for each group or two."""

from tests.state.case import unique
from tests.state.cases.changing import CHANGES
from tests.state.cases.classes import CLASSES
from tests.state.cases.flow import ASYNC, EXCEPTIONS, ITERATORS
from tests.state.cases.functions import FUNCTIONS
from tests.state.cases.interpreter import INTERPRETER
from tests.state.cases.modules import MODULES
from tests.state.cases.odd import ODD
from tests.state.cases.quiet import QUIET
from tests.state.cases.recent import RECENT
from tests.state.cases.remarks import REMARKS
from tests.state.cases.session import FILES, LARGE, REPL, UNDO
from tests.state.cases.stdlib import STDLIB
from tests.state.cases.stories import STORIES
from tests.state.cases.unsaved import UNSAVED
from tests.state.cases.values import VALUES

ALL = unique(
    [
        *VALUES,
        *FUNCTIONS,
        *CLASSES,
        *MODULES,
        *INTERPRETER,
        *STDLIB,
        *EXCEPTIONS,
        *ITERATORS,
        *ASYNC,
        *REPL,
        *FILES,
        *LARGE,
        *CHANGES,
        *UNDO,
        *QUIET,
        *UNSAVED,
        *RECENT,
        *STORIES,
        *REMARKS,
        *ODD,
    ]
)
