"""Cents: shared out to the last one, and as a message says them."""

from collections.abc import Mapping


def said(cents: int) -> str:
    """An amount for a message, in the company's money without its sign."""
    return f"{cents / 100:,.2f}"


def split(cents: int, weights: Mapping[int, int]) -> dict[int, int]:
    """Cents shared by weight to the last one: largest remainder first, then the smaller key.

    Keyed, so that the order of lines decides nothing. ValueError where all weights are nothing.
    """
    whole = sum(weights.values())
    if whole <= 0 or cents < 0 or min(weights.values()) < 0:
        raise ValueError("nothing to share by")
    shares = {key: cents * weight // whole for key, weight in weights.items()}
    left = cents - sum(shares.values())
    for key in sorted(weights, key=lambda key: (-(cents * weights[key] % whole), key))[:left]:
        shares[key] += 1
    return shares
