"""Checking what came in: approve what is clear, a questionnaire, a village or a report, or return one figure.

An approval is taken back with one press, and so is a return while nobody has answered it. Two officers may press at
once: the report's row is locked, and the second one learns what the first did.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from markupsafe import Markup
from sqlmodel import col, select

from figures import access, offices
from figures.awaiting import Awaiting, awaiting, one
from figures.due import period_of_key
from handlers import acting, asked_back, codes, menu
from handlers.asked_back import REASON
from handlers.buttons import Button, Position, Presses, ShortId, button, choice, number, short_name
from handlers.menu import named
from handlers.messages import Choice, clip, column
from handlers.navigation import CorrectReturned, KeepReturned, ShowReport, WriteAboutReport
from handlers.screens import checking, history, locking, older
from handlers.screens.checking import (
    Approve,
    ApproveClear,
    ApproveContested,
    ApproveFirst,
    ApproveVillage,
    CheckReport,
    PickFigure,
    Reopen,
    ReturnFigure,
    ShowAwaiting,
    UndoApproving,
    WithdrawReturn,
)
from handlers.turn import Turn
from handlers.wording import Wording
from questionnaires.interview import show_value
from storage import interviews, journal, places, returns, submissions
from storage.journal import JournalKind
from storage.kept import ReturnWanted
from storage.somebodys_words import WORDS
from storage.tables import Contact, FigureReturn, Level, Place, Submission

pressed: Final = Presses()
SOON: Final = timedelta(hours=1)
"""What is written later than this after a reason was asked for is about something else."""
OF_BEFORE: Final = "unlike_before"
"""The reason that says nothing of a first report."""


Nth = Annotated[int, number(2)]
"""Which reason."""


@button("c:w:{report}:{number}:{reason}")
class ReturnBecause(Button):
    """Return the figure of this number for the reason of this number."""

    report: ShortId
    number: Position
    reason: Nth


# --- looking --------------------------------------------------------------------------------------------


async def show(turn: Turn) -> None:
    """What there is to check."""
    await show_list(turn)


async def show_list(turn: Turn, *before: Markup, first: int = 0) -> None:
    """The list, after the paragraphs `before`."""
    if access.checks(turn.view):
        wait = await locking.wait_line(turn.view)
        page = checking.page(
            turn.view, await awaiting(turn.view), first, *before, *wait, brief=turn.can.brief
        )
        turn.send(replace(page, choices=(*page.choices, *column(*await older.way_to(turn.view)))))
    else:
        turn.reply(turn.say("officer.only"), choices=menu.buttons(turn.view))


async def show_report(turn: Turn, item: Awaiting, *before: Markup) -> None:
    """One report, after the paragraphs `before`."""
    waiting = await awaiting(turn.view)
    unanswered = [
        it for it in waiting if it.place.id == item.place.id and not it.returned and not it.contested
    ]
    is_waiting = not item.contested and item.report.approved_at is None and not item.returned
    count = sum(it.report.id != item.report.id for it in unanswered) if is_waiting else 0
    turn.send(await checking.report_page(turn.view, item, *before, others=count))


async def item_of(turn: Turn, report_id: int) -> Awaiting | None:
    """Return the report, if this officer checks it and it is still the newest; else reply and return None."""
    item = await one(turn.view, report_id)
    if item is None:
        turn.reply(turn.say("sent.gone"), choices=menu.buttons(turn.view))
        return None
    if item.report.current:
        return item
    newest = await submissions.submission_of(
        turn.session, item.report.place_id, item.report.form_name, item.report.period
    )
    again = await one(turn.view, newest.id) if newest else None
    if again is not None:
        await show_report(turn, again, turn.say("check.revised"))
    return None


@pressed.on(ShowAwaiting)
async def on_list(turn: Turn, button: ShowAwaiting) -> None:
    await show_list(turn, first=button.first)


@pressed.on(CheckReport)
async def on_report(turn: Turn, button: CheckReport) -> None:
    item = await item_of(turn, button.report)
    if item is not None:
        await codes.note(turn, "figures.checked", f"place:{item.place.id}")
        await show_report(turn, item)


# --- approving ------------------------------------------------------------------------------------------


async def approve(turn: Turn, items: Sequence[Awaiting]) -> list[Submission]:
    """Approve those that nobody has approved, revised or returned meanwhile; return which these are."""
    at = turn.now.astimezone(UTC).replace(microsecond=0)
    done = []
    for item in items:
        report = await locked(turn, item.report.id)
        waiting = await returns.open_for(turn.session, [item.report.id])
        if report is None or not report.current or report.approved_at is not None or waiting:
            continue
        report.approved_at, report.approved_by = at, turn.contact.person_id
        turn.session.add(report)
        await journal.append(
            turn.session,
            JournalKind.APPROVED,
            report,
            await acting.actor(turn, report.place_id, checks=True),
            turn.now,
        )
        done.append(report)
    await codes.note(turn, "figures.approved", detail={"reports": len(done)})
    return done


async def locked(turn: Turn, report_id: int) -> Submission | None:
    """The report as it is now, which nobody else changes until this transaction ends."""
    return await turn.session.get(Submission, report_id, with_for_update=True, populate_existing=True)


async def own_draft(turn: Turn, item: Awaiting) -> list[Markup]:
    """Say that this officer's own correction of a report lies half done, and is not what was approved."""
    report, me = item.report, turn.contact.person_id or 0
    row = await interviews.open_for(turn.session, me, report.place_id, report.form_name, report.period)
    return [turn.say("check.own_draft")] if row is not None else []


async def told_approved(turn: Turn, done: Sequence[Submission], wanted: int, *besides: Markup) -> None:
    """Say how many were approved, and what else `besides`, with a way back; then show the list."""
    if not done:
        await show_list(turn, turn.say("check.nothing_approved"))
        return
    parts = [turn.say("check.done", n=len(done))]
    if wanted > len(done):
        parts.append(turn.say("check.left", n=wanted - len(done)))
    second = int(turn.now.timestamp())
    undo = choice(turn.say("check.button.undo"), UndoApproving(second))
    turn.reply(Markup("\n").join([*parts, *besides]), choices=column(undo, list_button(turn)))


def list_button(turn: Turn) -> Choice:
    return named(turn.view, "check.button.list", ShowAwaiting())


@pressed.on(Approve, ApproveContested)
async def on_approve(turn: Turn, button: Approve | ApproveContested) -> None:
    item = await item_of(turn, button.report)
    if item is None:
        return
    if item.returned:
        await show_report(turn, item, of_place(turn, item, "check.waits_first"))
    elif is_own_correction(turn, item) and isinstance(button, Approve):
        # Whoever corrected it hears once more that the place says otherwise.
        await ask_contested(turn, item)
    else:
        await approve_one(turn, item)


def is_own_correction(turn: Turn, item: Awaiting) -> bool:
    """Whether this officer corrected the report in a way that its place contests."""
    return item.contested and item.report.person_id == turn.contact.person_id


async def approve_one(turn: Turn, item: Awaiting) -> None:
    """Approve a report and tell those it concerns, or say that it was approved before."""
    done = await approve(turn, [item])
    if not done:
        await show_report(turn, item, turn.say("check.approved_before"))
        return
    if item.contested:
        await tell_approved_over(turn, item)
    await told_approved(turn, done, 1, *await own_draft(turn, item))


async def ask_contested(turn: Turn, item: Awaiting) -> None:
    """Ask once more whether to approve a report that its place objects to; the first button writes to them."""
    who = turn.say(f"progress.level.{item.place.level}")
    ask = choice(turn.say("exchange.button.to", who=who), WriteAboutReport(item.report.id))
    still = named(turn.view, "check.button.contested", ApproveContested(item.report.id))
    back = named(turn.view, "check.button.back", CheckReport(item.report.id))
    drafts = await interviews.open_about(turn.session, item.place.id)
    mends = any(
        row.corrects_id == item.report.id and row.person_id != turn.contact.person_id for row in drafts
    )
    parts = [turn.say("check.contested_own"), *([of_place(turn, item, "check.mended_now")] if mends else [])]
    turn.reply(Markup("\n\n").join(parts), choices=column(ask, still, back))


async def tell_approved_over(turn: Turn, item: Awaiting) -> None:
    """Tell those who object to a report that it was approved all the same, with the way to write about it."""
    for contact in await acting.reporters(turn, item.place):
        say, office = await words_of_office(turn, contact, item.place)
        period = period_of_key(item.report.period).label(say.locale)
        told = say("check.approved_over", form=item.form.title(say.locale), period=period, **office)
        ask = choice(say("exchange.button.ask"), WriteAboutReport(item.report.id))
        look = choice(say("sent.button.look"), ShowReport(item.report.id))
        acting.tell(turn, contact, f"approved-over-{item.report.id}", [told], column(look, ask))


@pressed.on(ApproveClear)
async def on_clear(turn: Turn, button: ApproveClear) -> None:
    """Approve all that is clear, of one questionnaire or of all; what is doubtful waits."""
    items = await awaiting(turn.view)
    named_by = [it for it in items if button.form in ("*", short_name(it.form.name))]
    await told_approved(turn, await approve(turn, [it for it in named_by if it.clear]), len(named_by))


@pressed.on(ApproveFirst)
async def on_first(turn: Turn, button: ApproveFirst) -> None:
    """Approve those of the first reports on the screen that are unchanged since."""
    shown = [it for it in await awaiting(turn.view) if it.report.id in button.reports]
    await told_approved(turn, await approve(turn, [it for it in shown if it.unheld]), len(shown))


@pressed.on(ApproveVillage)
async def on_village(turn: Turn, button: ApproveVillage) -> None:
    """Approve everything of one place, also the doubtful: it was on the screen. What the place itself disputes waits."""
    items = [it for it in await awaiting(turn.view) if it.place.id == button.place]
    await told_approved(turn, await approve(turn, [it for it in items if not it.contested]), len(items))


@pressed.on(UndoApproving)
async def on_undo(turn: Turn, button: UndoApproving) -> None:
    """Take back what this person approved in one second."""
    at = datetime.fromtimestamp(button.second, UTC)
    mine = (Submission.approved_at == at, Submission.approved_by == turn.contact.person_id)
    reports = list(await turn.session.exec(select(Submission.id).where(*mine, col(Submission.current))))
    items = [item for number in reports if (item := await one(turn.view, number))]
    done = [await reopen(turn, item.report) for item in items]
    await show_list(
        turn, turn.say("check.undone", n=sum(done)) if any(done) else turn.say("check.undone_none")
    )


@pressed.on(Reopen)
async def on_reopen(turn: Turn, button: Reopen) -> None:
    item = await item_of(turn, button.report)
    if item is not None:
        done = await reopen(turn, item.report)
        await show_report(turn, item, turn.say("check.undone", n=1) if done else turn.say("check.is_locked"))


async def reopen(turn: Turn, report: Submission) -> bool:
    """Take an approval back, if there is one and its period is not locked."""
    await locked(turn, report.id)
    if report.approved_at is not None and report.locked_at is None:
        await tell_approver(turn, report)
        report.approved_at = report.approved_by = None
        turn.session.add(report)
        by = await acting.actor(turn, report.place_id, checks=True)
        await journal.append(turn.session, JournalKind.REOPENED, report, by, turn.now)
        return True
    return False


async def tell_approver(turn: Turn, report: Submission) -> None:
    """Tell whoever approved a report that another officer takes that back."""
    item = await one(turn.view, report.id)
    if item is None or report.approved_by in (None, turn.contact.person_id):
        return
    for contact in await acting.checkers(turn, item.place, report.approved_by):
        say = acting.words_for(contact, officer=True)
        text = say(
            "check.approval_gone",
            form=item.form.title(say.locale),
            period=period_of_key(report.period).label(say.locale),
            place=places.own_name(item.place),
        )
        look = choice(say("check.button.open"), CheckReport(report.id))
        acting.tell(
            turn, contact, f"unapproved-{report.id}-{int(turn.now.timestamp())}", [text], column(look)
        )


# --- sending one figure back ----------------------------------------------------------------------------


@pressed.on(PickFigure)
async def on_pick(turn: Turn, button: PickFigure) -> None:
    item = await item_of(turn, button.report)
    if item is None:
        return
    if not checking.may_return(turn.view, item):
        await show_report(turn, item)  # which says so
    elif item.report.locked_at is not None:
        await show_report(turn, item, turn.say("check.is_locked"))
    else:
        turn.send(checking.pick_page(turn.view, item))


@pressed.on(ReturnFigure)
async def on_figure(turn: Turn, button: ReturnFigure) -> None:
    """Ask why it is returned."""
    item = await item_of(turn, button.report)
    if item is not None:
        paths = checking.paths_of(item)
        if button.number >= len(paths):
            await show_report(turn, item)
        else:
            ask_why(turn, item, paths[button.number], button.number)


def ask_why(turn: Turn, item: Awaiting, path: str, position: int, *before: Markup) -> None:
    """Ask for the reason: one to choose, or in words."""
    turn.expect(ReturnWanted(item.report.id, path, turn.now))
    reasons = turn.view.plans.challenges.returning
    buttons = [
        choice(reason.named(turn.locale), ReturnBecause(item.report.id, position, at))
        for at, reason in enumerate(reasons)
        if reason.id != OF_BEFORE or not item.first
    ]
    back = named(turn.view, "check.button.back", CheckReport(item.report.id))
    text = turn.say("check.why", figure=figure_of(turn, item, path))
    turn.reply(Markup("\n\n").join([*before, text]), choices=column(*buttons), actions=column(back))


def figure_of(turn: Turn, item: Awaiting, path: str) -> str:
    """ "Bao nhiêu hộ đang dùng nước: 25 hộ"."""
    value = str(item.report.answers.get(path, ""))
    return f"{label_of(turn, item, path)}: {checking.shown_of(turn.view, item, path, value)}"


def label_of(turn: Turn, item: Awaiting, path: str) -> str:
    """The question of a figure, on one line."""
    return clip(asked_back.label(item.form, path, turn.locale), checking.LABEL)


@pressed.on(ReturnBecause)
async def on_because(turn: Turn, button: ReturnBecause) -> None:
    item = await item_of(turn, button.report)
    if item is None:
        return
    paths, reasons = checking.paths_of(item), turn.view.plans.challenges.returning
    if button.number < len(paths) and button.reason < len(reasons):
        await send_back(turn, item, paths[button.number], reason=reasons[button.reason].id)
    else:
        await show_report(turn, item)


async def on_words(turn: Turn) -> None:
    """The reason in words."""
    wanted = turn.screen.expects
    if not isinstance(wanted, ReturnWanted) or turn.now - wanted.since > SOON:
        turn.expect(None)
        await menu.show(turn)
        return
    words = asked_back.in_own_words(turn.incoming.text)
    item = await item_of(turn, wanted.report)
    if item is None:
        turn.expect(None)
    elif key := asked_back.unfit_reason(words):
        position = checking.paths_of(item).index(wanted.path)
        ask_why(turn, item, wanted.path, position, turn.say(key, n=len(words), most=REASON))
    else:
        await send_back(turn, item, wanted.path, words=words)


async def send_back(turn: Turn, item: Awaiting, path: str, *, reason: str = "", words: str = "") -> None:
    """Return the figure at `path`, and tell those who answer for the place."""
    turn.expect(None)
    if any(row.path == path for row in item.returned):
        await show_report(turn, item, of_place(turn, item, "check.returned_before"))
        return
    if not checking.may_return(turn.view, item):
        await show_report(turn, item)  # which says so
        return
    await reopen(turn, item.report)
    # It may have been locked since the reason was asked for.
    if item.report.locked_at is not None:
        await show_report(turn, item, turn.say("check.is_locked"))
        return
    row = FigureReturn(
        submission_id=item.report.id,
        path=path,
        reason=reason,
        words=words,
        person_id=turn.contact.person_id,
        asked_at=turn.now,
    )
    turn.session.add(row)
    await turn.session.flush()
    by, why = await acting.actor(turn, item.place.id, checks=True), {"reason": reason, "words": words}
    await journal.append(turn.session, JournalKind.RETURNED, item.report, by, turn.now, path, why)
    chats = await acting.reporters(turn, item.place)
    for contact in chats:
        await tell_returned(turn, item, row, contact)
    key = "check.returned" if chats else "check.returned_nobody"
    withdraw = choice(turn.say("check.button.withdraw"), WithdrawReturn(row.id))
    told = acting.told(turn, "level", chats, level=turn.say(f"progress.level.{item.place.level}"))
    reason = checking.return_reason(turn.view, row)
    said = of_place(turn, item, key, figure=figure_of(turn, item, path), reason=reason, told=told)
    turn.reply(said, choices=column(withdraw, list_button(turn)))


def of_place(turn: Turn, item: Awaiting, key: str, **facts: object) -> Markup:
    """Return a sentence that names the level of the place that a report is of."""
    return turn.say(key, **checking.levels_in(turn.say, item.place.level), **facts)


async def words_of_office(turn: Turn, contact: Contact, place: Place) -> tuple[Wording, dict[str, object]]:
    """Return how to speak to somebody who answers for a place, and the names of the level on which this officer checks
    its reports."""
    say = acting.words_for(contact, officer=place.level != Level.VILLAGE)
    return say, checking.levels_in(say, await offices.level_of(turn.view, place, turn.contact.person_id))


async def tell_returned(turn: Turn, item: Awaiting, row: FigureReturn, contact: Contact) -> None:
    """Tell a chat of those who answer for the place which figure was returned, and why."""
    say, office = await words_of_office(turn, contact, item.place)
    reasons = turn.view.plans.challenges.returning
    reason = row.words or next((it.named(say.locale) for it in reasons if it.id == row.reason), "")
    text = say(
        "returned.told",
        form=item.form.title(say.locale),
        period=period_of_key(item.report.period).label(say.locale),
        place=places.own_name(item.place),
        question=clip(asked_back.label(item.form, row.path, say.locale), checking.LABEL),
        answer=show_value(item.form, row.path, str(item.report.answers.get(row.path, "")), say.locale),
        reason=reason,
        **office,
    )
    mend = choice(say("returned.button.mend"), CorrectReturned(row.id))
    keep = choice(say("returned.button.keep"), KeepReturned(row.id))
    paths = history.paths_of(item.form, item.report)
    number = paths.index(row.path) + 1 if row.path in paths else 0
    ask = choice(say("exchange.button.ask"), WriteAboutReport(item.report.id, number))
    acting.tell(turn, contact, f"returned-{row.id}", [text], column(mend, keep, ask), slot=WORDS)


async def tell_withdrawn(turn: Turn, item: Awaiting, row: FigureReturn) -> None:
    """Tell the place that a return was taken back. If it waited for the morning it was not sent yet, and nothing is told."""
    unread = await acting.take_back(turn, f"returned-{row.id}")
    for contact in await acting.reporters(turn, item.place):
        if contact.id in unread:
            continue
        say, office = await words_of_office(turn, contact, item.place)
        question = clip(asked_back.label(item.form, row.path, say.locale), checking.LABEL)
        told = say("returned.withdrawn", question=question, **office)
        acting.tell(turn, contact, f"withdrawn-{row.id}", [told], ())


@pressed.on(WithdrawReturn)
async def on_withdraw(turn: Turn, button: WithdrawReturn) -> None:
    """Take a return back, unless it was answered."""
    row = await returns.locked(turn.session, button.returned)
    item = await one(turn.view, row.submission_id) if row else None
    if row is None or item is None:
        turn.reply(turn.say("sent.gone"), choices=menu.buttons(turn.view))
        return
    if row.answer:
        await show_report(turn, item, of_place(turn, item, "check.answered_before"))
        return
    row.answer, row.answered_at = returns.WITHDRAWN, turn.now
    turn.session.add(row)
    by = await acting.actor(turn, item.place.id, checks=True)
    await journal.append(turn.session, JournalKind.WITHDRAWN, item.report, by, turn.now, row.path)
    await turn.session.flush()
    await tell_withdrawn(turn, item, row)
    again = await one(turn.view, item.report.id)
    await show_report(turn, again or item, of_place(turn, item, "check.withdrawn"))
