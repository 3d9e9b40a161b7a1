"""Text from strangers: what in it is meant for a machine's ears, not a reader's."""

from gezhi.privacy.injection import Suspicion, find_suspicions, gives_orders, neutralised

__all__ = ["Suspicion", "find_suspicions", "gives_orders", "neutralised"]
