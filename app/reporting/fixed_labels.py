"""The headings and fixed words of the report's layout, in the chosen language."""

from app.translation import mark, tr

LABELS = {
    "page_of": mark("Page {page} of {pages}"),
    "none": mark("None."),
    "margin": mark("Margin: {text}."),
    "why": mark("Why"),
    "no_follow_up": mark("No follow-up to compare."),
    "rule_set": mark("Rule set: {text}."),
    "other_rule_set": mark("The other named rule set, {text}."),
    "to_be_judged": mark("To be judged by the reader"),
    "unmatched": mark("Foci without a counterpart at baseline"),
    "key_images": mark("Key images"),
    "lesions": mark("Lesions"),
    "physiological": mark("Foci marked as physiological"),
    "left_out": mark("Left out"),
    "acquisition_chapter": mark("Acquisition, reference region, comparability"),
    "acquisition": mark("Acquisition and quantification"),
    "references": mark("Reference region"),
    "comparability": mark("Prerequisites and comparability, {text}"),
    "sensitivity": mark("Sensitivity: the same read under other settings"),
    "checks_chapter": mark("Data checks, settings, provenance"),
    "checks": mark("Data checks"),
    "nothing_found": mark("Data checks: nothing to report."),
    "stated": mark("{text}:"),
    "outside": mark("Outside the protocol: {text}."),
    "settings": mark("Settings"),
    "provenance": mark("Provenance"),
}


def translated_labels() -> dict[str, str]:
    """Each fixed text by its name in the layout; placeholders stay for the layout to fill."""
    return {name: tr(text) for name, text in LABELS.items()}
