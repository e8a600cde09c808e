"""The coverage of a figure and its change, in the same words wherever a figure is told."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Protocol

from markupsafe import Markup

from plans.covered import Change, Covered


class Say(Protocol):
    """A sentence by its key, with values filled in as the language writes them."""

    def __call__(self, key: str, **values: object) -> Markup: ...


class InWords(Protocol):
    """How numbers of one indicator are written."""

    def number(self, value: Decimal) -> Markup:
        """A value with its unit."""
        ...

    def rounded(self, value: Decimal) -> Decimal:
        """A value as it is shown."""
        ...

    def short(self, by: Decimal) -> Decimal:
        """Return a difference with as many decimals as the values have; see `by_as_told`."""
        ...

    def difference(self, by: Decimal) -> str:
        """Return what a difference of `by` is counted in."""
        ...


def coverage_text(covered: Covered, level: str, say: Say, lang: str) -> Markup:
    """Return who has reported for the period, whose older values are carried, and who has none: "31/40 thôn báo kỳ
    này; …"."""
    unit = say(f"progress.units.{level}")
    whole = covered.fresh == covered.expected
    key = "covered.full" if covered.partly else "covered.whole" if whole else "covered.fresh"
    rows = [say(key, fresh=covered.full, expected=covered.expected, unit=unit)]
    if covered.partly:
        rows.append(say("covered.partly", n=covered.partly, unit=unit))
    if covered.carried and covered.oldest:
        oldest = covered.oldest.name(lang)
        rows.append(say("covered.carried_since", n=covered.carried, unit=unit, oldest=oldest))
    elif covered.carried:
        rows.append(say("covered.carried", n=covered.carried, unit=unit))
    if covered.without and not whole:
        rows.append(say("covered.without", n=covered.without, unit=unit))
    return Markup("; ").join(rows)


def in_brief(covered: Covered, level: str, say: Say) -> Markup:
    """Return the same in a few words, for brackets after a value."""
    counts = {"fresh": covered.full, "expected": covered.expected, "n": covered.carried}
    key = "covered.brief_carried" if covered.carried else "covered.brief"
    if covered.partly:
        key = "covered.brief_full"
    return say(key, unit=say(f"progress.units.{level}"), **counts)


def changed_text(change: Change, known: int, level: str, words: InWords, say: Say, lang: str) -> Markup:
    """Return what changed, over which units, and which are new; `known`: from how many units the figure is."""
    return Markup("; ").join(change_parts(change, known, level, words, say, lang))


def change_parts(
    change: Change, known: int, level: str, words: InWords, say: Say, lang: str
) -> Iterator[Markup]:
    """Yield the change over units with figures of both periods, then the new units."""
    units = say(f"progress.units.{level}")
    if change.by is not None and change.before.value is not None:
        by, whole = by_as_told(change.by, words), is_of_all(change, known)
        yield say(
            f"progress.{way_told(by, change.by)}{'' if whole else '_among'}",
            by=abs(by),
            unit=words.difference(abs(by)),
            then=change.since.name(lang) if change.since else say("progress.period_before"),
            was=words.number(words.rounded(change.before.value)),
            over=over_text(change, level, say),
        )
    if change.new and known > 1:
        brought = change.of_new.value if change.of_new else None
        key, value = ("new_alone", "") if brought is None else ("new", words.number(brought))
        yield say(f"progress.{key}", n=change.new, units=units, value=value)


def is_of_all(change: Change, known: int) -> bool:
    """Whether a change is over all units of the figure; then its earlier end is told too."""
    return change.places == known and not change.new and not change.carried


def by_as_told(by: Decimal, words: InWords) -> Decimal:
    """Return a difference as it is told everywhere: of the exact values, and rounded once, when it is written.

    The difference of two values that are rounded already may be a whole step off, and puts units in a wrong order.
    """
    return words.short(by)


def over_text(change: Change, level: str, say: Say) -> Markup:
    """Return over which units a change is: those with a value of both periods; for a stock, older values count too."""
    key = "both" if change.carried == 0 else "some" if change.carried is None else "carried"
    counts = {"n": change.places, "carried": change.carried or 0}
    return say(f"progress.over.{key}", units=say(f"progress.units.{level}"), **counts)


def way_told(told: Decimal, exact: Decimal) -> str:
    """Return which way it went, as the last part of a key; `told`: by how much, as it is written.

    What changed by less than can be written has not stayed the same: its ends may even look different.
    """
    if not told:
        return "nearly" if exact else "same"
    return "up" if told > 0 else "down"
