"""Runs of ids that one query can hold."""

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

AT_ONCE: Final = 5_000
"""SQLite takes 32,766 parameters in a query, PostgreSQL 65,535; this many ids also keep memory small."""


T = TypeVar("T")


def portions(ids: Sequence[T], at_once: int = AT_ONCE) -> Iterable[Sequence[T]]:
    """`ids` in runs of at most `at_once`, in their order."""
    return (ids[start : start + at_once] for start in range(0, len(ids), at_once))
