"""Hanging protocols as data: which viewport stands where."""

from dataclasses import dataclass
from enum import StrEnum

from segmentation.sampling.reslice import Orientation
from viewers.scene.state import LayoutId, SceneState


class Content(StrEnum):
    """What a viewport shows."""

    CT = "ct"
    PET = "pet"
    FUSION = "fusion"
    MIP = "mip"


@dataclass(frozen=True, slots=True)
class Cell:
    """A viewport of a layout: what it shows of which slot, and its place in the grid.

    `orientation` None means the state's own (rows of one plane), except for the MIP.
    """

    slot: int
    content: Content
    orientation: Orientation | None
    row: int
    column: int
    row_span: int = 1

    @property
    def key(self) -> str:
        """A name that stays the same while the state changes."""
        return f"{self.slot}.{self.content}.{self.orientation or 'any'}"


@dataclass(frozen=True, slots=True)
class Layout:
    """A grid of cells; `column_shares` are relative widths."""

    rows: int
    column_shares: tuple[float, ...]
    cells: tuple[Cell, ...]

    @property
    def slots(self) -> int:
        """How many visits the layout shows."""
        return 1 + max(cell.slot for cell in self.cells)


_SLICES = (Content.CT, Content.PET, Content.FUSION)

LAYOUTS: dict[LayoutId, Layout] = {
    LayoutId.ONE_VISIT: Layout(
        3,
        (1.0, 1.0, 1.0, 1.0),
        (
            *(
                Cell(0, content, orientation, row, column)
                for row, orientation in enumerate(Orientation)
                for column, content in enumerate(_SLICES)
            ),
            Cell(0, Content.MIP, None, 0, 3, row_span=3),
        ),
    ),
    LayoutId.TWO_VISITS: Layout(
        3,
        (0.7, 1.3, 1.3, 0.7),
        (
            Cell(0, Content.MIP, None, 0, 0, row_span=3),
            *(
                Cell(slot, content, None, row, 1 + slot)
                for slot in range(2)
                for row, content in enumerate(_SLICES)
            ),
            Cell(1, Content.MIP, None, 0, 3, row_span=3),
        ),
    ),
    LayoutId.CT_COMPARE: Layout(
        1, (1.0, 1.0), tuple(Cell(slot, Content.CT, None, 0, slot) for slot in range(2))
    ),
    LayoutId.MIP_PAIR: Layout(
        1, (1.0, 1.0), tuple(Cell(slot, Content.MIP, None, 0, slot) for slot in range(2))
    ),
}
# Coronal and sagittal planes are upright: two visits stand one below the other in tall cells.
_TWO_VISITS_UPRIGHT = Layout(
    2,
    (1.0, 1.0, 1.0, 1.0),
    tuple(
        Cell(slot, content, None, slot, column)
        for slot in range(2)
        for column, content in enumerate((*_SLICES, Content.MIP))
    ),
)


def layout_of(state: SceneState) -> Layout:
    """The layout shown: two visits stand where their planes have the most room.

    Axial planes are wide, so baseline and follow-up stand side by side.
    """
    if state.layout is LayoutId.TWO_VISITS and state.orientation is not Orientation.AXIAL:
        return _TWO_VISITS_UPRIGHT
    return LAYOUTS[state.layout]


def cells_of(state: SceneState) -> tuple[Cell, ...]:
    """The viewports shown: all of the layout whose slot has a visit, or the maximised one."""
    cells = tuple(c for c in layout_of(state).cells if c.slot < len(state.visits))
    alone = tuple(c for c in cells if c.key == state.maximised)
    return alone or cells


def orientation_of(cell: Cell, state: SceneState) -> Orientation | None:
    """The slice orientation a cell shows now; None for a MIP."""
    if cell.content is Content.MIP:
        return None
    return cell.orientation or state.orientation


@dataclass(frozen=True, slots=True)
class Place:
    """A viewport's rectangle in pixels."""

    left: int
    top: int
    width: int
    height: int


def places(state: SceneState, width: int, height: int, gap: int = 2) -> dict[str, Place]:
    """Where the viewports stand in a window of a size; cells of one span are of one size.

    Equal sizes let CT, PET and fusion of a row share the values of their plane.
    """
    cells = cells_of(state)
    if len(cells) == 1:
        return {cells[0].key: Place(0, 0, max(width, 1), max(height, 1))}
    layout = layout_of(state)
    rows = layout.rows if len(state.visits) >= layout.slots else len({c.row for c in cells})
    shares = layout.column_shares[: 1 + max(c.column for c in cells)]
    free = max(width - gap * (len(shares) - 1), len(shares))
    widths = [max(1, int(free * share / sum(shares))) for share in shares]
    cell_height = max(1, (height - gap * (rows - 1)) // rows)
    found: dict[str, Place] = {}
    for cell in cells:
        left = sum(widths[: cell.column]) + gap * cell.column
        top = (cell_height + gap) * cell.row
        tall = cell_height * cell.row_span + gap * (cell.row_span - 1)
        found[cell.key] = Place(left, top, widths[cell.column], tall)
    return found
