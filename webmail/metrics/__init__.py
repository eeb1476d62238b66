"""What this process counts and times, in Prometheus' terms, and the number that each request goes by in the logs.

Knows no Django; every other package may import it. No label is ever something that a person typed.
"""

from .readings import Reading, watch
from .snapshot import quantile, snapshot

__all__ = ["Reading", "quantile", "snapshot", "watch"]
