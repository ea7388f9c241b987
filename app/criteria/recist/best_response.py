"""The best overall response of a sequence of visits (spec 3.10)."""

from collections.abc import Sequence
from datetime import date

from app.criteria.recist.confirmation import AssessedVisit, confirming_visit
from app.criteria.recist.rules import RecistRules
from app.criteria.recist.table_three import two_visit_best
from app.domain.recist import RecistCategory
from app.domain.recist_response import BestResponse
from app.domain.response import Reason, reason

CR, PR, SD = RecistCategory.CR, RecistCategory.PR, RecistCategory.SD
NON, NED, PD = RecistCategory.NON_CR_NON_PD, RecistCategory.NED, RecistCategory.PD
NE, ND, MISSING = RecistCategory.NE, RecistCategory.ND, RecistCategory.MISSING
# Best first. NED stands beside NON-CR/NON-PD, which it cannot meet in one patient [E].
ORDER = (CR, PR, SD, NON, NED, PD, NE, ND)
NEEDS_TIME = (SD, NON, NED)
# What after a complete response means that it did not last.
NOT_SUSTAINED = (PR, SD, NON)
# What of a visit counts as stable disease once the minimum interval is over.
STABLE_LIKE = {CR: SD, PR: SD, SD: SD, NON: NON, NED: NED}


def best_unconfirmed(
    visits: Sequence[AssessedVisit],
    reference: date,
    rules: RecistRules,
    progression: date | None = None,
) -> BestResponse:
    """The best response without confirmation, up to and including the first PD.

    SD, NON-CR/NON-PD and NED count from `sd_min_days` after `reference`, earlier ones are NE.
    """
    kept = until_progression(visits, progression)
    found = _stated_progression(kept, progression)
    for visit in kept:
        early = (visit.scan_date - reference).days < rules.sd_min_days
        counts = NE if visit.category in NEEDS_TIME and early else visit.category
        found.append((counts, visit.scan_date))
    category, day = _best(found, rules)
    trace = (_why(category, day, reference, rules),)
    return _with_flags(BestResponse(category, day, None, (), trace, ()), kept)


def best_confirmed(
    visits: Sequence[AssessedVisit],
    reference: date,
    rules: RecistRules,
    progression: date | None = None,
) -> BestResponse:
    """The best response where CR and PR must be confirmed; the earliest date of the best wins.

    A CR that did not last and was not confirmed asks for the reader: `reader_options` names
    what Table 3 and this algorithm would give.
    """
    kept = until_progression(visits, progression)
    found = _stated_progression(kept, progression)
    confirmed_at: dict[tuple[RecistCategory, date], date] = {}
    for number, visit in enumerate(kept):
        category, day = visit.category, visit.scan_date
        enough = (day - reference).days >= rules.sd_min_days
        if category in (CR, PR):
            confirming = confirming_visit(kept, number, rules)
            if confirming is not None:
                found.append((category, day))
                confirmed_at.setdefault((category, day), confirming.scan_date)
        if category in STABLE_LIKE:
            found.append((STABLE_LIKE[category] if enough else NE, day))
        else:
            found.append((category, day))
    best, first = _best(found, rules)
    confirmed = None if first is None else confirmed_at.get((best, first))
    trace = [_why(best, first, reference, rules)]
    if confirmed is not None:
        trace.append(reason("REC-3.10-CONFIRM", "BEST_CONFIRMED_ON", date=confirmed.isoformat()))
    response = BestResponse(best, first, confirmed, (), tuple(trace), ())
    options = () if best in (CR, PR) else _options(kept, best, reference, rules)
    return _with_flags(response, kept, options)


def until_progression(
    visits: Sequence[AssessedVisit], progression: date | None = None
) -> list[AssessedVisit]:
    """The visits by date, up to and including the first PD and none after `progression`.

    `progression` is the date of a first PD known from elsewhere, where there is one.
    """
    kept: list[AssessedVisit] = []
    for visit in sorted(visits, key=lambda visit: visit.scan_date):
        if progression is not None and visit.scan_date > progression:
            break
        kept.append(visit)
        if visit.category is PD:
            break
    return kept


def _stated_progression(
    kept: Sequence[AssessedVisit], progression: date | None
) -> list[tuple[RecistCategory, date]]:
    """The PD of a progression date that no visit kept shows (it was dated back, for instance)."""
    shown = any(visit.category is PD for visit in kept)
    return [] if progression is None or shown else [(PD, progression)]


def _best(
    found: Sequence[tuple[RecistCategory, date]], rules: RecistRules
) -> tuple[RecistCategory, date | None]:
    if not found:
        return (NE if rules.missing_as_ne else MISSING), None
    return min(found, key=lambda item: (ORDER.index(item[0]), item[1]))


def _why(category: RecistCategory, day: date | None, reference: date, rules: RecistRules) -> Reason:
    if day is None:
        return reason("REC-3.10", "BEST_WITHOUT_VISITS", category=category.value)
    days, least = (day - reference).days, rules.sd_min_days
    values = {"category": category.value, "date": day.isoformat(), "days": days, "limit": least}
    if category in NEEDS_TIME:
        return reason("REC-3.10-SD", "BEST_STABLE_LONG_ENOUGH", **values)
    if category is NE:
        return reason("REC-3.10-NE", "BEST_NOT_EVALUABLE", **values)
    return reason("REC-3.10", "BEST_FIRST_MET", **values)


def _broken_complete(kept: Sequence[AssessedVisit]) -> tuple[AssessedVisit, AssessedVisit] | None:
    """The first CR and the first later visit at which it had not lasted."""
    first = next((visit for visit in kept if visit.category is CR), None)
    if first is None:
        return None
    later = kept[kept.index(first) + 1 :]
    broken = next((visit for visit in later if visit.category in NOT_SUSTAINED), None)
    return None if broken is None else (first, broken)


def _options(
    kept: Sequence[AssessedVisit], best: RecistCategory, reference: date, rules: RecistRules
) -> tuple[RecistCategory, ...]:
    broken = _broken_complete(kept)
    if broken is None:
        return ()
    first, second = broken
    met = (first.scan_date - reference).days >= rules.sd_min_days
    # Table 3 has no row for NON-CR/NON-PD: disease that persists, as SD does.
    category = SD if second.category is NON else second.category
    table = two_visit_best(CR, category, met)
    return tuple(sorted({best, *table}, key=ORDER.index))


def _with_flags(
    response: BestResponse,
    kept: Sequence[AssessedVisit],
    options: tuple[RecistCategory, ...] = (),
) -> BestResponse:
    broken = _broken_complete(kept)
    if broken is None:
        return response
    why = reason(
        "REC-3.10-CR",
        "COMPLETE_RESPONSE_NOT_SUSTAINED",
        date=broken[0].scan_date.isoformat(),
        later=broken[1].scan_date.isoformat(),
        category=broken[1].category.value,
    )
    return BestResponse(
        response.category,
        response.scan_date,
        response.confirmed_at,
        options,
        (*response.reasons, why),
        ("CR_NOT_SUSTAINED",),
    )
