"""The buttons of an interview: each names the interview and the question that it stands under.

What they do stands in `handlers.interviewing.moving`; people also type them in words. Under any other question than
the open one a button `OfQuestion` never stores a value: it leads back to its own question.
"""

from typing import Annotated, Final

from handlers.buttons import Button, button, number
from handlers.navigation import GoOn as GoOn
from handlers.navigation import OfInterview as OfInterview

Number = Annotated[int, number(6)]
"""Which of the choices that the question offered."""


class OfQuestion(OfInterview):
    """Concerns the question under which it stands."""

    __slots__ = ()


@button("q:r", reporting=True)
class ResumeHere(Button):
    """Go on with this chat's interview, whichever it is."""


@button("q:{interview}:{mark}:g", reporting=True)
class AskAgain(OfInterview):
    """Back to the question that it stands under."""


@button("q:{interview}:{mark}:w", reporting=True)
class Replied(AskAgain):
    """What a reply to a question's message does: as a button under it that leads back to the question."""


@button("q:{interview}:{mark}:b", reporting=True)
class StepBack(OfQuestion):
    """One question back."""


@button("q:{interview}:{mark}:s", reporting=True)
class SkipIt(OfQuestion):
    """On without an answer."""


@button("q:{interview}:{mark}:p", reporting=True)
class AsBefore(OfQuestion):
    """The answer of the period before."""


@button("q:{interview}:{mark}:y", reporting=True)
class Keep(OfQuestion):
    """The answer that stands already."""


@button("q:{interview}:{mark}:c{number}", reporting=True)
class Choose(OfQuestion):
    """One of the choices; where several may hold, it is marked or unmarked."""

    number: Number


@button("q:{interview}:{mark}:k", reporting=True)
class TakeMarked(OfQuestion):
    """All that was marked is the answer."""


@button("q:{interview}:{mark}:v{number}", reporting=True)
class Meant(OfQuestion):
    """What a doubtful answer may have meant."""

    number: Number


@button("q:{interview}:{mark}:a", reporting=True)
class AddRow(OfQuestion):
    """One more of what is repeated."""


@button("q:{interview}:{mark}:d", reporting=True)
class NoMore(OfQuestion):
    """No more of it."""


@button("q:{interview}:{mark}:h", reporting=True)
class AskOfficer(OfQuestion):
    """Tell the commune's officers that help is wanted."""


@button("q:{interview}:{mark}:u", reporting=True)
class Unchanged(OfQuestion):
    """Look at last period's answers, to send them as they are."""


@button("q:{interview}:{mark}:U", reporting=True)
class SendUnchanged(OfInterview):
    """Send them."""


@button("q:{interview}:{mark}:o", reporting=True)
class RestAsBefore(OfInterview):
    """The answers of the period before to all that is still open."""


@button("q:{interview}:{mark}:e", reporting=True)
class Explain(OfQuestion):
    """What the question means, and the question again."""


@button("q:{interview}:{mark}:m", reporting=True)
class TakeSeveral(OfInterview):
    """What was understood of several answers is right."""


@button("q:{interview}:{mark}:n", reporting=True)
class LookSeveral(OfInterview):
    """Look again at what was understood of several answers."""


@button("q:{interview}:{mark}:i", reporting=True)
class Changed(OfInterview):
    """All as in the period before, but for what is said now."""


@button("q:{interview}:{mark}:l", reporting=True)
class Later(OfInterview):
    """Put the interview aside."""


@button("q:{interview}:{mark}:x", reporting=True)
class GiveUp(OfInterview):
    """Give it up; asked once more."""


@button("q:{interview}:{mark}:X", reporting=True)
class GiveUpNow(OfInterview):
    """Forget its answers."""


@button("q:{interview}:{mark}:S", reporting=True)
class Send(OfInterview):
    """Send what is answered."""


@button("q:{interview}:{mark}:T", reporting=True)
class SendOver(OfInterview):
    """Send it as a correction of what somebody sent meanwhile."""


class OfDoubt(OfInterview):
    """Concerns an answer that was asked back: its mark is that of the question, whatever is open."""

    __slots__ = ()


@button("q:{interview}:{mark}:z", reporting=True)
class LookDoubted(OfDoubt):
    """Ask it back once more."""


@button("q:{interview}:{mark}:t", reporting=True)
class RightSo(OfDoubt):
    """It is right."""


@button("q:{interview}:{mark}:f", reporting=True)
class MendDoubted(OfDoubt):
    """It is not: ask the question again."""


@button("q:{interview}:{mark}:q", reporting=True)
class AskWhy(OfDoubt):
    """It is right, and there is a reason."""


@button("q:{interview}:{mark}:W", reporting=True)
class WordsAreReason(OfDoubt):
    """What was said is why it is right."""


@button("q:{interview}:{mark}:j{number}", reporting=True)
class Because(OfDoubt):
    """The reason of this number; the last is any other."""

    number: Number


@button("q:{interview}:{mark}:I{number}", reporting=True)
class InPlaceBecause(OfInterview):
    """Why it is sent in somebody's place: the reason of this number."""

    number: Number


WAYS: Final[tuple[type[OfInterview], ...]] = (
    GoOn, AskAgain, Replied, StepBack, SkipIt, AsBefore, Keep, Choose, TakeMarked, Meant, AddRow, NoMore, AskOfficer,
    Unchanged, SendUnchanged, RestAsBefore, Explain, TakeSeveral,
    LookSeveral, Changed, Later, GiveUp, GiveUpNow, Send, SendOver, LookDoubted, RightSo, MendDoubted, AskWhy, Because,
    WordsAreReason, InPlaceBecause,
)  # fmt: skip
"""Every one of them."""
