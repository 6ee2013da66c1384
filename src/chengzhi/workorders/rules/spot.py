"""Which of the cases handled on the spot are checked: a fixed share, by the order's number."""

SPREAD = 2_654_435_761  # Knuth's multiplier: neighbours fall far apart
RANGE = 2**32


def is_sampled(pk: int, percent: int) -> bool:
    """Return whether an order is checked all the same; the same order always answers the same."""
    return pk * SPREAD % RANGE * 100 < percent * RANGE
