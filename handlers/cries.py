"""A cry of danger in somebody's words, whatever is open. The bot asks once whether it is an emergency, then sends it.

What was open waits, and no words are lost: after a yes they are the first line of the alert, after a no they are taken
for what they were meant for. What follows before the answer (a photo, a place, more words) goes along.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from markupsafe import Markup

from figures import access
from handlers import (
    cry_answers,
    edits,
    emergency,
    emergency_answers,
    emergency_raised,
    laid_aside,
    menu,
    open_alarms,
    unheard,
)
from handlers.buttons import Button, Presses, RowId, Second, button, choice
from handlers.danger import (
    OTHER,
    behind_yes,
    heard,
    is_cry,
    only_closes,
    says_no,
    says_nothing,
)
from handlers.emergency_details import degrees
from handlers.emergency_more import another_danger
from handlers.messages import Choice, MessageKind, as_sentences, clip, column
from handlers.navigation import Command
from handlers.turn import Turn
from handlers.vocabulary import intent_of
from questionnaires.answers import yes_or_no
from questionnaires.answers.text import has_letters
from storage import emergencies, places
from storage.kept import (
    AnnouncementWanted,
    ClosingWanted,
    CriedPhoto,
    CryWanted,
    MoreWanted,
    OfficersClosingWanted,
    OtherWordsWanted,
    OwnLineWanted,
    WhichEmergencyWanted,
)
from storage.tables import Emergency

WRITING: Final = (
    AnnouncementWanted,
    OtherWordsWanted,
    OwnLineWanted,
    MoreWanted,
    ClosingWanted,
    OfficersClosingWanted,
)
"""What is written for these may be about any danger: to others, or about an emergency that is told already."""
SPOKEN: Final = (MessageKind.TEXT, MessageKind.EDITED, MessageKind.PHOTO, MessageKind.OTHER)
"""The kinds of messages that a cry may be, or stand under."""
FOLLOWING: Final = (MessageKind.PHOTO, MessageKind.LOCATION, MessageKind.OTHER, MessageKind.CONTACT)
"""What else may come along with a cry."""
SHOWN: Final = 300
"""Letters of the words that are shown again."""
SENTENCE: Final = 4
"""Words of a sentence that may tell of a danger."""
LONGEST: Final = 500
OVERNIGHT: Final = timedelta(hours=12)
"""After this long, somebody who writes about something else is no longer answering whether it was an emergency."""
MOST_PHOTOS: Final = 5
pressed: Final = Presses()


@button("z:y[:{asked}]")
class IsEmergency(Button):
    """It is an emergency: send it."""

    asked: Second = 0
    """When it was asked (`CryWanted.asked`): a button about other words confirms nothing about these."""


@button("z:n")
class IsNone(Button):
    """It is no emergency: the words were meant for what is open."""


@button("z:r:{asked}")
class IsNoneOf(IsNone):
    """The same, for what was asked about at that time."""

    asked: Second


@button("z:o[:{asked}]")
class IsAnother(Button):
    """It is another emergency than the open one."""

    asked: Second = 0


@button("z:d:{emergency}")
class IsOver(Button):
    """What was said means that this emergency is over: close it with these words."""

    emergency: RowId


@button("z:c:{place}[:{asked}]")
class CriedAt(Button):
    """It is an emergency at this place."""

    place: RowId
    asked: Second = 0


def may_cry(turn: Turn) -> bool:
    """Whether a message has words of its own, and is not written for something that may be about any danger."""
    incoming = turn.incoming
    spoken = incoming.kind in SPOKEN and not incoming.text.startswith("/")
    return spoken and has_letters(incoming.text) and not isinstance(turn.screen.expects, WRITING)


def sounds(turn: Turn, *, in_words: bool) -> str:
    """Return the kind of danger that this message cries out, "" for none; only from those who may raise an emergency.

    `in_words`: any words answer what is open.
    """
    incoming, expects = turn.incoming, turn.screen.expects
    if not may_cry(turn):
        return ""
    waits = isinstance(expects, CryWanted) and not expects.faint
    answers = waits and meant(turn, incoming.text) is not None
    if speaks_of_known(turn) or answers or not access.holds(turn.view, *emergency.SENDERS):
        return ""
    return heard(incoming.text, in_words=in_words and not waits)


def speaks_of_known(turn: Turn) -> bool:
    """Whether words about danger are about a known emergency: an officer's answer to it, or what is open."""
    if intent_of(turn.incoming.text) in ("open_emergencies", "told_whom") or only_closes(turn.incoming.text):
        return True
    answers = emergency_answers.is_answering(turn) or isinstance(turn.screen.expects, WhichEmergencyWanted)
    return answers and not is_cry(turn.incoming.text)


def is_sure(turn: Turn) -> bool:
    """Whether it calls for help by itself: then it is no answer, whatever is asked."""
    return is_cry(turn.incoming.text)


def goes_along(turn: Turn, asked: CryWanted | None) -> bool:
    """Whether a photo, a place, a card or a voice note follows a cry that waits for its answer."""
    return asked is not None and turn.incoming.kind in FOLLOWING


async def ask(turn: Turn, kind: str, before: CryWanted | None, *first: Markup) -> None:
    """Ask whether it is an emergency, or more of an open one, and keep what was said until the answer."""
    if before is None:
        laid_aside.lay_aside(turn)
    open_one = None if before else await told_already(turn, kind)
    wanted = before or CryWanted(kind, "", about=open_one.id if open_one else 0, asked=second_of(turn))
    turn.expect(
        with_more(turn, replace(wanted, kind=cry_answers.kind_with(turn.incoming.text, before, kind)))
    )
    # Somebody who meant a yes must not believe that it is on its way.
    waits = (turn.say("emergency.cry.not_sent"),) if before else ()
    await ask_again(turn, *first, *waits)


async def of_newcomer(turn: Turn) -> None:
    """Ask about what somebody who has just joined cried before."""
    kept = turn.screen.unheard
    if kept is not None:
        unheard.forget(turn)
        laid_aside.lay_aside(turn)
        turn.expect(CryWanted(heard(kept.words) or OTHER, kept.words, asked=second_of(turn)))
        await ask_again(turn, turn.say("emergency.cry.not_sent"))


def second_of(turn: Turn) -> int:
    """Return what tells the buttons of a question asked now from those of another."""
    return int(turn.now.timestamp())


async def ask_more(turn: Turn, row: Emergency) -> None:
    """Ask whether what was said, which is no cry by itself, is more of the emergency `row`."""
    turn.expect(with_more(turn, CryWanted(row.kind, "", about=row.id, asked=second_of(turn))))
    await ask_again(turn)


async def ask_again(turn: Turn, *before: Markup) -> None:
    """Ask again whether it is an emergency, or more of the open one, with everything said so far."""
    asked = turn.screen.expects
    if not isinstance(asked, CryWanted):
        return
    words, row = clip(asked.words, SHOWN), await emergency_raised.raised_as(turn, asked.about)
    over = await to_close(turn, asked)
    if row is not None and asked.closing == asked.words:
        text = turn.say("emergency.cry.over", words=words, **emergency_raised.named(turn, row))
        ways = [menu.named(turn.view, "emergency.cry.pass_on", IsEmergency(asked.asked))]
    elif row is None:
        kind = turn.say(f"emergency.kind.{asked.kind}")
        text = turn.say("emergency.cry.ask", kind=kind, words=words)
        ways = [menu.named(turn.view, "emergency.cry.yes", IsEmergency(asked.asked))]
    else:
        text = turn.say("emergency.cry.more", words=words, **emergency_raised.named(turn, row))
        ways = [
            menu.named(turn.view, "emergency.cry.pass_on", IsEmergency(asked.asked)),
            menu.named(turn.view, "emergency.cry.another", IsAnother(asked.asked)),
        ]
    if over is not None:
        ways.insert(0, menu.named(turn.view, "emergency.button.close_so", IsOver(over.id)))
    no = menu.named(turn.view, "emergency.cry.no", IsNoneOf(asked.asked))
    turn.reply(Markup("\n\n").join([*before, text]), choices=column(*ways, no))


async def asks_of_newer(turn: Turn, pressed: Button | None) -> bool:
    """Ask again if a button answers an older question than the open one; nothing said since is sent or dropped.

    False for any other button.
    """
    expects = turn.screen.expects
    if not isinstance(pressed, IsEmergency | IsNoneOf | IsAnother | CriedAt) or not isinstance(
        expects, CryWanted
    ):
        return False
    if pressed.asked in (0, expects.asked):
        return False
    turn.expect(replace(expects, faint=False))
    await ask_again(turn, turn.say("emergency.cry.not_sent"))
    return True


async def asks_first(turn: Turn) -> bool:
    """Say that what was cried was not sent, and ask again. False if nothing is being asked."""
    asked = turn.screen.expects
    waits = isinstance(asked, CryWanted) and not asked.faint
    if waits:
        await ask_again(turn, turn.say("emergency.cry.not_sent"))
    return waits


async def to_close(turn: Turn, asked: CryWanted) -> Emergency | None:
    """Return the emergency that may be closed with what was said while this was asked; None if nothing was."""
    if not asked.closing:
        return None
    return await emergency_raised.raised_as(turn, asked.about) or await emergency_raised.told_last(turn)


async def ask_end(turn: Turn, row: Emergency) -> None:
    """Ask whether what was said means that an emergency of some hours ago is over."""
    words = " ".join(turn.incoming.text.split())[:LONGEST]
    turn.expect(CryWanted(row.kind, words, about=row.id, closing=words, asked=second_of(turn)))
    await ask_again(turn)


async def on_end(turn: Turn, asked: CryWanted, row: Emergency) -> None:
    """Pass on both words that say that `row` is over and the words asked about before, which may be more of it.

    What may be only a no, or may be about another danger that is asked about, is asked about too.
    """
    words = " ".join(turn.incoming.text.split())[:LONGEST]
    if asked.about and not says_no(words):
        await emergency.tell_end(turn, row, asked)
        return
    turn.expect(replace(asked, closing=words))
    named = emergency_raised.named(turn, row)
    await ask_again(turn, turn.say("emergency.cry.or_over", words=clip(words, SHOWN), **named))


@pressed.on(IsOver)
async def on_over(turn: Turn, button: IsOver) -> None:
    """Close it with the words that say so, together with what was said about it before."""
    asked, row = turn.screen.expects, await emergency_raised.raised_as(turn, button.emergency)
    offered = await to_close(turn, asked) if isinstance(asked, CryWanted) else None
    if row is None or offered is None or offered.id != row.id or not isinstance(asked, CryWanted):
        if not await asks_first(turn):  # else a button of an earlier question
            turn.expect(None)
            await menu.old_button(turn)
        return
    if asked.about == row.id and asked.words != asked.closing:
        emergencies.add_detail(row, "words", asked.words, turn.now)
    elif asked.words != asked.closing:
        let_go(turn)
    turn.expect(None)
    await emergency.close(turn, row, asked.closing)


async def whether_told(turn: Turn) -> None:
    """Say whether officers know what was cried: not yet, while the bot asks about it; else lead to what was raised last."""
    row = await emergency_raised.told_last(turn)
    if await asks_first(turn):
        return
    if row is not None:
        await emergency.lead_to(turn, row, *([await open_alarms.holder(turn, row)] if row.told else []))
    else:
        await menu.show(turn, turn.say("emergency.none_told"))


def may_choose(turn: Turn) -> bool:
    """Whether a number is meant as one of the choices, which have none where a number is the answer of a form."""
    number, within = turn.incoming.text.strip(), turn.contact.interview_id is not None
    return within and not turn.can.buttons and number in ("1", "2", "3")


def not_in_form(turn: Turn) -> tuple[Markup, ...]:
    """Say, within an interview, that a number went along with the cry and is no answer."""
    number = turn.incoming.text.strip()
    within = turn.contact.interview_id is not None and number.isdecimal()
    return (turn.say("emergency.cry.number", number=number),) if within else ()


async def told_already(turn: Turn, kind: str) -> Emergency | None:
    """Return the emergency told in this chat that a cry may be more of: one of its kind or, if it has no kind, the last."""
    rows = await emergency_raised.told_here(turn) if kind else []
    return next((row for row in reversed(rows) if kind in (row.kind, OTHER)), None)


def with_more(turn: Turn, asked: CryWanted) -> CryWanted:
    """Return `asked` with what this message says, shows or points to."""
    incoming = turn.incoming
    said = incoming.contact.phone if incoming.contact else " ".join(incoming.text.split())
    before = "" if edits.said_anew(asked.words, said) else asked.words
    words = as_sentences(before, said)[:LONGEST]
    photos = asked.photos
    if incoming.photo is not None and len(photos) < MOST_PHOTOS:
        photos = (*photos, CriedPhoto(incoming.photo.ref, incoming.photo.size))
    where = degrees(incoming.location) if incoming.location else asked.where
    gathered = asked.gathered or bool(asked.words and said)
    return replace(asked, words=words, photos=photos, where=where, gathered=gathered)


def meant(turn: Turn, text: str) -> bool | None:
    """Whether `text` answers the question with yes (True) or no (False); None if with neither."""
    return cry_answers.answered(text, turn.today)


def says_only_yes(turn: Turn) -> bool:
    """Whether a typed yes says nothing more about what happens."""
    text = turn.incoming.text
    return behind_yes(text) == [] or yes_or_no(text, turn.today) is True


async def on_words(turn: Turn) -> None:
    """Take a typed yes, or more words before the answer. The routing table, which knows what is open, takes a typed no."""
    asked = turn.screen.expects
    if not isinstance(asked, CryWanted):
        await menu.show(turn)
    elif asked.faint:
        await emergency.ask(turn)  # nothing else of words that nobody understood is said to this
    elif speaks_of_known(turn):
        await ask_again(turn, turn.say("emergency.cry.not_sent"))  # whoever asks for the list says no yes
    elif meant(turn, turn.incoming.text):
        if not says_only_yes(turn):
            kind = cry_answers.kind_with(turn.incoming.text, asked, heard(turn.incoming.text))
            turn.expect(with_more(turn, replace(asked, kind=kind)))
        await on_yes(turn, IsEmergency())
    elif says_nothing(turn.incoming.text):
        await ask_again(turn, turn.say("emergency.cry.choose"))
    elif may_choose(turn):
        await ask_again(turn, turn.say("emergency.cry.in_words", number=turn.incoming.text.strip()))
    else:
        await ask(turn, asked.kind, asked, *not_in_form(turn))


def calls_again(turn: Turn, asked: CryWanted) -> bool:
    """Whether somebody who was asked whether it is an emergency just calls for help again: that means yes."""
    if edits.is_edit(turn.incoming):
        return False  # it is the same call, said better
    calls = is_cry(turn.incoming.text) and not speaks_of_known(turn)
    return calls and bool(heard(asked.words)) and not asked.about


async def send_called(turn: Turn, asked: CryWanted, kind: str) -> None:
    """Send what was cried, with the call for help that followed, which names this `kind` of danger."""
    turn.expect(with_more(turn, replace(asked, kind=cry_answers.kind_with(turn.incoming.text, asked, kind))))
    await on_yes(turn, IsEmergency())


async def doubt_no(turn: Turn) -> bool:
    """Ask about a no, only once, where it may be meant otherwise. Return whether asked."""
    asked = turn.screen.expects
    if (
        not isinstance(asked, CryWanted)
        or asked.doubted
        or not cry_answers.is_doubtful_no(turn.incoming.text)
    ):
        return False
    turn.expect(replace(asked, doubted=True))
    await ask_again(turn, turn.say("emergency.cry.sure"))
    return True


@pressed.on(IsEmergency)
async def on_yes(turn: Turn, _: IsEmergency) -> None:
    """Send it; if the person has several places, ask where first."""
    asked, own = turn.screen.expects, await emergency.own_places(turn)
    row = await emergency_raised.raised_as(turn, asked.about) if isinstance(asked, CryWanted) else None
    if not isinstance(asked, CryWanted) and (told := await emergency_raised.told_here(turn)):
        await emergency.lead_to(turn, told[-1])  # pressed once more: it was sent already
    elif not isinstance(asked, CryWanted) or not own:
        turn.expect(None)
        await emergency.ask(turn)
    elif row is not None:
        await emergency.tell_more(turn, row, asked)
    elif len(own) == 1:
        await emergency.raise_with(turn, own[0], asked)
    else:
        choices = [choice(places.own_name(place), CriedAt(place.id, asked.asked)) for place in own]
        turn.reply(turn.say("emergency.where"), actions=column(*choices))


@pressed.on(IsAnother)
async def on_another(turn: Turn, _: IsAnother) -> None:
    """Send it as an emergency of its own, beside the open one."""
    asked, own = turn.screen.expects, await emergency.own_places(turn)
    row = await emergency_raised.raised_as(turn, asked.about) if isinstance(asked, CryWanted) else None
    place = next((place for place in own if row and place.id == row.place_id), None)
    if isinstance(asked, CryWanted) and row and place:
        # Words asked about as more of one danger may name another one.
        kind = another_danger(row, asked.words) or asked.kind
        await emergency.raise_it(turn, place, kind, asked)
    else:
        await on_yes(turn, IsEmergency())


@pressed.on(CriedAt)
async def on_place(turn: Turn, button: CriedAt) -> None:
    asked, place = turn.screen.expects, await emergency.own_place(turn, button.place)
    if place is None or not isinstance(asked, CryWanted):
        turn.expect(None)
        await menu.old_button(turn)
    else:
        await emergency.raise_with(turn, place, asked)


def may_be_one(turn: Turn) -> bool:
    """Whether words that nobody understands may be about a danger that none of our words name: a head's sentence."""
    words = turn.incoming.text.split() if turn.incoming.kind in (MessageKind.TEXT, MessageKind.EDITED) else ()
    return len(words) >= SENTENCE and access.is_village_head(turn.view) and not access.is_officer(turn.view)


async def offer(turn: Turn, *aside: Choice) -> None:
    """Show the menu for words that were not understood, with a button that sends just these as an emergency.

    The buttons `aside` lead to questionnaires that were laid aside.
    """
    said = menu.not_noted(turn, turn.say("menu.not_understood"), aside)
    said = Markup("\n\n").join([said, turn.say("emergency.cry.faint")])
    asked = CryWanted(OTHER, "", faint=True, asked=second_of(turn))
    send = menu.named(turn.view, "emergency.cry.send_words", IsEmergency(asked.asked))
    await menu.show(turn, said, *aside, send)
    turn.expect(with_more(turn, asked))


def fade(turn: Turn) -> None:
    """Let go of a cry that was asked about long ago, once something is said that is none: it says nothing of that."""
    asked, incoming = turn.screen.expects, turn.incoming
    if not isinstance(asked, CryWanted) or not asked.asked or incoming.kind is not MessageKind.TEXT:
        return
    long_ago = second_of(turn) - asked.asked >= OVERNIGHT.total_seconds()
    if long_ago and meant(turn, incoming.text) is None and not heard(incoming.text):
        let_go(turn)


def let_go(turn: Turn) -> None:
    """Stop expecting text. If a cry was not answered, say that it was not sent, and how it can be."""
    asked = turn.screen.expects
    turn.remember(expects=None, laid_aside=None)
    if isinstance(asked, CryWanted) and not asked.faint:
        report = menu.named(turn.view, "menu.button.khancap", Command("khancap"))
        turn.reply(turn.say("emergency.cry.let_go", words=clip(asked.words, SHOWN)), actions=column(report))


@pressed.on(IsNone, IsNoneOf)
async def on_no(turn: Turn, _: IsNone | IsNoneOf) -> None:
    """Send nothing."""
    turn.expect(None)
    turn.reply(turn.say("emergency.cry.none"), choices=menu.buttons(turn.view))


def keeps_asking(turn: Turn, button: Button | None) -> bool:
    """Whether a button answers the question, and so needs what was said; also one that itself names the kind of danger."""
    names_kind = isinstance(button, emergency.AskKind | emergency.Raise) or button == Command("khancap")
    carried = names_kind and isinstance(turn.screen.expects, CryWanted)
    return carried or isinstance(button, IsEmergency | IsAnother | IsOver | CriedAt | IsNone)
