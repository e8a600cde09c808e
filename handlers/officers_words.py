"""What an officer writes while an emergency that they were told of is open: it is kept for it, and asked about.

The rule is the same however old the emergency is, whoever has it and whatever the chat shows. Words that are a command,
a button, an answer to what is asked or clearly a question about figures are taken as that. All others may be for whoever
raised it: they are held (`handlers.held_words`), the officer reads that they went to nobody yet, and buttons lead on.
Words of receipt take up what nobody has.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from figures import access
from figures.ground import ground_of
from handlers import (
    alarms,
    cries,
    emergency,
    emergency_answers,
    held_words,
    laid_aside,
    menu,
    open_alarms,
    parts,
    taking_up,
    unheard,
)
from handlers import which_emergency as which
from handlers.asking import conversation
from handlers.broadcasts import at_preview
from handlers.danger import (
    LONGEST,
    OTHER,
    SAID,
    asks_at_end,
    but_courtesy,
    has_mark,
    heard,
    is_receipt,
    seems_over,
)
from handlers.emergency_named import TO_RAISER, named_in, takes_up_and_tells
from handlers.emergency_raised import is_told
from handlers.going_on import how_to_go_on
from handlers.hearing import Said, may_be_more
from handlers.laid_aside import IN_WORDS
from handlers.names import is_surely_name
from handlers.navigation import DropWords, PassOn
from handlers.other_business import cries_anew, may_be_other, purpose_of
from handlers.turn import Turn
from queries.understanding import Doubt
from questionnaires.answers.text import clean, fold
from questionnaires.answers.tokens import tokens_of, without_marks
from storage import delivered
from storage.kept import AnswerWanted, CryWanted, NameWanted, WhichEmergencyWanted
from storage.tables import Emergency, InterviewRow

OF_ALARM: Final = SAID.flags("of_alarm")
"""What officers ask the bot about an open emergency, and nobody else."""
OF_ALARM_THERE: Final = SAID.flags("of_alarm_there")
"""The same, before the name of a place."""
NAMED: Final = 5
"""How many words such a name has at most."""
TELLS_NOBODY: Final = ("drop", "leave", "send")
"""What words do, as `handlers.other_business` calls it, that are for nobody but the bot."""
NO_FIGURES: Final = (Doubt.OUTSIDE, Doubt.EMPTY, Doubt.THANKS)
"""What is found in words that ask for no figure at all."""


async def take(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take words that nothing open surely takes: hold them for an open emergency, and ask."""
    if said.dialogue is not None or not said.text or said.called not in (None, menu.thanked):
        return False
    if not holds_office(turn):
        return False  # of most messages nothing more is looked at
    rows = await spoken_to(turn, interview, said)
    if not rows or await is_for_preview(turn, said.text):
        return False
    taken = await answered_by(said)(turn, rows)
    if taken:
        await how_to_go_on(turn, interview)
    return taken


def answered_by(said: Said) -> Callable[[Turn, Sequence[Emergency]], Awaitable[bool]]:
    """Return who answers words that may be about open emergencies."""
    if is_courtesy(said):
        return answer_receipt
    if purpose_of(said.text) in TELLS_NOBODY:
        return answer_aside
    return take_up_and_tell if takes_up_and_tells(said.text) else hold


async def drops(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Drop what waits to be sent on for an officer who says so, whatever the chat shows since. The words of the button
    themselves are no others' words, also where nothing waits."""
    if purpose_of(said.text) != "drop" or turn.screen.announce_words or not waits_for_none(said):
        return False
    label = turn.say("emergency.button.drop").unescape()
    if fold(said.text) != fold(label) and (interview is not None or not turn.screen.held):
        return False
    if turn.screen.held:
        await which.on_drop(turn, DropWords())
    else:
        turn.expect(None)
        await menu.show(turn, turn.say("emergency.held.none"))
    await how_to_go_on(turn, interview)
    return True


def waits_for_none(said: Said) -> bool:
    """Whether no words are wanted, or only such as go to whoever raised an emergency."""
    return said.dialogue is None or said.awaited_for(AnswerWanted)


async def asks_about(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Show an officer the emergency, or the list of them, that they ask the bot about: who raised it, what their number is,
    who has it."""
    beside = interview is None and waits_for_none(said) and not turn.incoming.reply_to
    if not beside or not is_of_alarm(said):
        return False
    rows = await open_alarms.told_of(turn)
    if rows:
        await (open_alarms.tell_one(turn, rows[0]) if len(rows) == 1 else open_alarms.show(turn))
    return bool(rows)


def is_of_alarm(said: Said) -> bool:
    """Whether words only ask the bot about an alert, as far as one is open; a name may follow."""
    words = but_courtesy(said.text)
    asked = OF_ALARM_THERE.at(words, 0)
    return OF_ALARM.whole(words) is True or (asked is not None and len(words) - asked[1] <= NAMED)


async def take_cry(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take an officer's call for help that may be about an open emergency of its kind, or that asks whether something is so:
    it is theirs to answer, and no new one unless they say so."""
    if interview is not None or not holds_office(turn):
        return False
    if await ask_anew(turn, said):
        return True
    if said.dialogue is not None:
        return isinstance(said.wanted, CryWanted) and await beside_cry(turn, said)
    kind = cries.sounds(turn, in_words=False)
    asks = asks_at_end(said.text)
    if not kind or not any(asks or kind in (row.kind, OTHER) for row in await open_alarms.told_of(turn)):
        return False
    return await take(turn, interview, said)


async def ask_anew(turn: Turn, said: Said) -> bool:
    """Ask whether words, which would go to whoever raised another emergency or wait for one, are an emergency of their own:
    nobody must read of a flood at a school as an answer to a fire. A no asks whom they are for."""
    answers = said.awaited_for(AnswerWanted, WhichEmergencyWanted) and not turn.incoming.reply_to
    if not answers or said.called is not None or not access.holds(turn.view, *emergency.SENDERS):
        return False
    kind = await anew_in(turn) if cries.may_cry(turn) else ""
    if not kind:
        return False
    turn.expect(None)
    await cries.ask(turn, kind, None, turn.say("emergency.cry.or_answer"))
    return True


async def anew_in(turn: Turn) -> str:
    """Return the kind of danger that this message tells of beside the emergencies that are open; "" for none."""
    if not heard(turn.incoming.text):
        return ""
    return cries_anew(turn.incoming.text, {row.kind for row in await open_alarms.told_of(turn)})


async def beside_cry(turn: Turn, said: Said) -> bool:
    """Take what an officer writes under an alert that came while the bot asks whether other words of theirs tell of one: it
    is for the alert. Those words are let go of, and that is said."""
    if answers_cry(turn, said) or said.called not in (None, menu.thanked):
        return False
    about = await delivered.newest_about(turn.session, turn.contact.id)
    if not any(about == f"{alarms.ABOUT}{row.id}" for row in await spoken_to(turn, None, said)):
        return False
    cries.let_go(turn)
    return await take(turn, None, replace(said, dialogue=None, wanted=None))


def answers_cry(turn: Turn, said: Said) -> bool:
    """Whether words answer whether others are an emergency, or cry out themselves."""
    return cries.meant(turn, said.text) is not None or bool(cries.sounds(turn, in_words=False))


async def beside_question(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take what an officer writes under an alert while a name, a reason or other words are wanted: hold it, and ask.

    A name that is surely one is a name. What was asked waits.
    """
    if not stands_for_answer(turn, said):
        return False
    rows = [] if is_name(said) else await open_alarms.told_of(turn)
    if not rows or not await may_be_of_alarm(turn, said, rows):
        return False
    laid_aside.lay_aside(turn)
    turn.expect(None)
    full = await held_words.hold(turn, rows)
    answer = menu.named(turn.view, "emergency.button.answers", which.AnswersAsked())
    await which.ask_whose(turn, rows, answer, before=full, figures=False)
    await how_to_go_on(turn, interview)
    return True


def stands_for_answer(turn: Turn, said: Said) -> bool:
    """Whether an officer writes words, under no message, while some are wanted."""
    in_words = said.awaited_for(*IN_WORDS) and not turn.incoming.reply_to
    return bool(in_words and said.text and holds_office(turn))


def is_name(said: Said) -> bool:
    """Whether words are surely the name that is wanted."""
    return isinstance(said.wanted, NameWanted) and is_surely_name(said.text)


async def may_be_of_alarm(turn: Turn, said: Said, rows: Sequence[Emergency]) -> bool:
    """Whether words may well be about one of these emergencies: they stand under a message about one, beside others that
    are held, or where a name is wanted while nobody has one of them."""
    waits = any(row.acknowledged_at is None for row in rows)
    unseen = waits and isinstance(said.wanted, NameWanted)
    return unseen or bool(which.held_for(turn, rows)) or await is_under_alarm(turn)


def holds_office(turn: Turn) -> bool:
    """Whether the writer is an officer, besides whatever else."""
    return not {role.role for role in turn.roles}.isdisjoint(access.OFFICERS)


def is_courtesy(said: Said) -> bool:
    """Whether words say only that they were read, or thanks."""
    return said.called is menu.thanked or is_receipt(said.text)


def is_to_close(said: Said) -> bool:
    """Whether it was asked which emergency is to be closed."""
    return isinstance(said.wanted, WhichEmergencyWanted) and said.wanted.to in ("close", "close_own")


async def spoken_to(turn: Turn, interview: InterviewRow | None, said: Said) -> list[Emergency]:
    """Return the emergencies that an officer's words may be about; none if the words are for something else."""
    if interview is None and is_to_close(said):
        return []  # held for the one that is to be closed
    rows = await open_alarms.told_of(turn)
    if interview is not None:
        return await spoken_to_within(turn, interview, said, rows)
    for_bot = rows and (purpose_of(said.text) == "bot" or await is_clear_question(turn))
    return [] if for_bot else rows


async def spoken_to_within(
    turn: Turn, interview: InterviewRow, said: Said, told: Sequence[Emergency]
) -> list[Emergency]:
    """Return those of some emergencies that words within a questionnaire may be about."""
    # An answer that is not understood is far likelier than words about what is long over.
    rows = [row for row in told if row.acknowledged_at is None or is_told(row, turn.now)]
    return rows if rows and await may_be_more(turn, interview, said.text) else []


async def is_clear_question(turn: Turn) -> bool:
    """Whether words clearly ask for figures. Those that end by asking whether something is so, those that answer whoever
    raised an emergency, and those that say that it is over, may be for the village: "đã nghe" asks for no training in a
    trade ("nghề")."""
    text = turn.incoming.text
    told = asks_at_end(text) or speaks_to_raiser(text) or seems_over(text) or takes_up_and_tells(text)
    return not told and await parts.is_question(turn)


async def is_for_preview(turn: Turn, text: str) -> bool:
    """Whether words are for an announcement that is shown and has not gone: they neither read like an answer to whoever
    raised an emergency, nor stand under a message about one."""
    return await at_preview.shown(turn) is not None and not (
        speaks_to_raiser(text) or await is_under_alarm(turn)
    )


def speaks_to_raiser(text: str) -> bool:
    """Whether `text` reads like an answer to whoever raised an emergency, given that one is open."""
    tokens = tokens_of(clean(text[:LONGEST]))
    return not has_mark(tokens, "?") and (is_receipt(text) or TO_RAISER.stands_in(without_marks(tokens)))


async def hold(turn: Turn, rows: Sequence[Emergency]) -> bool:
    """Hold the words for the emergency that they name or, if they name none, for any, and ask."""
    named = named_in(turn.incoming.text, rows)
    meant = [named] if named is not None else list(rows)
    await ask(turn, meant, *await held_words.hold(turn, meant))
    return True


async def ask(turn: Turn, rows: Sequence[Emergency], *before: Markup) -> None:
    """Ask what the words that are held for these emergencies are for. Who may raise one may send them as another;
    what may be other business, and asks nothing, may be an announcement."""
    aside = []
    if cries.sounds(turn, in_words=False) and access.holds(turn.view, *emergency.SENDERS):
        unheard.note(turn)
        aside.append(menu.button(turn.view, "khancap"))
    asked = held_words.in_question(which.held_for(turn, rows))
    if any(not asks_at_end(held.words) for held in asked):
        aside.append(menu.named(turn.view, "emergency.button.announce", which.AnnounceHeld()))
    known = len(rows) == 1 and rows[0].acknowledged_at is not None
    await which.ask_whose(turn, rows, *aside, before=before, figures=known or await may_ask(turn))


async def may_ask(turn: Turn) -> bool:
    """Whether words may ask for figures at all."""
    ground = await ground_of(turn.view)
    return ground is not None and conversation.understood(turn, ground).doubt not in NO_FIGURES


async def take_up_and_tell(turn: Turn, rows: Sequence[Emergency]) -> bool:
    """Take up what nobody has, with words that say so and more: these go to whoever raised it; of several ask which. Words
    about what somebody has are held."""
    waiting = [row for row in rows if row.acknowledged_at is None]
    if not waiting:
        return await hold(turn, rows)
    named = named_in(turn.incoming.text, waiting)
    meant = [named] if named is not None else waiting
    told = await held_words.hold(turn, meant)
    if held_words.is_held(turn):
        await take_up_or_ask(turn, meant)
    else:
        await ask(turn, meant, *told)
    return True


# --- receipt --------------------------------------------------------------------------------------------


async def answer_receipt(turn: Turn, rows: Sequence[Emergency]) -> bool:
    """Take "rõ", "ok" or thanks: what nobody has is taken up if the words stand under a message about it, else asked
    about. While words are held, ask about them again. Where nothing waits, a receipt is a courtesy; False for thanks."""
    waiting = [row for row in rows if row.acknowledged_at is None]
    held = [row for row in rows if held_words.of(turn.screen, row.id)]
    if waiting and is_receipt(turn.incoming.text) and await is_under_alarm(turn):
        await take_up_or_ask(turn, waiting)
    elif held:
        await ask(turn, held)
    elif waiting:
        await which.ask(turn, WhichEmergencyWanted("have"), waiting, turn.say("emergency.waits_still"))
    elif is_receipt(turn.incoming.text):
        await menu.thanked(turn)
    else:
        return False
    return True


async def take_up_or_ask(turn: Turn, waiting: Sequence[Emergency]) -> None:
    """Take up the only emergency that nobody has; of several ask which."""
    if len(waiting) == 1:
        await taking_up.acknowledge(turn, alarms.Acknowledge(waiting[0].id))
    else:
        await which.ask(turn, WhichEmergencyWanted("have"), waiting)


async def answer_aside(turn: Turn, rows: Sequence[Emergency]) -> bool:
    """Take words that tell nobody anything, "xong" or "thôi": drop or send on what is held if they say so, ask again about
    it, or say what nobody has yet. Otherwise show the menu."""
    waiting = [row for row in rows if row.acknowledged_at is None]
    held = [row for row in rows if held_words.of(turn.screen, row.id)]
    purpose = purpose_of(turn.incoming.text)
    if held and purpose == "drop":
        await which.on_drop(turn, DropWords())
    elif len(held) == 1 and purpose == "send":
        await taking_up.on_pass_on(turn, PassOn(held[0].id))
    elif held:
        await ask(turn, held)
    elif waiting:
        await which.ask(turn, WhichEmergencyWanted("have"), waiting, turn.say("emergency.waits_still"))
    else:
        turn.expect(None)
        await menu.show(turn)
    return True


async def is_under_alarm(turn: Turn) -> bool:
    """Whether the newest message to this chat is about an emergency."""
    return (await delivered.newest_about(turn.session, turn.contact.id)).startswith(alarms.ABOUT)


# --- while answers go to whoever raised one -------------------------------------------------------------


async def before_answer(turn: Turn, said: Said) -> bool:
    """Hold words that would go to whoever raised an emergency, if they may ask for figures or be about another one. A
    reply to a message is for the emergency of that message."""
    wanted = said.wanted
    if not isinstance(wanted, AnswerWanted) or turn.incoming.reply_to:
        return False
    if purpose_of(said.text) in TELLS_NOBODY:
        return await answer_aside(turn, await open_alarms.told_of(turn))
    meant = await doubted(turn, wanted)
    return bool(meant) and await hold(turn, meant)


async def doubted(turn: Turn, wanted: AnswerWanted) -> list[Emergency]:
    """Return the emergencies that words may be about, if they are not surely an answer to the one taken up; else none."""
    rows = await open_alarms.told_of(turn)
    mine = [row for row in rows if row.id == wanted.id]
    named = named_in(turn.incoming.text, rows)
    if named is not None and named not in mine:
        return [named]
    newer = [row for row in rows if row.acknowledged_at is None and row.raised_at > wanted.since]
    if newer and named is None:
        return [*newer, *mine]
    return mine if await may_be_aside(turn) else []


async def may_be_aside(turn: Turn) -> bool:
    """Whether words may be about something else than the emergency taken up: other business, another danger, or a question
    of figures. A number that chose something just before is no words."""
    text = turn.incoming.text
    if emergency_answers.why_unsure(turn):
        return False
    return (
        may_be_other(text)
        or bool(await anew_in(turn))
        or (not seems_over(text) and await parts.is_question(turn))
    )
