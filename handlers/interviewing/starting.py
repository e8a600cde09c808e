"""Begins an interview, continues one, or opens a sent report to be corrected.

An interview belongs to its person, in whatever chat it began. If somebody else has sent or begun the same report, the
person is told first and may look, correct or go on anyway. There are never two reports for one period: the later one
corrects the earlier.
"""

from collections.abc import Mapping

from markupsafe import Markup

from figures import access, due, evidence, locking
from figures.allotted import Reports, begun_anew
from figures.due import period_of_key
from handlers import acting
from handlers.buttons import Button, PeriodKey, ShortId, button, choice
from handlers.interviewing import (
    between,
    challenging,
    flow,
    leaving,
    locked,
    marks,
    offering,
    overtaken,
    review,
    sent,
    several,
    unchanging,
)
from handlers.interviewing.sitting import Sitting, sit
from handlers.messages import column
from handlers.screens import due as due_screen
from handlers.screens.places import asked_name
from handlers.turn import Turn
from handlers.wording import first_upper
from plans.challenges import Evidence
from plans.period import Period
from questionnaires.interview import Context, Event, GoTo, Resume, begin, unchanged
from questionnaires.questionnaire import FILE_TYPES, Questionnaire, template
from storage import deputies, interviews, people, places, returns, submissions
from storage.interview_notes import InterviewNotes
from storage.interviews import UNFINISHED
from storage.tables import Contact, InterviewRow, Person, Place, Submission


@button("d:n:{place}:{form}:{period}", opens=True, reporting=True)
class BeginAnyway(Button):
    """Begin although somebody else has."""

    place: ShortId
    form: ShortId
    period: PeriodKey


@button("d:o:{interview}", opens=True, reporting=True)
class ShowOther(Button):
    """Show what somebody else has answered so far."""

    interview: ShortId


@button("d:k:{interview}", reporting=True)
class TakeOver(Button):
    """Continue somebody else's draft. There is one draft, and both people know who has it."""

    interview: ShortId


async def start(
    turn: Turn,
    place: Place,
    form_id: int,
    period: Period,
    *before: Markup,
    anyway: bool = False,
    as_before: bool = False,
) -> None:
    """Begin the report of `place` for `period`, below the paragraphs `before`, or continue it where this person stopped.

    Unless `anyway`, the person is told first if somebody else has begun the same report. With `as_before`, a new one
    shows all of last period's answers, to be sent at once.
    """
    form = await turn.library.form(turn.session, form_id)
    person_id = turn.contact.person_id or 0
    going = await interviews.going(turn.session, place.id, form.name, period.key)
    mine = next((row for row in going if row.person_id == person_id), None)
    if mine is not None:
        await resume(turn, mine, *before)
        return
    already = await submissions.submission_of(turn.session, place.id, form.name, period.key)
    if already is not None:
        await sent.show(turn, already, *before, turn.say("sent.already"))
        return
    if going and not anyway:
        await told_of_other(turn, going[0], place, form_id, period)
        return
    sitting, events = await fresh(turn, place, form_id, period)
    if as_before and sitting.notes.offer_unchanged:
        await unchanging.show(sitting)
    else:
        flow.tell(sitting, events, *before, *([turn.say("review.unchanged.no")] if as_before else []))


async def fresh(turn: Turn, place: Place, form_id: int, period: Period) -> tuple[Sitting, list[Event]]:
    """A new interview with the values of the period before, and what its first step says."""
    form = await turn.library.form(turn.session, form_id)
    reports = await submissions.earlier_values(turn.session, place.id, form.name, period.key)
    held = await evidence.gather(turn.view, place, form, period, reports)
    previous = {**last_said(turn, form, period, reports), **evidence.carried_over(turn.view, form, held)}
    sitting, events = await new(turn, place, form_id, period, previous, held=held)
    if newest(reports) and unchanged(form, sitting.interview, sitting.context) is not None:
        sitting.note(offer_unchanged=True)
    return sitting, events


def newest(reports: Reports) -> Mapping[str, str]:
    """The values of the newest earlier report; none without one."""
    return reports[0][1] if reports else {}


def last_said(turn: Turn, form: Questionnaire, period: Period, reports: Reports) -> dict[str, str]:
    """What the newest earlier report said and may hold again; a sum since January does not in another year."""
    over = begun_anew(turn.view.plans, form, period, reports)
    return {path: value for path, value in usable(form, newest(reports)).items() if path not in over}


def usable(form: Questionnaire, values: Mapping[str, str]) -> dict[str, str]:
    """The `values` of an earlier period that may hold again: of questions that still exist, and no photos."""
    known = marks.marks_of(form)
    return {
        path: str(value)
        for path, value in values.items()
        if template(path) in known and form.question(path).type not in FILE_TYPES
    }


async def new(
    turn: Turn,
    place: Place,
    form_id: int,
    period: Period,
    previous: Mapping[str, str],
    *,
    practice: bool = False,
    corrects: Submission | None = None,
    held: Evidence | None = None,
) -> tuple[Sitting, list[Event]]:
    """A new interview in this chat, with what its first step says; its answers are checked against `held`."""
    form = await turn.library.form(turn.session, form_id)
    context = Context(now=turn.now, lang=turn.locale, previous=dict(previous))
    interview, events = begin(form, context)
    row = await interviews.start(
        turn.session,
        person_id=turn.contact.person_id or 0,
        place_id=place.id,
        form_id=form_id,
        form_name=form.name,
        period=period.key,
        state=interview.to_json(),
        previous=dict(previous),
        practice=practice,
        corrects_id=corrects.id if corrects else None,
        evidence=evidence.written(held) if held else {},
        now=turn.now,
    )
    until = await due.taken_of(turn.view, place, form.name, period)
    notes = InterviewNotes(
        place=asked_name(turn.view, place), level=place.level, until=until, contact=turn.contact.id
    )
    return Sitting(turn, row, form, interview, context, notes), events


async def resume(turn: Turn, row: InterviewRow, *before: Markup, at: str = "", said: str = "") -> None:
    """Continue an interview of this person where it stopped, or at its answer to the question `at`.

    A correction in `said` is shown first, to be confirmed.
    """
    sitting = await sit(turn, row)
    if sitting.over:
        leaving.expire(sitting)
        return
    before = (*before, *await locked.while_resumed(sitting))
    resumed = (*before, turn.say("interview.resumed"))
    if said and (several.offer(sitting, said, *resumed) or several.propose(sitting, said, *resumed)):
        return
    if at in sitting.interview.values:
        flow.left(sitting)  # what waits for a yes is of another question
        flow.show(sitting, sitting.step(GoTo(at)), *before)
    elif sitting.notes.at in between.UNDECIDED:
        await between.decide_first(sitting, *before, sends=False)
    elif offering.waits(sitting):
        offering.repeat(sitting, *resumed)
    else:
        flow.again(sitting, *resumed)


async def correctable(turn: Turn, submission: Submission) -> Place | None:
    """The place of a report that this person may correct now; otherwise None."""
    place = await access.may_report_for(turn.view, submission.place_id)
    if place is None or not submission.current or submission.locked_at is not None:
        return None
    period = period_of_key(submission.period)
    days = due.days_of(turn.view, place, submission.form_name, period)
    returned = turn.today > days.closes(period) and bool(await returns.open_of(turn.session, submission.id))
    until = await due.corrected_until(turn.view, place, submission.form_name, period, days, returned=returned)
    if turn.today > until:
        return None
    return None if await locking.is_locked(turn.view, place, submission.form_name, period) else place


async def correct(turn: Turn, submission: Submission, *before: Markup, at: str = "", said: str = "") -> None:
    """Open a new interview with what was sent, at its review or at the question `at`; sending it makes the next
    revision.

    The paragraphs `before` come first. A correction in `said` is shown first, to be confirmed.
    """
    place, period = await correctable(turn, submission), period_of_key(submission.period)
    if place is None:
        await sent.show(turn, submission, *before)
        return
    person_id = turn.contact.person_id or 0
    mine = await interviews.open_for(
        turn.session, person_id, submission.place_id, submission.form_name, submission.period
    )
    before = (*before, *await overtaken.say_who_is_at(turn, submission))
    if mine is not None and not overtaken.is_of_older(mine, submission):
        await resume(turn, mine, *before, at=at, said=said)
        return
    if mine is not None:
        before = (*before, await overtaken.give_up(turn, mine))
    form = await turn.library.form(turn.session, submission.form_id)
    reports = await submissions.earlier_values(turn.session, submission.place_id, form.name, period.key)
    previous = last_said(turn, form, period, reports)
    held = await evidence.gather(turn.view, place, form, period, reports)
    sitting, events = await new(
        turn, place, submission.form_id, period, previous, corrects=submission, held=held
    )
    await challenging.take_over(sitting, submission)
    filled = await sent.reopened(turn, submission)
    if filled is not None:
        sitting.interview = filled
        events = sitting.step(GoTo(at) if at in filled.values else Resume())
    correcting = turn.say("sent.correcting", receipt=submission.receipt)
    shown = (*before, correcting)
    if not (said and (several.offer(sitting, said, *shown) or several.propose(sitting, said, *shown))):
        flow.show(sitting, events, *shown)


async def told_of_other(turn: Turn, other: InterviewRow, place: Place, form_id: int, period: Period) -> None:
    """Say that somebody else is answering it: look at theirs, or go on all the same."""
    sitting = await sit(turn, other)
    person = await turn.session.get(Person, other.person_id)
    look = choice(turn.say("due.button.look_other"), ShowOther(other.id))
    take = choice(turn.say("due.button.take_over"), TakeOver(other.id))
    anyway = choice(turn.say("due.button.anyway"), BeginAnyway(place.id, form_id, period))
    who = person.name if person and person.name else turn.say("due.somebody")
    at = other.updated_at.astimezone(turn.zone)
    turn.reply(turn.say("due.other", title=sitting.title, who=who, at=at), choices=column(look, take, anyway))


async def show_other(turn: Turn, interview_id: int) -> None:
    """Show what somebody else has answered so far, to anybody who may report for the same place."""
    row = await turn.session.get(InterviewRow, interview_id)
    if row is None or await place_of_draft(turn, row) is None:
        turn.reply(turn.say("interview.gone"), choices=column(due_screen.list_button(turn.view)))
        return
    sitting = await sit(turn, row)
    answers = review.lines(sitting)
    key = "due.other_answers" if answers else "due.other_none"
    begin = BeginAnyway(row.place_id, row.form_id, period_of_key(row.period))
    text = Markup("\n\n").join([turn.say(key, title=sitting.title), review.listed(turn, answers)])
    take = choice(turn.say("due.button.take_over"), TakeOver(row.id))
    turn.reply(text, choices=column(take, choice(turn.say("due.button.anyway"), begin)))


async def place_of_draft(turn: Turn, row: InterviewRow) -> Place | None:
    """Return the place of a draft that is under way, if this person may report for it; otherwise None."""
    if row.practice or row.status not in UNFINISHED:
        return None
    return await access.may_report_for(turn.view, row.place_id)


async def take_over(turn: Turn, interview_id: int) -> None:
    """Continue somebody else's draft for a place that this person reports for too; whoever began it is told."""
    # Locked: whoever began it may be sending it at this moment.
    row = await turn.session.get(InterviewRow, interview_id, with_for_update=True, populate_existing=True)
    place = await place_of_draft(turn, row) if row is not None else None
    if row is None or place is None:
        turn.reply(turn.say("interview.gone"), choices=column(due_screen.list_button(turn.view)))
        return
    me, before = turn.contact.person_id or 0, row.person_id
    mine = await interviews.open_for(turn.session, me, row.place_id, row.form_name, row.period)
    if mine is not None:
        await resume(turn, mine)
        return
    await deputies.take_over(turn.session, row, me)
    chats = await tell_taken_over(turn, row, place, before) if before is not None else []
    told = acting.told(turn, "other", chats) if chats else Markup()
    await resume(turn, row, turn.say("due.you_go_on", told=told))


async def tell_taken_over(turn: Turn, row: InterviewRow, place: Place, before: int) -> list[Contact]:
    """Tell whoever began a draft who continues it; in which chats."""
    form = await turn.library.form(turn.session, row.form_id)
    chats = acting.reachable(turn, await people.contacts_of(turn.session, before))
    for contact in chats:
        say = acting.words_for(contact)
        told = say(
            "due.taken_over",
            who=turn.person.name if turn.person and turn.person.name else first_upper(say("due.somebody")),
            title=f"{form.title(say.locale)}, {period_of_key(row.period).label(say.locale)}",
            place=places.own_name(place),
        )
        look = choice(say("due.button.look_other"), ShowOther(row.id))
        key = f"taken-{row.id}-{turn.contact.person_id}-{int(turn.now.timestamp())}"
        await acting.tell_once(turn, contact, key, [told], column(look))
    return chats
