"""The scene: everything that changes the picture and nothing that changes the report."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.imaging.window import PRESETS, Window, WindowPreset
from segmentation.geometry import Vector
from segmentation.sampling.reslice import Orientation


class LayoutId(StrEnum):
    """The hanging protocols on offer."""

    ONE_VISIT = "one_visit"
    TWO_VISITS = "two_visits"
    CT_COMPARE = "ct_compare"
    MIP_PAIR = "mip_pair"


class ShownQuantity(StrEnum):
    """Which SUV the window, the colour bar and the letters speak of."""

    SUL = "sul"
    SUVBW = "suvbw"


class ToolId(StrEnum):
    """What the left button does."""

    NAVIGATE = "navigate"
    WINDOW = "window"
    PAN = "pan"
    ZOOM = "zoom"
    SPHERE = "sphere"
    THRESHOLD = "threshold"
    CALIPER = "caliper"
    RULER = "ruler"
    REFERENCE = "reference"
    PICK = "pick"


class View(StrEnum):
    """A direction of view; zoom and pan are kept for each."""

    AXIAL = "axial"
    CORONAL = "coronal"
    SAGITTAL = "sagittal"
    MIP = "mip"

    @staticmethod
    def of(orientation: Orientation | None) -> "View":
        """The view of a slice orientation; the MIP has none."""
        return View.MIP if orientation is None else View(orientation.value)


@dataclass(frozen=True, slots=True)
class Pose:
    """Zoom and pan of a view. `mm_per_pixel` is None for "fit".

    `pan_mm` (right, down) is where the middle of the viewport lies relative to the middle of the
    body.
    """

    mm_per_pixel: float | None = None
    pan_mm: tuple[float, float] = (0.0, 0.0)


FIT = Pose()


@dataclass(frozen=True, slots=True)
class SceneState:
    """What is shown and how. Windows of the PET are in the shown quantity (g/mL).

    `visits` holds the visit number of each slot of the layout, `crosshairs` one position
    (LPS, mm) per visit. With `scale_locked` every visit has the one PET window; without it
    `own_pet_windows` may differ by visit. `maximised` is the key of the only viewport shown.
    """

    layout: LayoutId = LayoutId.ONE_VISIT
    visits: tuple[int, ...] = (0,)
    crosshairs: tuple[tuple[int, Vector], ...] = ()
    orientation: Orientation = Orientation.AXIAL
    ct_window: Window = PRESETS[WindowPreset.CT_SOFT_TISSUE]
    pet_window: Window = PRESETS[WindowPreset.PET_0_5]
    own_pet_windows: tuple[tuple[int, Window], ...] = ()
    scale_locked: bool = True
    quantity: ShownQuantity = ShownQuantity.SUL
    opacity: float = 0.5
    inverted: bool = False
    poses: tuple[tuple[View, Pose], ...] = field(default=())
    maximised: str | None = None
    mip_frame: int = 0
    linked: bool = True
    crosshair_shown: bool = True
    tool: ToolId = ToolId.NAVIGATE

    def __post_init__(self) -> None:
        if not 0.0 <= self.opacity <= 1.0:
            raise ValueError(f"opacity {self.opacity} is not between 0 and 1")

    def crosshair(self, visit: int) -> Vector | None:
        """The position of the crosshair at a visit."""
        return dict(self.crosshairs).get(visit)

    def pose(self, view: View) -> Pose:
        """Zoom and pan of a view."""
        return dict(self.poses).get(view, FIT)

    def with_pose(self, view: View, pose: Pose) -> "SceneState":
        """The state with another zoom or pan of a view."""
        poses = dict(self.poses) | {view: pose}
        return replace(self, poses=tuple(sorted(poses.items(), key=lambda item: item[0].value)))

    def pet_window_of(self, visit: int) -> Window:
        """The PET window of a visit: the common one while the scale is locked."""
        if self.scale_locked:
            return self.pet_window
        return dict(self.own_pet_windows).get(visit, self.pet_window)

    def with_pet_upper(self, visit: int, upper: float) -> "SceneState":
        """The state with another upper end of the PET window; the lower end stays 0."""
        window = Window(0.0, upper)
        if self.scale_locked:
            return replace(self, pet_window=window)
        own = dict(self.own_pet_windows) | {visit: window}
        return replace(self, own_pet_windows=tuple(sorted(own.items(), key=lambda item: item[0])))
