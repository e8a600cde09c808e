"""Every message within an interview that is no press: an answer, or something else that needs a reply.

Each message gets one sensible reply, and the question stays open. A message is an answer only if it was sent to the
open question: not if it arrives late, and not from a chat that has not seen the question.
"""

from typing import Final

from markupsafe import Markup

from handlers.interviewing import (
    after_words,
    elsewhere,
    flow,
    leaving,
    moving,
    no_reason,
    objected,
    odd_message,
    offering,
    other_period,
    reasons,
    refusing,
    review,
    rows,
    several,
    shown,
    storing,
    told,
    unchanging,
    understood,
    untimely,
)
from handlers.interviewing.between import (
    AGREED,
    CONFIRMING,
    DOUBTED,
    PASSING,
    SCREENS,
    UNDECIDED,
    called,
    decide_first,
    hold_back,
    look_again,
    of_own,
    replaces_doubtful,
    way_of,
)
from handlers.interviewing.shown import on_edited
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.spoken import WITHIN, button_called, counts, spoken
from handlers.interviewing.ways import (
    AsBefore,
    Explain,
    GiveUp,
    GoOn,
    Keep,
    Later,
    LookDoubted,
    LookRow,
    Meant,
    MendDoubted,
    NotSeveral,
    OfInterview,
    RestAsBefore,
    Send,
    SkipIt,
    StepBack,
)
from handlers.messages import MessageKind, clip
from handlers.turn import Stray
from handlers.vocabulary import LOOK_AGAIN, hint_in, intent_of
from questionnaires.answers.choices import IN_LIST
from questionnaires.answers.text import clean, fold, one_spelling
from questionnaires.answers.tokens import tokens_of
from questionnaires.answers.yesno import says_done, says_to_send
from questionnaires.interview import (
    Answer,
    Interview,
    Refused,
    Resume,
    first_of,
    open_question,
)
from questionnaires.numbers_said import says_number
from questionnaires.one_change import says_as_before
from questionnaires.questionnaire import FILE_TYPES

DENIED: Final[dict[str, type[OfInterview]]] = {
    "u": GoOn,
    "x": GoOn,
    "m": NotSeveral,
    "d": MendDoubted,
    "w": MendDoubted,
    "r": LookDoubted,
    "D": LookRow,
}
"""The button that a no means there."""
CHECKS: Final = ("d", "r", "w")
"""The screens that ask about figures as doubtful: words there may be the reason for them."""
WHY: Final = ("y", "p")
"""The screens that ask for a reason: any words are one."""
STAYING: Final = (StepBack, AsBefore, RestAsBefore, Keep, SkipIt)
"""The buttons that only show the review again there: a figure beside them would be lost."""
TELLING: Final = 3
"""The fewest words of a sentence that tells something."""


async def on_message(sitting: Sitting) -> None:
    """Handle a message of any kind except a press."""
    if await is_no_answer_now(sitting):
        return
    match sitting.turn.incoming.kind:
        case MessageKind.TEXT:
            await on_text(sitting, sitting.turn.incoming.text)
        case MessageKind.PHOTO | MessageKind.LOCATION:
            await on_shown(sitting)
        case MessageKind.OTHER if sitting.turn.incoming.file and sitting.asks(*FILE_TYPES):
            await on_shown(sitting)
        case MessageKind.EDITED:
            if not on_edited(sitting):
                await look_again(sitting, sitting.turn.say("interview.odd.edited"))
        case _:
            await odd(sitting)


async def on_shown(sitting: Sitting) -> None:
    """A photo, a file or a location: the answer, where the open question asks for it and was shown."""
    if sitting.turn.early:
        await early(sitting)
    elif not await shown.take(sitting):
        await odd(sitting)


async def is_no_answer_now(sitting: Sitting) -> bool:
    """Whether a message is too late or from another phone to answer anything; if so, say it."""
    if sitting.over:
        leaving.expire(sitting, sitting.turn.say("interview.not_noted"))
    elif sitting.turn.stray is Stray.LATE and sitting.turn.incoming.may_answer:
        untimely.late(sitting)
    elif sitting.notes.contact not in (None, sitting.turn.contact.id):
        await look_again(sitting, sitting.turn.say("interview.other_phone"))
    else:
        return False
    return True


async def odd(sitting: Sitting) -> None:
    """Reply to what can be no answer here. Its caption may be one, and a button takes it; what was offered before stays."""
    incoming, say = sitting.turn.incoming, sitting.turn.say
    why = [] if asks_unsendable(sitting) else [say(odd_message.key_of(sitting))]
    if incoming.text:
        why.append(say("interview.odd.words", text=clip(incoming.text, 40)))
    candidates = (incoming.text and offering.meant(sitting, incoming.text)) or offering.offered(sitting)
    asked = open_question(sitting.step(Resume()))
    if asked is None or not (candidates or incoming.text):
        await look_again(sitting, *why)
        return
    sitting.note(at="")
    refusing.offer(sitting, asked, candidates, *why)
    sitting.save()


def is_about_itself(sitting: Sitting, text: str) -> bool:
    """Whether words are about the questionnaire, as "để sau", and so mean the same whatever question is open."""
    way = button_called(text) or WITHIN.get(intent_of(text))
    return not sitting.notes.at and (text.startswith("/") or way in (StepBack, Later, GiveUp, Explain))


async def early(sitting: Sitting, text: str = "") -> None:
    """Ask about what was sent before the open question was shown: a button takes words for its answer."""
    asked, why = open_question(sitting.step(Resume())), untimely.early(sitting)
    if sitting.notes.at or asked is None or not text:
        await look_again(sitting, why)
        return
    refusing.offer(sitting, asked, offering.meant(sitting, text), why)
    sitting.save()


async def is_for_before(sitting: Sitting, text: str) -> bool:
    """Whether `text` may be meant for what the chat showed before, or is about what it offers; if so, say or do it."""
    if sitting.turn.unread and (confirms(sitting, text) or replaces_doubtful(sitting, text)):
        await hold_back(sitting)
    elif sitting.turn.early and not is_about_itself(sitting, text):
        await early(sitting, text)
    elif elsewhere.shows_another(sitting) and await is_for_another(sitting, text):
        pass
    elif sitting.notes.candidates or sitting.notes.either or sitting.turn.after_words:
        return await is_for_offer(sitting, text)
    else:
        return False
    return True


async def is_for_offer(sitting: Sitting, text: str) -> bool:
    """Whether `text` may be meant for an offer, or passes one by; if so, ask which, or say so."""
    if (sitting.turn.after_words or sitting.notes.either) and after_words.holds(sitting, text):
        await after_words.ask_which(
            sitting, text, offering.meant(sitting, text) or after_words.offered(sitting)
        )
    elif sitting.notes.candidates and offering.is_passed_by(sitting, text):
        offering.on_send(sitting, text)
    else:
        return False
    return True


async def is_for_another(sitting: Sitting, text: str) -> bool:
    """Whether `text`, which would store or confirm something here, may be meant for the other screen that was shown last;
    if so, ask."""
    if number := elsewhere.number_in(text):
        await elsewhere.ask_again(sitting, text, offering.meant(sitting, number))
    elif of_own(sitting, text) in CONFIRMING or elsewhere.is_yes_of_another(
        sitting, text, confirms=takes_yes(sitting, text)
    ):
        await elsewhere.hold_yes(sitting, text)
    elif sitting.notes.at:
        return await is_word_for_another(sitting, text)
    else:
        meant = storing.stored_by(sitting, text, way_typed(sitting, text))
        if meant is None:
            return False
        await elsewhere.ask_again(sitting, text, meant)
    return True


async def is_word_for_another(sitting: Sitting, text: str) -> bool:
    """The same at a screen between questions: there, words may be another figure, or the reason for this one."""
    notes = sitting.notes
    if notes.at not in (*CHECKS, *WHY) or way_typed(sitting, text) or text.startswith("/"):
        return False
    counts = says_number(tokens_of(clean(text)))
    if counts or notes.at not in DOUBTED or not reasons.ask_whether(sitting, text):
        await elsewhere.ask_again(sitting, text, ())
    return True


async def on_text(sitting: Sitting, text: str) -> None:
    """A typed answer, or a button's label. Words for officers stay as they were typed."""
    text = text if sitting.asks("text") or sitting.notes.at in WHY else one_spelling(text)
    if await is_for_before(sitting, text):
        return
    way, of_rows = way_typed(sitting, text), rows.called(sitting, text)
    if of_rows is not None:
        await moving.move(sitting, of_rows)
    elif way is not None:
        await on_label(sitting, way)
    elif text.startswith("/"):
        flow.again(sitting, sitting.turn.say("interview.odd.command"))
    elif sitting.notes.at:
        await on_unlabelled(sitting, text)
    elif text.isdecimal() or not await other_period.is_meant(sitting, text):
        await on_words(sitting, text)


async def on_label(sitting: Sitting, way: type[OfInterview]) -> None:
    """Do what the button means whose label was typed; what is to be decided is decided first."""
    if passes_by(sitting, way):
        await decide_first(sitting, sends=way is Send)
    else:
        await as_typed(sitting, way_of(sitting, way))


async def on_unlabelled(sitting: Sitting, text: str) -> None:
    """Words that are no button's at a screen between questions: the reason that is asked for, another period, or what is
    said to this screen."""
    if sitting.notes.at in WHY and await is_for_reason(sitting, text):
        return
    if not text.isdecimal() and await other_period.is_meant(sitting, text):
        return
    if not said_between(sitting, text):
        await on_words(sitting, text)


async def is_for_reason(sitting: Sitting, text: str) -> bool:
    """Whether `text`, where a reason is asked for, is asked about first, or is that of what is sent; if so, do it."""
    if await no_reason.asks_first(sitting, text):
        return True
    if sitting.notes.at == "p":
        await moving.send_for_words(sitting, text)
        return True
    return False


async def on_words(sitting: Sitting, text: str) -> None:
    """Words for no button: not noted at a screen between questions; at the review or for the open question."""
    if sitting.notes.at:
        screen = way_of(sitting, SCREENS[sitting.notes.at])
        await moving.move(
            sitting, screen, *not_noted(sitting, text), sitting.turn.say("interview.choose_one")
        )
        after_words.add_report(sitting)
    elif sitting.position is None:
        await at_review(sitting, text)
    elif fold(text) in LOOK_AGAIN and not sitting.asks("text"):
        flow.again(sitting, review.so_far(sitting))
    elif asks_unsendable(sitting):
        await look_again(sitting, *not_noted(sitting, text))
    else:
        await on_answer(sitting, text)


def asks_unsendable(sitting: Sitting) -> bool:
    """Whether the open question asks for what nobody can send on this channel, as the question says itself."""
    return sitting.asks(*(FILE_TYPES - sitting.turn.can.takes))


def confirms(sitting: Sitting, text: str) -> bool:
    """Whether `text` would confirm or send what the chat shows."""
    way = way_typed(sitting, text) or (spoken(text) if sitting.position is None else None)
    agrees_here = sitting.position is None and unchanging.agreed(sitting.turn, text)
    return way in CONFIRMING or offering.is_passed_by(sitting, text) or bool(agrees_here)


def takes_yes(sitting: Sitting, text: str) -> bool:
    """Whether a yes in `text` would confirm or send what was shown, or take the answer that was offered."""
    return confirms(sitting, text) or offering.is_agreed(sitting, text)


def passes_by(sitting: Sitting, way: type[OfInterview] | None) -> bool:
    """Whether a button says nothing of what is to be decided: to send is no yes to figures that are not confirmed yet."""
    return sitting.notes.at in UNDECIDED and way in PASSING


def way_typed(sitting: Sitting, text: str) -> type[OfInterview] | None:
    """The button whose label, or whose yes or no, was typed. Saying the only figure that waits for a yes again is one."""
    way = called(sitting, text) or answer_aside(sitting, text)
    way = way or sending(sitting, text) or put_off(sitting, text)
    same = way is None and sitting.notes.at == "m" and several.says_same(sitting, text)
    return AGREED["m"] if same else way


def sending(sitting: Sitting, text: str) -> type[OfInterview] | None:
    """The button to send, if that is said while answers just given wait for a decision: "xong gửi luôn"."""
    says = sitting.notes.at in UNDECIDED and WITHIN.get(intent_of(text)) is Send
    return Send if says else None


def put_off(sitting: Sitting, text: str) -> type[OfInterview] | None:
    """The button that puts the questionnaire aside, where `text` says so at a screen between questions.

    At a check all of `text` must say so, for otherwise it may be a reason.
    """
    if sitting.notes.at in ("", *WHY):
        return None
    intent = intent_of(text)
    if sitting.notes.at not in CHECKS and not counts(text):
        intent = intent or hint_in(text)
    return Later if WITHIN.get(intent) is Later else None


def said_between(sitting: Sitting, text: str) -> bool:
    """Whether, at a screen between questions, several answers or a change of one were said and taken."""
    match sitting.notes.at:
        case "m":
            return several.amend(sitting, text) or told.offer_beside(sitting, text)
        case "u":
            return several.edit(sitting, text)
        case "Q" if path := rows.answer_called(sitting, text):
            moving.go_to(sitting, path)
            return True
        case "w":
            return reasons.typed_of_whole(sitting, text)
        case at if at in DOUBTED:
            return reasons.takes_slip(sitting, text) or said_of_query(sitting, text)
    return False


def said_of_query(sitting: Sitting, text: str) -> bool:
    """Whether a queried answer was corrected or explained, others were given, or `text` is the reason."""
    may_mend = sitting.notes.at != "y"
    put_right = may_mend and (reasons.put_right(sitting, text) or several.put_right(sitting, text))
    mended = put_right or (may_mend and mends(sitting, text)) or several.offer(sitting, text)
    return mended or (may_mend and told.offer_other(sitting, text)) or reasons.typed(sitting, text)


def mends(sitting: Sitting, text: str) -> bool:
    """Ask the queried question again if a few words call the answer a slip, "bấm nhầm số", or ask what the question
    means."""
    slip = len(text.split()) <= reasons.SHORT and WITHIN.get(intent_of(text) or hint_in(text)) is StepBack
    anew = slip or storing.asks_back(text)
    if anew:
        moving.go_to(sitting, sitting.notes.doubted)
    return anew


def answer_aside(sitting: Sitting, text: str) -> type[OfInterview] | None:
    """The button that a yes or no means at a screen between questions. Only a button itself gives up."""
    if sitting.notes.at not in DENIED:
        return None
    yes = unchanging.agreed(sitting.turn, text, sitting.notes.at)
    if yes and sitting.notes.at != "u" and says_to_send(tokens_of(clean(text))):
        return Send
    if yes:
        return AGREED.get(sitting.notes.at)
    return DENIED[sitting.notes.at] if yes is False else None


async def at_review(sitting: Sitting, text: str) -> None:
    """What is typed at the review: which answer to correct, or words for a button."""
    path, way = review.meant(sitting, text), spoken(text)
    if path:
        moving.go_to(sitting, path)
    elif fold(text) in LOOK_AGAIN:
        flow.again(sitting)
    elif (
        several.edit(sitting, text) or several.put_right(sitting, text) or await objected.offer(sitting, text)
    ):
        return
    elif way is not None and not (way in STAYING and counts(text)):
        await moving.move(sitting, sitting.way(way))
    else:
        await agree_at_review(sitting, text)


async def agree_at_review(sitting: Sitting, text: str) -> None:
    """A yes at the review, which sends only where nothing can be pressed, or words that are not understood there."""
    agreed = unchanging.agreed(sitting.turn, text)
    # Where each letter costs money, the read-back asks for an OK, and there is nothing else to agree to.
    if agreed and sitting.turn.can.brief:
        await moving.move(sitting, sitting.way(Send))
    elif agreed or says_done(tokens_of(clean(text))):
        flow.again(sitting, sitting.turn.say("review.not_sent"))
    else:
        flow.again(sitting, *not_noted(sitting, text), sitting.turn.say("interview.choose_one"))
        after_words.add_report(sitting)


def not_noted(sitting: Sitting, text: str) -> list[Markup]:
    """Say that words which may have been meant as a change changed nothing; otherwise the person believes that they did."""
    told = len(text.split()) >= TELLING or says_number(tokens_of(clean(text)))
    return [sitting.turn.say("interview.words_not_noted", words=clip(text, understood.SHOWN))] if told else []


async def on_answer(sitting: Sitting, text: str) -> None:
    """What may answer the open question. If it does not, it may be words for a button."""
    if is_settled_before(sitting, text):
        return
    before, aside = sitting.interview, storing.is_no_answer(sitting, text)
    events = sitting.step(Answer(text))
    refused = first_of(events, Refused)
    if refused and told_so(sitting, before, text, refused):
        return
    way = storing.spoken_at(sitting, before, text, refused) if refused or aside else None
    if way is None:
        flow.tell(sitting, [refusing.without_others(sitting, text, event) for event in events])
        return
    sitting.interview = before
    await on_spoken(sitting, way, text)


def is_settled_before(sitting: Sitting, text: str) -> bool:
    """Handle what is, or may be, for another question than the open one; False if `text` is for the open one."""
    # A yes to the only thing that was offered is no answer of its own: «Ý bác là Chưa?» "vâng" means not yet.
    if offering.is_agreed(sitting, text):
        moving.meant(sitting, sitting.way(Meant, number=0))
    else:
        return several.names_another(sitting, text) and several.put_right(sitting, text)
    return True


def told_so(sitting: Sitting, before: Interview, text: str, refused: Refused) -> bool:
    """Take the answer to the open question out of a sentence, or those to several; False if it holds none."""
    after, sitting.interview = sitting.interview, before
    answer = told.answer_in(sitting, text, refused)
    if answer is None:
        sitting.interview = after
        # Numbers in the labels of a list are no figures of the questions that follow.
        return refused.code not in IN_LIST and heard_several(sitting, before, text)
    flow.tell(sitting, sitting.step(answer))
    return True


async def on_spoken(sitting: Sitting, way: type[OfInterview], text: str) -> None:
    """Do what people say for a button; "như kỳ trước" for a question answered this period may mean either answer."""
    way = storing.of_one(sitting, way, text)
    if way is AsBefore and sitting.interview.values.get(sitting.position or ""):
        flow.again(sitting, sitting.turn.say("interview.choose_one"))
        return
    await as_typed(sitting, sitting.way(way))


async def as_typed(sitting: Sitting, way: OfInterview) -> None:
    """Do what a button means that was typed; of last period's answer to one question, offer the others too."""
    sitting.offers_rest = isinstance(way, AsBefore) and sitting.turn.can.buttons
    await moving.move(sitting, way)


def heard_several(sitting: Sitting, before: Interview, text: str) -> bool:
    """Whether words that the open question did not take answer several questions, or say that all is as before but for some.

    Where the button for that is only offered, «câu 1: 120» is about question 1 and fills in no other.
    """
    after, sitting.interview = sitting.interview, before
    if several.offer(sitting, text) or (says_as_before(text) and several.edit(sitting, text)):
        return True
    if several.put_right(sitting, text) or told.offer_other(sitting, text):
        return True
    sitting.interview = after
    return False
