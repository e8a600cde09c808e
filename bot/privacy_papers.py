"""What the papers about personal data say: from the database and the settings, with blanks for what an office knows."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, true
from sqlmodel import SQLModel, col, func, select

from bot.settings import Settings
from bot.teller import Teller
from reports.papers import Paper, PaperSection
from storage import people, places, requests, retention
from storage.portions import portions
from storage.session import Session
from storage.tables import (
    AuditEntry,
    Emergency,
    InterviewRow,
    Invitation,
    JournalAuthor,
    Person,
    PersonRequest,
    Place,
    Remark,
    Role,
    RoleRequest,
    RosterEntry,
    Submission,
)

HELD: Final = (
    "seat", "name", "number", "chat", "reports", "words", "emergency", "journal", "consent", "expected",
)  # fmt: skip
"""What is kept about somebody, as the papers list it; each has its purpose."""
OF_PERSON: Final[tuple[tuple[str, type[SQLModel], str, str], ...]] = (
    ("reports", Submission, "person_id", "sent_at"),
    ("drafts", InterviewRow, "person_id", "updated_at"),
    ("emergency", Emergency, "person_id", "raised_at"),
    ("words", Remark, "person_id", "at"),
    ("requests", PersonRequest, "person_id", "asked_at"),
    ("audit", AuditEntry, "person_id", "at"),
)
"""Rows that concern a person, with the column that leads to them and the one that says when."""


def office(settings: Settings, say: Teller) -> PaperSection:
    """Who answers for the data; blanks where nobody has set it."""
    blank = say("privacy.blank")
    return PaperSection(
        say("privacy.paper.office"),
        (
            say("privacy.paper.office_is", name=settings.office or blank),
            say("privacy.paper.officer_is", name=settings.data_officer or blank),
            say("privacy.paper.no_form"),
        ),
    )


def what_is_kept(say: Teller) -> PaperSection:
    """What is kept about people, and what for."""
    head = (say("privacy.paper.what"), say("privacy.paper.why"))
    rows = [(say(f"privacy.held.{name}"), say(f"privacy.why.{name}")) for name in HELD]
    return PaperSection(say("privacy.paper.kept"), (say("privacy.paper.not_kept"),), (head, *rows))


async def how_long(session: Session, settings: Settings, say: Teller) -> PaperSection:
    """How long each kind of thing is kept."""
    counts = await retention.counts(session, settings.terms, datetime.now(UTC))
    head = (say("privacy.paper.what"), say("privacy.paper.days"), say("privacy.paper.rows"))
    rows = [
        (say(f"privacy.kept.{one.name}"), kept_for(one, say), str(counts[one.name][0]))
        for one in retention.kinds(settings.terms)
    ]
    return PaperSection(say("privacy.paper.how_long"), (say("privacy.paper.stays"),), (head, *rows))


def kept_for(kind: retention.KeptKind, say: Teller) -> str:
    """ "90 ngày", or that it is kept for ever."""
    return say("privacy.days", n=kind.days) if kind.days else say("privacy.for_ever")


async def who_takes_part(session: Session, say: Teller) -> PaperSection:
    """How many people hold which role, and by which text they consented."""
    roles = Counter(seat.role.role for seat in await people.seats(session))
    consents = (
        await session.exec(
            select(Person.consent_version, func.count())
            .where(col(Person.consented_at).is_not(None), col(Person.left_at).is_(None))
            .group_by(col(Person.consent_version))
        )
    ).all()
    head = (say("privacy.paper.role"), say("privacy.paper.people"))
    rows = [(say(f"role.{name}"), str(count)) for name, count in sorted(roles.items())]
    texts = [
        say("privacy.paper.consent", version=version or say("privacy.paper.before_versions"), n=count)
        for version, count in sorted(consents)
    ]
    return PaperSection(say("privacy.paper.who"), texts, (head, *rows))


async def asked_for(session: Session, settings: Settings, say: Teller) -> PaperSection:
    """What people asked for, and how it stands."""
    head = tuple(
        say(f"privacy.paper.{name}")
        for name in ("number", "kind", "asked", "answer_due", "finish_due", "state")
    )
    rows = [
        (
            str(row.id),
            say(f"rights.of.{row.kind}"),
            f"{row.asked_at.astimezone(settings.zone):%d/%m/%Y}",
            f"{row.answer_due:%d/%m/%Y}",
            f"{row.finish_due:%d/%m/%Y}",
            say(f"privacy.state.{row.outcome or (requests.due_of(row) or ('', None))[0]}"),
        )
        for row in await requests.listed(session)
    ]
    return PaperSection(say("privacy.paper.requests"), (say("privacy.paper.clocks"),), (head, *rows))


def channels(settings: Settings, say: Teller) -> PaperSection:
    """Where messages go; a platform abroad is named, for that is where data leave the country."""
    names = [channel.name for channel in settings.served]
    abroad = [say("privacy.paper.abroad")] if "telegram" in names else []
    told = say("privacy.paper.channels_are", names=", ".join(names) or say("privacy.blank"))
    return PaperSection(say("privacy.paper.channels"), (told, *abroad))


async def report(session: Session, settings: Settings, say: Teller) -> Paper:
    """The yearly look: what is kept, of whom, what was asked for."""
    sections = (
        office(settings, say),
        await who_takes_part(session, say),
        what_is_kept(say),
        await how_long(session, settings, say),
        await asked_for(session, settings, say),
    )
    return Paper(say("privacy.paper.report"), sections, settings.locale, datetime.now(UTC))


async def impact_file(session: Session, settings: Settings, say: Teller) -> Paper:
    """A draft of the impact assessment file."""
    blank = say("privacy.blank")
    measures = [say(f"privacy.measure.{name}") for name in MEASURES]
    risks = [(say(f"privacy.risk.{name}"), say(f"privacy.against.{name}"), blank) for name in RISKS]
    head = (say("privacy.paper.risk"), say("privacy.paper.against"), say("privacy.paper.judged"))
    sections = (
        office(settings, say),
        PaperSection(
            say("privacy.paper.purpose"),
            (say("privacy.paper.purpose_is"), say("privacy.paper.basis", blank=blank)),
        ),
        what_is_kept(say),
        await who_takes_part(session, say),
        PaperSection(say("privacy.paper.access"), (say("privacy.paper.access_is"),)),
        channels(settings, say),
        await how_long(session, settings, say),
        PaperSection(say("privacy.paper.measures"), measures),
        PaperSection(say("privacy.paper.risks"), (), (head, *risks)),
        PaperSection(say("privacy.paper.signed"), (blank,)),
    )
    return Paper(say("privacy.paper.impact"), sections, settings.locale, datetime.now(UTC))


MEASURES: Final = ("consent", "small", "access", "photos", "logs", "files", "erase", "journal")
RISKS: Final = ("phone", "abroad", "officer", "copy")


# --- when something was lost ----------------------------------------------------------------------------


def table_of(
    concerned: Iterable[tuple[Person, Role, str]], rows: Mapping[str, Mapping[int, int]], say: Teller
) -> list[Sequence[str]]:
    """Who is concerned, in which role and where, and how many rows of each kind lead to them; the head first."""
    kinds = [name for name, *_ in OF_PERSON]
    heads = ("paper.role", "paper.place", *(f"rows_of.{name}" for name in kinds))
    table: list[Sequence[str]] = [("#", *(say(f"privacy.{head}") for head in heads))]
    for person, role, where in concerned:
        counts = (str(rows[name].get(person.id, 0)) for name in kinds)
        table.append((str(person.id), role_named(say, role), where, *counts))
    return table


async def breach(
    session: Session,
    settings: Settings,
    say: Teller,
    found: datetime,
    until: datetime,
    since: datetime | None,
    ground: Collection[int] | None,
) -> Paper:
    """Whose data and which rows are concerned, and a notice to fill in."""
    blank = say("privacy.blank")
    concerned = await people_in(session, ground)
    first = since.replace(tzinfo=settings.zone) if since else None
    rows = await rows_of(session, [person.id for person, _, _ in concerned], first)
    table = table_of(concerned, rows, say)
    facts = {"found": f"{found:%H:%M %d/%m/%Y}", "until": f"{until:%H:%M %d/%m/%Y}"}
    sections = (
        PaperSection(say("privacy.paper.clock"), (say("privacy.paper.clock_is", **facts),)),
        office(settings, say),
        PaperSection(
            say("privacy.paper.whose"),
            (
                say("privacy.paper.whose_is", n=len({person.id for person, *_ in concerned})),
                say("privacy.paper.expected_are", **await expected(session, ground)),
            ),
            table,
        ),
        what_is_kept(say),
        PaperSection(
            say("privacy.paper.notice"),
            [say(f"privacy.notice.{name}", blank=blank, **facts) for name in NOTICE],
        ),
    )
    return Paper(say("privacy.paper.breach"), sections, settings.locale, datetime.now(UTC))


NOTICE: Final = ("to", "what", "whose", "done", "harm", "advice", "contact")


async def people_in(session: Session, ground: Collection[int] | None) -> list[tuple[Person, Role, str]]:
    """Whose data are held, in each of their roles, ended ones too: all who have not left, or those of them who hold or
    held a role on some ground, or did something to a report there."""
    chosen = (
        select(Person, Role, Place)
        .join(Role, col(Role.person_id) == col(Person.id))
        .join(Place, col(Place.id) == col(Role.place_id))
        .where(col(Person.left_at).is_(None))
        .order_by(col(Place.id), col(Role.id))
    )
    rows = list(await session.exec(chosen))
    if ground is not None:
        there = await acted_in(session, ground)
        there |= {person.id for person, role, _ in rows if role.place_id in ground}
        rows = [*filter(lambda row: row[0].id in there, rows)]
    return [(person, role, places.own_name(place)) for person, role, place in rows]


async def acted_in(session: Session, ground: Collection[int]) -> set[int]:
    """Who did something to a report of some ground."""
    acted: set[int] = set()
    for some in portions(sorted(ground)):
        chosen = select(JournalAuthor.person_id).where(col(JournalAuthor.place_id).in_(some))
        acted |= set(await session.exec(chosen))
    return acted


async def expected(session: Session, ground: Collection[int] | None) -> dict[str, int]:
    """How many are named who have not joined: on the roster, in invitations, in requests for officers."""
    kinds: dict[str, tuple[type[RosterEntry | Invitation | RoleRequest], ColumnElement[bool]]] = {
        "roster": (RosterEntry, true()),
        "invited": (Invitation, col(Invitation.name) != ""),
        "proposed": (RoleRequest, col(RoleRequest.name) != ""),
    }
    told = {}
    for name, (table, named) in kinds.items():
        chosen = select(table.place_id, func.count()).where(named).group_by(col(table.place_id))
        rows = (await session.exec(chosen)).all()
        told[name] = sum(count for place, count in rows if ground is None or place in ground)
    return told


def role_named(say: Teller, role: Role) -> str:
    """A role, and that it is over."""
    name = say(f"role.{role.role}")
    return name if role.in_force(datetime.now(UTC)) else say("privacy.paper.role_over", role=name)


async def rows_of(session: Session, ids: Sequence[int], since: datetime | None) -> dict[str, dict[int, int]]:
    """How many rows of each kind lead to each of some people."""
    told: dict[str, dict[int, int]] = {}
    for name, table, column, moment in OF_PERSON:
        leads: Any = getattr(table, column)
        told[name] = {}
        for some in portions(sorted(set(ids))):
            chosen = select(leads, func.count()).where(leads.in_(some)).group_by(leads)
            if since is not None:
                chosen = chosen.where(getattr(table, moment) >= since)
            told[name] |= dict((await session.exec(chosen)).all())
    return told
