"""Words typed right under what somebody else wrote, without its button: offered to be passed on to the other side.

That is an exchange's other side, a figure that was sent back, or an announcement. Nothing goes before a yes. What is
typed next, while a yes is awaited, is said too. An officer's words may ask for figures instead: a button does that.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from figures import access
from handlers import asked_back, exchange, exchange_sides, menu
from handlers.asking import conversation
from handlers.buttons import Button, Presses, button, choice
from handlers.danger import asks_at_end
from handlers.exchange import LONGEST, SOON, SayThis
from handlers.messages import Choice, clip, column
from handlers.navigation import CorrectReturned, KeepReturned, WriteAboutAnnouncement, WriteAboutReport
from handlers.turn import Turn
from questionnaires.answers.text import has_letters
from storage import delivered, exchanges
from storage.kept import ExchangeWanted, Wanted
from storage.tables import Exchange, Submission

pressed: Final = Presses()
LATELY: Final = timedelta(days=2)
"""So long after the other side wrote, what nobody understands may be for it."""
SHOWN: Final = 100
"""Letters of words that still wait."""
LEADS: Final = (exchange.AnswerExchange, WriteAboutReport, WriteAboutAnnouncement)
"""The buttons by which words about what a message tells are begun."""


@button("x:q")
class AskInstead(Button):
    """The words that wait for a yes ask for figures."""


async def offer_later(turn: Turn, *aside: Choice) -> bool:
    """Offer to pass on words that nobody understands, if the other side wrote lately, whatever was said since. A bare number
    is no remark."""
    if not has_letters(turn.incoming.text):
        return False
    under = await delivered.of_last_words(turn.session, turn.contact.id, turn.now - LATELY)
    return await offer_under(turn, None, under, aside)


async def offer(turn: Turn, wanted: Wanted | None, *aside: Choice, brief: bool = False) -> bool:
    """Offer to pass on what was typed, if the other side's words, an announcement or a figure that was sent back are the
    newest message here, or if words wait for a yes already. False if not.

    `wanted`: what words were wanted for before. The buttons `aside` do something else with them. `brief`: it is only a
    yes or a receipt, which says something only where the other side asked.
    """
    before = waiting(turn, wanted)
    under = [] if before else await delivered.letter_since(turn.session, turn.contact.id)
    return await offer_under(turn, before, under, aside, brief=brief)


async def is_under_announcement(turn: Turn) -> bool:
    """Whether an announcement that can be answered is the newest message here."""
    under = await delivered.letter_since(turn.session, turn.contact.id)
    return any(isinstance(exchange.pressed.read(data), WriteAboutAnnouncement) for _, data in under)


async def offer_under(
    turn: Turn,
    before: ExchangeWanted | None,
    under: Sequence[tuple[str, str]],
    aside: Sequence[Choice],
    *,
    brief: bool = False,
) -> bool:
    """Offer the same for words under a message with these buttons, or beside those that wait for a yes."""
    number = before.exchange if before else await exchange_under(turn, under)
    if not number or (brief and not await was_asked(turn, number)):
        return False
    known = await exchange.with_side(turn, number)
    if known is not None:
        returned = (Choice(*button) for button in under if is_of_return(button[1]))
        words = asked_back.in_own_words(f"{before.words if before else ''} {turn.incoming.text}")
        await ask(turn, *known, words, (*returned, *aside))
    return True


async def was_asked(turn: Turn, number: int) -> bool:
    """Whether the last words of an exchange ask something."""
    row = await turn.session.get(Exchange, number)
    said = await exchanges.said_in(turn.session, row) if row else []
    return bool(said) and ("?" in said[-1].text or asks_at_end(said[-1].text))


def waiting(turn: Turn, wanted: Wanted | None) -> ExchangeWanted | None:
    """Return the words that wait for a yes; None if none do, or for long."""
    kept = kept_words(turn, wanted)
    return None if kept is None or kept.aside else kept


def kept_words(turn: Turn, wanted: Wanted | None) -> ExchangeWanted | None:
    """Return the words that were offered to be passed on lately and have not been; None without any."""
    if isinstance(wanted, ExchangeWanted) and wanted.words and turn.now - wanted.since <= SOON:
        return wanted
    return None


def remind(turn: Turn, wanted: Wanted | None, called: object) -> None:
    """Keep words that wait for a yes, for their button only, while a message `called` something else; say once that they
    have not been sent."""
    kept, busy = kept_words(turn, wanted), turn.screen.expects not in (None, wanted)
    # Words that call nothing may have been the yes, or the no: then nothing is wanted any more.
    over = called is None and turn.screen.expects != wanted
    if kept is None or busy or over or called is menu.thanked:
        return
    turn.expect(replace(kept, aside=True))
    if not kept.aside:
        send = menu.named(turn.view, "exchange.button.send_it", SayThis(kept.exchange))
        turn.add_below(turn.say("exchange.waits", text=clip(kept.words, SHOWN)), actions=column(send))


async def ask(turn: Turn, row: Exchange, side: str, words: str, aside: Sequence[Choice]) -> None:
    """Ask whether these words are to be passed on, or say why they cannot be."""
    remarks = await exchanges.said_in(turn.session, row)
    if exchange.why_not(row, side, remarks):
        await exchange.ask(turn, row, side)
    elif key := exchange.unfit(words):
        await exchange.ask(turn, row, side, turn.say(key, n=len(words), most=LONGEST))
    else:
        turn.expect(ExchangeWanted(row.id, turn.now, words=words))
        other = (await exchange_sides.sides(turn, row, turn.say))[exchange.OTHER[side]]
        this = choice(turn.say("exchange.button.say_this", other=other), SayThis(row.id))
        actions = column(this, *exchange.leaving(turn, row, side, remarks)[:1], *aside)
        turn.reply(turn.say("exchange.offer", other=other, text=words), actions=actions)


async def exchange_under(turn: Turn, under: Sequence[tuple[str, str]]) -> int:
    """Return the number of the exchange that the buttons of a message lead to; 0 for none. That about a figure that was
    sent back, or about an announcement, is begun."""
    ways = [exchange.pressed.read(data) for _, data in under]
    way = next((way for kind in LEADS for way in ways if isinstance(way, kind)), None)
    match way:
        case exchange.AnswerExchange():
            return way.exchange
        case WriteAboutReport() if any(is_of_return(data) for _, data in under):
            return await begun_about(turn, way)
        case WriteAboutAnnouncement():
            return await begun_about(turn, way)
    return 0


async def begun_about(turn: Turn, about: WriteAboutReport | WriteAboutAnnouncement) -> int:
    """Begin an exchange about a figure that was sent back or about an announcement, and return its number; 0 for a mere
    number, which may be the figure."""
    if not has_letters(turn.incoming.text):
        return 0
    if isinstance(about, WriteAboutAnnouncement):
        subject = await exchange.subject_announced(turn, about.announcement)
    else:
        report = await turn.session.get(Submission, about.report)
        subject = await exchange.subject_of(turn, report, about.number) if report else None
    return (await exchanges.opened(turn.session, subject)).id if subject else 0


def is_of_return(data: str) -> bool:
    """Whether a button answers a figure that was sent back."""
    return any(kind.wire.pattern().fullmatch(data) for kind in (CorrectReturned, KeepReturned))


def ways_of_officer(turn: Turn) -> list[Choice]:
    """Return the button by which an officer's words ask for figures instead; none for anybody else."""
    if not access.is_officer(turn.view):
        return []
    return [menu.named(turn.view, "emergency.button.figures", AskInstead())]


@pressed.on(AskInstead)
async def on_ask(turn: Turn, _: AskInstead) -> None:
    """Answer as a question what waits for a yes."""
    words = kept_words(turn, turn.screen.expects)
    turn.expect(None)
    if words is None:
        await menu.old_button(turn)
        return
    turn.hear(words.words)
    if not await conversation.asks(turn):
        await menu.show(turn)
