"""The photo of a paper form, kept with a report that an officer entered on somebody's behalf.

Whoever looks at the report sees that it came from paper, and can see the photo. It is fetched like photos in answers.
"""

from datetime import timedelta
from typing import Final

from sqlmodel import col, select

from figures import access, history
from handlers import acting, alarms, menu, photo_limits
from handlers.buttons import Button, Presses, ShortId, button
from handlers.interviewing.photos import PAPER
from handlers.menu import named
from handlers.messages import Choice, Document, MessageKind, column
from handlers.navigation import ShowReport
from handlers.turn import Turn
from storage import journal
from storage.journal import JournalKind
from storage.kept import PaperWanted
from storage.tables import Attachment, AttachmentState, Place, Submission

pressed: Final = Presses()
SOON: Final = timedelta(hours=1)


@button("d:p:{report}", opens=True)
class AddPaper(Button):
    """Send the photo of the paper form."""

    report: ShortId


@button("d:q:{report}", opens=True)
class SeePaper(Button):
    """Show it."""

    report: ShortId


def add_button(turn: Turn, report: Submission) -> list[Choice]:
    """The button to add the photo, for whoever entered the report on somebody's behalf."""
    mine = report.person_id == turn.contact.person_id and acting.is_in_place(turn, report.place_id)
    return [named(turn.view, "paper.button.add", AddPaper(report.id))] if mine else []


async def kept_with(turn: Turn, report: Submission) -> Attachment | None:
    """The newest photo of a report's paper form that was not refused."""
    chosen = select(Attachment).where(
        Attachment.interview_id == report.interview_id,
        Attachment.path == PAPER,
        Attachment.state != AttachmentState.REFUSED,
    )
    if report.interview_id is None:
        return None
    return (await turn.session.exec(chosen.order_by(col(Attachment.id).desc()))).first()


async def see_button(turn: Turn, report: Submission, place: Place) -> list[Choice]:
    """The button to the photo, for those who may see the report's answers; no button without a photo."""
    if not await history.may_see(turn.view, place) or await kept_with(turn, report) is None:
        return []
    return [named(turn.view, "paper.button.see", SeePaper(report.id))]


async def report_of(turn: Turn, number: int) -> tuple[Submission, Place] | None:
    """A report whose answers this person may see; otherwise reply and give None, alike for forbidden and missing."""
    report = await turn.session.get(Submission, number)
    place = await access.visible(turn.view, report.place_id) if report else None
    if report is not None and place is not None and await history.may_see(turn.view, place):
        return report, place
    turn.reply(turn.say("sent.gone"), choices=menu.buttons(turn.view))
    return None


@pressed.on(AddPaper)
async def on_add(turn: Turn, button: AddPaper) -> None:
    seen = await report_of(turn, button.report)
    if seen is None:
        return
    if not add_button(turn, seen[0]):
        turn.reply(turn.say("sent.gone"), choices=menu.buttons(turn.view))
        return
    turn.expect(PaperWanted(button.report, turn.now))
    turn.reply(
        turn.say("paper.ask"), actions=column(named(turn.view, "sent.button.look", ShowReport(button.report)))
    )


async def on_message(turn: Turn) -> None:
    """Take the photo, or reply to anything else that is sent instead."""
    wanted = turn.screen.expects
    if not isinstance(wanted, PaperWanted) or turn.now - wanted.since > SOON:
        turn.expect(None)
        await menu.show(turn)
        return
    seen = await report_of(turn, wanted.report)
    if seen is None:
        turn.expect(None)
    elif turn.incoming.kind is not MessageKind.PHOTO:
        look = named(turn.view, "sent.button.look", ShowReport(wanted.report))
        turn.reply(turn.say("paper.only_photo"), actions=column(look))
    else:
        await keep(turn, *seen)


async def keep(turn: Turn, report: Submission, place: Place) -> None:
    """Have the photo fetched, and note it in the journal."""
    turn.expect(None)
    photo = turn.incoming.photo
    number = report.interview_id or 0
    too_many = await photo_limits.of_answer(turn, photo, number, PAPER) if photo else None
    if photo is not None and too_many is None:
        turn.session.add(
            Attachment(
                interview_id=report.interview_id,
                contact_id=turn.contact.id,
                path=PAPER,
                file_ref=photo.ref,
                size=photo.size,
                created_at=turn.now,
            )
        )
        turn.keeps_photo = True
        by = await acting.actor(turn, place.id, in_place=True)
        await journal.append(turn.session, JournalKind.PAPER, report, by, turn.now)
    look = named(turn.view, "sent.button.look", ShowReport(report.id))
    turn.reply(too_many or turn.say("paper.kept"), choices=column(look))


@pressed.on(SeePaper)
async def on_see(turn: Turn, button: SeePaper) -> None:
    seen = await report_of(turn, button.report)
    if seen is None:
        return
    photo = await kept_with(turn, seen[0])
    if photo is None or photo.state != AttachmentState.STORED:
        turn.reply(turn.say("paper.not_yet" if photo else "paper.none"))
        return
    document = Document(f"{alarms.PHOTOS}/{photo.name}", photo.name.rpartition("/")[2], photo.media_type)
    turn.reply(turn.say("paper.shown"), document=document)
