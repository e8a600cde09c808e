"""Questions about tasks of plans: a word for a task, how it stands, and whose it is, in any order.

"Nhiệm vụ nào của Ban Dân tộc còn vướng", "sở nông nghiệp còn việc gì chưa làm", "đơn vị nào còn nhiều việc chưa xong": the
table of tasks answers, or the tasks of the agency that is named.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple, Self

from queries.spans import Span, Tag
from queries.vocabulary import CLAUSES, WANTED
from questionnaires.answers.tokens import Table, Token

TASK_NAMED: Final = WANTED.flags("task_named")
TASK_STATES: Final = WANTED.flags("task_states")
OFFICE_NAMED: Final = WANTED.flags("office_named")
"""Begins an agency's name, unless it is asked which."""
OFFICE_ASKED: Final = WANTED.flags("office_asked")
"""Asks whose tasks: the table says it of each."""
TABLE: Final = "tasks"


class SaidOfTasks(NamedTuple):
    """What of a task a question says anywhere."""

    named: bool
    stands: bool
    office: bool
    clause: str | None
    """What else the plans are asked for."""

    @classmethod
    def read(cls, tokens: Sequence[Token]) -> Self:
        """What the words say."""
        named, stands = TASK_NAMED.stands_in(tokens), TASK_STATES.stands_in(tokens)
        return cls(named, stands, OFFICE_NAMED.stands_in(tokens), CLAUSES.first_in(tokens))

    @property
    def of_agency(self) -> bool:
        """Whether an agency's tasks are asked for: beside figures its name says nothing."""
        return self.office and (self.named or self.clause in ("task", "agency"))


ROLES: Final[Sequence[tuple[Table[bool], Tag, object, Callable[[SaidOfTasks], bool]]]] = (
    (OFFICE_NAMED, Tag.OFFICE, True, lambda said: said.of_agency),
    (TASK_NAMED, Tag.PLAN, "task", lambda said: said.office),
    (TASK_NAMED, Tag.TARGETS, TABLE, lambda said: said.stands and not said.office),
    (TASK_STATES, Tag.FILLER, None, lambda said: said.named),
    (OFFICE_ASKED, Tag.FILLER, None, lambda said: said.named and said.stands),
)
"""What the words of each table are in a question, and what else must be said in it."""


def of_tasks(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """A task and how it stands, wherever both are said; or an agency's tasks, without a word for how they stand."""
    begun = [(role, phrase[1]) for role in ROLES if (phrase := role[0].at(tokens, place))]
    said = SaidOfTasks.read(tokens) if begun else None
    for (_, tag, value, is_meant), end in begun:
        if said is not None and is_meant(said):
            yield Span(place, end, tag, value)
