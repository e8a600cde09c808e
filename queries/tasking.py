"""Recognise questions about tasks of plans: a word for a task, its state, and the agency that has it, in any order.

"Nhiệm vụ nào của Ban Dân tộc còn vướng", "sở nông nghiệp còn việc gì chưa làm", "đơn vị nào còn nhiều việc chưa xong". The
answer is the table of tasks, or the tasks of the agency that is named.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final, NamedTuple, Self

from queries.frames import Intent, WhichTasks
from queries.spans import Sentence, Span, Tag
from queries.vocabulary import CLAUSES, WANTED
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Table, Token

TASK_NAMED: Final = WANTED.flags("task_named")
TASK_STATED: Final = WANTED.flags("task_stated")
"""Words for a task only where how it stands follows at once: "việc quá hạn"."""
TASK_ENDS: Final = frozenset(("vu", "viec"))
"""One of these, without diacritics, is in every word that only means a task."""
TASK_OF: Final = WANTED.flags("task_of")
"""Begins a question for the tasks about something: "nhiệm vụ xóa mù chữ"."""
TASK_STATES: Final = WANTED.flags("task_states")
TASK_DUE: Final = WANTED.flags("task_due")
"""Says that tasks have to be done: not which are."""
TASK_UNTIL: Final = WANTED.flags("task_until")
"""Before a day by which tasks have to be done."""
WHY: Final = WANTED.flags("why")
"""Asks for the reason, which is told of tasks and difficulties and of no figure."""
OFFICE_NAMED: Final = WANTED.flags("office_named")
"""Begins an agency's name, unless the question asks which agency."""
OFFICE_ASKED: Final = WANTED.flags("office_asked")
"""Asks whose tasks; the table says so for each."""
WHICH: Final = WANTED.table("which_tasks", WhichTasks)
"""How the tasks stand that are asked for."""
TABLE: Final = "tasks"
"""The meaning of words that ask for the table of tasks."""
WORKS: Final = "works"
"""The meaning of words that ask for single works."""


class SaidOfTasks(NamedTuple):
    """What a question says about tasks, anywhere in it: a word for a task, for its state, for an agency."""

    named: bool
    stands: bool
    office: bool
    clause: str | None
    """The clause that the plans are asked for, if any."""
    first: bool = False
    """Whether the question begins with a word for a task."""

    @classmethod
    def read(cls, tokens: Sequence[Token]) -> Self:
        """Find these words among the tokens."""
        stands = TASK_STATES.stands_in(tokens)
        stated = stands and any(stated_at(tokens, place) for place in range(len(tokens)))
        named = TASK_NAMED.stands_in(tokens) or stated
        first = TASK_OF.at(tokens, 0) is not None
        return cls(named, stands, OFFICE_NAMED.stands_in(tokens), CLAUSES.first_in(tokens), first)

    @property
    def of_agency(self) -> bool:
        """Whether an agency's tasks are asked for, or what it is allotted. Beside figures, its name means nothing."""
        return self.office and (self.named or self.clause in ("task", "agency", "target"))


def stated_at(tokens: Sequence[Token], place: int) -> int | None:
    """The place after a word for a task and how the task stands, if both stand here in a row; else None.

    In the other order only words that mean nothing else count: "chưa báo cáo nhiệm vụ", but not "vướng cái gì".
    """
    if (stands := in_a_row(tokens, place, TASK_STATED, TASK_STATES)) is not None:
        return stands.stop
    if (named := in_a_row(tokens, place, TASK_STATES, TASK_STATED)) is None:
        return None
    words = [bare(tokens[at].text) for at in named]
    return None if TASK_ENDS.isdisjoint(words) else named.stop


def in_a_row(tokens: Sequence[Token], place: int, first: Table[bool], second: Table[bool]) -> range | None:
    """The places of a phrase of the second table, right behind one of the first at `place`; None if they do not stand so."""
    begun = first.at(tokens, place)
    behind = second.at(tokens, begun[1]) if begun else None
    return range(begun[1], behind[1]) if begun and behind else None


def which_tasks(tokens: Sequence[Token]) -> WhichTasks:
    """Return which tasks a question about tasks asks for: "đã xong", "quá hạn" …; all if it does not say.

    What is overdue is not done: "chưa xong mà quá hạn" asks for that.
    """
    said = [which for _, which, _ in WHICH.starts(tokens)]
    return WhichTasks.OVERDUE if WhichTasks.OVERDUE in said else next(iter(said), WhichTasks.ALL)


Role = tuple[Table[bool], Tag, object, Callable[[SaidOfTasks], bool]]
ROLES: Final[Sequence[Role]] = (
    (OFFICE_NAMED, Tag.OFFICE, True, lambda said: said.of_agency),
    (TASK_NAMED, Tag.PLAN, "task", lambda said: said.office),
    (TASK_OF, Tag.PLAN, "task", lambda said: said.first and not said.stands),
    (TASK_NAMED, Tag.TARGETS, TABLE, lambda said: said.stands and not said.office),
    (TASK_DUE, Tag.TARGETS, TABLE, lambda said: said.named and not said.office),
    (TASK_DUE, Tag.PLAN, "task", lambda said: said.named and said.office),
    (TASK_STATES, Tag.FILLER, None, lambda said: said.named),
    (OFFICE_ASKED, Tag.FILLER, None, lambda said: said.named and said.stands),
    (TASK_UNTIL, Tag.FILLER, None, lambda said: said.named and said.stands),
)
"""For each table of words: the tag and value of their spans, and what else the question must say for that."""


def settled_by_reason(sentence: Sentence) -> Sentence:
    """The question for tasks or difficulties without its "vì sao": what blocks them is told with each."""
    told = Intent.DIFFICULTIES in sentence.values(Tag.INTENT) or (
        TASK_NAMED.stands_in(sentence.tokens) and TASK_STATES.stands_in(sentence.tokens)
    )
    if not told:
        return sentence
    return replace(sentence, spans=[without_reason(sentence, span) for span in sentence.spans])


def without_reason(sentence: Sentence, span: Span) -> Span:
    """A span as one without effect, if all of it asks for a reason."""
    asks = span.tag in (Tag.UNCOLLECTED, Tag.UNKNOWN) and span.is_in(WHY, sentence.tokens)
    return replace(span, tag=Tag.FILLER, value=None) if asks else span


def of_tasks(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """Yield the spans at `place` of a question about a task and its state, or about an agency's tasks."""
    begun = roles_at(tokens, place)
    if not begun:
        return
    said = SaidOfTasks.read(tokens)
    for (_, tag, value, is_meant), end in begun:
        if is_meant(said):
            yield Span(place, end, tag, value)


def roles_at(tokens: Sequence[Token], place: int) -> list[tuple[Role, int]]:
    """The roles that the words at `place` may have, each with the place after them."""
    begun = [(role, phrase[1]) for role in ROLES if (phrase := role[0].at(tokens, place))]
    if stated := stated_at(tokens, place):
        begun += [(role, stated) for role in ROLES if role[0] is TASK_NAMED]
    return begun


def task_words(tokens: Sequence[Token], about: str) -> set[int]:
    """Where the words stand that only say that tasks are asked for, and how they stand; none in other questions."""
    tables = (TASK_NAMED, TASK_STATES) if about == "task" else ()
    phrases = chain.from_iterable(table.starts(tokens) for table in tables)
    return {place for start, _, end in phrases for place in range(start, end)}
