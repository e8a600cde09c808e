"""Sending: the answers become a report with a receipt, and the reply says what it means for the village."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from markupsafe import Markup

from figures import difficulties, due
from handlers import acting, menu, nudge, sentences
from handlers.interviewing import (
    challenging,
    choices_told,
    concerned,
    flow,
    in_place,
    leaving,
    locked,
    objected,
    overtaken,
    paper,
    photos,
    review,
    sent,
)
from handlers.interviewing.question import VALUE
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import GiveUp, SendOver
from handlers.messages import Choice, clip, column
from handlers.navigation import Command
from handlers.screens import due as due_screen
from handlers.screens import progress, sent_back
from handlers.viewer import Viewer
from questionnaires.interview import Finished, Line, Resume
from questionnaires.questionnaire import SENT_TYPES
from storage import interviews, journal, returns, submissions
from storage.journal import JournalKind
from storage.tables import Place, Submission

UNASKED: Final = "-"
"""Marks a report sent on somebody's behalf when nobody was asked why."""
STILL: Final = 3
"""How many questionnaires still due get a button below the receipt."""


async def send(sitting: Sitting, *before: Markup, as_correction: bool = False, settled: bool = False) -> None:
    """Send the answers, unless something is missing or the same report was sent meanwhile.

    `settled`: the figures to which the village objected are right now. What has to be asked first comes after the
    paragraphs `before`.
    """
    turn, row = sitting.turn, sitting.row
    if sitting.position is not None:
        flow.again(sitting, turn.say("interview.not_finished"))
        return
    if row.practice:
        await end_practice(sitting)
        return
    current = await submissions.submission_of(turn.session, row.place_id, row.form_name, row.period)
    # Two phones may have answered for one village: the second sees the first's report before it replaces it.
    if current is not None and current.id != row.corrects_id:
        if not as_correction:
            await meanwhile(sitting, current, *before)
            return
        row.corrects_id = current.id
    if await is_held_up(sitting, None if settled else current, *before):
        return
    sitting.settle(turn.say("review.sent_short").unescape())
    values, estimates = final_values(sitting), sitting.interview.estimates
    answers = review.lines(sitting, skipped=True) if sitting.form.repeats else ()
    # All changes to the interview are written at once, those to the contact at the end.
    row.state, row.extra = sitting.interview.to_json(), sitting.notes.to_json()
    submission = await submissions.send(
        turn.session, row, sitting.form, values, turn.now, estimates, first=current is None
    )
    await noted(sitting, submission, current)
    if settled:
        by = await acting.actor(turn, row.place_id)
        await journal.append(turn.session, JournalKind.AGREED, submission, by, turn.now)
    # A reminder that waits for the morning would ask for what was just sent.
    await nudge.take_back(turn, row.place_id, row.form_name, row.period)
    await acknowledge(sitting, submission, answers)
    turn.contact.interview_id = None


async def is_held_up(sitting: Sitting, objected_to: Submission | None, *before: Markup) -> bool:
    """Whether something has to be asked first, or nothing can be sent: it was said."""
    if await locked.stops(sitting) or cannot_be(sitting, *before) or leaves_out(sitting, *before):
        return True
    if await in_place.wants_reason(sitting):
        in_place.ask(sitting)
        return True
    return await photos.ask_lost(sitting) or await objected.ask(sitting, objected_to, *before)


def cannot_be(sitting: Sitting, *before: Markup) -> bool:
    """Whether an answer cannot be right beside the others, with which of them to correct it was asked."""
    found = challenging.impossible(sitting)
    if found is not None:
        challenging.ask(sitting, *found, *before, sitting.turn.say("review.decide_first"))
    return found is not None


def leaves_out(sitting: Sitting, *before: Markup) -> bool:
    """Whether lines are left out that had grown since January, and nobody said why: it was asked, once more after
    «Sửa»."""
    doubt = challenging.unexplained_loss(sitting)
    if doubt is not None:
        challenging.ask_whole(sitting, doubt, *before, sitting.turn.say("review.decide_first"))
    return doubt is not None


async def noted(sitting: Sitting, submission: Submission, before: Submission | None) -> None:
    """Keep with a report what is unlikely in it and who sent it, and tell those concerned."""
    turn, row = sitting.turn, sitting.row
    stead = acting.is_in_place(turn, row.place_id)
    if stead:
        submission.in_place = sitting.notes.in_place or UNASKED
    doubts = await challenging.keep(sitting, submission)
    kind = JournalKind.REVISED if before is not None else JournalKind.SENT
    by = await acting.actor(turn, row.place_id, in_place=stead)
    detail = journal.sent_detail(submission, doubts)
    await journal.append(turn.session, kind, submission, by, turn.now, detail=detail)
    if place := await turn.session.places.get(row.place_id):
        await tell_concerned(sitting, submission, before, place, stead=stead)


async def tell_concerned(
    sitting: Sitting, submission: Submission, before: Submission | None, place: Place, *, stead: bool
) -> None:
    """Tell whoever returned or approved the earlier report that it was corrected, and the place that one was sent
    in its stead."""
    turn = sitting.turn
    if before is not None:
        await concerned.tell_mended(turn, sitting.form, before, submission, place)
        await concerned.tell_approver(turn, sitting.form, before, submission, place)
        await concerned.tell_who_stood_in(turn, sitting.form, before, submission, place)
        await overtaken.give_up_others(turn, sitting.form, before, submission, place)
    if stead:
        reason = partial(in_place.named, sitting)
        await concerned.tell_in_place(turn, sitting.form, before, submission, place, reason)


def final_values(sitting: Sitting) -> dict[str, str]:
    """The values of the relevant questions, as the engine finishes."""
    for event in sitting.step(Resume()):
        if isinstance(event, Finished):
            return dict(event.values)
    raise ValueError("an interview without an open question that is not finished")


def contents_told(sitting: Sitting, submission: Submission, place: Place, answers: Sequence[Line]) -> Markup:
    """What a receipt repeats of a report: every difficulty, the main one first, else choices that changed and what stands
    in rows."""
    if submission.form_name != difficulties.DIFFICULTIES:
        return Markup("\n").join([*choices_told.changed(sitting, answers), *rows_told(sitting, answers)])
    told = difficulties.read(sitting.form, submission, place, sitting.turn.locale)
    return Markup("\n").join(difficulty_told(sitting, one) for one in told)


def difficulty_told(sitting: Sitting, one: difficulties.Difficulty) -> Markup:
    """One difficulty: its field, what is stuck, and what is proposed."""
    rest = ", ".join(clip(words.rstrip(" ."), VALUE) for words in (one.words, one.proposal) if words)
    return sitting.turn.say("review.row", name=one.about, rest=rest)


def rows_told(sitting: Sitting, answers: Sequence[Line]) -> list[Markup]:
    """What was said in each row of a repeat, one line each: a receipt for works lists these works."""
    rows: dict[str, list[Line]] = {}
    for line in answers:
        if line.value and "]" in line.path and sitting.form.question(line.path).type not in SENT_TYPES:
            rows.setdefault(line.path.rpartition("]")[0], []).append(line)
    return [row_told(sitting, row) for row in rows.values()]


def row_told(sitting: Sitting, row: Sequence[Line]) -> Markup:
    """One row, by its first answer; by its question if there is nothing else."""
    name, *rest = (clip(line.shown, VALUE) for line in row)
    if not rest:
        name, rest = review.asked(row[0]), [name]
    return sitting.turn.say("review.row", name=name, rest=", ".join(rest))


async def standing(
    sitting: Sitting, submission: Submission, place: Place
) -> tuple[list[Markup], list[Choice]]:
    """Whether a report came late, what of it waits, how its place stands and what it still owes; and the buttons
    that lead there. Where each letter costs, one asks how it stands."""
    view = sitting.turn.view
    days = await due.days_held(view, place, submission.form_name, sitting.period)
    late = await sentences.late_note(view, submission, days)
    # What was not mended in a revision still waits; nobody can have returned a figure of what was just sent first.
    back = await returns.open_of(view.session, submission.id) if submission.revision > 1 else ()
    waits = sent_back.lines(view, sitting.form, submission, back)
    brief = sitting.turn.can.brief
    summary = Markup() if brief else await progress.summary(view, place, sitting.form)
    under_way = await interviews.list_open(view.session, sitting.row.person_id or 0)
    told, buttons = still_due(view, await due.asked_of(view, place, under_way), brief=brief)
    return [late, *waits, summary, *told], [*buttons, progress.picture_button(view, place)]


async def acknowledge(sitting: Sitting, submission: Submission, answers: Sequence[Line]) -> None:
    """The receipt, what it repeats of the answers, how the place stands now, and what is still due."""
    turn = sitting.turn
    key = "review.sent_revision" if submission.revision > 1 else "review.sent"
    at = submission.sent_at.astimezone(turn.zone)
    receipt = turn.say(
        key, title=sitting.title, receipt=submission.receipt, at=at, times=submission.revision - 1
    )
    place = await turn.session.places.get(submission.place_id)
    told, buttons = await standing(sitting, submission, place) if place else ([], [])
    if turn.can.brief:
        ways = column(due_screen.list_button(turn.view), menu.button(turn.view, "tinhhinh"))
        turn.reply(Markup("\n").join(filter(None, [receipt, *told])), actions=ways)
        return
    repeated = contents_told(sitting, submission, place, answers) if place else Markup()
    parts = [receipt, repeated, *told]
    buttons += paper.add_button(turn, submission)
    buttons.append(sent.look_button(turn, submission))
    if turn.can.gathers and len(buttons) < turn.can.taps:
        # Each press lets waiting messages arrive free of charge, so a button that people like to press is worth its place.
        buttons.append(menu.named(turn.view, "window.button.look", Command("tinhhinh")))
    turn.reply(Markup("\n\n").join(filter(None, parts)), choices=column(*buttons))


def may_still_be_sent(report: due.Due) -> bool:
    """Whether a report has not been sent and is still taken."""
    return report.sent is None and not report.locked


def in_time(viewer: Viewer, missing: Sequence[due.Due]) -> list[due.Due]:
    """Those of some reports that are not late, and that nobody else sends for the place."""
    return [report for report in missing if not report.late(viewer.now) and not due_screen.is_spare(report)]


def still_due(
    viewer: Viewer, asked: Sequence[due.Due], *, brief: bool = False
) -> tuple[list[Markup], list[Choice]]:
    """What the place has not sent yet, in words and as buttons: by name if in time, as a count if late."""
    missing = [report for report in asked if may_still_be_sent(report)]
    still = in_time(viewer, missing)
    buttons = [due_screen.what_to_do(viewer, report, several=False) for report in still[:STILL]]
    if len(missing) > len(still) or len(still) > STILL:
        buttons.append(due_screen.list_button(viewer))
    return still_told(viewer, missing, still, brief=brief), buttons


def still_told(
    viewer: Viewer, missing: Sequence[due.Due], still: Sequence[due.Due], *, brief: bool
) -> list[Markup]:
    """The same in words; what was overdue before this person came is counted apart, and left out if `brief`."""
    if not missing:
        return [viewer.say("review.nothing_due")]
    told = []
    if still:
        forms = "; ".join(due_screen.short(viewer, report) for report in still)
        told.append(viewer.say("review.still_due", forms=forms))
    # Not by name: somebody behind with many would read nothing else under a receipt.
    before = sum(due.is_inherited(viewer, report) for report in missing)
    spare = sum(map(due_screen.is_spare, missing))
    late = len(missing) - len(still) - before - spare
    if brief:
        return told + sentences.of_counts(viewer, (("review.late_due_brief", late),))
    counts = (("review.late_due", late), ("review.late_before", before), ("review.spare", spare))
    return told + sentences.of_counts(viewer, counts)


async def meanwhile(sitting: Sitting, current: Submission, *before: Markup) -> None:
    """Somebody else sent the same report, or corrected it again, while this one was being answered."""
    turn = sitting.turn
    sitting.settle()
    sitting.note(at="S")
    at = current.sent_at.astimezone(turn.zone)
    correct = sitting.named("review.button.send_over", SendOver)
    cancel = sitting.named("interview.button.cancel", GiveUp)
    text = turn.say("review.meanwhile", title=sitting.title, receipt=current.receipt, at=at)
    lines = overtaken.differing(turn.say, sitting.form, current.answers, final_values(sitting))
    differs = Markup("\n").join([turn.say("review.differs"), *lines]) if lines else turn.say("review.same")
    sitting.speak(*before, text, differs, choices=column(correct, sent.look_button(turn, current), cancel))
    sitting.save()


async def end_practice(sitting: Sitting) -> None:
    """End a practice: say that nothing was sent, and keep nothing."""
    turn = sitting.turn
    sitting.settle()
    sitting.speak(
        turn.say("interview.practice.sent"), choices=column(due_screen.list_button(turn.view)), slot=""
    )
    await leaving.end(sitting)
