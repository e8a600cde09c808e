"""Which rules to recompute when an answer changes, and in which order.

A rule computes one thing about a node: its calculation, its relevance, its number of rows, or whether its choice is still
offered. The rules are ordered once, so that each runs at most once after a change. If there is no such order, the form is
circular and is refused. There are two exceptions. If the rows of a repeat decide its own count, they are counted when the
conversation reaches their end. And the relevance of a group may depend on an answer within it, as ODK Collect allows: its
rule runs when that answer changes, but not when the group itself hides it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain

from questionnaires.expressions import Expression
from questionnaires.questionnaire import Node, Section


class What(Enum):
    """What a rule computes of its node."""

    RELEVANCE = 0
    ROWS = 1
    CALCULATION = 2
    CHOICES = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """Computes `what` of `node` by `expression`."""

    what: What
    node: Node
    expression: Expression

    @property
    def may_read_itself(self) -> bool:
        """Whether it may read its own answer without being circular."""
        return self.what is What.CHOICES or (
            self.what is What.CALCULATION and "once" in self.expression.functions
        )

    @property
    def reads_within(self) -> bool:
        """Whether it shows or hides a group depending on an answer within that group."""
        inside = f"{self.node.path}/"
        return self.what is What.RELEVANCE and any(path.startswith(inside) for path in self.expression.reads)

    @property
    def triggers(self) -> list[str]:
        """The template paths whose change makes it run."""
        own = self.node.path if self.may_read_itself else None
        return [path for path in self.expression.reads if path != own]

    def changes(self, path: str) -> bool:
        """Whether its result may change the answer at `path`."""
        if self.what in (What.RELEVANCE, What.ROWS):
            return below(self.node.path, path)
        return path == self.node.path


class CircularFormError(Exception):
    """The nodes at `paths` depend on each other in a circle."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        super().__init__(", ".join(paths))
        self.paths = paths


@dataclass(frozen=True)
class Dependencies:
    """`rules` in an order in which each comes after those it depends on.

    By template path, `after` gives the places in `rules` of those to run when the answer there changed, and `within` of
    those to run when the node appeared or disappeared with everything below it. `self_fed` are the paths of repeats
    whose rows decide their own count.
    """

    rules: tuple[Rule, ...]
    after: Mapping[str, tuple[int, ...]]
    within: Mapping[str, tuple[int, ...]]
    self_fed: frozenset[str]


def rules_of(nodes: Iterable[Node]) -> list[Rule]:
    """Return every rule of a form, in document order."""
    return [
        Rule(what, node, expression)
        for node in nodes
        for what, expression in computed(node)
        if expression is not None
    ]


def computed(node: Node) -> Sequence[tuple[What, Expression | None]]:
    """Return what can be computed about a node, each with its expression; None if the form has none."""
    if isinstance(node, Section):
        return (What.RELEVANCE, node.relevant), (What.ROWS, node.count)
    return (
        (What.RELEVANCE, node.relevant),
        (What.CALCULATION, node.calculation),
        (What.CHOICES, node.items),
    )


def below(path: str, other: str) -> bool:
    """Whether `other` is `path` or below it."""
    return other == path or other.startswith(f"{path}/")


def edges(rules: list[Rule]) -> list[set[int]]:
    """Return, for each rule, the places of the rules that must run after it."""
    readers = readers_of(rules)
    return [
        following(rule, rules, readers) - ({place} if rule.reads_within else set())
        for place, rule in enumerate(rules)
    ]


def following(rule: Rule, rules: list[Rule], readers: Mapping[str, Sequence[int]]) -> set[int]:
    """Return the places of the rules that must run after `rule`."""
    after = {place for path, places in readers.items() if rule.changes(path) for place in places}
    if rule.what is What.RELEVANCE:
        # When a question becomes relevant again, its choice is checked again.
        after |= choices_below(rules, rule.node.path)
    return after


def choices_below(rules: Sequence[Rule], path: str) -> set[int]:
    """Return the places of the rules that check whether choices at and below `path` are still offered."""
    return {
        place for place, rule in enumerate(rules) if rule.what is What.CHOICES and below(path, rule.node.path)
    }


def readers_of(rules: list[Rule]) -> dict[str, list[int]]:
    """Return, by template path, the places of the rules to run when the answer there changed."""
    readers: dict[str, list[int]] = {}
    for place, rule in enumerate(rules):
        for path in rule.triggers:
            readers.setdefault(path, []).append(place)
    return readers


def ordered(follow: list[set[int]]) -> tuple[list[int], list[int]]:
    """Sort places so that each comes after those it must follow. Return them, and the places left over in circles."""
    waiting = Counter(chain.from_iterable(follow))
    order = [place for place in range(len(follow)) if not waiting[place]]
    for place in order:
        for other in sorted(follow[place]):
            waiting[other] -= 1
            if not waiting[other]:
                order.append(other)  # the loop over `order` will reach it
    return order, sorted(set(range(len(follow))) - set(order))


def dependencies(nodes: tuple[Node, ...]) -> Dependencies:
    """Return the rules of a form with their order. Raises CircularFormError."""
    rules = rules_of(nodes)
    self_fed: set[str] = set()
    while True:
        follow = edges(rules)
        order, circle = ordered(follow)
        if not circle:
            return arranged(nodes, [rules[place] for place in order], frozenset(self_fed))
        count = self_feeding_count(rules, follow, circle)
        if count is None:
            raise CircularFormError(in_circles(rules, follow, circle))
        # Dropping this rule may break the circle: the rows are counted when the conversation reaches their end.
        self_fed.add(rules[count].node.path)
        del rules[count]


def in_circles(rules: list[Rule], follow: list[set[int]], circle: list[int]) -> tuple[str, ...]:
    """Return the nodes that depend on themselves, without those that only depend on these."""
    names = (rules[place].node.path for place in circle if reaches(follow, place, place))
    return tuple(dict.fromkeys(names))


def self_feeding_count(rules: list[Rule], follow: list[set[int]], circle: list[int]) -> int | None:
    """Return the place of the first rule in a circle that counts a repeat's rows by their own answers; else None."""
    counts = (place for place in circle if rules[place].what is What.ROWS)
    return next((place for place in counts if reaches(follow, place, place)), None)


def reaches(follow: list[set[int]], start: int, goal: int) -> bool:
    """Whether `goal` follows `start`, directly or through others."""
    seen: set[int] = set()
    open_ = list(follow[start])
    while open_:
        place = open_.pop()
        if place == goal:
            return True
        if place not in seen:
            seen.add(place)
            open_.extend(follow[place])
    return False


def arranged(nodes: tuple[Node, ...], rules: list[Rule], self_fed: frozenset[str]) -> Dependencies:
    """Return sorted rules as `Dependencies`, with the lookups for what a change concerns."""
    after = {path: tuple(places) for path, places in readers_of(rules).items()}
    within = {
        node.path: tuple(sorted(concerned_within(node, rules, after)))
        for node in nodes
        if node.relevant is not None or repeats(node)
    }
    return Dependencies(tuple(rules), after, within, self_fed)


def repeats(node: Node) -> bool:
    """Whether a node is a repeat."""
    return isinstance(node, Section) and node.repeats


def concerned_within(node: Node, rules: list[Rule], after: Mapping[str, tuple[int, ...]]) -> set[int]:
    """Return the places of the rules to run when everything at and below `node` appeared or disappeared."""
    reading = {place for path, places in after.items() if below(node.path, path) for place in places}
    return reading | (rules_of_rows(rules, node) if repeats(node) else choices_below(rules, node.path))


def rules_of_rows(rules: list[Rule], repeat: Node) -> set[int]:
    """Return the places of the rules to run for a new row: those within it. The repeat's own ran before, to add it."""
    inside = {place for place, rule in enumerate(rules) if below(repeat.path, rule.node.path)}
    return {place for place in inside if starts_anew(rules[place], repeat)}


def starts_anew(rule: Rule, repeat: Node) -> bool:
    """Whether a rule at or below a repeat belongs to its rows, not to the repeat itself."""
    return rule.node.path != repeat.path or rule.what is What.CHOICES
