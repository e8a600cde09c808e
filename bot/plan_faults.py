"""Faults of the plans' files in words, for whoever keeps them: where, what is wrong, and what to write instead."""

from collections.abc import Callable, Iterable

from plans.faults import PlanFault


def fault_lines(faults: Iterable[PlanFault], say: Callable[..., str]) -> list[str]:
    """A line for each fault."""
    return [fault_line(fault, say) for fault in faults]


def fault_line(fault: PlanFault, say: Callable[..., str]) -> str:
    """ "schedule.toml: [[asked]] 3, nuoc-sach: không có trường grase; viết grace"."""
    where = say("plan.row", where=fault.where, row=str(fault.row)) if fault.row else fault.where
    return f"{where}: {say(f'plan.fault.{fault.code}', about=fault.about, write=fault.write)}"
