"""The widgets of an open case, and what they show of its reading."""

from collections.abc import Callable, Iterator, Mapping

from app.domain.draft_read import ScanSummary
from app.reading.state import ReadingState
from app.reporting.phrases import visit_name
from app.services.derive_read import Derived
from app.services.load_visit import Visit
from segmentation.mask import Mask
from segmentation.sampling.projection import MipFrames
from viewers.canvas.grid import CanvasGrid
from viewers.panels.cursor_chip import CursorChip
from viewers.panels.jobs_bar import JobsBar
from viewers.panels.reading_column import ReadingColumn
from viewers.panels.time_points import TimePointsPanel
from viewers.presenters.cursor import CursorValues
from viewers.presenters.derived import VisitImages
from viewers.presenters.facts import facts_rows
from viewers.presenters.images import visit_scene, with_liver, with_mip
from viewers.presenters.lesion_card import lesion_card
from viewers.presenters.lesions import lesion_rows, progress_text
from viewers.presenters.numbers import NumberRef
from viewers.presenters.overlays import scene_overlays
from viewers.presenters.provenance import provenance
from viewers.presenters.recist import recist_summary
from viewers.presenters.recist_choices import take_proposals
from viewers.presenters.recist_response import recist_views
from viewers.presenters.references import reference_rows
from viewers.presenters.response import response_views
from viewers.presenters.time_points import time_point_rows
from viewers.scene.cursor import CursorReading
from viewers.scene.images import SceneImages, VisitScene
from viewers.shell.main_window import WindowParts


class CaseDisplay:
    """Makes the widgets and shows records in them; asks nothing and decides nothing."""

    def __init__(self, visits: Mapping[int, Visit], state: ReadingState) -> None:
        self.canvas = CanvasGrid()
        self.column = ReadingColumn()
        self.time_points = TimePointsPanel()
        self.jobs_bar = JobsBar()
        self.cursor = CursorChip()
        self._scenes: dict[int, VisitScene] = {
            number: visit_scene(visit, state.visit(number)) for number, visit in visits.items()
        }
        self._images = {number: _images_of(visit) for number, visit in visits.items()}
        self._show_scenes()

    def parts(self) -> WindowParts:
        """The widgets, each for its place in the window."""
        return WindowParts(
            self.time_points,
            self.canvas,
            self.column.lesions,
            self.column,
            self.jobs_bar,
            self.cursor,
        )

    def show(
        self, derived: Derived, selected: str | None, counted: Callable[[str, int], Mask | None]
    ) -> Iterator[None]:
        """Everything that depends on the reading, in steps.

        `counted` tells which voxels a lesion's volume counts at a visit.
        """
        state, column = derived.state, self.column
        column.lesions.show_lesions(lesion_rows(derived, selected), progress_text(state.lesions))
        yield
        if selected is not None and any(i.lesion_id == selected for i in state.lesions):
            column.card.show_card(lesion_card(derived, selected))
        else:
            column.card.show_nothing()
        column.references.show_references(reference_rows(derived))
        yield
        self._show_liver(derived)
        self.show_overlays(derived, selected, counted)
        yield
        views = response_views(derived)
        column.response.show_responses(views)
        if views:
            column.strip.show_response(views[-1])
        yield
        column.recist.show_recist(
            recist_summary(state, derived.recist),
            recist_views(derived.recist, state),
            take_proposals(derived.recist),
        )
        yield
        column.facts.show_facts(facts_rows(state))
        column.texts.show_texts(state.comment, state.impression)
        self.time_points.show_time_points(
            state.patient_key, time_point_rows(state.visits, self._images, derived.read)
        )
        self.time_points.show_current(self.canvas.state.visits)

    def show_overlays(
        self, derived: Derived, selected: str | None, counted: Callable[[str, int], Mask | None]
    ) -> None:
        """The marks over the pictures, with the outline of the selected lesion."""
        known = any(i.lesion_id == selected and not i.removed for i in derived.state.lesions)
        outlined: dict[int, Mask | None] = {}
        if known and selected is not None:
            outlined = {number: counted(selected, number) for number in self._scenes}
        hides = self.column.lesions.hides_physiological
        self.canvas.show_overlays(scene_overlays(derived, selected, outlined, hides))

    def show_mip(self, number: int, mip: MipFrames) -> None:
        """The turning MIP of a visit, once it is prepared."""
        self._scenes[number] = with_mip(self._scenes[number], mip)
        self._show_scenes()

    def show_cursor(self, reading: CursorReading | None) -> None:
        """The values under the pointer, or none."""
        if reading is None:
            self.cursor.show_values(None)
            return
        values = CursorValues(
            reading.suvbw_g_per_ml,
            reading.sul_g_per_ml,
            reading.hounsfield,
            reading.bq_per_ml,
            self._scenes[reading.visit].liver_mean,
            visit=visit_name(reading.visit, short=True) if len(self._scenes) > 1 else "",
        )
        self.cursor.show_values(values)

    def show_source(self, ref: NumberRef, derived: Derived) -> None:
        """Where a number comes from."""
        self.column.provenance.show_provenance(provenance(ref, derived, self._images))
        self.column.show_source()

    def _show_liver(self, derived: Derived) -> None:
        """The reference means, for the ratio under the cursor."""
        changed = False
        for number, scene in self._scenes.items():
            reference = derived.references.get(number)
            mean = None if reference is None else reference.mean_sul_g_per_ml
            if scene.liver_mean != mean:
                self._scenes[number] = with_liver(scene, mean)
                changed = True
        if changed:
            self._show_scenes()

    def _show_scenes(self) -> None:
        self.canvas.show_images(SceneImages(tuple(self._scenes.values())))


def _images_of(visit: Visit) -> VisitImages:
    geometry = visit.sul.geometry
    return VisitImages(
        ScanSummary(
            visit.pet.identity,
            None if visit.ct_series is None else visit.ct_series.identity,
            visit.quantification,
            geometry.shape_zyx,
            geometry.spacing_zyx_mm,
        ),
        visit.findings,
    )
