"""The latest questions of a chat, kept for their buttons and for follow-ups."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup

from figures.ground import Ground
from handlers import codes
from handlers.asking import answer, replies
from handlers.asking.asked import Asked
from handlers.turn import Turn
from queries.frames import Question
from queries.stored import from_json, to_json
from queries.understanding import Before, Offer, Understanding
from questionnaires.answers.text import has_letters
from storage.kept import KeptOffer, KeptQuestion, Screen

FADES: Final = timedelta(minutes=30)
KEPT: Final = 4
"""How many of the latest answers have working buttons."""
LARGEST: Final = 2**31


async def answer_and_keep(
    turn: Turn,
    ground: Ground,
    query: Question,
    words: str = "",
    first: int = 0,
    *,
    meaning: Understanding | None = None,
    before: Markup | str = "",
) -> None:
    """Answer `query` from its figure numbered `first` on, and keep it with its words.

    The sentence `before` comes first. If its `meaning` continues the question before, or passes over a story, the answer
    first says so. Other questions in the same text become buttons below.
    """
    turn.beside = True
    beside = meaning.beside if meaning else ()
    number = keep(turn, query, beside, words)
    place = query.places[0] if query.places else ground.asker.place
    await codes.note(turn, "asked", f"place:{place}", {"intent": query.intent.value})
    reply = await answer.answer(Asked(turn.view, ground, query, number, brief=turn.can.brief), first)
    reply = replace(
        reply, choices=(*replies.buttons_beside(turn.view, ground, beside, number), *reply.choices)
    )
    if meaning and (told := replies.taken_over(turn.view, ground, replace(meaning, query=query))):
        reply = replace(reply, text=Markup("\n").join((*told, reply.text)))
    turn.send(replace(reply, text=Markup("\n\n").join(filter(None, (before, reply.text)))))


def keep(turn: Turn, query: Question, offers: tuple[Offer, ...] = (), words: str = "") -> int:
    """Keep a question with the chat, with its offers if it is asked back; gives the number for its buttons."""
    kept = turn.screen.questions[-KEPT + 1 :]
    number = (kept[-1].n + 1) % LARGEST if kept else 1
    # A typed number that chose a button says nothing of the question.
    said = " ".join(words.split())[:60] if has_letters(words) else ""
    said = said or (kept[-1].words if kept else "")
    ways = tuple(KeptOffer(offer.slot, offer.value) for offer in offers)
    turn.remember(questions=(*kept, KeptQuestion(number, to_json(query), turn.now, said, ways)))
    return number


def asked_before(screen: Screen, button: int) -> Sequence[KeptQuestion]:
    """Return the questions kept before the one with a `button`; all of them if that one is not kept."""
    numbers = [kept.n for kept in screen.questions]
    return screen.questions[: numbers.index(button)] if button in numbers else screen.questions


def before(screen: Screen, now: datetime, button: int = 0) -> Before | None:
    """The newest question, unless it is too old or was left; that before the one with a `button`."""
    earlier = asked_before(screen, button)
    if not earlier or earlier[-1].left or now - earlier[-1].at > FADES:
        return None
    return Before(from_json(earlier[-1].query), tuple(Offer(*offer) for offer in earlier[-1].offers))


def numbered(turn: Turn, number: int) -> KeptQuestion | None:
    """The question with the `number` on its buttons, if it is still kept."""
    return next((kept for kept in turn.screen.questions if kept.n == number), None)
