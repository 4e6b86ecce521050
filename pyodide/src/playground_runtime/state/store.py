"""The units of a session, from one capture to the next."""

from typing import Any

from playground_runtime.state.capture import BrokenError, Capture, Captured, OverError
from playground_runtime.state.changes import Look
from playground_runtime.state.forms.lost import LOST
from playground_runtime.state.forms.names import CONSTANT
from playground_runtime.state.keys import Key
from playground_runtime.state.scope import Scope
from playground_runtime.state.unit import Unit
from playground_runtime.state.walk import Homes


class Store:
    """Remembers units from one capture to the next."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.units: dict[str, Unit] = {}
        self.homes = Homes()
        self.constants = Unit("", 0)
        self.constants.form = CONSTANT
        self.refused = Unit("", 0)
        self.refused.form = LOST
        self.fixed: list[Any] = []
        #: Captures so far, and the last number of a unit.
        self.turn = self.serial = 0
        #: Values that may still be looked at beside those that names lead to.
        self.room = 0
        #: What variables were bound to, by identity.
        self.values: dict[str, int] = {}
        #: Whether the homes are those of the units; not right after a restore.
        self.walked = False

    def forget(self) -> None:
        """Know nothing: the next capture writes everything."""
        self.adopt({})

    def adopt(self, units: dict[str, Unit]) -> None:
        """Take over the units of a restore; the next capture walks them."""
        self.units = units
        for self.serial, unit in enumerate(units.values(), 1):
            unit.serial = self.serial
        self.homes = Homes()
        self.walked = False

    def capture(self, roots: dict[Key, Any], look: Look, each: int, whole: int) -> Captured:
        """Write what changed since the last capture, as far as ``look`` says where.

        A variable may take ``each`` bytes, all together ``whole``; what takes more is left out.
        """
        over: dict[int, str] = {}
        broken: set[str] = set()
        while True:
            try:
                return Capture(self, roots, look, (each, whole), over, broken).run()
            except BrokenError as error:
                broken.update(error.names)
            except OverError as error:
                over[error.unit.root_key] = error.reason
                self.adopt(self.units)
