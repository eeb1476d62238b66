"""How work grows with input: CPU time at n and 4n, with a wide margin, the best of a few runs."""

from __future__ import annotations

import time
from collections.abc import Callable


def is_linear(work: Callable[[int], object], size: int, *, runs: int = 3) -> bool:
    """Quadratic work costs 16 times as much for four times the input: up to 9 passes, and so does anything short."""
    small = min(_cost(work, size) for _ in range(runs))
    large = min(_cost(work, size * 4) for _ in range(runs))
    return large < max(small * 9, 0.05)


def _cost(work: Callable[[int], object], size: int) -> float:
    start = time.process_time()
    work(size)
    return time.process_time() - start
