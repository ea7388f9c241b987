"""Which organ a site belongs to, for the limit of two targets and for new lesions (2.6, 2.8)."""

LYMPH_NODES, LUNG, BONE = "lymph_node", "lung", "bone"

# All nodes, both lungs and the whole skeleton are one organ each (spec 2.6, 3.3).
ORGAN_OF_SITE = {
    **dict.fromkeys(
        (
            "neck", "axilla", "mediastinum", "hilum", "node", "nodes", "lymph node",
            "lymph nodes", "lymph_nodes", "ln", "axillary lymph node",
        ),
        LYMPH_NODES,
    ),
    **dict.fromkeys(("lungs", "right lung", "left lung", "lung_right", "lung_left"), LUNG),
    **dict.fromkeys(("bones", "skeleton", "vertebra", "spine", "rib", "femur"), BONE),
    **dict.fromkeys(("kidneys", "right kidney", "left kidney"), "kidney"),
    **dict.fromkeys(("ovaries", "right ovary", "left ovary"), "ovary"),
    **dict.fromkeys(("adrenals", "adrenal gland", "right adrenal", "left adrenal"), "adrenal"),
}  # fmt: skip
VISCERAL_ORGANS = frozenset(
    {
        LUNG, "liver", "brain", "adrenal", "kidney", "ovary", "spleen", "pancreas", "heart",
        "stomach", "bowel", "colon", "pleura", "peritoneum", "thyroid",
    }
)  # fmt: skip
# Where uptake may be drug-related lung disease or its reactive nodes (spec 2.8).
ILD_SITES = frozenset({LUNG, "chest", "pleura", "hilum", "mediastinum"})


def organ_of(site: str) -> str:
    """The organ of a site by name; a site that is in no table is its own organ, "" unknown."""
    name = site.strip().casefold()
    if name in ("", "unknown"):
        return ""
    return ORGAN_OF_SITE.get(name, name)


def is_visceral(site: str) -> bool:
    """Whether a site is an inner organ. A region of the body such as "chest" is not."""
    return organ_of(site) in VISCERAL_ORGANS


def asks_for_ild(site: str) -> bool:
    """Whether uptake there must pass the question "ILD considered?" first."""
    return bool({site.strip().casefold(), organ_of(site)} & ILD_SITES)
