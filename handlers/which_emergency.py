"""Asks which of several open emergencies is meant.

On a channel with buttons the list has no numbers, yet people type "1" or "2", or name one by its kind or place. Words
that name none of them are held (`handlers.held_words`) until one is chosen; then they are for that one. What whoever
raised them tells of a danger that goes on is passed on at once.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from markupsafe import Markup

from handlers import (
    alarms,
    cries,
    emergency,
    emergency_raised,
    held_words,
    laid_aside,
    menu,
    open_alarms,
    taking_up,
)
from handlers.asking import conversation
from handlers.buttons import Button, Presses, button, choice
from handlers.closing import closes
from handlers.danger import but_courtesy, ends, is_bare_end, seems_over
from handlers.emergency_details import last_words
from handlers.emergency_named import behind_asking, kind_missing, named_among, named_by, only_names
from handlers.laid_aside import IN_WORDS
from handlers.messages import Choice, Rows, column
from handlers.navigation import CloseIt, DropWords, PassOn
from handlers.turn import Turn
from questionnaires.answers.tokens import Token
from storage.kept import AnswerWanted, HeldWords, MoreWanted, Wanted, WhichEmergencyWanted
from storage.tables import Emergency

pressed: Final = Presses()


@button("z:i")
class AskFigures(Button):
    """The words that were held last ask for figures."""


@button("z:u")
class AnswersAsked(Button):
    """The words that were held last answer what is asked beside."""


@button("z:b")
class AnnounceHeld(Button):
    """The words that were held last are those of an announcement."""


@dataclass(frozen=True, slots=True)
class EmergencyQuestion:
    """A question: which of some emergencies this person means."""

    rows: Callable[[Turn], Awaitable[list[Emergency]]]
    """Finds the emergencies to choose from."""
    key: str
    """The key of the question."""
    button: Callable[[int], Button]
    """The button that chooses one, by its id."""
    choose: Callable[[Turn, Any], Awaitable[None]]
    """Does the same for somebody who names it."""


async def to_take_up(turn: Turn) -> list[Emergency]:
    """Return what nobody has yet. Nobody takes up what they raised themselves; if that is the only one, they are told so."""
    waiting = [row for row in await open_alarms.looked_after(turn) if row.acknowledged_at is None]
    return [row for row in waiting if not alarms.is_raiser(turn, row)] or waiting[:1] * (len(waiting) == 1)


async def own(turn: Turn) -> list[Emergency]:
    """What this person raised, the newest first."""
    return list(reversed(await emergency_raised.raised(turn)))


async def close_held(turn: Turn, button: CloseIt) -> None:
    """Close, for whoever raised it, the one chosen: with what is held of their words for it, else with the last words that
    say that it is over. A cry closes nothing."""
    row = await emergency_raised.raised_here(turn, button.emergency)
    if row is None:
        await menu.old_button(turn)
        return
    held = held_words.take(turn, row)
    if held:
        await emergency.close_or_pass_on(turn, row, " ".join(held), chosen=True)
    elif closes(row, last_words(row)):
        await emergency.close(turn, row, last_words(row))
    else:
        emergency.ask_sentence(turn, row, "emergency.close_how")


ASKED: Final = {
    "have": EmergencyQuestion(to_take_up, "emergency.which_have", alarms.Acknowledge, taking_up.acknowledge),
    "words": EmergencyQuestion(
        open_alarms.told_of, "emergency.which_words", alarms.Acknowledge, taking_up.acknowledge
    ),
    "close": EmergencyQuestion(
        open_alarms.looked_after, "emergency.which_close", open_alarms.CloseForRaiser, open_alarms.close_held
    ),
    "close_own": EmergencyQuestion(own, "emergency.which_close", CloseIt, close_held),
}
"""What is asked, by `WhichEmergencyWanted.to`."""
Which = Literal["have", "close", "close_own", "words"]
RECEIPT: Final = ("have", "words")
"""What is asked of officers who are to take one up."""
OF_ONE: Final = (alarms.Acknowledge, open_alarms.CloseForRaiser, CloseIt)
"""The buttons by which one is chosen."""


async def acknowledge(turn: Turn) -> None:
    """Take up, after a typed "Đã nhận tin", the one that nobody has yet; of several, ask which. With none open it is a
    courtesy."""
    if await take(turn, "have"):
        return
    held = await held_of_taken_up(turn)
    if held is not None:
        await taking_up.acknowledge(turn, alarms.Acknowledge(held.id))
    else:
        await (open_alarms.show if await open_alarms.looked_after(turn) else menu.thanked)(turn)


async def held_of_taken_up(turn: Turn) -> Emergency | None:
    """Return the emergency for which this officer's words are held, if somebody has it and it is the only one."""
    rows = [row for row in await open_alarms.told_of(turn) if held_words.of(turn.screen, row.id)]
    return rows[0] if len(rows) == 1 else None


async def close_one(turn: Turn) -> None:
    """Close, after an officer's typed "Khép tin", the one that is open; of several, ask which."""
    if not await take(turn, "close"):
        await open_alarms.show(turn)


async def close_own(turn: Turn) -> bool:
    """Close, after a typed "Khép tin" by whoever raised it, the one that is open, however old; of several, ask which.

    False if none is open.
    """
    return await take(turn, "close_own")


async def take(turn: Turn, to: Which) -> bool:
    """Do it with the only one, or the one that the message names; of several ask which. False if there is none."""
    rows, words = await ASKED[to].rows(turn), behind_asking(turn.incoming.text)
    named = named_by(words, await labelled(turn, rows))
    likely, none = named or rows, none_of(turn, to, words, rows)
    if len(likely) == 1 and not none:
        await (choose if is_asked(turn, to) else begin)(turn, to, likely[0].id)
    elif likely:
        await ask(turn, WhichEmergencyWanted(to), likely, *none)
    return bool(rows)


def is_asked(turn: Turn, to: Which) -> bool:
    """Whether the bot asks just now for which of several this is to be done: what was written since is for that one."""
    return isinstance(turn.screen.expects, WhichEmergencyWanted) and turn.screen.expects.to == to


async def begin(turn: Turn, to: Which, number: int) -> None:
    """Do what is asked for with the only emergency that may be meant."""
    if to == "close":
        await open_alarms.on_close(turn, open_alarms.CloseForRaiser(number))
    else:
        await choose(turn, to, number)


async def choose(turn: Turn, to: Which, number: int) -> None:
    """Do what was asked for with the emergency of this id, and take for it what was written before it was chosen."""
    turn.expect(None)
    await ASKED[to].choose(turn, ASKED[to].button(number))


def none_of(turn: Turn, to: Which, words: Sequence[Token], rows: Sequence[Emergency]) -> list[Markup]:
    """Return the sentence that none of these emergencies is of the kind that `words` name.

    Nothing if one is, or if they name no kind.
    """
    kind = kind_missing(words, rows)
    key = "emergency.none_waits" if to == "have" else "emergency.none_of_kind"
    return [turn.say(key, kind=turn.say(f"emergency.kind.{kind}"))] if kind else []


async def labelled(turn: Turn, rows: Sequence[Emergency]) -> list[tuple[Emergency, str]]:
    """Return some emergencies, each with the words of its button."""
    return [(row, (await open_alarms.label(turn, row)).unescape()) for row in rows]


async def ask(
    turn: Turn, wanted: WhichEmergencyWanted, rows: Sequence[Emergency], *before: Markup, besides: Rows = ()
) -> None:
    """Ask which of some emergencies is meant; a name or number typed next is the answer. `besides`: other ways on.

    Show too which words are held for the one chosen.
    """
    turn.expect(wanted)
    buttons = [choice(label, ASKED[wanted.to].button(row.id)) for row, label in await labelled(turn, rows)]
    held = held_for(turn, rows)
    kept = told_first(turn, wanted, held) if held else []
    drop = column(menu.named(turn.view, "emergency.button.drop", DropWords())) if held and not besides else ()
    text = Markup("\n\n").join([*before, *kept, turn.say(ASKED[wanted.to].key)])
    turn.reply(text, choices=(*column(*buttons), *besides, *drop))


def told_first(turn: Turn, wanted: WhichEmergencyWanted, held: Sequence[HeldWords]) -> list[Markup]:
    """Return which held words are for the emergency that is chosen, and which of them an officer is asked about later."""
    first = held_words.apart(held)[0] if wanted.to in RECEIPT else held
    later = [one for one in held if one not in first]
    told = [turn.say("emergency.which_first", words=held_words.shown(first))]
    return [*told, turn.say("emergency.held.later", words=held_words.shown(later))] if later else told


def held_for(turn: Turn, rows: Sequence[Emergency]) -> list[HeldWords]:
    """Return what is held of the writer's words for any of some emergencies."""
    return [one for one in turn.screen.held if {row.id for row in rows} & set(one.about)]


async def named(turn: Turn, wanted: WhichEmergencyWanted, text: str) -> bool:
    """Whether `text` names some of those asked about: a single one is chosen; of several, ask again."""
    rows = named_among(text, await labelled(turn, await ASKED[wanted.to].rows(turn)))
    if len(rows) == 1:
        await choose(turn, wanted.to, rows[0].id)
    elif rows:
        await ask(turn, wanted, rows)
    return bool(rows)


async def chosen(turn: Turn, button: Button | None) -> bool:
    """Whether a button chooses the emergency that is asked for.

    One that does something else with an emergency does that, whatever is asked, and the question is over.
    """
    wanted = turn.screen.expects
    if not isinstance(wanted, WhichEmergencyWanted) or not isinstance(button, OF_ONE):
        return False
    if type(button) is not type(ASKED[wanted.to].button(button.emergency)):
        turn.expect(None)
        return False
    await choose(turn, wanted.to, button.emergency)
    return True


async def ask_again(turn: Turn, wanted: WhichEmergencyWanted) -> None:
    """Say that what was written names none of them and went to nobody yet, hold it for the one chosen, and show the list
    again. What whoever raised them tells of a danger that goes on is passed on."""
    text = turn.incoming.text
    rows = await ASKED[wanted.to].rows(turn)
    if not rows:
        turn.expect(None)
        await open_alarms.show(turn)
    elif only_names(text):
        await ask(turn, wanted, rows, *none_of(turn, wanted.to, but_courtesy(text), rows))
    elif wanted.to != "close_own" or ends(text) or not await tells_more(turn):
        await hold(turn, wanted, rows)


async def tells_more(turn: Turn) -> bool:
    """Pass on what whoever raised an emergency tells besides its end. False if nothing was said of one for hours."""
    row = await emergency_raised.told_last(turn)
    if row is not None:
        turn.expect(MoreWanted(row.id))
        await emergency.on_more(turn)
    return row is not None


async def hold(turn: Turn, wanted: WhichEmergencyWanted, rows: Sequence[Emergency]) -> None:
    """Hold words for whichever of these is chosen, beside what is held already, and ask again."""
    full = await held_words.hold(turn, rows)
    if wanted.to in RECEIPT:
        await ask_whose(turn, rows, before=full, figures=False)
    else:
        await ask(turn, wanted, rows, *full)


async def ended(turn: Turn, text: str) -> bool:
    """Ask whether `text` means that what this person raised hours or days ago is over.

    False if it says too little, or nothing of that is open.
    """
    rows = await emergency_raised.raised(turn) if seems_over(text) and not is_bare_end(text) else []
    if len(rows) == 1:
        await cries.ask_end(turn, rows[0])
    elif rows:
        await ask_again(turn, WhichEmergencyWanted("close_own"))
    return bool(rows)


async def offer_closing(turn: Turn) -> bool:
    """Offer to close what this person raised, however long ago, for words that say only that something is over. False if
    nothing of that is open."""
    rows = await emergency_raised.raised(turn)
    if len(rows) == 1:
        told = turn.say("emergency.open_still", **emergency_raised.named(turn, rows[0]))
        close = menu.named(turn.view, "emergency.button.close", CloseIt(rows[0].id))
        await menu.show(turn, told + Markup(" ") + turn.say("emergency.if_over"), close)
    elif rows:
        await ask(turn, WhichEmergencyWanted("close_own"), rows)
    return bool(rows)


# --- an officer's words, held until they say what these are for -----------------------------------------


async def ask_whose(
    turn: Turn, rows: Sequence[Emergency], *aside: Choice, before: Sequence[Markup] = (), figures: bool
) -> None:
    """Show which words went to nobody yet, after the paragraphs `before`, with a button for each emergency that they may
    be about.

    A button drops them, so that nothing goes to a village that is not for it; if they may ask for `figures`, another asks.
    The buttons `aside` do something else with them.
    """
    drop = menu.named(turn.view, "emergency.button.drop", DropWords())
    ask_figures = menu.named(turn.view, "emergency.button.figures", AskFigures())
    besides = column(*([ask_figures, *aside, drop] if figures else [drop, *aside]))
    if len(rows) == 1:
        await ask_of_one(turn, rows[0], *before, besides=besides)
    else:
        await ask(turn, WhichEmergencyWanted("words"), rows, *before, besides=besides)


async def ask_of_one(turn: Turn, row: Emergency, *before: Markup, besides: Rows) -> None:
    """Ask whether held words are for whoever raised the only emergency that they may be about."""
    expects = turn.screen.expects
    if not (isinstance(expects, AnswerWanted) and expects.id == row.id):
        turn.expect(None)
    over = held_words.end_it(turn, row)
    asked, ways = await to_send_on(turn, row)
    close = menu.named(turn.view, "emergency.button.close_so", open_alarms.CloseWithHeld(row.id))
    ends = [turn.say("emergency.answer.if_over")] if over else []
    text = Markup("\n\n").join([*before, *asked, *ends])
    choices = (*column(*ways, *([close] if over else [])), *besides)
    turn.reply(text, choices=choices, about=f"{alarms.ABOUT}{row.id}")


async def to_send_on(turn: Turn, row: Emergency) -> tuple[list[Markup], list[Choice]]:
    """Return what becomes of the words that are held for an emergency, and the buttons that send them on. What may be other
    business goes with no receipt."""
    mine = held_words.of(turn.screen, row.id)
    place = await alarms.which(turn.session, row, turn.zone, turn.now, turn.say)
    at = row.raised_at.astimezone(turn.zone)
    pass_on = menu.named(turn.view, "emergency.button.pass_on", PassOn(row.id))

    def told(key: str, some: Sequence[HeldWords]) -> Markup:
        return alarms.telling(row, turn.say, key, place=place, at=at, words=held_words.shown(some))

    sure, doubtful = held_words.sure_of(turn, row), held_words.in_question(mine)
    later = list(filter(None, [held_words.asked_later(mine, turn.say)]))
    if row.acknowledged_at is not None:
        return [told("emergency.answer.which", doubtful or mine), *later], [pass_on]
    asked = [told("emergency.take_up_first", sure)] if sure else []
    if doubtful:
        asked.append(told("emergency.take_up_other" if sure else "emergency.take_up_doubtful", doubtful))
    asked += later
    have_it = menu.named(turn.view, "emergency.button.acknowledge", alarms.Acknowledge(row.id))
    return asked, [have_it, pass_on] if doubtful else [have_it]


@pressed.on(AskFigures)
async def on_figures(turn: Turn, _: AskFigures) -> None:
    """Answer as a question the words that are asked about. Where words went to whoever raised an emergency, they go on
    doing so."""
    last = held_words.take_last(turn, asked=True)
    if last is None:
        await menu.old_button(turn)
        return
    turn.hear(last.words)
    if not await conversation.asks(turn):
        await menu.show(turn)


@pressed.on(AnswersAsked, AnnounceHeld)
async def on_answers(turn: Turn, _: AnswersAsked | AnnounceHeld) -> None:
    """Say that nothing is asked, or held, any more; `handlers.routing` gives the words to what they are for."""
    await menu.old_button(turn)


def take_answer(turn: Turn) -> Wanted | None:
    """Let what was held last be the message, and return what words are wanted for; None if nothing is held, or wanted."""
    if turn.screen.laid_aside is not None:
        laid_aside.wait_again(turn, turn.screen.laid_aside)
    wanted = turn.screen.expects
    last = held_words.take_last(turn) if isinstance(wanted, IN_WORDS) else None
    if last is None:
        return None
    turn.hear(last.words)
    return wanted


@pressed.on(DropWords)
async def on_drop(turn: Turn, _: DropWords) -> None:
    """Forget the words that the message asked about, and say so. Ask again about what is held beside them."""
    rows = [row for row in await open_alarms.told_of(turn) if held_words.of(turn.screen, row.id)]
    dropped = held_words.drop(turn)
    if not dropped:
        await menu.old_button(turn)
        return
    if not turn.screen.held and isinstance(turn.screen.expects, WhichEmergencyWanted):
        turn.expect(None)
    said = turn.say("emergency.held.dropped", words=held_words.shown(dropped))
    beside = [row for row in rows if held_words.of(turn.screen, row.id)]
    if beside:
        await ask_whose(turn, beside, before=[said], figures=False)
    else:
        turn.reply(said, choices=menu.buttons(turn.view))


def keeps_asking(button: Button | None) -> bool:
    """Whether a button leaves what is written next for whoever raised an emergency."""
    return isinstance(button, AskFigures | DropWords | AnswersAsked | PassOn)
