"""What is said about a danger, whatever is open: a cry for help, more of what is told already, or that it is over.

A danger goes before everything else. If the same words may also be an answer, or another matter, the bot asks which.
Nothing said about a danger is lost, and nothing is sent that was not meant.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Final

from markupsafe import Markup

from handlers import cries, emergency, emergency_raised, menu, parts, which_emergency, wishes
from handlers.alarms import ABOUT
from handlers.asking import conversation
from handlers.closing import is_closing_order, kinds_told_of
from handlers.danger import (
    calls_off,
    ends,
    heard,
    is_bare_end,
    is_bare_slip,
    is_cry,
    is_vague_yes,
    knows_nothing,
    only_closes,
    says_over,
    seems_over,
    speaks_on,
)
from handlers.emergency_details import SOON, names_people, told_in
from handlers.emergency_named import ends_it, is_slip, names_none_of
from handlers.going_on import how_to_go_on
from handlers.interviewing import fill_in
from handlers.laid_aside import IN_WORDS
from handlers.messages import MessageKind, clip
from handlers.tables import OF_DANGER, OF_NO_DANGER, Handler
from handlers.turn import Turn
from questionnaires.answers import yes_or_no
from storage.kept import ClosingWanted, CryWanted, MoreWanted, NameWanted, Wanted, WhichEmergencyWanted
from storage.tables import Emergency, InterviewRow

AGAIN: Final = timedelta(minutes=10)
"""So long after an emergency was closed, "it was a slip" is said about it."""
FEW: Final = 10
"""A bare number up to this is more likely how many people are in danger than how many households have something."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message that is neither a press nor a command: its words, what they call, and the dialogue that waits for them."""

    text: str
    called: Handler | None
    dialogue: Handler | None
    wanted: Wanted | None
    """What words were wanted for before these were looked at."""

    def awaited_for(self, *kinds: type[Wanted]) -> bool:
        """Whether words are wanted for one of these just now."""
        return self.dialogue is not None and isinstance(self.wanted, kinds)


def tells_of_danger(turn: Turn) -> bool:
    """Whether an emergency is being told, answered or asked about in this chat."""
    return speaks_of_danger(turn) or isinstance(turn.screen.expects, OF_DANGER)


def speaks_of_danger(turn: Turn) -> bool:
    """Whether the bot asks whether something is an emergency, or answers about one: that cannot wait."""
    return asks_of_cry(turn.screen.expects) or any(
        reply.about.startswith(ABOUT) for reply in turn.own_replies
    )


def is_urgent(turn: Turn, before: Wanted | None) -> bool:
    """Whether what answers a message cannot wait, `before` which words were wanted for this: it is about an emergency.
    Figures and forms wait for their turn, also while one is open."""
    if turn.urgent or asks_of_cry(before) or speaks_of_danger(turn):
        return True
    return not turn.beside and (isinstance(before, OF_DANGER) or isinstance(turn.screen.expects, OF_DANGER))


def asks_of_cry(expects: Wanted | None) -> bool:
    """Whether it is asked whether something is an emergency."""
    return isinstance(expects, CryWanted) and not expects.faint


async def as_over(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take words that say that what was raised is over, unless they answer what is open: pass them on, and offer to
    close it. What was a mistake may be a report instead."""
    if interview is None and said.awaited_for(MoreWanted) and calls_off(said.text):
        return await which_emergency.close_own(turn)
    if not await is_of_end(turn, interview, said):
        return False
    if may_be_of_report(turn, interview, said):
        return await ask_more(turn, interview) or await as_slip_again(turn, interview, said.text)
    taken = await take_end(turn, said) or await as_slip_again(turn, interview, said.text)
    if taken:
        await how_to_go_on(turn, interview)
    return taken


async def is_of_end(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Whether words say that what was raised is over, and answer nothing that is open."""
    if waits_for_other(turn, said) or said.called in OF_NO_DANGER or not may_end(interview, said.text):
        return False
    return interview is None or not await takes(turn, interview, said.text, surely=True)


async def as_slip_again(turn: Turn, interview: InterviewRow | None, text: str) -> bool:
    """Say that it was closed if "bấm nhầm" comes once more right after an emergency was: no report is meant."""
    slip = interview is None and is_slip(text)
    row = await emergency_raised.closed_last(turn) if slip else None
    if row is None or row.closed_at is None or turn.now - row.closed_at > AGAIN:
        return False
    await menu.show(turn, emergency_raised.closed_words(turn, row))
    return True


def may_be_of_report(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Whether words that say that something is over may be about a questionnaire instead: the open one or, if no
    emergency is being told just now, a bare "it was a slip" about whatever was sent last."""
    if interview is not None:
        return not only_closes(said.text) and may_be_of_form(said.text)
    return said.dialogue is None and is_bare_slip(said.text)


def waits_for_other(turn: Turn, said: Said) -> bool:
    """Whether words are wanted for something other than an emergency. Long after they were asked for, they no longer are."""
    if isinstance(said.wanted, ClosingWanted) and turn.now - said.wanted.asked > SOON:
        return False
    return said.dialogue is not None and not isinstance(said.wanted, MoreWanted)


def may_end(interview: InterviewRow | None, text: str) -> bool:
    """Whether `text` asks to close an emergency, or says that it is over."""
    # "Vẫn bình thường" may answer a question; where none is open it says that nothing is the matter.
    return only_closes(text) or (says_over(text) if interview else ends_it(text))


async def take_end(turn: Turn, said: Said) -> bool:
    """Close what was raised, or pass on that it is over. False if nothing is open.

    If it was last told of hours ago, or several are open and the one named is not among them, ask first.
    """
    if only_closes(said.text):
        return await which_emergency.close_own(turn)
    if isinstance(said.wanted, WhichEmergencyWanted):
        await which_emergency.ask_again(turn, said.wanted)
        return True
    return await end_told(turn, said.text)


async def end_told(turn: Turn, text: str) -> bool:
    """Close what is being told if `text` orders that clearly; ask which of several; else pass on that it is over."""
    told = await emergency_raised.told_here(turn)
    if len(told) > 1 and names_none_of(text, told):
        await which_emergency.ask_again(turn, WhichEmergencyWanted("close_own"))
        return True
    if len(told) == 1 and is_closing_order(told[0], text):
        await emergency.close(turn, told[0], text)
        return True
    return await emergency.tell_last(turn) or await which_emergency.ended(turn, text)


async def as_end(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take words that say that a danger is over while the bot asks whether other words are more of it or another one.
    Neither is lost."""
    asked = said.wanted
    if not isinstance(asked, CryWanted) or said.dialogue is None or not may_end(interview, said.text):
        return False
    row = await emergency_raised.raised_as(turn, asked.about) or await emergency_raised.told_last(turn)
    if row is None or (interview and await is_answer_too(turn, interview, said.text)):
        return False
    if only_closes(said.text):
        cries.let_go(turn)
        await which_emergency.close_own(turn)
    elif is_slip(asked.words):  # a fuller sentence says the same
        turn.remember(expects=None, laid_aside=None)
        await take_end(turn, said)
    else:
        await cries.on_end(turn, asked, row)
    await how_to_go_on(turn, interview)
    return True


async def is_answer_too(turn: Turn, interview: InterviewRow, text: str) -> bool:
    """Whether words that may say that a danger is over may also answer the open question."""
    return may_be_of_form(text) or await takes(turn, interview, text, surely=True)


async def as_named_alarm(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take the name of one of several emergencies while the bot asks which is meant."""
    wanted = said.wanted
    if not isinstance(wanted, WhichEmergencyWanted) or said.called is not None or not said.text:
        return False
    if interview and await takes(turn, interview, said.text, surely=True):
        return False
    taken = await which_emergency.named(turn, wanted, said.text)
    if taken:
        await how_to_go_on(turn, interview)
    return taken


def may_be_of_form(text: str) -> bool:
    """Whether words may as well be an answer as about a danger: only that something was a slip, a no, or "không biết"."""
    return is_bare_slip(text) or knows_nothing(text) or yes_or_no(text, date.min) is False


async def as_anew(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take words for an emergency that was closed meanwhile: ask whether they are a new one, unless they too end it."""
    row = await emergency_raised.expected(turn) if said.dialogue is not None else None
    if row is None or row.closed_at is None or not isinstance(said.wanted, MoreWanted | ClosingWanted):
        return False
    if ends(said.text) or aside_of(turn, said) is not None or said.called is menu.thanked:
        return False
    turn.expect(None)
    cried = heard(said.text)
    if not cried and interview and await fill_in.answers(turn, interview, said.text):
        await fill_in.on_message(turn, interview)
        return True
    await cries.ask(turn, cried or row.kind, None, emergency_raised.closed_words(turn, row))
    await how_to_go_on(turn, interview)
    return True


async def of_closed(turn: Turn) -> bool:
    """Take words about an emergency that is over, if nothing else takes them.

    Say again that it was closed. If they say that something goes on, ask whether that is a new one. "Xong" closes nothing;
    if one has been open for days, the way to close it is offered.
    """
    text = turn.incoming.text
    if is_bare_end(text) and await emergency_raised.told_last(turn) is not None:
        await emergency.stay(turn)
        return True
    row = await emergency_raised.closed_last(turn) if says_end(text) or speaks_on(text) else None
    if row is not None:
        await tell_closed(turn, row)
    return row is not None or (is_bare_end(text) and await which_emergency.offer_closing(turn))


def says_end(text: str) -> bool:
    """Whether words say that something is over, whether or not an emergency is open."""
    return seems_over(text) or is_bare_end(text)


async def tell_closed(turn: Turn, row: Emergency) -> None:
    """Say again that it was closed; ask about words that do not say so, too, whether they are a new one."""
    text, words = turn.incoming.text, emergency_raised.closed_words(turn, row)
    if says_end(text):
        if not is_bare_end(text):
            unsent = turn.say("emergency.closed_unsent", words=clip(text, cries.SHOWN))
            words = Markup(" ").join([words, unsent])
        await menu.show(turn, words, *await wishes.laid_aside(turn))
        return
    kind = next(chain.from_iterable(kinds_told_of(text)), row.kind)
    await cries.ask(turn, kind, None, words)


async def as_cry(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take a cry of danger: ask whether it is an emergency before anything else is made of it."""
    if await calls_on(turn, said):
        await how_to_go_on(turn, interview)
        return True
    asked = said.wanted if isinstance(said.wanted, CryWanted) and not said.wanted.faint else None
    kind = await cry_in(turn, interview)
    if kind and asked is not None and cries.calls_again(turn, asked):
        await cries.send_called(turn, asked, kind)
    elif kind and said.called is emergency.ask:
        await emergency.ask(turn)
    elif kind or cries.goes_along(turn, asked):
        await cries.ask(turn, kind, asked)
    else:
        return False
    await how_to_go_on(turn, interview)
    return True


async def calls_on(turn: Turn, said: Said) -> bool:
    """Pass on a bare call for help while an emergency is open, so that officers read that help is still wanted."""
    bare = said.called is emergency.ask and is_cry(said.text) and not isinstance(said.wanted, CryWanted)
    return bare and await emergency.tell_last(turn)


async def cry_in(turn: Turn, interview: InterviewRow | None) -> str:
    """Return the kind of danger that this message cries out; "" if it is none, or may be an answer or a question."""
    # Nearly every message is certainly no cry; only for the others is the open question looked up.
    if not cries.sounds(turn, in_words=False):
        return ""
    # Nobody's name speaks of a danger, while a reason or a message may.
    expects = turn.screen.expects
    in_words = isinstance(expects, IN_WORDS) and not isinstance(expects, NameWanted)
    in_words = in_words or (interview is not None and await fill_in.asks_words(turn, interview))
    kind = cries.sounds(turn, in_words=in_words)
    if not kind or in_words or cries.is_sure(turn):
        return kind
    return "" if await is_meant_otherwise(turn, interview) else kind


async def is_meant_otherwise(turn: Turn, interview: InterviewRow | None) -> bool:
    """Whether what sounds like a cry answers the open question, or is an officer's question about figures."""
    if interview is None:
        return not cries.sounds(turn, in_words=True) and await parts.is_question(turn)
    if turn.incoming.kind is MessageKind.PHOTO:
        return await fill_in.asks_photo(turn, interview)
    return turn.incoming.kind is MessageKind.TEXT and await takes(
        turn, interview, turn.incoming.text, surely=True
    )


async def as_aside(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take what is said beside a danger and tells nothing about it: whether anybody knows, thanks, a yes to nothing."""
    aside = aside_of(turn, said)
    if aside is not None:
        await aside(turn)
        await how_to_go_on(turn, interview)
    return aside is not None


def aside_of(turn: Turn, said: Said) -> Handler | None:
    """Return who answers what is said beside a danger."""
    if not said.awaited_for(MoreWanted, CryWanted):
        return None
    if said.called is cries.whether_told:
        return cries.whether_told
    thanks = said.called is menu.thanked or yes_or_no(said.text, turn.today) is True
    return emergency.stay if thanks and isinstance(said.wanted, MoreWanted) else None


async def as_either(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take words that answer the open question while an emergency is told or asked about: ask which they are."""
    if said.dialogue is None or interview is None:
        return False
    match said.wanted:
        case MoreWanted():
            return await as_more_or_answer(turn, interview, said)
        case CryWanted():
            return await as_cry_or_answer(turn, interview, said)
    return False


async def as_more_or_answer(turn: Turn, interview: InterviewRow, said: Said) -> bool:
    """Take words while more of an emergency is told: as an answer if they can be nothing else; if they may be either,
    ask."""
    if says_how_many(turn):
        return False
    if await speaks_of_form(turn, interview, said):
        await fill_in.on_message(turn, interview)
        return True
    if may_be_of_form(said.text) or await answers(turn, interview, said):
        return await ask_more(turn, interview)
    return False


async def as_cry_or_answer(turn: Turn, interview: InterviewRow, said: Said) -> bool:
    """Take words while the bot asks whether something is an emergency: that question comes first, then the answer."""
    if await sends_either(turn, interview, said):
        first = turn.say("emergency.cry.choose")
    elif says_how_many(turn):
        return False
    elif await speaks_of_form(turn, interview, said) or await answers(turn, interview, said):
        first = turn.say("emergency.cry.first", words=clip(said.text, cries.SHOWN))
    else:
        return False
    await cries.ask_again(turn, first)
    await how_to_go_on(turn, interview)
    return True


async def sends_either(turn: Turn, interview: InterviewRow, said: Said) -> bool:
    """Whether "gửi" may mean the questionnaire, since what would be sent as more of a danger may be an answer to it."""
    asked = said.wanted
    if not isinstance(asked, CryWanted) or not asked.about or not is_vague_yes(said.text):
        return False
    return not is_cry(asked.words) and await takes(turn, interview, asked.words)


def says_how_many(turn: Turn) -> bool:
    """Whether a message tells a place, whom to call, or a small number of people: no answers while a danger is told."""
    what, told = told_in(turn.incoming)
    return what not in ("words", "people") or (what == "people" and int(told) <= FEW)


async def speaks_of_form(turn: Turn, interview: InterviewRow, said: Said) -> bool:
    """Whether words can only be for the questionnaire: they name its question or correct an answer, and name no danger."""
    asked = isinstance(said.wanted, CryWanted)
    cry = asked and cries.meant(turn, said.text) is not None
    of_danger = cry or speaks_on(said.text)
    # If the bot asks anyway, a hint is enough to ask which of the two is meant.
    return not of_danger and await fill_in.is_of_form(turn, interview, said.text, hinted=asked)


async def answers(turn: Turn, interview: InterviewRow, said: Said) -> bool:
    """Whether words answer the open question and name no danger."""
    cry = cries.meant(turn, said.text) is not None and isinstance(said.wanted, CryWanted)
    return not cry and not speaks_on(said.text) and await fill_in.answers(turn, interview, said.text)


async def as_more(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take words that nothing open surely takes: ask whether they are more of an open emergency."""
    if said.dialogue or said.called or turn.stray or not await may_be_more(turn, interview, said.text):
        return False
    return await ask_more(turn, interview)


async def may_be_more(turn: Turn, interview: InterviewRow | None, text: str) -> bool:
    """Whether `text` may tell more of an emergency: it names one, or is a sentence or a number of people that the
    interview does not take."""
    spoken_on = speaks_on(text)
    if interview is None:
        return spoken_on
    # Most answers are short: nothing more is looked at for them.
    words = len(text.split())
    if not spoken_on and words < fill_in.TELLING:
        return words > 1 and names_people(text) and not await takes(turn, interview, text)
    return await fill_in.leaves(turn, interview, text, spoken_on=spoken_on)


async def ask_more(turn: Turn, interview: InterviewRow | None) -> bool:
    """Ask whether what was said is more of the open emergency, or that a single one was a slip. False if none is open."""
    row = await emergency_raised.told_last(turn)
    if row is not None:
        slip = is_bare_slip(turn.incoming.text) and len(await emergency_raised.told_here(turn)) == 1
        await (cries.ask_end if slip else cries.ask_more)(turn, row)
        await how_to_go_on(turn, interview)
    return row is not None


async def as_which(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take words after "which emergency?" that name none of them: ask again. A question is answered as one."""
    if not isinstance(said.wanted, WhichEmergencyWanted) or said.called is not None or not said.text:
        return False
    if interview:
        return False  # what answers the open question is for nobody else
    if not (ends(said.text) or speaks_on(said.text)) and await conversation.asks_for_figures(turn):
        return True
    await which_emergency.ask_again(turn, said.wanted)
    return True


async def beside_alarm(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Answer an officer's question about figures while an emergency is told or asked about; what is open stays open."""
    told = said.awaited_for(CryWanted, MoreWanted)
    if not told or heard(said.text) or speaks_on(said.text):
        return False
    if not await conversation.asks_for_figures(turn):
        return False
    if isinstance(said.wanted, CryWanted):
        await cries.ask_again(turn)
    await how_to_go_on(turn, interview)
    return True


async def takes(turn: Turn, interview: InterviewRow, text: str, *, surely: bool = False) -> bool:
    """Whether words that call a screen may still be meant for the interview or, with `surely`, are."""
    return turn.stray is None and await fill_in.takes(turn, interview, text, surely=surely)
