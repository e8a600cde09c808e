"""What one village last sent of what is asked this month; the rest as buttons.

The reports themselves are for the village and its commune; others see its figures (`figures.small`).
"""

from typing import Final

from markupsafe import Markup
from sqlmodel import col, select

from figures import access, overdue, small
from figures.coverage import FURTHEST, Owed, asked_lately, cover, owed_in
from figures.due import for_place
from handlers import sentences
from handlers.buttons import button, choice
from handlers.menu import named
from handlers.messages import Choice, Reply, Rows
from handlers.navigation import AskDeputy, OfPlace, Remind, ShowProgress, ShowReport, ShowVillage
from handlers.screens.places import title, way_up
from handlers.viewer import Viewer
from plans.period import from_key
from storage import seats, submissions
from storage.tables import Person, Place, RoleName, Submission


@button("f:r:{place}:0:0")
class ReportFor(OfPlace):
    """Report on a village's behalf."""


@button("f:h:{place}:0:0")
class AskNewHead(OfPlace):
    """Ask who is its head, and whether to replace them."""


SentReports = dict[tuple[str, str], tuple[Owed, Submission]]
"""Reports by what was asked (`Owed.mark`)."""


FEW: Final = 4
"""How many reports lead on where each letter costs money."""


async def page(viewer: Viewer, village: Place, back: int = 0, *, brief: bool = False) -> Reply:
    """Return the village's newest reports in words, or those asked `back` months ago, and what this officer may do
    about it. If `brief`, what is overdue stands in one line, and only the reports sent last lead on."""
    due, near = await owed_in(viewer, back), await small.is_near(viewer, village)
    sent = await sent_then(viewer, village, due) if back else await sent_lately(viewer, village)
    told_of = [await told(viewer, village, owed, sent.get(owed.mark, (owed, None))[1]) for owed in due]
    lines = [
        await title(viewer, village),
        *told_of,
        *([] if back else await late_lines(viewer, village, due, brief=brief)),
    ]
    shown = newest_of(sent, FEW) if brief else list(sent.values())
    rows: list[tuple[Choice, ...]] = [look(viewer, owed, one) for owed, one in shown if near]
    rows.append(times(viewer, village, back))
    # What leads to how things stand today would be taken for that month's.
    rows += () if back else await ways_today(viewer, village, due)
    rows += await way_up(viewer, village, back)
    return Reply(Markup("\n\n").join(lines), tuple(rows))


async def of_questionnaires(
    viewer: Viewer, village: Place, asked: list[Owed], note: Markup | str = ""
) -> Reply:
    """Return whether and when the village has sent some questionnaires, and until when it had to; `note` comes before."""
    sent = [(owed, await newest(viewer, village.id, owed)) for owed in asked]
    lines = [await title(viewer, village), *[await with_deadline(viewer, village, *one) for one in sent]]
    near = await small.is_near(viewer, village)
    rows: list[tuple[Choice, ...]] = [look(viewer, owed, one) for owed, one in sent if near and one]
    rows += await to_remind(viewer, village, asked)
    up = named(viewer, "officer.button.up", ShowVillage(village.id))
    return Reply(Markup("\n\n").join(filter(None, (note, *lines))), (*rows, (up,)))


async def with_deadline(viewer: Viewer, village: Place, owed: Owed, sent: Submission | None) -> Markup:
    """Return in words when a questionnaire was sent, if it was, and until when it was or is due."""
    day = for_place(owed.entry, village, owed.period).deadline(owed.period)
    due = viewer.say("officer.due_day", day=day)
    return Markup("\n").join((await told(viewer, village, owed, sent), due))


async def sent_lately(viewer: Viewer, village: Place) -> SentReports:
    """Return the village's newest report of each questionnaire, by what was last asked."""
    reports = [(owed, await newest(viewer, village.id, owed)) for owed in await asked_lately(viewer)]
    return {owed.mark: (owed, sent) for owed, sent in reports if sent is not None}


async def sent_then(viewer: Viewer, village: Place, due: list[Owed]) -> SentReports:
    """Return the village's reports for exactly the periods of what was asked then."""
    key = viewer.session, village.id
    reports = [(owed, await submissions.submission_of(*key, owed.form.name, owed.period.key)) for owed in due]
    return {owed.mark: (owed, sent) for owed, sent in reports if sent is not None}


def look(viewer: Viewer, owed: Owed, sent: Submission) -> tuple[Choice, ...]:
    """Return the button to a report, with its period if that is not the one last asked."""
    form, period = owed.form.title(viewer.locale), from_key(sent.period).name(viewer.locale)
    label = viewer.say("officer.button.look", form=f"{form}, {period}")
    return (choice(label, ShowReport(sent.id)),)


def newest_of(sent: SentReports, most: int) -> list[tuple[Owed, Submission]]:
    """Return the reports that were sent last, in the order of all."""
    last = sorted(sent.values(), key=lambda one: one[1].sent_at)[-most:]
    return [one for one in sent.values() if one in last]


async def late_lines(viewer: Viewer, village: Place, due: list[Owed], *, brief: bool) -> list[Markup]:
    """Return what the village has not sent although it is overdue, except what was already said; if `brief`, in one
    line."""
    late = await overdue.late(viewer, [village.id])
    owed = [one.owed for one in late if one.missing and one.owed not in due]
    if brief and len(owed) > 1:
        forms = "; ".join(one.label(viewer.locale) for one in owed)
        return [viewer.say("officer.overdue_forms", n=len(owed), forms=forms)]
    return [
        viewer.say(
            "officer.overdue_form",
            form=one.label(viewer.locale),
            day=one.entry.deadline(one.period),
        )
        for one in owed
    ]


def times(viewer: Viewer, village: Place, back: int) -> tuple[Choice, ...]:
    """The buttons to the month before and the month after."""
    earlier = named(viewer, "officer.button.earlier", ShowVillage(village.id, back + 1))
    later = named(viewer, "officer.button.later", ShowVillage(village.id, max(back - 1, 0)))
    return (*((earlier,) if back < FURTHEST else ()), *((later,) if back else ()))


async def ways_today(viewer: Viewer, village: Place, due: list[Owed]) -> Rows:
    """Return buttons to where the village stands; and, for those who may, to remind it, to report on its behalf and to
    give it another head."""
    progress = (named(viewer, "officer.button.progress", ShowProgress(village.id)),)
    return (progress, *await to_remind(viewer, village, due), *await to_replace(viewer, village))


async def to_remind(viewer: Viewer, village: Place, due: list[Owed]) -> Rows:
    """Return buttons to remind the village of what it can still send, and to report on its behalf."""
    if not await access.may_remind(viewer, village):
        return ()
    still = [owed for owed in due if owed.open(viewer.today)]
    owing = [*await cover(viewer, [village.id], still), *await overdue.late(viewer, [village.id])]
    report = (named(viewer, "officer.button.report_for", ReportFor(village.id)),)
    if any(coverage.missing for coverage in owing):
        return (named(viewer, "officer.button.remind_one", Remind(village.id, 0, "*")),), report
    return (report,)


async def to_replace(viewer: Viewer, village: Place) -> Rows:
    """To give the village another head, or its first."""
    if not await access.may_replace_head(viewer, village):
        return ()
    heads = await seats.held(viewer.session, village.id, RoleName.VILLAGE_HEAD)
    key = "replace.button" if heads else "replace.button_invite"
    deputy = ((named(viewer, "deputy.button_of", AskDeputy(village.id)),),) if heads else ()
    return ((named(viewer, key, AskNewHead(village.id)),), *deputy)


async def newest(viewer: Viewer, village_id: int, owed: Owed) -> Submission | None:
    """Return the village's newest report of a questionnaire, from the present period or an earlier one."""
    chosen = (
        select(Submission)
        .where(Submission.place_id == village_id, Submission.form_name == owed.form.name)
        .where(col(Submission.current), col(Submission.period_end) <= owed.period.end)
        .order_by(col(Submission.period_end).desc(), col(Submission.id).desc())
        .limit(1)
    )
    return (await viewer.session.exec(chosen)).first()


async def told(viewer: Viewer, village: Place, owed: Owed, sent: Submission | None) -> Markup:
    """Return in words which period the newest report is for, when it was sent, and by whom."""
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
    note = await sentences.late_note(viewer, sent, for_place(owed.entry, village, owed.period))
    return Markup("\n").join((text, note)) if note else text


async def sender(viewer: Viewer, sent: Submission) -> Markup | str:
    """Return who sent it, for officers of the commune; nobody for others, nor if the sender left."""
    if not access.holds(viewer, RoleName.COMMUNE_OFFICER) or sent.person_id is None:
        return ""
    person = await viewer.session.get(Person, sent.person_id)
    return viewer.say("officer.sender", name=person.name) if person and person.name else ""
