from dataclasses import replace

import pytest

from app.domain.caliper import Caliper
from app.domain.findings import Severity
from app.domain.region import MaskRegion, SphereRegion, ThresholdRegion
from app.domain.response import ComparabilitySeverity
from app.reading.edits import PlaceCaliper
from tests.unit.viewers.presenters.sample_reading import complete, computing, state
from viewers.presenters.derived import images_of
from viewers.presenters.numbers import NumberKind, NumberRef
from viewers.presenters.provenance import provenance, region_text
from viewers.presenters.time_points import UPTAKE_RULE, time_point_rows


def shown(kind, visit=0, subject="", derived=None):
    derived = derived or complete()
    images = {} if derived.read is None else images_of(derived.read)
    view = provenance(NumberRef(kind, visit, subject), derived, images)
    lines = [f"{label}: {text}" for section in view.sections for label, text in section.lines]
    return view, "\n".join(lines)


def test_a_peak_is_traced_to_ball_region_factor_times_and_series():
    view, text = shown(NumberKind.SUL_PEAK, 0, "L1")
    assert view.value == "10.000 g/mL"
    assert "Ball centre (LPS, mm): 10.0, 20.0, 30.0" in text
    assert "sphere 24.0 mm at 10.0, 20.0, 30.0" in text
    assert "Injection: 2026-03-01 10:00:00" in text
    assert "Decay reference time: 2026-03-01 11:00:00" in text
    assert "Weight, height, sex: 70.0 kg, 1.65 m, F" in text
    assert "PET series: 1.2.840.PT" in text
    assert "Method version: 1 (continuous" in text


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (NumberKind.SUL_MAX, "12.000 g/mL"),
        (NumberKind.SUL_MEAN, "9.000 g/mL"),
        (NumberKind.VOLUME, "3.210 mL"),
        (NumberKind.GLYCOLYSIS, "12.30 g"),
        (NumberKind.DIAMETER, "18.0 mm"),
    ],
)
def test_every_measure_of_a_lesion_says_its_unit_and_method(kind, value):
    view, _ = shown(kind, 0, "L1")
    assert view.value == value and view.sections[0].lines


def test_a_change_is_shown_as_the_sum_it_is():
    view, _ = shown(NumberKind.LESION_CHANGE, 1, "L1")
    assert view.value == "(6.000 − 10.000) / 10.000 = −40.0 %"


def test_the_threshold_is_shown_as_formula():
    view, text = shown(NumberKind.THRESHOLD, 0)
    assert view.value == "1.5 × 1.360 + 2 × 0.310 = 2.670 g/mL"
    assert "Voxels: 287" in text


def test_the_response_lists_its_rules():
    view, text = shown(NumberKind.RESPONSE, 1)
    assert view.value == "PMR −40 %" and "PER-2.4: Measurable" in text


@pytest.mark.parametrize("kind", list(NumberKind))
def test_any_number_can_be_asked_while_everything_is_computing(kind):
    subject = "" if "reference" in kind or kind is NumberKind.RESPONSE else "L1"
    view, _ = shown(kind, 1, subject, computing())
    assert view.title


def test_adaptations_are_listed_or_said_to_be_none():
    derived = complete()
    images = images_of(derived.read)
    view = provenance(NumberRef(NumberKind.UPTAKE_TIME, 0), derived, images)
    listed = {section.title: section.lines for section in view.sections}
    assert listed["Adaptations"] == (("none", ""),)
    assert view.value == "60.0 min"


def test_a_diameter_is_traced_to_its_endpoints():
    axis = ((0.0, 0.0, -12.0), (30.0, 0.0, -12.0))
    measured = PlaceCaliper(Caliper("C1", "L2", 0, "1.2.3", axis)).apply(state())
    view, text = shown(NumberKind.AXIS, 0, "C1", complete(measured))
    assert view.value == "30.0 mm"
    assert "0.0, 0.0, -12.0 – 30.0, 0.0, -12.0" in text and "1.2.3" in text


@pytest.mark.parametrize(
    ("region", "text"),
    [
        (None, "no region"),
        (SphereRegion((1.0, 2.0, 3.0), 30.0), "sphere 30.0 mm at 1.0, 2.0, 3.0"),
        (
            ThresholdRegion((1.0, 2.0, 3.0), 2.5, 80.0),
            "SUL ≥ 2.50 g/mL joined to 1.0, 2.0, 3.0, within 80 mm",
        ),
        (MaskRegion("0123456789abcdef"), "voxel mask 0123456789ab"),
    ],
)
def test_regions_in_words(region, text):
    assert region_text(region) == text


def test_time_points_tell_uptake_readiness_series_and_the_gravest_finding_first():
    derived = complete()
    first, second = time_point_rows(derived.state.visits, images_of(derived.read))
    assert (first.label, first.date, first.uptake.labelled) == ("Baseline", "2026-03-01", "60 min")
    assert first.readiness.ready
    assert [row.modality for row in first.series] == ["PET", "CT"]
    assert [row.severity for row in first.findings] == ["warning", "info"]
    assert second.label == "Follow-up 1"


def test_a_visit_without_images_shows_its_date_and_computes():
    row = time_point_rows(computing().state.visits, {})[0]
    assert row.uptake.labelled == "computing" and row.readiness is None


def test_a_refused_pet_names_its_tag():
    derived = complete()
    from app.quantification.quantify import quantify
    from tests.unit.quantification.sound_header import header

    refused = quantify(header(weight=None))
    images = images_of(derived.read)
    scan = replace(images[0].scan, quantification=refused)
    row = time_point_rows(derived.state.visits, {0: replace(images[0], scan=scan)})[0]
    assert not row.readiness.ready and row.readiness.tag == "(0010,1030)"


def test_a_visit_out_of_its_uptake_window_warns_and_facts_not_entered_do_not():
    derived = complete()
    sound = time_point_rows(derived.state.visits, images_of(derived.read), derived.read)
    assert [row.doubts for row in sound] == [(), ()]
    item = next(i for i in derived.read.latest.comparability if i.rule == UPTAKE_RULE)
    late = replace(item, severity=ComparabilitySeverity.WARN, value=159.0)
    far = replace(
        next(i for i in derived.read.latest.comparability if i.rule == "UPTAKE_DIFFERENCE"),
        severity=ComparabilitySeverity.BLOCK,
        value=99.0,
    )
    earlier = replace(late, rule="UPTAKE_WINDOW_EARLIER")
    point = replace(derived.read.latest, comparability=(earlier, late, far))
    read = replace(derived.read, time_points=(derived.read.baseline, point))
    first, second = time_point_rows(derived.state.visits, images_of(read), read)
    assert first.doubts == () and first.worst is Severity.WARNING  # its own finding
    assert [row.rule for row in second.doubts] == ["UPTAKE_DIFFERENCE", UPTAKE_RULE]
    assert second.worst is Severity.ERROR
    assert "159" in second.warnings[1]
