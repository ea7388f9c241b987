from dataclasses import replace

import pytest

from app.criteria.percist.report_string import report_string
from app.domain.response import ComparabilitySeverity, MetabolicCategory
from app.reading.edits import SetRole
from tests.unit.viewers.presenters.sample_reading import complete, computing, state
from viewers.presenters.numbers import NumberKind, NumberState
from viewers.presenters.references import confirm_reference, placement_text, reference_rows
from viewers.presenters.response import response_view, response_views


def test_reference_rows_tell_mean_sd_threshold_and_doubts():
    baseline, follow_up = reference_rows(complete())
    assert baseline.mean_and_sd == "1.36 ± 0.31"
    assert baseline.threshold.labelled == "2.67 g/mL"
    assert baseline.mean.ref.kind is NumberKind.REFERENCE_MEAN
    assert not baseline.cautions and follow_up.cautions
    assert (baseline.placement_short, follow_up.placement_short) == ("proposed", "carried")


def test_a_reference_not_measured_yet_is_computing():
    for row in reference_rows(computing()):
        assert row.mean.state is row.threshold.state is NumberState.COMPUTING
        assert row.mean_and_sd == "computing"


def test_confirming_keeps_the_sphere_and_how_it_was_placed():
    confirmed = confirm_reference(state(), 1).apply(state())
    assert confirmed.visit(1) == replace(state().visit(1), reference_confirmed=True)
    row = reference_rows(complete(confirmed))[1]
    assert placement_text(row).endswith("confirmed")


def test_the_response_is_told_with_its_reasons_and_margin():
    view = response_view(complete(), 1)
    assert (view.category, view.headline) == ("PMR", "PMR −40 %")
    assert view.brief == "L1: 10.00 → 6.00 g/mL"
    assert view.change == "−40.0 % from baseline (−4.00 g/mL)"
    assert "7.00" in view.margins[0]
    assert view.other_rule_set == "percist-1.0: PMR (−40.0 %)"
    assert [row.rule for row in view.reasons][:2] == ["PER-2.6", "PER-2.4"]
    assert any("U1" in caution for caution in view.cautions)
    assert view.facts.splitlines()[0].startswith("New lesions: ")
    assert view.facts.splitlines()[1].startswith("Unequivocal progression: ")
    assert view.draft_note == "Unconfirmed: 4 of 5 foci, reference"


def test_what_blocks_stands_first_on_the_card():
    order = list(ComparabilitySeverity)[::-1]
    for view in response_views(complete()):
        ranks = [order.index(row.severity) for row in view.comparability]
        assert ranks == sorted(ranks)


def test_the_baseline_has_prerequisites_and_no_response():
    view = response_view(complete(), 0)
    assert (view.state, view.category, view.ref) == (NumberState.ABSENT, "", None)
    assert view.comparability


def test_while_a_number_is_missing_no_response_is_shown():
    for view in response_views(computing()):
        assert view.state is NumberState.COMPUTING
        assert not (view.category or view.headline or view.change or view.reasons)


def test_the_draft_note_goes_once_every_focus_and_reference_is_confirmed():
    done = state()
    for item in state().lesions:
        done = SetRole(item.lesion_id, item.role).apply(done)
    assert response_view(complete(done), 1).draft_note == "Draft: reference not confirmed"
    for visit in (0, 1):
        done = confirm_reference(done, visit).apply(done)
    assert response_view(complete(done), 1).draft_note == ""


@pytest.mark.parametrize("category", [MetabolicCategory.NE, MetabolicCategory.NOT_MEASURABLE])
def test_a_category_without_a_change_prints_no_percent(category):
    derived = complete()
    point = derived.read.latest
    bare = replace(
        point.response,
        category=category,
        change_from_baseline_fraction=None,
        change_from_baseline_abs=None,
        sul_peak_g_per_ml=None,
    )
    answer = replace(
        point.percist,
        overall=category,
        target=bare,
        margins=(),
        report_string=report_string(category.value, None, None),
    )
    points = (derived.read.baseline, replace(point, percist=answer))
    view = response_view(replace(derived, read=replace(derived.read, time_points=points)), 1)
    assert view.headline == category.value.replace("_", " ")
    assert view.change == "" and view.margins == () and view.target == ""
