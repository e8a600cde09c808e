"""What one village last sent of what is asked this month, the rest as buttons.

The reports themselves are for the village and its commune; others see its figures (`figures.small`).
"""

from markupsafe import Markup
from sqlmodel import col, select

from figures import access, small
from figures.coverage import Owed, asked_lately, cover, owed_in
from handlers import sentences
from handlers.buttons import button, choice
from handlers.menu import named
from handlers.messages import Choice, Reply, Rows
from handlers.navigation import OfPlace, Remind, ShowProgress, ShowReport
from handlers.screens.places import title, way_up
from handlers.viewer import Viewer
from plans.period import from_key
from storage import seats
from storage.tables import Person, Place, RoleName, Submission


@button("f:r:{place}:0:0")
class ReportFor(OfPlace):
    """Report in the stead of a village."""


@button("f:h:{place}:0:0")
class AskNewHead(OfPlace):
    """Who is its head, and shall it be another?"""


async def page(viewer: Viewer, village: Place) -> Reply:
    """The village's newest reports in words, and what this officer may do about it."""
    lines = [await title(viewer, village)]
    rows: list[tuple[Choice, ...]] = []
    due, near = await owed_in(viewer), await small.is_near(viewer, village)
    for owed in await asked_lately(viewer):
        sent = await newest(viewer, village.id, owed)
        if owed in due:
            lines.append(await told(viewer, owed, sent))
        if sent is not None and near:
            label = viewer.say("officer.button.look", form=owed.form.title(viewer.locale))
            rows.append((choice(label, ShowReport(sent.id)),))
    rows.append((named(viewer, "officer.button.progress", ShowProgress(village.id)),))
    rows += await officer_buttons(viewer, village, due)
    rows += await way_up(viewer, village, 0)
    return Reply(Markup("\n\n").join(lines), tuple(rows))


async def officer_buttons(viewer: Viewer, village: Place, due: list[Owed]) -> Rows:
    """To remind the village, to report in its stead, to give it another head: for those who may."""
    return (*await to_remind(viewer, village, due), *await to_replace(viewer, village))


async def to_remind(viewer: Viewer, village: Place, due: list[Owed]) -> Rows:
    """To remind the village of what it can still send, and to report in its stead."""
    if not await access.may_remind(viewer, village):
        return ()
    still = [owed for owed in due if owed.open(viewer.today)]
    report = (named(viewer, "officer.button.report_for", ReportFor(village.id)),)
    if any(coverage.missing for coverage in await cover(viewer, [village.id], still)):
        return (named(viewer, "officer.button.remind_one", Remind(village.id, 0, "*")),), report
    return (report,)


async def to_replace(viewer: Viewer, village: Place) -> Rows:
    """To give the village another head, or its first."""
    if not await access.may_replace_head(viewer, village):
        return ()
    heads = await seats.held(viewer.session, village.id, RoleName.VILLAGE_HEAD)
    key = "replace.button" if heads else "replace.button_invite"
    return ((named(viewer, key, AskNewHead(village.id)),),)


async def newest(viewer: Viewer, village_id: int, owed: Owed) -> Submission | None:
    """The village's newest report of a questionnaire, of the present period or an earlier one."""
    chosen = (
        select(Submission)
        .where(Submission.place_id == village_id, Submission.form_name == owed.form.name)
        .where(col(Submission.current), col(Submission.period_end) <= owed.period.end)
        .order_by(col(Submission.period_end).desc(), col(Submission.id).desc())
        .limit(1)
    )
    return (await viewer.session.exec(chosen)).first()


async def told(viewer: Viewer, owed: Owed, sent: Submission | None) -> Markup:
    """In words: of which period the newest report is, when it was sent, and by whom."""
    if sent is None:
        return viewer.say("officer.never", form=owed.label(viewer.locale))
    heading = "officer.report" if sent.period == owed.period.key else "officer.report_before"
    text = viewer.say(
        heading,
        form=owed.label(viewer.locale),
        period=from_key(sent.period).label(viewer.locale),
        receipt=sent.receipt,
        at=sent.sent_at.astimezone(viewer.zone),
        who=await sender(viewer, sent),
    )
    note = await sentences.late_note(viewer, sent, owed.entry)
    return Markup("\n").join((text, note)) if note else text


async def sender(viewer: Viewer, sent: Submission) -> Markup | str:
    """Who sent it, for officers of the commune; nobody for others, nor for somebody who left."""
    if not access.holds(viewer, RoleName.COMMUNE_OFFICER) or sent.person_id is None:
        return ""
    person = await viewer.session.get(Person, sent.person_id)
    return viewer.say("officer.sender", name=person.name) if person and person.name else ""
