"""The buttons of an interview: each names its interview and its question.

What they do is in `handlers.interviewing.moving`; people also type them in words. At any question but the open one, a
button `OfQuestion` never stores a value: it leads back to its own question.
"""

import re
from typing import Annotated, Final

from handlers.buttons import Button, Part, button, number
from handlers.navigation import GoOn as GoOn
from handlers.navigation import OfInterview as OfInterview

Number = Annotated[int, number(6)]
"""Which of the options that the question offered."""
FIGURE: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,4})?")
"""A number as it is kept, of as many digits as a button can hold."""
Figure = Annotated[str, Part(FIGURE.pattern, 14, str)]


class OfQuestion(OfInterview):
    """Belongs to the question above it."""

    __slots__ = ()


@button("q:r", reporting=True)
class ResumeHere(Button):
    """Continue this chat's interview, whichever it is."""


@button("q:{interview}:{mark}:g", reporting=True)
class AskAgain(OfInterview):
    """Back to the question above the button."""


@button("q:{interview}:{mark}:w", reporting=True)
class Replied(AskAgain):
    """What a reply to a question's message does: the same as a button below it that leads back to the question."""


@button("q:{interview}:{mark}:b", reporting=True)
class StepBack(OfQuestion):
    """Back one question."""


@button("q:{interview}:{mark}:s", reporting=True)
class SkipIt(OfQuestion):
    """On without an answer."""


@button("q:{interview}:{mark}:p", reporting=True)
class AsBefore(OfQuestion):
    """Answer as in the period before."""


@button("q:{interview}:{mark}:y", reporting=True)
class Keep(OfQuestion):
    """Keep the present answer."""


@button("q:{interview}:{mark}:c{number}", reporting=True)
class Choose(OfQuestion):
    """One of the options; where several may hold, mark or unmark it."""

    number: Number


@button("q:{interview}:{mark}:k", reporting=True)
class TakeMarked(OfQuestion):
    """Take all marked options as the answer."""


@button("q:{interview}:{mark}:v{number}", reporting=True)
class Meant(OfQuestion):
    """What a doubtful answer may have meant."""

    number: Number


@button("q:{interview}:{mark}:a", reporting=True)
class AddRow(OfQuestion):
    """One more row of a repeat."""


@button("q:{interview}:{mark}:d", reporting=True)
class NoMore(OfQuestion):
    """No more rows."""


@button("q:{interview}:{mark}:h", reporting=True)
class AskOfficer(OfQuestion):
    """Ask the commune's officers for help."""


@button("q:{interview}:{mark}:u", reporting=True)
class Unchanged(OfQuestion):
    """Look at last period's answers, to send them as they are."""


@button("q:{interview}:{mark}:U", reporting=True)
class SendUnchanged(OfInterview):
    """Send them."""


@button("q:{interview}:{mark}:o", reporting=True)
class RestAsBefore(OfInterview):
    """Last period's answers for everything still open."""


@button("q:{interview}:{mark}:e", reporting=True)
class Explain(OfQuestion):
    """Explain the question, and ask it again."""


@button("q:{interview}:{mark}:m", reporting=True)
class TakeSeveral(OfInterview):
    """The answers are as understood."""


@button("q:{interview}:{mark}:N", reporting=True)
class NotSeveral(OfInterview):
    """They are not: nothing of them is stored."""


@button("q:{interview}:{mark}:n", reporting=True)
class LookSeveral(OfInterview):
    """Look at the answers again, as understood."""


@button("q:{interview}:{mark}:F{figure}", reporting=True)
class FigureOf(OfInterview):
    """A number that was said alone answers this question; its mark names that question, whatever is open."""

    figure: Figure


@button("q:{interview}:{mark}:i", reporting=True)
class Changed(OfInterview):
    """As in the period before, except for what is said now."""


@button("q:{interview}:{mark}:l", reporting=True)
class Later(OfInterview):
    """Put the interview aside."""


@button("q:{interview}:{mark}:x", reporting=True)
class GiveUp(OfInterview):
    """Give up; confirmed before it is done."""


@button("q:{interview}:{mark}:X", reporting=True)
class GiveUpNow(OfInterview):
    """Delete the answers."""


@button("q:{interview}:{mark}:S", reporting=True)
class Send(OfInterview):
    """Send the answers."""


@button("q:{interview}:{mark}:T", reporting=True)
class SendOver(OfInterview):
    """Send as a correction of what somebody sent meanwhile."""


@button("q:{interview}:{mark}:O", reporting=True)
class SendSettled(OfInterview):
    """Send: the figures to which the village objected are right now."""


class OfDoubt(OfInterview):
    """Belongs to a queried answer: its mark names that question, whatever is open."""

    __slots__ = ()


@button("q:{interview}:{mark}:z", reporting=True)
class LookDoubted(OfDoubt):
    """Show the query again."""


@button("q:{interview}:{mark}:t", reporting=True)
class RightSo(OfDoubt):
    """The answer is right."""


@button("q:{interview}:{mark}:f", reporting=True)
class MendDoubted(OfDoubt):
    """It is not: ask the question again."""


@button("q:{interview}:{mark}:q", reporting=True)
class AskWhy(OfDoubt):
    """It is right, and there is a reason."""


@button("q:{interview}:{mark}:W", reporting=True)
class WordsAreReason(OfDoubt):
    """What was said is the reason."""


@button("q:{interview}:{mark}:j{number}", reporting=True)
class Because(OfDoubt):
    """The reason with this number; the last is any other."""

    number: Number


@button("q:{interview}:{mark}:I{number}", reporting=True)
class InPlaceBecause(OfInterview):
    """Why it is sent on somebody's behalf: the reason with this number."""

    number: Number


class OfRows(OfInterview):
    """Concerns a repeat, or a row of one: its mark names the repeat or row, whatever is open."""

    __slots__ = ()


@button("q:{interview}:{mark}:R", reporting=True)
class LookRows(OfRows):
    """All rows of a repeat."""


@button("q:{interview}:{mark}:Q", reporting=True)
class LookRow(OfRows):
    """One row with its answers."""


@button("q:{interview}:{mark}:A", reporting=True)
class NewRowOf(OfRows):
    """Another row of a repeat, from wherever the person is."""


@button("q:{interview}:{mark}:D", reporting=True)
class AskDrop(OfRows):
    """Take a row away; asked once more."""


@button("q:{interview}:{mark}:E", reporting=True)
class DropNow(OfRows):
    """Take it away."""


WAYS: Final[tuple[type[OfInterview], ...]] = (
    GoOn, AskAgain, Replied, StepBack, SkipIt, AsBefore, Keep, Choose, TakeMarked, Meant, AddRow, NoMore, AskOfficer,
    Unchanged, SendUnchanged, RestAsBefore, Explain, TakeSeveral,
    NotSeveral, LookSeveral, FigureOf, Changed, Later, GiveUp, GiveUpNow, Send, SendOver, SendSettled, LookDoubted, RightSo,
    MendDoubted, AskWhy, Because, WordsAreReason, InPlaceBecause, LookRows, LookRow, NewRowOf, AskDrop, DropNow,
)  # fmt: skip
"""All of them."""
