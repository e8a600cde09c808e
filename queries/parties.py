"""Who hands in a report and who gets it, of the agencies that a question about a deadline names.

"Ban Dân tộc báo cáo trung ương hạn nào": the first sends, the second receives. An agency behind "của" sends, too.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from queries.tasking import OFFICE_NAMED
from queries.vocabulary import WANTED
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Token

HANDING_IN: Final = WANTED.flags("handing_in")
RECEIVERS: Final = WANTED.flags("receivers")
"""Agencies above the province, and those that are told by their level."""
TO: Final = frozenset(("cho", "len", "ve", "toi", "den", "voi"))
"""Words before whoever gets a report."""

Words = tuple[str, ...]


class Parties(NamedTuple):
    """The words for who sends and who receives; () for whoever is not named."""

    sender: Words = ()
    to: Words = ()


def parties_of(tokens: Sequence[Token]) -> Parties:
    """Return who hands in and who receives, by where their names stand beside the word for handing in."""
    verbs = [range(start, end) for start, _, end in HANDING_IN.starts(tokens)]
    if not verbs:
        return Parties()
    named: dict[str, Words] = {}
    for start, end in offices(tokens):
        named.setdefault(role_at(tokens, start, verbs), tuple(token.text for token in tokens[start:end]))
    return Parties(named.get("sender", ()), named.get("to", ()))


def role_at(tokens: Sequence[Token], start: int, verbs: Sequence[range]) -> str:
    """Return "sender" or "to" for the agency named at `start`; "" where its place does not tell."""
    before = bare(tokens[start - 1].text) if start else ""
    if before in TO or start in {verb.stop for verb in verbs}:
        return "to"
    return "sender" if before == "cua" or start < verbs[0].start else ""


def offices(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """The places where agencies' names begin and end, none within another."""
    place = 0
    while place < len(tokens):
        end = max(table.past(tokens, place) for table in (OFFICE_NAMED, RECEIVERS))
        if end > place:
            yield place, end
        place = max(end, place + 1)
