"""The automatic proposal for a reading: visits in, a state with regions for every focus out."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.criteria.percist.rules import PercistRules
from app.criteria.percist.threshold import measurability_threshold_g_per_ml
from app.domain.reference import PlacementMethod, ReferenceRegionKind
from app.domain.region import RegionSpec, SphereRegion
from app.reading.state import Lesion, LesionRole, ReadingState, VisitEntry
from app.services.carry_lesions import KnownRegion, align, carry_lesions
from app.services.choose_series import check_one_patient
from app.services.find_lesions import FoundFocus, find_lesions
from app.services.load_visit import Visit, VisitSource, load_visit
from app.services.place_reference import (
    Anatomy,
    find_anatomy,
    measure_sphere,
    place_reference,
)
from app.services.progress import SILENT, Progress
from app.services.region_voxels import mask_blob
from app.wording import reader_error
from segmentation.mask import Mask
from segmentation.sampling.registration import RigidTransform


@dataclass(frozen=True, eq=False)
class ProposedReading:
    """A first state, the visits it speaks of, and the blobs its regions name."""

    state: ReadingState
    visits: tuple[Visit, ...]
    blobs: Mapping[str, bytes]


def load_visits(sources: Sequence[VisitSource], progress: Progress = SILENT) -> tuple[Visit, ...]:
    """The visits of the sources, ordered by the time of their scans.

    Raises ReaderError where a folder cannot be read as a visit, or the visits belong to
    different patients or are the same scan.
    """
    visits = tuple(
        sorted((load_visit(source, progress) for source in sources), key=lambda v: v.scanned_at)
    )
    check_one_patient([visit.pet for visit in visits])
    for earlier, later in pairwise(visits):
        if earlier.pet.identity.series_uid == later.pet.identity.series_uid:
            raise reader_error("SAME_SCAN", uid=later.pet.identity.series_uid)
    return visits


def propose_reading(
    visits: Sequence[Visit], rules: PercistRules, progress: Progress = SILENT
) -> ProposedReading:
    """Reference spheres, candidate lesions with marks, and the baseline's lesions carried on.

    Nothing in it is confirmed: it never calls a focus new and never ticks one as resolved.
    Raises ReaderError where no reference region fits.
    """
    proposal = _Proposal(visits[0].pet.identity.series_uid)
    progress.step("place_reference")
    anatomy = find_anatomy(visits[0], progress)
    progress.checkpoint()
    sphere, method = place_reference(visits[0], anatomy)
    progress.step("find_lesions")
    foci = _foci(visits[0], anatomy, sphere, rules, progress)
    known = []
    for focus in foci:
        lesion_id = proposal.add(focus, "L", 0)
        known.append(KnownRegion(lesion_id, focus.region, focus.mark is not None))
    entries = [_entry(0, visits[0], sphere, method, None)]
    for number, visit in enumerate(visits[1:], start=1):
        day = visit.day.isoformat()
        progress.step("place_reference")
        now = find_anatomy(visit, progress)
        progress.step("register", visit=day)
        transform = align(visits[0], anatomy, visit, now, progress)
        progress.checkpoint()
        carried_to = transform.apply(sphere.center_lps_mm) if transform.trusted else None
        here, method = place_reference(visit, now, carried_to)
        progress.step("find_lesions")
        current = _foci(visit, now, here, rules, progress)
        progress.step("carry_lesions", visit=day)
        found = known if transform.trusted else ()
        carried = carry_lesions(found, transform, visit, current, progress)
        for lesion_id, region in carried.regions.items():
            proposal.place(lesion_id, number, region)
        for focus in carried.unmatched:
            proposal.add(focus, "U", number)
        entries.append(_entry(number, visit, here, method, transform))
    return proposal.finished(tuple(entries), rules, tuple(visits))


class _Proposal:
    """Collects lesions and their regions; ids are L lesion, P physiological, U unmatched."""

    def __init__(self, patient_key: str) -> None:
        self._patient_key = patient_key
        self._lesions: dict[str, Lesion] = {}
        self._blobs: dict[str, bytes] = {}

    def add(self, focus: FoundFocus, letter: str, visit: int) -> str:
        kind = letter if focus.mark is None else "P"
        lesion_id = f"{kind}{1 + sum(name.startswith(kind) for name in self._lesions)}"
        self._lesions[lesion_id] = Lesion(
            lesion_id,
            tracking_uid(self._patient_key, lesion_id),
            LesionRole.TUMOUR if focus.mark is None else LesionRole.PHYSIOLOGICAL,
            focus.site.value,
            focus.side.value,
            first_visit=visit,
            mark=focus.mark,
        )
        self.place(lesion_id, visit, focus.region)
        return lesion_id

    def place(self, lesion_id: str, visit: int, region: Mask) -> None:
        spec, data = mask_blob(region)
        self._blobs[spec.blob_key] = data
        placed: RegionSpec = spec
        self._lesions[lesion_id] = self._lesions[lesion_id].with_region(visit, placed)

    def finished(
        self, entries: tuple[VisitEntry, ...], rules: PercistRules, visits: tuple[Visit, ...]
    ) -> ProposedReading:
        state = ReadingState(
            reading_id_of(visits),
            visits[0].pet.identity.patient_id,
            rules.name,
            entries,
            tuple(self._lesions.values()),
        )
        return ProposedReading(state, visits, self._blobs)


def reading_id_of(visits: Sequence[Visit]) -> str:
    """The id of the reading of these visits: the same series give the same reading."""
    series = "/".join(visit.pet.identity.series_uid for visit in visits)
    return uuid.uuid5(uuid.NAMESPACE_OID, series).hex


def tracking_uid(patient_key: str, lesion_id: str) -> str:
    """The DICOM tracking UID of a lesion, the same whenever the same patient is read again."""
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, f'{patient_key}/{lesion_id}').int}"


def _entry(
    number: int,
    visit: Visit,
    reference: SphereRegion,
    method: PlacementMethod,
    transform: RigidTransform | None,
) -> VisitEntry:
    matrix = None
    if transform is not None:
        matrix = tuple(tuple(float(v) for v in row) for row in transform.target_from_source)
    return VisitEntry(
        number=number,
        folder=str(visit.folder),
        pet_series_uid=visit.pet.identity.series_uid,
        ct_series_uid=None if visit.ct_series is None else visit.ct_series.identity.series_uid,
        scanned_at=visit.scanned_at,
        reference=reference,
        reference_method=method,
        here_from_baseline=matrix,
        registration_correlation=None if transform is None else transform.correlation,
    )


def _foci(
    visit: Visit,
    anatomy: Anatomy,
    sphere: SphereRegion,
    rules: PercistRules,
    progress: Progress,
) -> tuple[FoundFocus, ...]:
    numbers = measure_sphere(visit, sphere)
    if numbers is None:
        raise reader_error("LIVER_NOT_FOUND", visit=visit.day.isoformat())
    threshold = measurability_threshold_g_per_ml(
        ReferenceRegionKind.LIVER, numbers.mean_sul_g_per_ml, numbers.sd_sul_g_per_ml, rules
    )
    return find_lesions(visit, anatomy, threshold, numbers.mean_sul_g_per_ml, progress)
