"""Python's collector of cycles leaves the model alone: each look through all of its objects held up whoever was being answered."""

import gc

SELDOM = 10_000
"""So many more objects made than let go before young ones are looked through; Python's own 700 come with every other answer."""


def settle() -> None:
    """Keep the collector from everything that is there now, which should be what stays. Call again once another model is there."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(SELDOM)
