"""An officer asks for what villages answered to a questionnaire that was sent out, by its name or as the latest one."""

from collections.abc import Collection
from typing import Final

from figures import access
from figures.requested import Request, requests
from handlers import named_form
from handlers.asking import recent, uncounted
from handlers.buttons import choice, short_name
from handlers.messages import Choice, column
from handlers.screens import answers
from handlers.turn import Turn
from handlers.vocabulary import ANSWERS_WANTED, ON_REQUEST
from queries.frames import Plan
from queries.understanding import Doubt, Understanding
from questionnaires.answers.text import fold
from questionnaires.answers.tokens import as_text
from questionnaires.questionnaire import Questionnaire
from storage.tables import Place

LISTED: Final = 8
"""How many questionnaires are offered."""
UNSURE: Final = frozenset(
    (
        Doubt.UNKNOWN_WORDS,
        Doubt.WHICH_INDICATOR,
        Doubt.NO_REST,
        Doubt.TOGETHER,
        Doubt.NOT_COLLECTED,
        Doubt.OUTSIDE,
    )
)
"""The doubts of words that no figure is called by: they may be those of a questionnaire that was sent out."""


async def tells(turn: Turn, meaning: Understanding) -> bool:
    """Show the answers that a text asks for; False if it asks for none, or for something else about the questionnaire."""
    if isinstance(meaning.query, Plan):
        return False  # until when it is to be sent
    names = await named_in(turn)
    if names is None:
        return False
    place = await place_meant(turn, meaning)
    if place is None:
        return False
    sent = meant_among(await requests(turn.view, place), names, meaning)
    if not sent:
        return says_none_sent(turn, meaning) if not names else False
    await show(turn, sent, place)
    return True


def meant_among(every: list[Request], names: Collection[str], meaning: Understanding) -> list[Request]:
    """Those of the questionnaires sent out that a text means: the newest of those named; all of its time if none is."""
    if not names:
        return in_time(every, meaning)
    return in_time([one for one in every if one.form.name in names], meaning)[:1]


def says_none_sent(turn: Turn, meaning: Understanding) -> bool:
    """Say that no questionnaire was sent out, for words that are nothing else. Return whether it was said."""
    if meaning.doubt is not None:
        turn.reply(turn.say("answers.none_sent"))
    return meaning.doubt is not None


async def tells_of(turn: Turn, meaning: Understanding, form: Questionnaire) -> None:
    """Show what was answered to a questionnaire that asks for what the text is about; or say that it was not sent."""
    place = await place_meant(turn, meaning)
    sent = [one for one in await requests(turn.view, place) if one.form.name == form.name] if place else []
    if place is None or not sent:
        turn.send(uncounted.not_sent(turn.view, form))
    else:
        turn.send(await answers.page(turn.view, in_time(sent, meaning)[0], place))


async def tells_by_words(turn: Turn, meaning: Understanding) -> bool:
    """Show the answers to a questionnaire that was sent out and asks for what the text is about; False if none does, or
    if the text is a question about figures."""
    if meaning.doubt not in UNSURE and not only_goes_on(turn, meaning):
        return False
    words, said = await without_places(turn, meaning)
    # A place that only the question before named is not meant by one that is complete.
    place = await place_meant(turn, meaning, said_before=not said)
    if place is None:
        return False
    sent = in_time(await requests_for(turn, place, words), meaning)
    newest = {one.form.name: one for one in reversed(sent)}
    if newest:
        await show(turn, [*newest.values()], place)
    return bool(newest)


async def requests_for(turn: Turn, place: Place, words: str) -> list[Request]:
    """The questionnaires sent out on a ground that ask for what some words are about."""
    every = await requests(turn.view, place)
    return [one for one in every if uncounted.asks_for(turn.view, one.form, words)]


def only_goes_on(turn: Turn, meaning: Understanding) -> bool:
    """Whether a text goes on from the question before and names no figure itself: unlike "thế còn nhà tạm"."""
    before = recent.before(turn.screen, turn.now) if meaning.went_on else None
    return before is not None and meaning.query.measure == before.question.measure


async def show(turn: Turn, sent: list[Request], place: Place) -> None:
    """The answers to the one questionnaire that was sent, or a button to each."""
    if len(sent) == 1:
        turn.send(await answers.page(turn.view, sent[0], place))
    else:
        ways = [way_to(turn, one, place) for one in sent[:LISTED]]
        turn.reply(turn.say("answers.which"), choices=column(*ways))


async def without_places(turn: Turn, meaning: Understanding) -> tuple[str, bool]:
    """The text without the names of the places that it names, and whether it names any."""
    words = text = f" {fold(turn.incoming.text)} "
    for number in getattr(meaning.query, "places", ()):
        named = await turn.session.places.get(number)
        if named is not None:
            name, *_ = named.name.split(" (")  # "Nà Hin (giả lập)"
            words = words.replace(f" {fold(name)} ", " ")
    return words, words != text


async def is_of_one(turn: Turn, meaning: Understanding) -> bool:
    """Whether a text names a place, and what a questionnaire outside the schedule asks for: "trâu bò chết rét xã Mỹ Lý"."""
    named = bool(getattr(meaning.query, "places", ()))
    return named and await uncounted.form_asking(turn.view, turn.incoming.text) is not None


async def named_in(turn: Turn) -> Collection[str] | None:
    """The names of the questionnaires outside the schedule that the text asks about; empty for any; None if it asks about
    none."""
    text = turn.incoming.text
    every = {name: form for name, (_, form) in (await turn.library.active_forms(turn.session)).items()}
    outside = every.keys() - {entry.form for entry in turn.library.plans.entries}
    titled = {name for name in outside if is_titled(every[name], text)}
    if titled:
        return titled
    name = named_in_words(text)
    called = named_form.called(name, every.values()) if named_form.may_call(name) else None
    if called is not None and called.names <= outside:
        return called.names
    return set() if asks_of_any(text) else None


def named_in_words(text: str) -> str:
    """Return a text with "phiếu" for "phiếu đột xuất", which would name whatever has «đợt» in its title."""
    words = named_form.said_in(text)
    for start, _, end in reversed(list(ON_REQUEST.starts(words))):
        words[start:end] = named_form.said_in("phiếu")
    return as_text(words)


def is_titled(form: Questionnaire, text: str) -> bool:
    """Whether a text says the whole title of a questionnaire; one of a single word may be said by chance."""
    said = f" {fold(text)} "
    titles = (fold(title) for title in form.titles.values())
    return any(" " in title and f" {title} " in said for title in titles)


def asks_of_any(text: str) -> bool:
    """Whether a text asks for the answers to whatever was sent out: "kết quả phiếu đột xuất"."""
    words = named_form.said_in(text)
    return all(any(True for _ in table.starts(words)) for table in (ON_REQUEST, ANSWERS_WANTED))


async def place_meant(turn: Turn, meaning: Understanding, *, said_before: bool = False) -> Place | None:
    """The place on the officer's ground that is named, else the unit of their first role; that also if it was only
    `said_before`."""
    own = access.holds(turn.view, *access.OFFICERS)
    for number in () if said_before else getattr(meaning.query, "places", ()):
        if await access.within(turn.view, number, own):
            return await turn.session.places.get(number)
    return await turn.session.places.get(own[0].place_id) if own else None


def in_time(sent: list[Request], meaning: Understanding) -> list[Request]:
    """Those of the requests that are for the time named, if there are any."""
    periods = meaning.query.periods if meaning.query else ()
    within = [
        one
        for one in sent
        for first, last in periods
        if max(first, one.period.start) <= min(last, one.period.end)
    ]
    return within or sent


def way_to(turn: Turn, request: Request, place: Place) -> Choice:
    """A button to the answers, with the questionnaire's name."""
    label = f"{request.form.title(turn.locale)}, {request.period.label(turn.locale)}"
    return choice(label, answers.ShowAnswers(short_name(request.form.name), request.period, place.id))
