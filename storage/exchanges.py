"""Words between those who answer for a place and the officers who check it, each bound to its subject."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel, col, select

from storage import journal
from storage.journal import Actor, JournalKind
from storage.session import Session
from storage.tables import Exchange, Remark

EXCHANGES: Final = SQLModel.metadata.tables["exchange"]
PLACE: Final = "place"
OFFICE: Final = "office"


@dataclass(frozen=True, slots=True)
class Subject:
    """What words are about: a place's report, the figure at `path` in it, or an announcement that the place got."""

    place_id: int
    form_name: str = ""
    period: str = ""
    path: str = ""
    announcement_id: int | None = None

    @property
    def key(self) -> str:
        """A text that is the same for the same subject."""
        if self.announcement_id is not None:
            return f"announce:{self.announcement_id}:{self.place_id}"
        return f"report:{self.place_id}:{self.form_name}:{self.period}:{self.path}"


async def opened(session: Session, subject: Subject) -> Exchange:
    """Return the exchange about a subject, begun if there is none, locked until this transaction ends."""
    connection = await session.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    values = {
        "subject": subject.key,
        "place_id": subject.place_id,
        "form_name": subject.form_name,
        "period": subject.period,
        "path": subject.path,
        "announcement_id": subject.announcement_id,
        "stopped_by": "",
    }
    await connection.execute(dialect.insert(EXCHANGES).values(values).on_conflict_do_nothing())
    chosen = select(Exchange).where(Exchange.subject == subject.key)
    return (await session.exec(chosen.with_for_update())).one()


async def locked(session: Session, number: int) -> Exchange | None:
    """Return the exchange with this id, locked until this transaction ends; or None."""
    return await session.get(Exchange, number, with_for_update=True, populate_existing=True)


async def about(session: Session, subject: Subject) -> Sequence[Remark]:
    """Return what was said about a subject, oldest first."""
    chosen = select(Remark).join(Exchange, col(Exchange.id) == col(Remark.exchange_id))
    said = await session.exec(chosen.where(Exchange.subject == subject.key).order_by(col(Remark.id)))
    return list(said)


async def said_in(session: Session, exchange: Exchange) -> list[Remark]:
    """Return what was said in an exchange, oldest first."""
    chosen = select(Remark).where(Remark.exchange_id == exchange.id).order_by(col(Remark.id))
    return list(await session.exec(chosen))


async def say(
    session: Session, exchange: Exchange, side: str, actor: Actor, text: str, now: datetime
) -> Remark:
    """Add what one side says, and return it with its id."""
    remark = Remark(exchange_id=exchange.id, side=side, person_id=actor.person_id, at=now, text=text)
    session.add(remark)
    await session.flush()
    detail = {"remark": remark.id, "side": side}
    await journal.append(session, JournalKind.SAID, exchange, actor, now, exchange.path, detail, words=text)
    return remark


def in_a_row(remarks: Sequence[Remark], side: str) -> int:
    """Return how many of the last remarks are this side's alone."""
    count = 0
    for remark in reversed(remarks):
        if remark.side != side:
            break
        count += 1
    return count
