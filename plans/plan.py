"""The old address of what now has a file each; it goes when nobody imports from here."""

from plans.indicator import Definition, Indicator
from plans.levels import LEVELS
from plans.plans import Plans
from plans.programme import Cover, Deadline, Programme, Sum
from plans.reading import load_plans, read_plans
from plans.target import CommitmentKind, Comparator, Target

__all__ = [
    "LEVELS",
    "CommitmentKind",
    "Comparator",
    "Cover",
    "Deadline",
    "Definition",
    "Indicator",
    "Plans",
    "Programme",
    "Sum",
    "Target",
    "load_plans",
    "read_plans",
]
