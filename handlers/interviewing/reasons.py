"""The reply to a queried answer: it is right, it is right because …, or it is another; by buttons or in words."""

from collections.abc import Awaitable, Callable
from typing import Final

from markupsafe import Markup

from handlers import asked_back
from handlers.asked_back import REASON, RIGHT
from handlers.danger import heard
from handlers.interviewing import challenging, flow, marks, several
from handlers.interviewing.other_figure import other_figure, own_words
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.slipped import Slip, slip_in
from handlers.interviewing.spoken import WITHIN
from handlers.interviewing.ways import (
    FIGURE,
    AsBefore,
    AskWhy,
    Because,
    FigureOf,
    LookDoubted,
    MendDoubted,
    OfDoubt,
    RightSo,
    WordsAreReason,
)
from handlers.messages import Choice, clip, row
from handlers.named_period import without_dates
from handlers.twice import AT_ONCE
from handlers.vocabulary import ASKING, OF_REASONS, WHY, ends_as_question, intent_of
from plans.challenges import Challenge
from questionnaires.answers.text import clean, one_spelling
from questionnaires.answers.tokens import tokens_of, without_marks
from questionnaires.interview import Answer, Event, GoTo, Recorded, Refused, show_value, step
from questionnaires.numbers_said import NUMBER, numbers_in_figures, says_minus, says_number
from questionnaires.one_change import AnswerChange, says_wrong
from questionnaires.several import Several

DRY: Final = OF_REASONS.flags("dry")
"""Words that say that water ran out: elsewhere they may tell of a danger."""
DRIED_UP: Final = "dried_up"
"""The id of that reason in `plans/challenges.toml`."""
WORDS: Final = 2
"""The fewest words that make a reason; a single one may be about anything."""
SHORT: Final = 5
"""In a message of up to this many words, a number is rather another answer than part of a reason."""


def path_of(sitting: Sitting, way: OfDoubt) -> str | None:
    """The path of the answer that a button is about, if that question still has one; `WHOLE` for an unlikely report."""
    if way.mark == marks.NONE:
        return challenging.WHOLE if challenging.of_whole(sitting) else None
    path = marks.path_of(sitting.form, way.mark, sitting.known_paths())
    return path if path and sitting.interview.values.get(path) else None


async def press(sitting: Sitting, way: OfDoubt, *before: Markup) -> None:
    """Do what a button below a queried answer means."""
    path = path_of(sitting, way)
    if waits_first(sitting, path, way):
        await look(sitting, sitting.notes.doubted, way, *before)
    elif path is None:
        flow.again(sitting, *before, sitting.turn.say("interview.old_button_gone"))
    elif isinstance(way, MendDoubted):
        await mend(sitting, path)
    else:
        await press_of_doubt(sitting, path, way, *before)


async def press_of_doubt(sitting: Sitting, path: str, way: OfDoubt, *before: Markup) -> None:
    """Do what a button means that says something of the doubt about the answer at `path`, as far as there is one."""
    doubt = challenging.doubt_at(sitting, path)
    if doubt is None:
        # An older button, for an answer that was corrected since: a reason for it would be kept nowhere.
        flow.again(sitting, *before, sitting.turn.say("challenge.not_doubted"))
    elif is_unfit(sitting, path, doubt, way):
        await look(sitting, path, way, *before)
    else:
        await PRESSED[type(way)](sitting, path, way, *before)


def waits_first(sitting: Sitting, path: str | None, way: OfDoubt) -> bool:
    """Whether numbers that cannot go together are on the screen, and the button is an older one about another answer: a
    reason for that would lead past them."""
    here = sitting.notes.doubted
    other = bool(sitting.notes.at) and path != here and not isinstance(way, MendDoubted | LookDoubted)
    return other and bool(here) and challenging.is_impossible(sitting, here)


def is_unfit(sitting: Sitting, path: str, doubt: Challenge, way: OfDoubt) -> bool:
    """Whether a button cannot say what it says: what is doubtful now was never shown, for another figure changed since;
    or it cannot be, whatever the reason."""
    unseen = isinstance(way, RightSo | Because) and challenging.said_to(sitting, path, doubt) is None
    return unseen or doubt.impossible


async def look(sitting: Sitting, path: str, _: OfDoubt, *before: Markup) -> None:
    """Show the query again; if the answer is no longer unlikely, go on."""
    doubt = challenging.doubt_at(sitting, path)
    if doubt is None:
        flow.again(sitting, *before)
    elif not path:
        challenging.ask_whole(sitting, doubt, *before)
    else:
        challenging.ask(sitting, path, doubt, *before)


async def right(sitting: Sitting, path: str, *_: object) -> None:
    """Keep the answer as it is. Of an older query that was replied to, say so: another question may be open."""
    here = bool(sitting.notes.at) and sitting.notes.doubted == path
    if not here and is_settled(sitting, path):
        flow.again(sitting, sitting.turn.say("challenge.not_doubted"))
        return
    sitting.settle(str(sitting.turn.say("challenge.button.right")) if here else "")
    challenging.reply(sitting, path, RIGHT)
    go_on(sitting, sitting.turn.say("challenge.kept" if path else "challenge.kept_whole"))


def is_settled(sitting: Sitting, path: str) -> bool:
    """Whether something was said of what is doubtful about an answer now."""
    doubt = challenging.doubt_at(sitting, path)
    said = challenging.said_to(sitting, path, doubt) if doubt else None
    return said is not None and bool(said.reason or said.words)


async def mend(sitting: Sitting, path: str, *_: object) -> None:
    """Ask the question again. For the whole report show all answers: each has its button there."""
    if not path:
        sitting.settle()
        go_on(sitting)
        return
    flow.left(sitting)
    flow.show(sitting, sitting.step(GoTo(path)))


async def why(sitting: Sitting, path: str, _: OfDoubt, *before: Markup) -> None:
    """Ask for the reason."""
    sitting.settle()
    challenging.ask_why(sitting, path, *before)


async def because(sitting: Sitting, path: str, way: Because, *_: Markup) -> None:
    """Keep the chosen reason; the last button asks for one in words."""
    reasons = challenging.reasons_for(sitting, path)
    if way.number >= len(reasons):
        challenging.ask_why(sitting, path, in_words=True)
        return
    reason = reasons[way.number]
    name = reason.named(sitting.turn.locale)
    sitting.settle(name)
    challenging.reply(sitting, path, reason.id)
    go_on(sitting, sitting.turn.say("challenge.reason_kept", reason=name))


async def words_are(sitting: Sitting, path: str, way: OfDoubt, *before: Markup) -> None:
    """Keep what was said as the reason; if nothing was, query the answer again."""
    if not (sitting.notes.reason_said and in_words(sitting, path, sitting.notes.reason_said)):
        await look(sitting, path, way, *before)


PRESSED: Final[dict[type[OfDoubt], Callable[..., Awaitable[None]]]] = {
    LookDoubted: look,
    RightSo: right,
    MendDoubted: mend,
    AskWhy: why,
    Because: because,
    WordsAreReason: words_are,
}


def go_on(sitting: Sitting, *before: Markup) -> None:
    """Go on to the open question, or to the review."""
    sitting.note(doubted="", reason_said="")
    flow.again(sitting, *before)


# --- typed ----------------------------------------------------------------------------------------------


def typed(sitting: Sitting, text: str) -> bool:
    """Take `text` as another answer or as the reason; False if it is neither."""
    path, counts = sitting.notes.doubted, says_number(tokens_of(clean(without_dates(text))))
    if sitting.notes.at == "y" and not challenging.is_impossible(sitting, path):
        return put_right_as_reason(sitting, path, text) or in_words(sitting, path, text)
    dry = tells_of_dry(sitting, text)
    answered = None if dry and not counts else answer_typed(sitting, text)
    if answered is not None:
        take(sitting, text, answered)
        return True
    if challenging.is_impossible(sitting, path):
        return False
    return typed_as_reason(sitting, path, text, counts=counts, dry=dry)


def typed_as_reason(sitting: Sitting, path: str, text: str, *, counts: bool, dry: bool) -> bool:
    """Take words that are no answer as the reason, or ask whether they are; False if they can be none."""
    # A number within a longer sentence may be another answer: which it is, a button says.
    if not dry and (counts or len(text.split()) < WORDS):
        return False
    if counts or not (dry or is_like_reason(text)):
        return ask_whether(sitting, text)
    return in_words(sitting, path, text)


def takes_slip(sitting: Sitting, text: str) -> bool:
    """Take words that call another number a slip as the reason, or ask whether they are; False for all others."""
    path = sitting.notes.doubted
    slip = None if not path or challenging.is_impossible(sitting, path) else slip_at(sitting, path, text)
    if slip is None:
        return False
    surely = sitting.notes.at == "y" and not slip.figure
    return in_words(sitting, path, text) if surely else ask_whether(sitting, text)


def slip_at(sitting: Sitting, path: str, text: str) -> Slip | None:
    """The slip that `text` tells of, if that may be the reason for the answer at `path`."""
    answer, before = sitting.interview.values.get(path, ""), sitting.context.previous.get(path, "")
    own = own_words(sitting.form, path)
    return slip_in(text, answer, before, own, asked=sitting.notes.at in ("y", "r"))


def put_right_as_reason(sitting: Sitting, path: str, text: str) -> bool:
    """Offer another figure that is said where the reason was asked for, or say why it is refused; False if none is."""
    if not path:
        return False
    figure = other_figure(text, sitting.interview.values.get(path, ""), own_words(sitting.form, path))
    heard = several.of_change(sitting, AnswerChange(path, figure)) if figure else Several()
    if heard.answers:
        several.wait_for_yes(sitting, heard)
    elif heard.refused:
        several.refuse(sitting, path, figure)
    return heard.answers_something


def typed_of_whole(sitting: Sitting, text: str) -> bool:
    """Take `text` as other answers of a report that is queried as a whole, or as the reason; False if it is neither."""
    if several.edit(sitting, text) or several.put_right(sitting, text):
        return True
    return is_like_reason(text) and in_words(sitting, challenging.WHOLE, text)


def is_like_reason(text: str) -> bool:
    """Whether `text` says why something is so, asks nothing, and is about no danger: "đang sửa đường ống"."""
    words = without_marks(tokens_of(clean(text)))
    asks = ends_as_question(text) or ASKING.stands_in(words)
    return WHY.first_in(words) is not None and not asks and not heard(text)


def tells_of_dry(sitting: Sitting, text: str) -> bool:
    """Whether `text` gives a reason for the queried answer that has a button there, a spring that dried up, and cries out
    nothing."""
    if not DRY.stands_in(tokens_of(clean(one_spelling(text)))) or heard(text, in_words=True):
        return False
    return any(it.id == DRIED_UP for it in challenging.reasons_for(sitting, sitting.notes.doubted))


def ask_whether(sitting: Sitting, text: str) -> bool:
    """Ask whether `text` is the reason. Nobody has asked for one yet, so it may be about anything."""
    words = asked_back.in_own_words(text)
    if not asked_back.is_words(words) or len(words) > REASON:
        return False
    sitting.note(at="r", reason_said=words)
    show_reason(sitting)
    return True


def show_reason(sitting: Sitting, *before: Markup) -> None:
    """Show the words that may be the reason, to be confirmed."""
    path, words = sitting.notes.doubted, sitting.notes.reason_said
    yes = sitting.named("challenge.button.is_reason", WordsAreReason, path)
    actions = row(yes, mend_button(sitting, path, words))
    sitting.speak(*before, sitting.turn.say("challenge.is_reason", words=words), actions=actions)
    sitting.save()


def mend_button(sitting: Sitting, path: str, words: str) -> Choice:
    """The button to correct the answer at `path`: to the number that may be the right one in `words`, if they call
    something a slip; else it is asked again."""
    slip = slip_at(sitting, path, words) if path else None
    if slip is None or not FIGURE.fullmatch(slip.figure):
        return sitting.named("challenge.button.mend_number", MendDoubted, path)
    shown = show_value(sitting.form, path, slip.figure, sitting.turn.locale)
    label = sitting.turn.say("challenge.button.mend_to", answer=shown)
    return sitting.button(label, FigureOf, path, figure=slip.figure)


def put_right(sitting: Sitting, text: str) -> bool:
    """Take another figure for the queried answer from words that call the first one a slip, "nhầm, 62"; or take last
    time's."""
    before = as_before(sitting, text)
    if before and (answered := answer_typed(sitting, before)) is not None:
        take(sitting, before, answered)
        return True
    said = several.change_in(sitting, text)
    if said is None:
        return offer_instead(sitting, text)
    if not said.answer or said.path != sitting.notes.doubted:
        return False
    answered = answer_typed(sitting, said.answer)
    if answered is not None:
        take(sitting, said.answer, answered)
    return answered is not None


def offer_instead(sitting: Sitting, text: str) -> bool:
    """Offer the only number beside words that call the queried answer a slip: "nhầm của Nà Hin, thôn tôi 67"."""
    numbers = set(NUMBER.findall(numbers_in_figures(text)))
    if len(numbers) != 1 or not says_wrong(text) or says_minus(text):
        return False
    heard = several.of_change(sitting, AnswerChange(sitting.notes.doubted, numbers.pop()))
    if heard.answers:
        several.wait_for_yes(sitting, heard)
    return bool(heard.answers)


def as_before(sitting: Sitting, text: str) -> str:
    """The figure of last time for the queried answer, where `text` says that it is as then; else ""."""
    says_so = WITHIN.get(intent_of(text)) is AsBefore
    return sitting.context.previous.get(sitting.notes.doubted, "") if says_so else ""


def answer_typed(sitting: Sitting, text: str) -> Event | None:
    """What `text` is as an answer to the queried question: taken or refused; None if it is no answer."""
    at, _ = step(sitting.form, sitting.interview, GoTo(sitting.notes.doubted), sitting.context)
    _, events = step(sitting.form, at, Answer(text), sitting.context)
    was = sitting.interview.values.get(sitting.notes.doubted)
    short = len(text.split()) <= SHORT
    return next((event for event in events if is_answer(event) or (short and says_other(event, was))), None)


def is_answer(event: Event) -> bool:
    """Whether it was an answer, even a wrong one."""
    return isinstance(event, Recorded) or (isinstance(event, Refused) and bool(event.message))


def says_other(event: Event, was: str | None) -> bool:
    """Whether words may be meant as another answer than the present one: "106 chứ" is no reason."""
    meant = {str(candidate.value) for candidate in event.candidates} if isinstance(event, Refused) else set()
    return bool(meant) and was not in meant


def take(sitting: Sitting, text: str, answered: Event) -> None:
    """Correct the queried answer. The same answer again confirms it, unless it was merely sent twice."""
    path = sitting.notes.doubted
    was = sitting.interview.values.get(path)
    flow.left(sitting)
    sitting.step(GoTo(path))
    events = sitting.step(Answer(text))
    if isinstance(answered, Recorded) and sitting.interview.values.get(path) == was:
        doubt = challenging.doubt_at(sitting, path)
        if doubt is not None and is_sent_twice(sitting, path, doubt):
            again = clip(sitting.turn.incoming.text, challenging.TYPED)
            challenging.ask(sitting, path, doubt, sitting.turn.say("interview.early_yes", text=again))
            return
        challenging.reply(sitting, path, RIGHT)
    flow.tell(sitting, events)


def is_sent_twice(sitting: Sitting, path: str, doubt: Challenge) -> bool:
    """Whether the same message comes so soon after its answer was queried that nobody can have read why."""
    said = challenging.said_to(sitting, path, doubt)
    if said is None or said.at is None or sitting.turn.now - said.at > AT_ONCE:
        return False
    return clean(said.typed) == clean(clip(sitting.turn.incoming.text, challenging.TYPED))


def in_words(sitting: Sitting, path: str, text: str) -> bool:
    """Keep `text` as the reason; if it is too long, ask for it again."""
    words = asked_back.in_own_words(text)
    if not asked_back.is_words(words):
        return False
    if len(words) > REASON:
        challenging.ask_why(
            sitting, path, sitting.turn.say("challenge.too_long", n=len(words), most=REASON), in_words=True
        )
        return True
    sitting.settle(words)
    challenging.reply(sitting, path, "", words)
    go_on(sitting, sitting.turn.say("challenge.reason_kept", reason=words))
    return True
