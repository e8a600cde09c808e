"""Finds who answers a message: looks in `handlers.tables` by command, word, button or open dialogue.

The order in `route` matters. A press and a command say exactly what they mean and are looked at first; free text
belongs to whatever waits for it. Within an interview a command is answered, and the answer says how to go on. The
buttons of that answer go by their words there. A bare number right after it stands for neither a button nor an answer
before the bot has asked which (`handlers.interviewing.elsewhere`).
"""

from dataclasses import replace
from typing import Final

from figures import access
from handlers import (
    albums,
    asked_reason,
    astray,
    coming_back,
    cries,
    cut_short,
    edits,
    emergency,
    idle,
    lists,
    menu,
    no_cries,
    officers_closing,
    officers_words,
    other_place,
    parts,
    pleas,
    remarks,
    shown,
    twice,
    unaddressed,
    unheard,
    which_emergency,
)
from handlers.asking import conversation
from handlers.broadcasts import at_preview
from handlers.buttons import Button
from handlers.called import called_by, waiting
from handlers.emergency_raised import still_wanted
from handlers.going_on import how_to_go_on, no_numbers, way_back
from handlers.heard import heard
from handlers.hearing import (
    Said,
    as_anew,
    as_aside,
    as_cry,
    as_either,
    as_end,
    as_more,
    as_named_alarm,
    as_over,
    as_which,
    beside_alarm,
    cry_in,
    is_urgent,
    takes,
    tells_of_danger,
)
from handlers.interviewing import fill_in, pressing
from handlers.membership import enrol, naming
from handlers.messages import MessageKind
from handlers.pressable import doubts_no, is_of_danger, keeps_waiting, may_press, names_interview
from handlers.slips import as_slip_of_report
from handlers.tables import (
    COMMANDS,
    DIALOGUES,
    OF_ALARMS,
    OF_FORMER,
    OF_INTERVIEWS,
    OF_REASONS,
    PRESSES,
    may_call,
    situation,
)
from handlers.turn import Stray, Turn
from handlers.typed import ask_which, button_typed, command_in, is_number
from handlers.typed_button import button_meant
from handlers.under_kinds import as_no_kind, under_kinds
from questionnaires.answers.text import has_letters
from storage.interviews import UNFINISHED
from storage.kept import CryWanted, MoreWanted, NumberWanted
from storage.tables import InterviewRow

STANDING: Final = {Stray.RESTORED, Stray.REPLY, Stray.UNKNOWN}
"""A message that strays for one of these reasons is answered with where the conversation stands."""


# --- the order ------------------------------------------------------------------------------------------


async def route(turn: Turn) -> None:
    """Answer this message as it is meant. Several pictures sent at once are answered once."""
    turn.incoming = heard(turn.incoming, turn.library.bot_names.get(turn.incoming.channel, ""))
    cut_short.take(turn)
    edits.take(turn)
    enrolled = bool(turn.roles)
    cries.fade(turn)
    twice.find(turn)
    screen = turn.screen
    sentence = screen.unheard
    in_danger = isinstance(screen.expects, MoreWanted | CryWanted)
    # Who is in danger hears of each picture that it has come; of those sent at once, of the first.
    one_more = albums.is_known(turn) or (albums.in_a_row(turn) and not in_danger)
    await (further_of_album if albums.is_known(turn) and not in_danger else find_answer)(turn)
    if one_more and not turn.keeps_photo:
        albums.not_twice(turn)
    albums.answered(turn)
    unheard.fade(turn, sentence)
    pressing.note_words(turn)
    if turn.roles and not enrolled:
        await cries.of_newcomer(turn)
    turn.urgent = is_urgent(turn, screen.expects)
    cut_short.ask_for_rest(turn)


async def further_of_album(turn: Turn) -> None:
    """Handle one more picture of an album that was answered: only words under it can be new."""
    if albums.brings_words(turn):
        await find_answer(turn)
        albums.in_place(turn)
    else:
        albums.words_alone(turn)
        await how_to_go_on(turn, await open_interview(turn))


async def find_answer(turn: Turn) -> None:
    """Find who answers this message, and let them."""
    if await coming_back.noted(turn):
        return
    interview = await open_interview(turn)
    await astray.find(turn, interview)
    if await only_strays(turn, interview):
        await (how_to_go_on if await astray.asks(turn) else astray.stand)(turn, interview)
    else:
        await answer(turn, interview)
    if turn.stray is Stray.RESTORED:
        astray.tell_restored(turn)


async def only_strays(turn: Turn, interview: InterviewRow | None) -> bool:
    """Whether a message that strays is answered with where the conversation stands: it neither says by itself what it means
    nor cries anything out."""
    return turn.stray in STANDING and not says_itself(turn) and not await cry_in(turn, interview)


def says_itself(turn: Turn) -> bool:
    """Whether a message means the same whatever is open: a command, a word that calls a screen, a stranger's code."""
    incoming = turn.incoming
    if incoming.kind is MessageKind.PRESS:
        return astray.says_itself(incoming.press)
    if not turn.roles or incoming.kind is MessageKind.CONTACT:
        return True
    called = called_by(turn, incoming.text) if incoming.kind is MessageKind.TEXT else None
    return incoming.text.startswith("/") or called not in (None, menu.thanked)


async def answer(turn: Turn, interview: InterviewRow | None) -> None:
    """Hand the message to its handler."""
    incoming = turn.incoming
    if incoming.kind is MessageKind.PRESS:
        await on_press(turn, interview)
    elif incoming.kind is MessageKind.TEXT and incoming.text.startswith("/"):
        await on_command(turn, interview)
    elif not turn.roles:
        await on_stranger(turn)
    elif interview is None and shares_number(turn):
        await enrol.on_contact(turn)
    else:
        await on_words(turn, interview)


def shares_number(turn: Turn) -> bool:
    """Whether a contact was sent to join with: not as part of an emergency, nor as the number that was asked for."""
    expects = turn.screen.expects
    faint = isinstance(expects, CryWanted) and expects.faint
    wanted = isinstance(expects, (*OF_ALARMS, NumberWanted, CryWanted)) and not faint
    return turn.incoming.kind is MessageKind.CONTACT and not wanted


async def open_interview(turn: Turn) -> InterviewRow | None:
    """Return the interview that this chat is in the middle of; clear a pointer to one that is over."""
    if turn.contact.interview_id is None:
        return None
    row = turn.interview  # usually the one that was read with the message
    if row is None or row.id != turn.contact.interview_id:
        row = await turn.session.get(InterviewRow, turn.contact.interview_id)
    if row is None or row.status not in UNFINISHED or row.person_id != turn.contact.person_id:
        turn.contact.interview_id = None
        return None
    return row


async def on_press(turn: Turn, interview: InterviewRow | None) -> None:
    """Handle a button: do what its class stands for, or say that it is an old one."""
    pressed = PRESSES.read(turn.incoming.press)
    turn.beside = not is_of_danger(turn.incoming.press, pressed)
    if await is_about_words(turn, interview, pressed):
        return
    if not may_press(turn, pressed):
        cries.let_go(turn)
        await enrol.explain(turn)
        return
    if await asks_first(turn, pressed):
        pass
    elif not await which_emergency.chosen(turn, pressed):
        if turn.screen.expects and not keeps_waiting(turn, pressed):
            cries.let_go(turn)
        await (PRESSES.answer(turn, pressed) if pressed else menu.old_button(turn))
    await way_back(turn, interview, named=names_interview(pressed))


async def is_about_words(turn: Turn, interview: InterviewRow | None, pressed: Button | None) -> bool:
    """Answer a button about words that were said, or an older one with a question about newer words; else False."""
    if await cries.asks_of_newer(turn, pressed):
        await how_to_go_on(turn, interview)
        return True
    if isinstance(pressed, naming.IsNoName) and naming.words_meant(turn):
        await on_words(turn, interview)
        naming.offer(turn)
        return True
    if isinstance(pressed, which_emergency.AnswersAsked) and (wanted := which_emergency.take_answer(turn)):
        await DIALOGUES[type(wanted)](turn)
        await how_to_go_on(turn, interview)
        return True
    if isinstance(pressed, which_emergency.AnnounceHeld) and await unaddressed.announce_held(turn):
        return True
    return isinstance(pressed, cries.IsNone) and await was_no_cry(turn, interview)


async def asks_first(turn: Turn, pressed: Button | None) -> bool:
    """Ask again whether words are an emergency, and say that they were not sent, before an older button of an emergency
    that is told already is answered. False if nothing is asked, or for any other button."""
    of_told = keeps_waiting(turn, pressed) and not cries.keeps_asking(turn, pressed)
    return of_told and await cries.asks_first(turn)


async def on_command(turn: Turn, interview: InterviewRow | None) -> None:
    """Handle a command, as it is spelt or as it is often typed."""
    word = command_in(turn.incoming.text)
    handler = COMMANDS.get(word)
    turn.beside = True
    if not may_call(turn, word):
        await enrol.explain(turn)
        return
    # What was cried goes along with what is raised by the command.
    if handler is not emergency.ask or not isinstance(turn.screen.expects, CryWanted):
        cries.let_go(turn)
    await (handler or menu.unknown_command)(turn)
    await way_back(turn, interview, named=handler in OF_INTERVIEWS)


async def on_stranger(turn: Turn) -> None:
    """Handle anything else from somebody without a role: a typed consent button, what a former member may say, a code."""
    text = turn.incoming.text if turn.incoming.kind is MessageKind.TEXT and not turn.stray else ""
    typed = button_typed(turn, text, is_number(turn, text))
    called = called_by(turn, text) if turn.person and typed is None else None
    if called in OF_FORMER:
        await called(turn)
    elif typed is None:
        await enrol.on_stranger(turn)
        if await open_interview(turn):  # of a chat that was connected just now
            await fill_in.go_on(turn)
    else:
        turn.incoming = replace(turn.incoming, kind=MessageKind.PRESS, press=typed)
        await on_press(turn, None)


async def on_words(turn: Turn, interview: InterviewRow | None) -> None:
    """Handle anything else from somebody enrolled: ask each of `TAKERS`; the first that takes it answers."""
    incoming, wanted = turn.incoming, await still_wanted(turn)
    text = incoming.text if incoming.kind is MessageKind.TEXT and turn.stray is not Stray.LATE else ""
    said = Said(text, called_by(turn, text), waiting(turn, text), wanted)
    unsent = await at_preview.shown(turn)
    for taker in TAKERS:
        if await taker(turn, interview, said):
            turn.beside |= taker not in OF_DANGER
            break
    if unsent is not None and not tells_of_danger(turn):
        at_preview.remind(turn, unsent)
    remarks.remind(turn, said.wanted, said.called)


async def as_button(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Press a button whose words or number were typed, unless the number may be one in a letter."""
    listed = said.dialogue is None or isinstance(said.wanted, OF_REASONS)
    if interview is None and listed and await ask_which(turn, said.text):
        return True
    press = await button_meant(turn, interview, said)
    if press is None:
        return False
    numbered, pressed = is_number(turn, said.text), PRESSES.read(press)
    if numbered and (twice.asks(turn, pressed) or await doubts_no(turn, pressed)):
        return True
    if numbered and interview is None:
        twice.note(turn, said.text)
    turn.incoming = replace(turn.incoming, kind=MessageKind.PRESS, press=press)
    await on_press(turn, interview)
    return True


async def no_cry(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take a typed no to the question whether it is an emergency."""
    asked = isinstance(said.wanted, CryWanted) and said.dialogue is not None
    if not asked or cries.meant(turn, said.text) is not False:
        return False
    if await cries.doubt_no(turn):
        await how_to_go_on(turn, interview)
        return True
    turn.incoming = replace(turn.incoming, kind=MessageKind.PRESS, press=str(cries.IsNone()))
    await on_press(turn, interview)
    return True


async def was_no_cry(turn: Turn, interview: InterviewRow | None) -> bool:
    """Take the words that were no cry for what they were meant for: what was asked for, an answer, or a question."""
    asked, laid = turn.screen.expects, turn.screen.laid_aside
    if isinstance(asked, CryWanted) and laid is not None:
        await no_cries.as_wanted(turn, asked, laid)
        await how_to_go_on(turn, interview)
        return True
    if not isinstance(asked, CryWanted) or not (interview or access.is_officer(turn.view)):
        return False
    turn.expect(None)
    if interview and not await no_cries.was_answer(turn, interview, asked):
        await fill_in.ask_again(turn, interview, turn.say("emergency.cry.none"))
        return True
    turn.hear(asked.words)
    said = Said(asked.words, None, None, None)
    if not await officers_words.take(turn, interview, said):
        await (for_interview if interview else as_call)(turn, interview, said)
    return True


async def for_dialogue(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Give the open dialogue what it waits for; in an emergency, also a photo or a location."""
    if said.dialogue is None:
        return await shown.take(turn, interview, said.wanted)
    taken = await officers_words.before_answer(turn, said)
    if not (taken or await asked_reason.takes(turn, said.text, said.wanted)):
        await said.dialogue(turn)
    await how_to_go_on(turn, interview)
    return True


async def as_opening(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take a questionnaire that is called by its name while an emergency is told or asked about: that is no part of it."""
    told = isinstance(said.wanted, MoreWanted | CryWanted)
    if not told or not parts.opens_by_name(said.text):
        return False
    if interview is not None:
        return await opens_another(turn, interview, said.text)
    named = await parts.named(turn, said.text)
    if named.sure:
        await on_part(turn, named, None)
    return named.sure


async def opens_another(turn: Turn, interview: InterviewRow, text: str) -> bool:
    """Open the questionnaire that is called by its name within another one."""
    if not await fill_in.asks_for_another(turn, interview, text):
        return False
    cries.let_go(turn)
    return await fill_in.open_named(turn, text, within=True)


async def as_code(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take a printed code, for a further role."""
    joined = bool(said.text) and await enrol.join_again(turn)
    if joined:
        await how_to_go_on(turn, interview)
    return joined


async def for_interview(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take an answer, unless the words call something else and cannot be one."""
    if interview is None or await idle.is_no_answer(turn, interview, said):
        return False
    await fill_in.on_message(turn, interview)
    return True


async def as_named(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take words that name another place, or another questionnaire; a bare number, as most answers are, names nothing."""
    if not has_letters(said.text) or await other_place.take(turn, interview, said):
        return has_letters(said.text)
    return await idle.as_named_correction(turn, interview, said)


async def as_list(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take a list that an administrator sends."""
    if not lists.is_sent(turn):
        return False
    await lists.take(turn)
    await how_to_go_on(turn, interview)
    return True


async def as_part(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Press a button by part of its label; among words that call something else, only "nhà ở" is such a part: without marks
    it is a courtesy. While a question is open, take only what it does not take, for a button of a screen shown since."""
    if said.called not in (None, menu.thanked) or not await may_be_part(turn, interview, said):
        return False
    named = await parts.named(turn, said.text, whole=said.called is not None, shown=interview is not None)
    if named.choices:
        await on_part(turn, named, interview)
    return bool(named.choices)


async def may_be_part(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Whether words may name a button. Within an interview: one of a list that was shown since, if they answer nothing."""
    if interview is None:
        return True
    if not has_letters(said.text):
        return False  # a bare number is an answer
    listed = said.called is None and parts.lists_openings(turn)
    return listed and not await takes(turn, interview, said.text)


async def as_call(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Answer what the words call, else a question about figures, else words that nobody understands."""
    called = said.called
    own = called in (None, situation) and await conversation.tells_own(turn)
    if not own and (called is not None or not await conversation.asks(turn)):
        called = called or await idle.hinted_at(turn, said.text)
        await (called(turn) if called else idle.not_understood(turn, interview))
    if called in OF_INTERVIEWS:
        no_numbers(turn, interview)
    else:
        await how_to_go_on(turn, interview)
    return True


TAKERS: Final = (
    as_button,
    as_anew,
    as_named_alarm,
    officers_closing.take,
    as_slip_of_report,
    as_over,
    as_end,
    as_no_kind,
    pleas.take,
    officers_words.take_cry,
    as_cry,
    no_cry,
    under_kinds,
    as_aside,
    as_either,
    as_opening,
    as_named,
    beside_alarm,
    officers_words.beside_question,
    idle.as_cry_amid,
    for_dialogue,
    as_list,
    as_code,
    idle.came_late,
    idle.as_sending,
    idle.as_deadline,
    idle.of_village,
    idle.as_correction,
    idle.as_report,
    idle.as_unchanged,
    as_part,
    unaddressed.take,
    officers_words.take,
    as_which,
    idle.as_form,
    as_more,
    idle.as_unsent,
    for_interview,
    idle.as_courtesy,
    idle.as_remark,
    idle.as_cry_of_higher,
    idle.as_leaving,
    idle.as_figure,
    as_call,
)
"""Asked in this order: first those for what says exactly what it means, last those for what only may mean something."""

OF_DANGER: Final = {
    as_button, as_anew, as_named_alarm, officers_closing.take, as_over, as_end, pleas.take, officers_words.take_cry, as_cry,
    no_cry, under_kinds, as_aside, as_either, officers_words.beside_question, for_dialogue, officers_words.take, as_which,
    as_more,
}  # fmt: skip
"""Whose answer is about an emergency, if one is told, answered or asked about; a button says so itself."""


async def on_part(turn: Turn, named: parts.NamedButtons, interview: InterviewRow | None) -> None:
    """Press the button whose label was named in part, or ask which one is meant."""
    if named.sure:
        turn.incoming = replace(turn.incoming, kind=MessageKind.PRESS, press=named.choices[0].data)
        await on_press(turn, interview)
    else:
        parts.ask_which(turn, named.choices)
        await how_to_go_on(turn, interview)
