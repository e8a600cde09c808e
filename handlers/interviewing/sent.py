"""A report that was sent: its answers, and until when it may be corrected."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from markupsafe import Markup
from sqlmodel import col, select

from figures import access, due, locking
from figures.coverage import FURTHEST, Owed, months_back
from figures.due import period_of_key
from handlers import acting, sentences
from handlers.buttons import Button, ShortId, button, choice
from handlers.interviewing import in_stead, locked, paper, review
from handlers.messages import Choice, column
from handlers.navigation import SayRight, SayWrong, ShowReport, ShowVillage, WriteAboutReport
from handlers.screens import checking, sent_back
from handlers.screens import due as due_screen
from handlers.screens.places import asked_name
from handlers.turn import Turn
from questionnaires.interview import Context, GoTo, Interview, Line, Value, begin, step, unchanged
from questionnaires.interview import review as lines_of
from questionnaires.questionnaire import FILE_TYPES, Questionnaire
from storage import journal, places, returns, submissions
from storage.journal import JournalKind
from storage.tables import FigureReturn, InterviewRow, JournalEntry, Level, Observation, Place, Submission


@button("d:c:{report}", opens=True, reporting=True)
class CorrectReport(Button):
    """Correct a report that was sent."""

    report: ShortId


async def show(turn: Turn, submission: Submission, *before: Markup) -> None:
    """Show all its answers, with the way to correct it as long as its period is open."""
    place = await seen_or_reported(turn, submission)
    if place is None:
        turn.reply(turn.say("sent.gone"))
        return
    form = await turn.library.form(turn.session, submission.form_id)
    period = period_of_key(submission.period)
    title = turn.say(
        "interview.title",
        form=form.title(turn.locale),
        place=asked_name(turn.view, place),
        period=period.label(turn.locale),
    )
    head = turn.say(
        "sent.head", title=title, receipt=submission.receipt, at=submission.sent_at.astimezone(turn.zone)
    )
    days = await due.days_held(turn.view, place, submission.form_name, period)
    late = await sentences.late_note(turn.view, submission, days)
    stead = checking.sent_in_place(turn.view, submission.in_place)
    head = Markup("\n").join(filter(None, (head, late, *stead)))
    rows = await returns.open_of(turn.session, submission.id)
    until = await due.corrected_until(
        turn.view, place, submission.form_name, period, days, returned=bool(rows)
    )
    back = Markup("\n").join(sent_back.lines(turn.view, form, submission, rows))
    tail, buttons = await whether_open(turn, submission, place, until)
    if rows and await access.may_report_for(turn.view, submission.place_id):
        mends = turn.today <= until
        buttons[:0] = await ways_back(turn, place, form, rows, mends=mends)
        buttons += [] if mends else await writing_about(turn, submission, place)
    buttons += [*await agreeing(turn, submission), *await checking_button(turn, submission, place)]
    buttons += [*await paper.see_button(turn, submission, place), *paper.add_button(turn, submission)]
    buttons += way_back(turn, place, Owed(form, period, days), nothing_else=not buttons)
    body = review.listed(turn, await answers_of(turn, submission))
    parts = [*before, head, back, body, tail]
    turn.reply(Markup("\n\n").join(filter(None, parts)), choices=column(*buttons))


async def seen_or_reported(turn: Turn, submission: Submission) -> Place | None:
    """Return the place of a report for who sees it or may report for it; None for others.

    A former province does not lie within the one that answers for it.
    """
    place = await access.visible(turn.view, submission.place_id)
    return place or await access.may_report_for(turn.view, submission.place_id)


async def ways_back(
    turn: Turn, place: Place, form: Questionnaire, rows: Sequence[FigureReturn], *, mends: bool
) -> list[Choice]:
    """Return the buttons to answer returned figures: each may be kept by who may say so for the place."""
    kept = [row.id for row in rows if await in_stead.may_keep(turn, row, place)]
    return sent_back.ways(turn.view, form, rows, kept, mends=mends)


async def whether_open(
    turn: Turn, submission: Submission, place: Place, until: date
) -> tuple[Markup, list[Choice]]:
    """Return whether a report may still be corrected, `until` a day at the latest, and the buttons that lead on."""
    if not submission.current:
        newest = await submissions.submission_of(
            turn.session, submission.place_id, submission.form_name, submission.period
        )
        latest = [look_button(turn, newest, "sent.button.latest")] if newest else []
        return turn.say("sent.replaced"), latest
    period = period_of_key(submission.period)
    if lock := await locking.lock_of(turn.view, place, submission.form_name, period):
        why, ways = await locked.explained(turn, place, lock, submission.id)
        return why, [*ways]
    if turn.today > until:
        return turn.say("sent.closed", day=until + timedelta(days=1)), []
    if await access.may_report_for(turn.view, submission.place_id) is None:
        return turn.say("sent.not_yours"), []
    return turn.say("sent.until", until=until), [
        choice(turn.say("sent.button.correct"), CorrectReport(submission.id))
    ]


async def agreeing(turn: Turn, submission: Submission) -> list[Choice]:
    """Return the buttons to agree or object to a report that an officer sent for this person's place, until one was
    pressed."""
    own = any(role.place_id == submission.place_id for role in turn.roles)
    if not (own and submission.in_place and submission.current):
        return []
    said = col(JournalEntry.kind).in_((JournalKind.AGREED, JournalKind.DISAGREED))
    of_it = select(JournalEntry.kind).where(*journal.of_report(submission), said)
    chosen = of_it.where(JournalEntry.revision == submission.revision)
    if (await turn.session.exec(chosen.limit(1))).first() is not None:
        return []
    return [
        choice(turn.say("in_place.button.agree"), SayRight(submission.id)),
        choice(turn.say("in_place.button.disagree"), SayWrong(submission.id)),
    ]


async def checking_button(turn: Turn, submission: Submission, place: Place) -> list[Choice]:
    """Return the button to where this person approves the report or returns a figure of it, if they may."""
    own = any(role.place_id == place.id for role in turn.roles)
    if own or not submission.current or not await access.may_check(turn.view, place):
        return []
    return [choice(turn.say("sent.button.check"), checking.CheckReport(submission.id))]


async def writing_about(turn: Turn, submission: Submission, place: Place) -> list[Choice]:
    """Return the button with which those who answer for a place write about its report, for what they can mend no more."""
    if acting.is_in_place(turn, place.id):
        return []
    to = await locked.office_over(turn, place)
    return [choice(turn.say("exchange.button.to", who=to), WriteAboutReport(submission.id))]


def way_back(turn: Turn, place: Place, owed: Owed, *, nothing_else: bool) -> list[Choice]:
    """Return the button to the page of the village's month, for officers; for others the one to their reports, if there
    is `nothing_else` to press."""
    if access.is_officer(turn.view) and place.level == Level.VILLAGE:
        back = min(months_back(turn.view, owed), FURTHEST)
        return [choice(f"↑ {places.own_name(place)}", ShowVillage(place.id, back))]
    return [due_screen.list_button(turn.view)] if nothing_else else []


async def answers_of(turn: Turn, submission: Submission) -> list[Line]:
    """The answers as they were asked, in the reader's language."""
    interview = await reopened(turn, submission)
    if interview is None:
        return []
    form = await turn.library.form(turn.session, submission.form_id)
    return lines_of(form, interview, Context(submission.sent_at.astimezone(turn.zone), turn.locale))


async def reopened(turn: Turn, submission: Submission) -> Interview | None:
    """An interview with everything that was sent; None if the form would not take it."""
    form = await turn.library.form(turn.session, submission.form_id)
    values = {path: str(value) for path, value in submission.answers.items()}
    at = submission.sent_at.astimezone(turn.zone)
    interview = filled(form, Context(at, turn.locale, values))
    rough = select(Observation.path).where(
        Observation.submission_id == submission.id, col(Observation.estimate).is_(True)
    )
    estimates = frozenset(await turn.session.exec(rough))
    return replace(interview, estimates=estimates) if interview else None


def filled(form: Questionnaire, context: Context) -> Interview | None:
    """An interview with all values of `context.previous`, photos too; None if they are not valid together."""
    begun, _ = begin(form, context)
    taken = unchanged(form, begun, context)
    if taken is None:
        return None
    interview = taken[0]
    for path, value in context.previous.items():
        if value and path not in interview.values and form.question(path).type in FILE_TYPES:
            interview, _ = step(form, interview, GoTo(path), context)
            interview, _ = step(form, interview, Value(value), context)
    return interview


def look_button(turn: Turn, submission: Submission, key: str = "sent.button.look") -> Choice:
    """The button that shows a report."""
    return choice(turn.say(key), ShowReport(submission.id))


async def of_interview(turn: Turn, row: InterviewRow) -> None:
    """A button of an interview that was sent: say so, and show what can be done now."""
    chosen = select(Submission).where(Submission.interview_id == row.id)
    submission = (await turn.session.exec(chosen)).first()
    if submission is None:
        turn.reply(turn.say("sent.gone"))
    else:
        await show(turn, submission, turn.say("sent.was_sent"))
