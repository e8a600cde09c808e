"""What must be computed anew when an answer changes, and in which order.

A rule computes something of one node: its calculation, its relevance, how many rows it has, or whether its
choice is still offered. The rules are ordered once so that each runs at most once after a change; where no such
order exists, the form goes in a circle and is refused. A repeat that feeds its own count is the one exception:
its rows are counted when the conversation reaches their end.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from questionnaires.expressions import Expression
from questionnaires.questionnaire import Node, Question, Questionnaire, Section


class What(Enum):
    """What a rule computes of its node."""

    RELEVANCE = 0
    ROWS = 1
    CALCULATION = 2
    CHOICES = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """`what` of `node`, by `expression`."""

    what: What
    node: Node
    expression: Expression


class CircularFormError(Exception):
    """The nodes at `paths` wait for each other."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        super().__init__(", ".join(paths))
        self.paths = paths


@dataclass(frozen=True)
class Dependencies:
    """`rules` in a good order; `after` gives, by template path, the places in it of the rules to run once the
    answer there changed, `within` those to run once everything below it appeared or disappeared."""

    rules: tuple[Rule, ...]
    after: Mapping[str, tuple[int, ...]]
    within: Mapping[str, tuple[int, ...]]
    self_fed: frozenset[str]


def rules_of(nodes: Iterable[Node]) -> list[Rule]:
    """Every rule of a form, in document order."""
    rules: list[Rule] = []
    for node in nodes:
        if node.relevant:
            rules.append(Rule(What.RELEVANCE, node, node.relevant))
        if isinstance(node, Section):
            if node.count:
                rules.append(Rule(What.ROWS, node, node.count))
            continue
        if node.calculation:
            rules.append(Rule(What.CALCULATION, node, node.calculation))
        if node.items:
            rules.append(Rule(What.CHOICES, node, node.items))
    return rules


def below(path: str, other: str) -> bool:
    """Whether `other` is `path` or lies in it."""
    return other == path or other.startswith(f"{path}/")


def triggers(rule: Rule) -> list[str]:
    """The template paths whose change makes `rule` run. A calculation or filter may look at its own answer."""
    own = rule.node.path
    if rule.what is What.CHOICES:
        return [path for path in rule.expression.reads if path != own]
    if rule.what is What.CALCULATION and "once" in rule.expression.functions:
        return [path for path in rule.expression.reads if path != own]
    return list(rule.expression.reads)


def edges(rules: list[Rule]) -> list[set[int]]:
    """For each rule the rules that must follow it."""
    readers = readers_of(rules)
    choices = [place for place, rule in enumerate(rules) if rule.what is What.CHOICES]
    follow: list[set[int]] = []
    for rule in rules:
        concerned = below if rule.what in (What.RELEVANCE, What.ROWS) else str.__eq__
        follow.append(
            {place for path, places in readers.items() if concerned(rule.node.path, path) for place in places}
        )
        if rule.what is What.RELEVANCE:
            # A choice is looked at again when its question comes back.
            follow[-1] |= {place for place in choices if below(rule.node.path, rules[place].node.path)}
    return follow


def readers_of(rules: list[Rule]) -> dict[str, list[int]]:
    """By template path, the places of the rules to run once the answer there changed."""
    readers: dict[str, list[int]] = {}
    for place, rule in enumerate(rules):
        for path in triggers(rule):
            readers.setdefault(path, []).append(place)
    return readers


def ordered(follow: list[set[int]]) -> tuple[list[int], list[int]]:
    """Places in an order in which none comes before what it follows, and those that are caught in circles."""
    waiting = [0] * len(follow)
    for found in follow:
        for place in found:
            waiting[place] += 1
    ready = [place for place, number in enumerate(waiting) if not number]
    order: list[int] = []
    for place in ready:
        order.append(place)
        for other in sorted(follow[place]):
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    done = set(order)
    return order, [place for place in range(len(follow)) if place not in done]


def dependencies(nodes: tuple[Node, ...]) -> Dependencies:
    """The rules of a form with their order. Raises CircularFormError."""
    rules = rules_of(nodes)
    self_fed: set[str] = set()
    while True:
        follow = edges(rules)
        order, circle = ordered(follow)
        if not circle:
            break
        caught = [rules[place] for place in circle]
        counts = [rule for rule in caught if rule.what is What.ROWS and in_own_circle(rules, follow, rule)]
        if not counts:
            names = tuple(rules[place].node.path for place in circle if reaches(follow, place, place))
            raise CircularFormError(tuple(dict.fromkeys(names)))
        self_fed.add(counts[0].node.path)
        rules.remove(counts[0])
    return arranged(nodes, [rules[place] for place in order], frozenset(self_fed))


def in_own_circle(rules: list[Rule], follow: list[set[int]], rule: Rule) -> bool:
    place = rules.index(rule)
    return reaches(follow, place, place)


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
    """Rules in their order with the two ways to find those that a change concerns."""
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
    """The places of the rules to run once everything at and below `node` appeared or disappeared."""
    reading = {place for path, places in after.items() if below(node.path, path) for place in places}
    inside = {place for place, rule in enumerate(rules) if below(node.path, rule.node.path)}
    if repeats(node):
        # A new row computes all that is in it; the repeat's own rules have run to make it.
        return reading | {place for place in inside if starts_anew(rules[place], node)}
    return reading | {place for place in inside if rules[place].what is What.CHOICES}


def starts_anew(rule: Rule, repeat: Node) -> bool:
    """Whether a rule inside a repeat belongs to its rows, not to the repeat itself."""
    return rule.node.path != repeat.path or rule.what is What.CHOICES


def of(form: Questionnaire) -> Dependencies:
    """The rules of a compiled form."""
    return dependencies(form.nodes)


__all__ = ["CircularFormError", "Dependencies", "Question", "Rule", "What", "dependencies", "of"]
