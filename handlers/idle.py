"""What is said while no question is open: about one village, a corrected figure, a whole report, or words nobody
understands."""

from datetime import date
from typing import Final

from figures import access
from handlers import cries, emergency, emergency_raised, history, menu, parts, remarks, unheard, wishes
from handlers.asking import conversation
from handlers.broadcasts import at_consent, at_preview, typed_until
from handlers.buttons import Button
from handlers.called import hinted
from handlers.danger import heard, is_bare_end, is_receipt, speaks_on
from handlers.going_on import how_to_go_on
from handlers.hearing import Said, ask_more, of_closed, takes
from handlers.interviewing import fill_in
from handlers.interviewing.sent import CorrectReport
from handlers.named_period import named_time
from handlers.navigation import ShowHistory, ShowReport, WriteAboutReport
from handlers.officers import (
    check_named,
    locking_named,
    overview,
    reminding,
    reopening,
    unapproving,
    withdrawing,
)
from handlers.other_business import purpose_of
from handlers.screens.checking import CheckReport
from handlers.tables import PRESSES, Handler, situation
from handlers.turn import Stray, Turn
from handlers.under_kinds import tell_kinds
from handlers.vocabulary import ASKING, FILLING_IN, PUTS_OFF, asks_source, hint_in, intent_of
from questionnaires.answers import yes_or_no
from questionnaires.answers.text import clean, has_letters
from questionnaires.answers.tokens import tokens_of
from questionnaires.numbers_said import says_number
from questionnaires.one_change import says_wrong
from storage.kept import CryWanted, MoreWanted, NameWanted, UntilWanted
from storage.tables import InterviewRow

SAME: Final = ("same", "same_all")
"""The wishes for last period's answers."""
TELLING: Final = 3
"""The fewest words of a sentence that is about something else than the open question."""
COURTESY: Final = 4
"""In so few words thanks are only that: in more, something is told with them."""
ASIDE: Final = frozenset(
    (
        "name",
        "moved",
        "officer",
        "history",
        "progress",
        "connect",
        "rights",
        "bot",
        "deputy",
        "due",
        "weekly",
        "account",
    )
)
"""What a sentence may hint at beside the open question (`handlers/words/goi-viec.toml`)."""


ENDS: Final = ("later", "give_up", "skip")
"""The wishes of heads that end something; in an officer's mouth, too, they ask for no figure."""
OF_VILLAGE: Final = (
    overview.choose_head_of,
    reminding.wanted,
    check_named.wanted,
    unapproving.wanted,
    withdrawing.wanted,
    reopening.wanted,
    locking_named.wanted,
    history.asked,
)
"""Who takes a wish about one village: another head, a reminder, reports to check or to free again, a period to lock or open,
the history of a figure. Each reads what those before it left."""


async def as_deadline(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take a deadline for a questionnaire that an officer was about to send out before asking something else."""
    if interview is not None or said.dialogue is not None or not access.is_officer(turn.view):
        return False
    return await typed_until.comes_later(turn)


async def as_sending(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take words that send the announcement that is shown. While a question is open they may be its answer: it does not
    go."""
    if not at_preview.sends(said.text) or turn.stray is not None:
        return False
    preview = await at_preview.shown(turn)
    if preview is None:
        return interview is None and access.is_officer(turn.view) and await at_consent.say_unsent(turn)
    if interview is None:
        await at_preview.send(turn, preview)
    else:
        at_preview.say_unsent(turn, preview)
        await how_to_go_on(turn, interview)
    return True


async def as_unsent(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Say that the announcement that is shown has not gone, for words that neither call nor ask anything else."""
    if interview is not None or said.dialogue is not None or not said.text:
        return False
    if said.called not in (None, menu.thanked) or not access.is_officer(turn.view):
        return False
    preview = await at_preview.shown(turn)
    awaited = None if preview else await at_consent.awaited(turn)
    if not (preview or awaited) or await parts.is_question(turn):
        return False
    if preview is None:
        return await at_consent.say_unsent(turn)
    if at_preview.may_be_deadline(turn, preview):
        await typed_until.on_words(turn)
    else:
        at_preview.say_unsent_to_others(turn, preview)
    return True


async def as_courtesy(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Answer thanks in the middle of a questionnaire with thanks, and ask the question again: it stays the last screen."""
    if interview is None or said.called is not menu.thanked:
        return False
    await fill_in.ask_again(turn, interview, turn.say("menu.thanked"))
    return True


async def as_remark(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Offer to pass on what is typed right under somebody's words, unless it calls or asks for something."""
    if interview is not None or said.dialogue is not None or not await is_remark(turn, said):
        return False
    brief = len(said.text.split()) <= COURTESY and agrees(said.text)
    # It may be about a danger, too, in words that we do not know.
    cry = [menu.button(turn.view, "khancap")] if cries.may_be_one(turn) else []
    offered = await remarks.offer(turn, said.wanted, *remarks.ways_of_officer(turn), *cry, brief=brief)
    if offered:
        unheard.note(turn)
    return offered


async def is_remark(turn: Turn, said: Said) -> bool:
    """Whether words may be said to the other side of what was read last: they call nothing, and ask for no figure
    outright."""
    words, called = len(said.text.split()), said.called or await hinted_at(turn, said.text)
    if called is wishes.rest and said.called is None and await remarks.is_under_announcement(turn):
        called = None  # "mai tôi bận đám cưới" answers it, and puts off no report
    if not words or called not in (None, menu.thanked):
        return False
    if called and words <= COURTESY and not agrees(said.text):
        return False
    return not await conversation.asks_outright(turn)


def agrees(text: str) -> bool:
    """Whether a few words may be a mere courtesy or answer a question: "được bác ạ", and no thanks."""
    return is_receipt(text) or yes_or_no(text, date.min) is True


async def as_leaving(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Show the menu to an officer who ends something where nothing is open, "xong" or "bỏ qua": that asks for no figure."""
    if interview is not None or said.dialogue is not None or said.called is not None:
        return False
    if access.is_village_head(turn.view) or not ends_something(said.text):
        return False
    await menu.show(turn)
    return True


def ends_something(text: str) -> bool:
    """Whether all of `text` ends or leaves whatever is open."""
    return purpose_of(text) in ("drop", "leave") or intent_of(text) in ENDS


async def as_cry_of_higher(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Say whom to call if somebody whose role raises no emergency tells of a danger: nobody asks for figures so."""
    if interview is not None or not tells_from_above(turn, said):
        return False
    if not heard(said.text, in_words=True) and await parts.is_question(turn):
        return False
    await emergency.ask(turn)
    return True


async def as_cry_amid(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """The same while a name is asked for, or amid a questionnaire whose open question does not take the words."""
    if said.text.isdecimal():  # as most answers are
        return False
    named = said.awaited_for(NameWanted)
    if not named and (interview is None or said.dialogue is not None):
        return False
    if not tells_from_above(turn, said):
        return False
    if interview is not None and not named and await is_answer(turn, interview, said):
        return False
    await emergency.ask(turn)
    await how_to_go_on(turn, interview)
    return True


def tells_from_above(turn: Turn, said: Said) -> bool:
    """Whether somebody whose role raises no emergency tells of a danger."""
    raises = access.holds(turn.view, *emergency.SENDERS)
    if said.called is not None or raises or not access.is_officer(turn.view):
        return False
    return cries.may_cry(turn) and bool(heard(said.text))


async def is_answer(turn: Turn, interview: InterviewRow, said: Said) -> bool:
    """Whether the open question takes words that tell of a danger, as nearly any words where words are asked for."""
    if await fill_in.asks_words(turn, interview):
        return not heard(said.text, in_words=True)
    return await takes(turn, interview, said.text, surely=True)


async def of_village(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take a wish about a named village, its figures or a period (`OF_VILLAGE`), or about the report that was just shown."""
    if interview is not None or said.called is not None:
        return False
    for takes_wish in (of_shown, *OF_VILLAGE):
        if await takes_wish(turn, said.text):
            return True
    return False


async def of_shown(turn: Turn, text: str) -> bool:
    """Answer where a figure comes from, "ai báo số này", if the last message shows a report or the history of its figure:
    that is meant, not an answer before it."""
    if not asks_source(text):
        return False
    pressed = shown_buttons(turn)
    reports = {way.report for way in pressed if isinstance(way, ShowReport | CheckReport | WriteAboutReport)}
    if len(reports) != 1:
        return False
    number = next((way.number for way in pressed if isinstance(way, WriteAboutReport)), 0)
    await history.on_history(turn, ShowHistory(reports.pop(), number))
    return True


async def of_returned(turn: Turn, said: Said) -> bool:
    """Take what is typed about a figure that was sent back: that it is right, or another number. It comes before thanks:
    "dạ 89 là đúng ạ"."""
    if said.dialogue is not None or turn.stray is not None:
        return False
    if said.called not in (None, menu.thanked, wishes.correct):
        return False
    if await asks_at_length(turn, said):
        return False
    return await fill_in.of_returned_figure(turn, said.text) or await asks_of_earlier(turn, said.text)


async def asks_of_earlier(turn: Turn, text: str) -> bool:
    """Show what was reported for another period, if that is asked under a figure that was sent back: "tháng 10 tôi báo bao
    nhiêu"."""
    period = named_time(text, turn.today)
    if period is None or not ASKING.stands_in(tokens_of(clean(text))):
        return False
    one = await fill_in.returned_at(turn, text)
    if one is not None:
        await history.show_then(turn, one[0], one[1].path, period)
    return one is not None


async def asks_at_length(turn: Turn, said: Said) -> bool:
    """Whether these are so many words of an officer that they may be a question about figures, and they are one."""
    long = access.is_officer(turn.view) and len(said.text.split()) > TELLING
    return long and await parts.is_question(turn)


async def as_correction(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take a corrected figure of a report that was sent back, sent or laid aside, or a report's name, while no question is
    open."""
    if interview is not None:
        return False
    if await of_returned(turn, said):
        return True
    if said.called not in (None, wishes.correct) or not access.is_village_head(turn.view):
        return False
    if not said.text or PUTS_OFF.stands_in(tokens_of(clean(said.text))):
        return False
    return await fill_in.put_right(turn, said.text, report_shown(turn)) or await fill_in.open_report(
        turn, said.text
    )


async def as_named_correction(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take a corrected figure of a questionnaire that is called by its name, whatever else is open: it can mean
    nothing else.

    Without a figure, show the report that is named, to be corrected. An emergency that is being told goes first.
    """
    beside = said.dialogue is None or isinstance(said.wanted, MoreWanted | CryWanted)
    if not beside or speaks_on(said.text) or not access.is_village_head(turn.view):
        return False
    if interview is None and said.dialogue is None:
        return False
    if interview is not None and await fill_in.opens_to_correct(turn, interview, said.text):
        cries.let_go(turn)
        await go_on_if_open(turn, interview)
        return True
    if not await fill_in.corrects_another(turn, interview, said.text):
        return False
    cries.let_go(turn)
    if not await fill_in.put_right(turn, said.text, 0):
        await wishes.correct(turn)  # only its period is said beside it
        await how_to_go_on(turn, interview)
    return True


def report_shown(turn: Turn) -> int:
    """Return the number of the report that the last message shows with a way to correct it; 0 for none.

    Under a receipt, that is the report received, for a figure said instead of a wrong one.
    """
    shown = reports_under(turn, CorrectReport)
    if shown:
        return shown[0]
    received = reports_under(turn, ShowReport)
    return received[0] if len(received) == 1 and corrects_figure(turn.incoming.text) else 0


def reports_under(turn: Turn, kind: type[CorrectReport | ShowReport]) -> list[int]:
    """Return the numbers of the reports that buttons of one kind lead to, under the last message."""
    return [button.report for button in shown_buttons(turn) if isinstance(button, kind)]


def shown_buttons(turn: Turn) -> list[Button | None]:
    """Return what the buttons under the last message do."""
    return [PRESSES.read(data) for _, data in turn.screen.buttons]


def corrects_figure(text: str) -> bool:
    """Whether a text says a figure instead of a wrong one."""
    return says_wrong(text) and says_number(tokens_of(clean(text)))


async def as_figure(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Offer to correct a report by a figure that is named and given anew, which nothing else takes: "nước hợp vệ sinh 108
    hộ"."""
    idle = interview is None and said.dialogue is None and said.called is None
    if not idle or not access.is_village_head(turn.view) or not says_number(tokens_of(clean(said.text))):
        return False
    return not await conversation.asks_outright(turn) and await fill_in.put_right_unsaid(turn, said.text)


async def as_report(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take a whole report in one message: begin it, and show it as it was understood."""
    if interview is not None or said.called is not None or not access.is_village_head(turn.view):
        return False
    return await fill_in.begin_with(turn, said.text)


async def as_unchanged(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Show last period's answers to a questionnaire that is called by its name as unchanged: "nhà ở vẫn như kỳ trước"."""
    if (
        interview is not None
        or not access.is_village_head(turn.view)
        or says_number(tokens_of(clean(said.text)))
    ):
        return False
    return says_unchanged(said) and await fill_in.open_unchanged(turn, said.text)


def says_unchanged(said: Said) -> bool:
    """Whether words say that all is as before."""
    return said.called is wishes.same or (said.called is None and hint_in(said.text) in SAME)


async def as_form(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Begin a questionnaire that is called by its name among other words, also in the middle of another one."""
    if not may_name_form(turn, said):
        return False
    if interview is not None and not await fill_in.asks_for_another(turn, interview, said.text):
        return False
    opened = await fill_in.open_named(turn, said.text, within=interview is not None)
    if opened and interview is not None:
        await go_on_if_open(turn, interview)
    return opened


def may_name_form(turn: Turn, said: Said) -> bool:
    """Whether words may call a questionnaire. Most answers are a number, which names none; "đề nghị xã sửa đường" asks the
    commune for something."""
    if not has_letters(said.text) or "?" in said.text or hint_in(said.text) == "officer":
        return False
    return said.called in (None, fill_in.show_due) and may_begin(turn, said.text)


async def go_on_if_open(turn: Turn, interview: InterviewRow) -> None:
    """Tell how to go on with the interview unless another one was opened, as where what was sent already was shown."""
    if turn.contact.interview_id == interview.id:
        await how_to_go_on(turn, interview)


def may_begin(turn: Turn, text: str) -> bool:
    """Whether `text` may call a questionnaire: a head's any words, an officer's only after a verb that fills one in, since
    officers ask for figures in the same words."""
    return access.is_village_head(turn.view) or FILLING_IN.at(tokens_of(clean(text)), 0) is not None


async def is_no_answer(turn: Turn, interview: InterviewRow, said: Said) -> bool:
    """Whether words in the middle of a questionnaire call or hint at something else, and cannot be its answer."""
    if said.called is not None:
        return not await takes(turn, interview, said.text)
    return await is_of_other_matter(turn, interview, said.text)


async def is_of_other_matter(turn: Turn, interview: InterviewRow, text: str) -> bool:
    """Whether words in the middle of a questionnaire hint at something beside it, and are no answer: "tôi không còn làm
    trưởng thôn nữa", "thôn tôi còn mấy hộ nghèo"."""
    if len(text.split()) < TELLING or not await hints_at_other(turn, text):
        return False
    if await fill_in.asks_meaning(turn, interview, text):
        return False
    if await fill_in.hears_words(turn, interview) or await takes(turn, interview, text, surely=True):
        return False
    # a number may be the answer, in whatever words
    return not (says_number(tokens_of(clean(text))) and await takes(turn, interview, text))


async def hints_at_other(turn: Turn, text: str) -> bool:
    """Whether words hint at something beside the open question, or ask for a figure; an officer's must ask outright."""
    if hint_in(text) in ASIDE or await conversation.figure_wanted(turn):
        return True
    return await conversation.asks_outright(turn)


async def hinted_at(turn: Turn, text: str) -> Handler | None:
    """Return who answers words that call nothing as a whole but hint at something; nobody if a head asks for a figure
    with them."""
    wanted = await conversation.figure_wanted(turn)
    if wanted is conversation.PlacesWanted.ELSEWHERE:
        return wishes.figure_elsewhere
    return hinted(turn, text) or (situation if wanted else None)


async def not_understood(turn: Turn, interview: InterviewRow | None) -> None:
    """Answer words that nothing takes.

    Ask whether they are more of an emergency that is told or was closed. Otherwise show the menu, the ways on to what
    was laid aside, and the way to send them as an emergency.
    """
    if isinstance(turn.screen.expects, UntilWanted):
        await typed_until.on_words(turn)  # what nobody understands may be a deadline, which is asked for
    elif interview is not None:
        unheard.note(turn)
        await menu.unknown(turn)
    else:
        await lost(turn)


async def lost(turn: Turn) -> None:
    """Answer words that nothing takes while no question is open."""
    if emergency.asked_now(turn) and has_letters(turn.incoming.text):
        await tell_kinds(turn)
        return
    may_be_cry = cries.may_be_one(turn)
    if (may_be_cry or await may_be_of_alarm(turn)) and await ask_more(turn, None):
        return
    if await of_closed(turn):
        return
    cry = [menu.button(turn.view, "khancap")] if may_be_cry else []
    if await remarks.offer_later(turn, *cry):
        unheard.note(turn)
        return
    unheard.note(turn)
    await (cries.offer if may_be_cry else menu.unknown)(turn, *await wishes.laid_aside(turn))


async def may_be_of_alarm(turn: Turn) -> bool:
    """Whether a few words, other than "xong", may be about an emergency since it was spoken of last: "nhanh lên"."""
    if not cries.may_cry(turn) or is_bare_end(turn.incoming.text):
        return False
    return await emergency_raised.spoken_of_lately(turn)


async def came_late(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Keep words that were overtaken from every dialogue: nobody knows which one they were for."""
    late = turn.stray is Stray.LATE and said.wanted is not None and interview is None
    if late:
        turn.reply(turn.say("menu.late"))
    return late
