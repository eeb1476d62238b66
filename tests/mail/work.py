"""How work grows with input: CPU time at n and 4n, with a wide margin, the best of a few runs."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def is_linear(work: Callable[[int], object], size: int, *, runs: int = 3) -> bool:
    """Quadratic work costs 16 times as much for four times the input, every time: up to 9 passes, once in a few
    tries, and so does anything short. Without the collector, whose work grows with what all other tests left behind.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return any(_passes(work, size) for _ in range(runs))
    finally:
        if collecting:
            gc.enable()


def _passes(work: Callable[[int], object], size: int) -> bool:
    small = min(_cost(work, size) for _ in range(2))
    large = min(_cost(work, size * 4) for _ in range(2))
    return large < max(small * 9, 0.05)


def _cost(work: Callable[[int], object], size: int) -> float:
    start = time.process_time()
    work(size)
    return time.process_time() - start
