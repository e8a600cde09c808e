"""Questions in the chat: understood or asked back, with buttons; a follow-up continues the question before.

The last questions stay with the chat for their buttons. "Còn xã Mỹ Lý?" continues a question of the last half hour;
later the bot asks what is meant.
"""

from dataclasses import replace
from enum import Enum, auto
from typing import Final

from markupsafe import Markup

from figures import access, sent_back
from figures.ground import Ground, ground_of
from handlers import codes, menu
from handlers.asking import answer, own_scheduled, recent, replies, saved, sent_forms, tracing, uncounted
from handlers.asking.asked import Asked
from handlers.asking.ways import (
    AskEarlier,
    AskExcel,
    AskHelp,
    AskIndicator,
    AskPlace,
    AskTrend,
    AskUnits,
    MoreOffers,
    NextPage,
    OfAnswer,
    SaveQuestion,
    TakeOffer,
)
from handlers.buttons import Presses, choice
from handlers.messages import column
from handlers.navigation import Command
from handlers.turn import Turn
from queries.frames import Compare, Lookup, Missing, Progress, Question, Ranking, Trend
from queries.stored import from_json
from queries.understand import is_whole, understand
from queries.understanding import Doubt, Offer, Understanding, settled, taken, which_indicator
from queries.vocabulary import HOW_MUCH
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import tokens_of
from storage.kept import KeptQuestion

pressed: Final = Presses()
OF_PLACES: Final = (Doubt.NO_PLACE, Doubt.ONE_PLACE, Doubt.WHICH_PLACE)
"""The doubts of a question that is understood except for its place, which may be out of the asker's sight."""
BEYOND: Final = (Doubt.OUTSIDE, Doubt.NOT_COLLECTED)
"""What is said of words that are none of a figure."""


async def asks(turn: Turn) -> bool:
    """Answer an officer's text if it is a question about figures; otherwise give False."""
    if not access.is_officer(turn.view) or not turn.incoming.text:
        return False
    ground = await ground_of(turn.view)
    if ground is None:
        return False
    return await tracing.tells(turn, turn.incoming.text) or await answers(
        turn, ground, understood(turn, ground)
    )


async def answers(turn: Turn, ground: Ground, meaning: Understanding) -> bool:
    """Reply to what an officer's text means; False if it means nothing."""
    if await sent_forms.tells(turn, meaning) or await sent_forms.tells_by_words(turn, meaning):
        return True
    if meaning.doubt is Doubt.EMPTY:
        return False
    if meaning.doubt is Doubt.THANKS:
        await menu.thanked(turn)
    else:
        await tell(turn, ground, meaning)
    return True


async def asks_by_itself(turn: Turn) -> bool:
    """Answer an officer's text if it is a whole question by itself; otherwise say nothing and give False."""
    ground = await ground_of(turn.view) if access.is_officer(turn.view) else None
    if ground is None:
        return False
    meaning = understood(turn, ground)
    if meaning.status != "answer" or meaning.went_on:
        return False
    await tell(turn, ground, meaning)
    return True


async def asks_for_figures(turn: Turn) -> bool:
    """Answer an officer's text if it asks by itself for figures, reports or plans; otherwise say nothing and give
    False.

    The mere name of a place does not ask for anything.
    """
    ground = await ground_of(turn.view) if access.is_officer(turn.view) else None
    if ground is None:
        return False
    meaning = understood(turn, ground)
    if meaning.went_on or not is_whole(meaning):
        return False
    await tell(turn, ground, meaning)
    return True


async def asks_outright(turn: Turn) -> bool:
    """Whether an officer's text by itself asks for figures, reports or plans and can be meant for nobody else: it says that
    it asks, or wants more than one figure. "Dưới 5 tuổi nhé" may tell something."""
    meaning = await whole_question(turn)
    if meaning is None:
        return False
    asked = tokens_of(clean(turn.incoming.text))
    says_so = HOW_MUCH.stands_in(asked) or any(token.text == "?" for token in asked)
    return says_so or not isinstance(meaning.query, Lookup)


async def asks_at_all(turn: Turn) -> bool:
    """Whether an officer's text by itself is a whole question that names where, or asks for more than one figure: no reason
    for a figure is one."""
    meaning = await whole_question(turn)
    if meaning is None or meaning.status != "answer":
        return False
    return bool(meaning.query.places) or isinstance(meaning.query, Missing | Ranking | Compare)


async def whole_question(turn: Turn) -> Understanding | None:
    """What an officer's text means, if it is a whole question by itself; None for any other text, and of anybody else."""
    ground = await ground_of(turn.view) if access.is_officer(turn.view) else None
    meaning = understood(turn, ground) if ground is not None else None
    return meaning if meaning is not None and is_whole(meaning) and not meaning.went_on else None


class PlacesWanted(Enum):
    """The places about which a village head wants to know a figure."""

    OWN = auto()
    ELSEWHERE = auto()


async def figure_wanted(turn: Turn) -> PlacesWanted | None:
    """Return the places about which a village head's text asks for a figure, by name or by comparing; None if it does
    not.

    Officers' questions are answered. For a head it is enough that the words are no other wish, although they may
    contain a word of one ("số hộ nghèo xã …" wants no telephone number).
    """
    asked = await asked_by_head(turn)
    return wanted_by(asked[1]) if asked else None


def wanted_by(meaning: Understanding) -> PlacesWanted | None:
    """Return of where a figure is wanted, by what was understood; None if none is."""
    query = meaning.query
    if lists_units(query):
        return PlacesWanted.ELSEWHERE
    if not isinstance(query, Lookup | Trend | Compare | Ranking) or not query.indicators:
        return None
    if meaning.doubt in OF_PLACES:
        return PlacesWanted.ELSEWHERE
    return where_of(query) if meaning.status == "answer" else None


def where_of(query: Lookup | Trend | Compare | Ranking) -> PlacesWanted | None:
    """Return of where a question that is understood wants a figure; None if it names no place and asks for no meaning."""
    if isinstance(query, Compare | Ranking):
        return PlacesWanted.ELSEWHERE
    return PlacesWanted.OWN if query.places or query.measure.defined else None


def lists_units(query: Question) -> bool:
    """Whether units of a level are asked for: those that did not report, or in the order of a figure."""
    if isinstance(query, Ranking):
        return bool(query.measure and query.level)
    return isinstance(query, Missing) and bool(query.level)


async def asked_by_head(turn: Turn) -> tuple[Ground, Understanding] | None:
    """Return what a village head's text asks by itself, and on what ground; None for anybody else."""
    heads = access.is_village_head(turn.view) and not access.is_officer(turn.view)
    ground = await ground_of(turn.view) if heads and turn.incoming.text else None
    if ground is None:
        return None
    words = (ground.dictionary, ground.gazetteer, ground.asker)
    return ground, understand(turn.incoming.text, *words, turn.today)


async def tells_own(turn: Turn) -> bool:
    """Tell a village head a figure of their own village that their words ask for, with a button to all of them.

    False if they ask for none.
    """
    asked = await asked_by_head(turn)
    if asked is None or wanted_by(asked[1]) is not PlacesWanted.OWN or not isinstance(asked[1].query, Lookup):
        return False
    ground, meaning = asked
    told = await replies.reply_to(turn.view, ground, meaning)
    own = choice(turn.say("menu.button.tinhhinh"), Command("tinhhinh"))
    turn.reply(told.text, choices=column(own))
    return True


def understood(turn: Turn, ground: Ground) -> Understanding:
    """What the message asks, continuing the question before if that is recent enough."""
    before = recent.before(turn.screen, turn.now)
    words = (ground.dictionary, ground.gazetteer, ground.asker)
    return understand(turn.incoming.text, *words, turn.today, before)


async def tell(turn: Turn, ground: Ground, meaning: Understanding) -> None:
    """Reply to a question, and keep what its buttons need."""
    if await own_scheduled.tells(turn, ground, meaning):
        return
    if meaning.status == "answer":
        await recent.answer_and_keep(turn, ground, meaning.query, turn.incoming.text, meaning=meaning)
    elif meaning.status == "help":
        await show_help(turn)
    elif meaning.doubt in BEYOND and (form := await uncounted.form_asking(turn.view, turn.incoming.text)):
        await sent_forms.tells_of(turn, meaning, form)
    elif meaning.status == "refuse":
        await refuse(turn, ground, meaning)
    else:
        await ask_back(turn, ground, meaning)


async def ask_back(turn: Turn, ground: Ground, meaning: Understanding) -> None:
    """Ask what is meant; where the reason of a figure is asked for, tell those that are kept, with the way to more."""
    number = recent.keep(turn, meaning.query, meaning.offers)
    asked_back = replies.clarification(turn.view, ground, meaning, number)
    kept, buttons = await tracing.reasons_kept(turn, ground, meaning)
    if buttons:
        told = Markup("\n").join(kept) or turn.say("asking.doubt.reason_in_history")
        asked_back = replace(asked_back, text=told, choices=(*column(*buttons), *asked_back.choices))
    turn.send(asked_back)


async def refuse(turn: Turn, ground: Ground, meaning: Understanding) -> None:
    """Say why a question is not answered, and note that; a figure that was returned to the asker is named, for it may be
    the answer to it."""
    await codes.note(turn, "asked.refused", detail={"why": meaning.doubt.value if meaning.doubt else ""})
    number = recent.keep(turn, meaning.query, meaning.offers) if meaning.offers else 0
    refusal = replies.refusal(turn.view, ground, meaning, number)
    told, back = menu.sent_back_notice(turn.view, await sent_back.waiting(turn.view))
    text = Markup("\n\n").join(filter(None, (refusal.text, told)))
    turn.send(replace(refusal, text=text, choices=(*back, *refusal.choices)))


async def show_help(turn: Turn) -> None:
    """Say what can be asked, and which questions this chat keeps."""
    own = await saved.buttons(turn.session, turn.contact.id)
    turn.send(replies.help_page(turn.view, own, brief=turn.can.brief))


async def on_with(turn: Turn, ground: Ground, query: Question, offer: Offer, button: int) -> None:
    """Continue with an offer taken from the question with this number."""
    if offer.slot in ("text", "drop"):
        await tell(turn, ground, reworded(turn, ground, offer, button))
        return
    query = taken(query, offer)
    if query.measure or isinstance(query, Progress | Missing):
        await tell(turn, ground, settled(query, turn.library.plans))
    else:
        await tell(turn, ground, which_indicator(query))


def reworded(turn: Turn, ground: Ground, offer: Offer, button: int) -> Understanding:
    """What a button's words ask. The question without some words continues the one before only if it must: a complete
    one inherits nothing."""
    words = (ground.dictionary, ground.gazetteer, ground.asker)
    alone = understand(offer.value, *words, turn.today)
    if offer.slot == "drop" and alone.status == "answer":
        return alone
    return understand(offer.value, *words, turn.today, recent.before(turn.screen, turn.now, button))


# --- buttons --------------------------------------------------------------------------------------------


@pressed.on(AskHelp)
async def on_help(turn: Turn, _: AskHelp) -> None:
    await show_help(turn)


async def kept_for(turn: Turn, number: int) -> tuple[Ground, KeptQuestion] | None:
    """The question with this number and the ground it is answered for.

    If it is no longer kept, or this person may no longer ask, reply so and give None.
    """
    kept = recent.numbered(turn, number)
    ground = await ground_of(turn.view) if access.is_officer(turn.view) else None
    if kept is None or ground is None:
        turn.reply(turn.say("asking.old"), choices=menu.buttons(turn.view))
        return None
    return ground, kept


@pressed.on(TakeOffer, MoreOffers)
async def on_offer(turn: Turn, button: TakeOffer | MoreOffers) -> None:
    """An offer was taken, or the next offers asked for."""
    kept_question = await kept_for(turn, button.question)
    if kept_question is None:
        return
    ground, kept = kept_question
    query, offers = from_json(kept.query), tuple(Offer(*offer) for offer in kept.offers)
    if button.place >= len(offers):
        await menu.old_button(turn)
    elif isinstance(button, TakeOffer):
        await on_with(turn, ground, query, offers[button.place], button.question)
    else:
        meaning = Understanding("clarify", query, Doubt.WHICH_PLACE, offers)
        number = recent.keep(turn, query, meaning.offers)
        turn.send(replies.clarification(turn.view, ground, meaning, number, button.place))


@pressed.on(SaveQuestion)
async def on_save(turn: Turn, button: SaveQuestion) -> None:
    if kept_question := await kept_for(turn, button.question):
        _, kept = kept_question
        await saved.keep(turn, from_json(kept.query), kept.words)


@pressed.on(NextPage)
async def on_page(turn: Turn, button: NextPage) -> None:
    """A further page of an answer."""
    if kept_question := await kept_for(turn, button.question):
        ground, kept = kept_question
        await recent.answer_and_keep(turn, ground, from_json(kept.query), first=button.first)


@pressed.on(AskEarlier)
async def on_earlier(turn: Turn, button: AskEarlier) -> None:
    """The same question about the period before."""
    if kept_question := await kept_for(turn, button.question):
        ground, kept = kept_question
        query = from_json(kept.query)
        earlier = await answer.earlier(Asked(turn.view, ground, query, 0))
        await recent.answer_and_keep(turn, ground, earlier, turn.incoming.text)


async def on_beside(turn: Turn, button: OfAnswer) -> None:
    """A question beside the one that was answered."""
    if kept_question := await kept_for(turn, button.question):
        ground, kept = kept_question
        await recent.answer_and_keep(turn, ground, button.beside(from_json(kept.query)), turn.incoming.text)


for kind in (AskPlace, AskUnits, AskTrend, AskExcel, AskIndicator):
    pressed.add(kind, on_beside)
