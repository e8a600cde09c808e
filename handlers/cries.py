"""A cry of danger in somebody's words, whatever was open: asked once whether it is an emergency, then sent with them.

What was open waits, and nothing that was said is lost: with a yes it is the first line of the alert, with a no it is
taken for what it was sent to. What follows before the answer, a photo, a place, more words, goes along.
"""

from dataclasses import replace
from typing import Final

from figures import access
from handlers import emergency, emergency_answers, menu
from handlers.buttons import Button, Presses, RowId, button, choice
from handlers.danger import heard, is_cry, is_meant
from handlers.emergency_details import degrees
from handlers.messages import MessageKind, clip, column
from handlers.navigation import Command
from handlers.turn import Turn
from handlers.vocabulary import intent_of
from questionnaires.answers import AnswerKind, ExpectedAnswer, read
from storage import places
from storage.kept import (
    AnnouncementWanted,
    ClosingWanted,
    CriedPhoto,
    CryWanted,
    MoreWanted,
    OfficersClosingWanted,
    OtherWordsWanted,
    OwnLineWanted,
)

WRITING: Final = (
    AnnouncementWanted,
    OtherWordsWanted,
    OwnLineWanted,
    MoreWanted,
    ClosingWanted,
    OfficersClosingWanted,
)
"""What is written for these may speak of any danger: to others, or of an emergency that is told already."""
SPOKEN: Final = (MessageKind.TEXT, MessageKind.PHOTO, MessageKind.OTHER)
"""What a cry may be, or stand under."""
FOLLOWING: Final = (MessageKind.PHOTO, MessageKind.LOCATION, MessageKind.OTHER)
"""What else may come along with a cry."""
SHOWN: Final = 300
"""Letters of the words that are shown again."""
LONGEST: Final = 500
MOST_PHOTOS: Final = 5
pressed: Final = Presses()


@button("z:y")
class IsEmergency(Button):
    """It is one: send it."""


@button("z:n")
class IsNone(Button):
    """It is none: the words were meant for what is open."""


@button("z:c:{place}")
class CriedAt(Button):
    """It is one at this place."""

    place: RowId


def sounds(turn: Turn, *, in_words: bool) -> str:
    """The kind of danger that this message cries out, "" for none; of those only who may raise an emergency.

    `in_words`: any words are an answer to what is open.
    """
    incoming, expects = turn.incoming, turn.screen.expects
    if incoming.kind not in SPOKEN or incoming.text.startswith("/") or isinstance(expects, WRITING):
        return ""
    answers = isinstance(expects, CryWanted) and meant(turn, incoming.text) is not None
    if speaks_of_known(turn) or answers or not access.holds(turn.view, *emergency.SENDERS):
        return ""
    return heard(incoming.text, in_words=in_words and not isinstance(expects, CryWanted))


def speaks_of_known(turn: Turn) -> bool:
    """Whether words about danger are of an emergency that is known: an officer's answer to it, or what is open."""
    if intent_of(turn.incoming.text) == "open_emergencies":
        return True
    return emergency_answers.is_answering(turn) and not is_cry(turn.incoming.text)


def is_sure(turn: Turn) -> bool:
    """Whether it calls for help itself: then it is no answer, whatever is asked."""
    return is_cry(turn.incoming.text)


def goes_along(turn: Turn, asked: CryWanted | None) -> bool:
    """Whether a photo, a place or a voice note follows a cry that waits for its answer."""
    return asked is not None and turn.incoming.kind in FOLLOWING


def ask(turn: Turn, kind: str, before: CryWanted | None) -> None:
    """Ask whether it is an emergency, and keep what was said until the answer."""
    known = before.kind if before and (before.kind != "khac" or not kind) else kind
    wanted = with_more(turn, replace(before or CryWanted(kind, ""), kind=known))
    turn.expect(wanted)
    yes, no = (
        menu.named(turn.view, "emergency.cry.yes", IsEmergency()),
        menu.named(turn.view, "emergency.cry.no", IsNone()),
    )
    words, said = clip(wanted.words, SHOWN), turn.say(f"emergency.kind.{wanted.kind}")
    turn.reply(turn.say("emergency.cry.ask", kind=said, words=words), actions=column(yes, no))


def with_more(turn: Turn, asked: CryWanted) -> CryWanted:
    """`asked` with what this message says, shows or points to."""
    incoming = turn.incoming
    words = " ".join(filter(None, (asked.words, " ".join(incoming.text.split()))))[:LONGEST]
    photos = asked.photos
    if incoming.photo is not None and len(photos) < MOST_PHOTOS:
        photos = (*photos, CriedPhoto(incoming.photo.ref, incoming.photo.size))
    where = degrees(incoming.location) if incoming.location else asked.where
    return replace(asked, words=words, photos=photos, where=where)


def meant(turn: Turn, text: str) -> bool | None:
    """Whether `text` says yes or no to the question; None where it says neither."""
    reading = read(text, ExpectedAnswer(AnswerKind.CONFIRM, turn.today))
    return bool(reading.value) if reading.status == "ok" else is_meant(text)


def says_only_yes(turn: Turn) -> bool:
    """Whether a typed yes tells nothing more of what happens."""
    return read(turn.incoming.text, ExpectedAnswer(AnswerKind.CONFIRM, turn.today)).status == "ok"


async def on_words(turn: Turn) -> None:
    """A typed yes, or more words before the answer. A typed no is taken by the routing table, which knows what is open."""
    asked = turn.screen.expects
    if not isinstance(asked, CryWanted):
        await menu.show(turn)
    elif meant(turn, turn.incoming.text):
        if not says_only_yes(turn):
            turn.expect(with_more(turn, asked))
        await on_yes(turn, IsEmergency())
    else:
        ask(turn, asked.kind, asked)


@pressed.on(IsEmergency)
async def on_yes(turn: Turn, _: IsEmergency) -> None:
    """Send it; of several places first: where?"""
    asked, own = turn.screen.expects, await emergency.own_places(turn)
    if not isinstance(asked, CryWanted) and (told := await emergency.told_here(turn)):
        await emergency.lead_to(turn, told[-1])  # pressed once more: it was sent already
    elif not isinstance(asked, CryWanted) or not own:
        turn.expect(None)
        await emergency.ask(turn)
    elif len(own) == 1:
        await emergency.raise_with(turn, own[0], asked)
    else:
        choices = [choice(places.own_name(place), CriedAt(place.id)) for place in own]
        turn.reply(turn.say("emergency.where"), actions=column(*choices))


@pressed.on(CriedAt)
async def on_place(turn: Turn, button: CriedAt) -> None:
    asked, place = turn.screen.expects, await emergency.own_place(turn, button.place)
    if place is None or not isinstance(asked, CryWanted):
        turn.expect(None)
        await menu.old_button(turn)
    else:
        await emergency.raise_with(turn, place, asked)


def let_go(turn: Turn) -> None:
    """Expect no text any more. Of a cry that nobody answered it is said that it was not sent, and how it can be."""
    asked = turn.screen.expects
    turn.expect(None)
    if isinstance(asked, CryWanted):
        report = menu.named(turn.view, "menu.button.khancap", Command("khancap"))
        turn.reply(turn.say("emergency.cry.let_go", words=clip(asked.words, SHOWN)), actions=column(report))


@pressed.on(IsNone)
async def on_no(turn: Turn, _: IsNone) -> None:
    """Nothing is sent."""
    turn.expect(None)
    turn.reply(turn.say("emergency.cry.none"), choices=menu.buttons(turn.view))


def keeps_asking(button: Button | None) -> bool:
    """Whether a button answers the question, and so needs what was said."""
    return isinstance(button, IsEmergency | CriedAt | IsNone)
