"""Writes a unit again of which only atoms have changed, without a walk.

What the unit leads to is as it was, so are the numbers of its objects: the columns with other atoms
are written, everything else is put there again. The bytes are those that a walk would give.
"""

from typing import NamedTuple

from playground_runtime.state.codec.chunks import digest
from playground_runtime.state.codec.columns import write_column
from playground_runtime.state.codec.stream import Piece, Pieces, Writer
from playground_runtime.state.plan import Looked, Plan
from playground_runtime.state.unit import Unit


class Rewritten(NamedTuple):
    """A unit as it is to be: nothing of it has been changed yet."""

    unit: Unit
    plan: Plan
    looked: Looked
    out: Writer
    pieces: list[Piece]
    values: int

    def apply(self) -> bool:
        """Let the unit be what its bytes say; whether these are others than before."""
        unit, out, data = self.unit, self.out, self.out.value()
        before, unit.digest = unit.digest, digest(data)
        unit.size, unit.length = out.size, len(data)
        unit.chunks, unit.pieces, unit.values = list(out.chunks), self.pieces, self.values
        self.plan.adopt(self.looked)
        return unit.digest != before


def rewrite(unit: Unit, plan: Plan, looked: Looked, limit: int) -> Rewritten | None:
    """The unit's new bytes; None when it must be walked, or is larger than ``limit`` now."""
    if not unit.pieces:
        return None
    changed = {(plan.form_of(step), place) for step, place in looked.changed}
    values = unit.values + plan.growth(looked)
    if values > limit:
        return None
    out = Writer()
    pieces = Pieces(out)
    known = iter(unit.pieces)
    for form, width in plan.widths(looked.found).items():
        out.put(next(known))
        pieces.end()
        for place in range(width):
            piece = next(known)
            if (form, place) in changed:
                column = plan.rows_of(form, place, looked.found)
                write_column(column, unit.numbers, out, plain=form.plain)
            else:
                out.put(piece)
            pieces.end()
    return Rewritten(unit, plan, looked, out, pieces.found, values) if out.size <= limit else None
