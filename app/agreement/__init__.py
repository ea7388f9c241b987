"""How well readers agree (spec 5.6): kappa, ICC, Bland-Altman, disagreement index.

Statistics over many cases, not rules about one; hence a room of its own in which numpy and scipy
are allowed.
"""
