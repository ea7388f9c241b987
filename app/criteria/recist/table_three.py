"""The best response of two visits where confirmation is required (spec 3.10, Table 3)."""

from app.domain.recist import RecistCategory

CR, PR, SD = RecistCategory.CR, RecistCategory.PR, RecistCategory.SD
PD, NE = RecistCategory.PD, RecistCategory.NE
NON = RecistCategory.NON_CR_NON_PD


def two_visit_best(
    first: RecistCategory, second: RecistCategory, sd_min_met: bool
) -> tuple[RecistCategory, ...]:
    """The best response of two consecutive visits; several categories are a reader's decision.

    Rows that Table 3 prints are taken from it. The others follow its sense [E]: a first SD or
    NON-CR/NON-PD counts if the minimum interval was met, nothing counts after PD, and a second
    visit after NE stands alone, an unconfirmed response of it as SD.
    """
    if first is CR and second is PR:
        # A true CR with disease afterwards is PD then; a wrong one was a PR all along.
        return (SD, PD, PR)
    if first is CR and second is CR:
        return (CR,)
    if first is PR and second in (CR, PR):
        return (PR,)
    if first is PR and second is SD:
        return (SD,)
    if first is PD:
        return (PD,)
    if first is NE:
        if second in (PD, NE):
            return (second,)
        kind = NON if second is NON else SD
        return (kind if sd_min_met else NE,)
    if sd_min_met:
        return (NON if first is NON else SD,)
    if second is PD or (first is CR and second in (SD, NON)):
        return (PD,)
    return (NE,)
