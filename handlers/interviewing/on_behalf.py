"""The village's side of reports that others sent on its behalf: it agrees, or objects and corrects."""

from typing import Final

from markupsafe import Markup
from sqlmodel import select

from figures import access
from figures.due import period_of_key
from handlers import acting, menu
from handlers.buttons import Presses
from handlers.interviewing import concerned, sent, starting
from handlers.messages import column
from handlers.navigation import SayRight, SayWrong
from handlers.turn import Turn
from handlers.wording import first_upper
from storage import journal, people, places, submissions
from storage.journal import JournalKind, of_report
from storage.tables import Contact, JournalEntry, Place, Submission

pressed: Final = Presses()


async def own_report(turn: Turn, number: int) -> tuple[Submission, Place] | None:
    """A report of a place that this person answers for, to which nobody has agreed or objected; otherwise reply."""
    report = await turn.session.get(Submission, number, with_for_update=True)
    place = await access.may_report_for(turn.view, report.place_id) if report else None
    if report is None or place is None or acting.is_in_place(turn, place.id):
        turn.reply(turn.say("sent.gone"), choices=menu.buttons(turn.view))
        return None
    chosen = select(JournalEntry.kind).where(*of_report(report), JournalEntry.revision == report.revision)
    kinds = list(await turn.session.exec(chosen))
    said = JournalKind.AGREED in kinds or JournalKind.DISAGREED in kinds
    if said or not report.current:
        await sent.show(turn, report, turn.say("in_place.said_before"))
        return None
    return report, place


@pressed.on(SayRight)
async def on_agree(turn: Turn, button: SayRight) -> None:
    mine = await own_report(turn, button.report)
    if mine is not None:
        report, place = mine
        by = await acting.actor(turn, place.id)
        await journal.append(turn.session, JournalKind.AGREED, report, by, turn.now)
        await tell_sender(turn, report, place, "in_place.agreed")
        turn.reply(turn.say("in_place.thanks"), choices=menu.buttons(turn.view))


@pressed.on(SayWrong)
async def on_disagree(turn: Turn, button: SayWrong) -> None:
    """Tell the sender, and open the report to be corrected."""
    mine = await own_report(turn, button.report)
    if mine is not None:
        report, place = mine
        by = await acting.actor(turn, place.id)
        await journal.append(turn.session, JournalKind.DISAGREED, report, by, turn.now)
        chats = await tell_sender(turn, report, place, "in_place.disagreed")
        told = acting.told(turn, "sender", chats)
        form = await turn.library.form(turn.session, report.form_id)
        before = await submissions.version_before(turn.session, report)
        lines = concerned.changed_lines(turn.say, form, before, report)
        mend = Markup("\n").join([turn.say("in_place.mend", told=told), *lines])
        await starting.correct(turn, report, mend)


async def tell_sender(turn: Turn, report: Submission, place: Place, key: str) -> list[Contact]:
    """Tell whoever sent a report on somebody's behalf what these people say about it, and about which figures; return
    the chats."""
    form = await turn.library.form(turn.session, report.form_id)
    before = await submissions.version_before(turn.session, report)
    contacts = await people.contacts_of(turn.session, report.person_id) if report.person_id else []
    chats = acting.reachable(turn, contacts)
    for contact in chats:
        say = acting.words_for(contact, officer=True)
        period = period_of_key(report.period).label(say.locale)
        text = say(key, place=first_upper(places.own_name(place)), form=form.title(say.locale), period=period)
        parts = [text, Markup("\n").join(concerned.changed_lines(say, form, before, report))]
        acting.tell(turn, contact, f"{key}-{report.id}", parts, column(concerned.look(say, report)))
    return chats
