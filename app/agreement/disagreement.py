"""Reader disagreement index and adjudication rate (spec 5.6; STAT-C04)."""


def disagreement_index(cases_read: int, adjudicator_disagreed: int) -> float | None:
    """Share of the cases read in which the adjudicator disagreed with the reader, as a fraction.

    None where no case was read. Raises ValueError for counts that cannot be.
    """
    if not 0 <= adjudicator_disagreed <= cases_read:
        raise ValueError(f"{adjudicator_disagreed} of {cases_read} cases")
    return None if cases_read == 0 else adjudicator_disagreed / cases_read
