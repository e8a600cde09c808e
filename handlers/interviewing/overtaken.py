"""A correction that was laid aside, or is about to be sent, while the same report was sent again: how the two differ.

A draft made from an older version would restore old figures with a press that was meant for another one. Who corrects what
somebody else corrects just now is told so; whoever sends first ends the draft of the other, who is told what it held.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from figures import access
from figures.due import period_of_key
from handlers import acting, asked_back
from handlers.buttons import choice
from handlers.messages import clip, column
from handlers.navigation import ShowReport
from handlers.screens.checking import LABEL
from handlers.turn import Turn
from handlers.wording import Wording, first_upper
from questionnaires.interview import Interview, show_value
from questionnaires.questionnaire import SENT_TYPES, Questionnaire, template
from storage import interviews, people, places
from storage.tables import InterviewRow, Person, Place, Submission

MOST: Final = 8
"""How many answers are told."""


def is_of_older(row: InterviewRow, report: Submission) -> bool:
    """Whether a draft corrects an older version of a report."""
    return row.corrects_id is not None and row.corrects_id != report.id


async def give_up(turn: Turn, row: InterviewRow) -> Markup:
    """Give up a correction of an older version; return the sentence that says so, with the changes that it had made."""
    lines = await changes_in(turn, turn.say, row)
    await interviews.cancel(turn.session, row, turn.now)
    if turn.contact.interview_id == row.id:
        turn.contact.interview_id = None
    return given_up(turn.say, lines)


async def changes_in(turn: Turn, say: Wording, row: InterviewRow) -> list[Markup]:
    """Return the answers that a correction had changed."""
    form = await turn.library.form(turn.session, row.form_id)
    older = await turn.session.get(Submission, row.corrects_id)
    return differing(say, form, older.answers if older else {}, Interview.from_json(row.state).values)


def given_up(say: Wording, lines: Sequence[Markup]) -> Markup:
    """Say that a correction was given up, with the changes that it had made."""
    return Markup("\n").join([say("sent.overtaken_with" if lines else "sent.overtaken"), *lines])


async def others_at(turn: Turn, report: Submission) -> list[InterviewRow]:
    """Return the corrections of a report that other people have under way, the one touched last first."""
    going = await interviews.going(turn.session, report.place_id, report.form_name, report.period)
    mine = turn.contact.person_id
    return [row for row in going if row.person_id != mine and row.corrects_id == report.id]


async def say_who_is_at(turn: Turn, report: Submission) -> list[Markup]:
    """Say who else corrects a report just now; nothing if nobody does."""
    others = await others_at(turn, report)
    if not others:
        return []
    person = await turn.session.get(Person, others[0].person_id)
    who = person.name if person and person.name else turn.say("due.somebody")
    at = others[0].updated_at.astimezone(turn.zone)
    return [turn.say("sent.other_at_it", who=who, at=at)]


async def give_up_others(
    turn: Turn, form: Questionnaire, before: Submission, after: Submission, place: Place
) -> None:
    """Give up the corrections of a report that others have under way while it is corrected now, and tell them; nothing to
    those who had changed nothing yet."""
    for row in await others_at(turn, before):
        other = row.person_id if await changes_in(turn, turn.say, row) else None
        chats = await people.contacts_of(turn.session, other) if other is not None else []
        officer = other is not None and access.is_officer(await acting.view_of(turn, other))
        for contact in acting.reachable(turn, chats):
            say = acting.words_for(contact, officer=officer)
            lines = differing(say, form, before.answers, after.answers)
            told = Markup("\n").join([sent_by_other(turn, say, form, after, place), *lines])
            parts = [told, given_up(say, await changes_in(turn, say, row))]
            look = choice(say("sent.button.look"), ShowReport(after.id))
            acting.tell(turn, contact, f"overtaken-{row.id}-{after.id}", parts, column(look))
        await interviews.cancel(turn.session, row, turn.now)


def sent_by_other(turn: Turn, say: Wording, form: Questionnaire, after: Submission, place: Place) -> Markup:
    """Say who has just corrected a report."""
    who = turn.person.name if turn.person and turn.person.name else first_upper(say("due.somebody"))
    period = period_of_key(after.period).label(say.locale)
    return say(
        "sent.by_other", who=who, form=form.title(say.locale), period=period, place=places.own_name(place)
    )


def differing(
    say: Wording, form: Questionnaire, was: Mapping[str, Any], now: Mapping[str, Any]
) -> list[Markup]:
    """Return the answers that differ now, before and after, in the order of the questions; a dash for none."""
    told = {question.path for question in form.asked if question.type not in SENT_TYPES}
    paths = [path for path in {**was, **now} if template(path) in told]
    changed = [path for path in paths if str(was.get(path, "")) != str(now.get(path, ""))]
    return [line(say, form, path, was, now) for path in sorted(changed, key=form.place_of)[:MOST]]


def line(
    say: Wording, form: Questionnaire, path: str, was: Mapping[str, Any], now: Mapping[str, Any]
) -> Markup:
    """One answer before and after."""
    before, after = (show_value(form, path, str(values.get(path, "")), say.locale) for values in (was, now))
    question = clip(asked_back.label(form, path, say.locale), LABEL)
    return say("in_place.line", question=question, was=before or "–", answer=after or "–")
