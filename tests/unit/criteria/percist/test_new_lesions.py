"""New lesions: verdicts, the ILD question, the date of first appearance (spec 2.8)."""

import pytest

from app.criteria.percist.new_lesions import (
    NOT_MALIGNANT_REASONS,
    NewFocus,
    first_appearance,
    new_lesion_response,
)
from app.domain.lesion import NewLesionClass as Class
from viewers.presenters.new_lesions import reasons

NEW, MAYBE, NOT = Class.UNEQUIVOCAL, Class.EQUIVOCAL, Class.NOT_MALIGNANT


def focus(name, verdict, **more):
    cause = "vaccine_node" if verdict is NOT else ""
    return NewFocus(name, verdict, **{"not_malignant_reason": cause, **more})


def test_foci_by_verdict_in_any_order():
    foci = [focus("U3", NEW, site="liver"), focus("U1", MAYBE), focus("U2", NOT), focus("U0", None)]
    found = new_lesion_response(foci)
    assert (found.unequivocal, found.equivocal) == (("U3",), ("U1",))
    assert (found.not_malignant, found.open, found.visceral) == (("U2",), ("U0",), ("U3",))
    assert found.flags == ("NEW_FOCUS_UNCLASSIFIED U0", "NEW_LESION_EQUIVOCAL U1")
    assert new_lesion_response(foci[::-1]) == found
    assert new_lesion_response([]).flags == ()


@pytest.mark.parametrize("site", ["lung", "hilum", "mediastinum", "chest", "Left lung"])
@pytest.mark.parametrize("verdict", [NEW, MAYBE])
def test_lung_and_hilum_count_once_ild_was_considered(site, verdict):
    asked = new_lesion_response([focus("U1", verdict, site=site)])
    assert asked.open == ("U1",)
    assert asked.flags == ("ILD_QUESTION_OPEN U1", "ILD_SAFETY_ALERT U1")
    passed = new_lesion_response([focus("U1", verdict, site=site, ild_considered=True)])
    assert passed.open == ()
    assert "ILD_SAFETY_ALERT U1" in passed.flags


def test_ild_itself_alerts_wherever_it_lies():
    found = new_lesion_response([focus("U1", NOT, not_malignant_reason="pneumonitis_ild")])
    assert found.flags == ("ILD_SAFETY_ALERT U1",)
    assert new_lesion_response([focus("U1", NOT, site="lung")]).not_malignant == ("U1",)


def test_visceral_as_stated_or_by_the_site():
    assert focus("U1", NEW, site="chest", visceral=True).is_visceral
    assert not focus("U1", NEW, site="liver", visceral=False).is_visceral


def test_not_malignant_needs_a_known_reason():
    with pytest.raises(ValueError, match="needs its reason"):
        NewFocus("U1", NOT)
    with pytest.raises(ValueError, match="no reason"):
        NewFocus("U1", NOT, not_malignant_reason="luck")


def test_the_reasons_are_those_the_window_offers():
    assert {code for code, _ in reasons()} == NOT_MALIGNANT_REASONS


@pytest.mark.parametrize(
    ("verdicts", "place"),
    [
        ([NEW], 0),
        ([MAYBE, NEW], 0),
        ([None, MAYBE, NEW], 1),
        ([MAYBE, "unseen", NEW], 0),
        ([MAYBE, None, NEW], 0),
        ([MAYBE, NOT, NEW], 2),
        ([NOT, MAYBE, NEW], 1),
        ([NEW, MAYBE], None),
        ([NEW, "unseen"], None),
        ([], None),
    ],
)
def test_when_a_confirmed_focus_appeared(verdicts, place):
    visits = [
        [focus("U2", NEW)] if verdict == "unseen" else [focus("U2", NEW), focus("U1", verdict)]
        for verdict in verdicts
    ]
    assert first_appearance(visits, "U1") == place
