"""Text from strangers: what in it is meant for a machine's ears, not a reader's, and what is personal."""

from gezhi.privacy.injection import Suspicion, find_suspicions, gives_orders, neutralised
from gezhi.privacy.masking import Personal, PersonalKind, find_personal, masked

__all__ = [
    "Personal",
    "PersonalKind",
    "Suspicion",
    "find_personal",
    "find_suspicions",
    "gives_orders",
    "masked",
    "neutralised",
]
