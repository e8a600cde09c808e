"""The versions of questionnaires. A version never changes; one version of each name is used by new interviews."""

from collections.abc import Sequence
from typing import Any, Final

from sqlmodel import col, select

from questionnaires.questionnaire import Questionnaire
from storage.session import Session
from storage.tables import Form


async def save_form(session: Session, questionnaire: Questionnaire) -> Form:
    """Keep this version if it is new, and make it the active one of its name.

    Interviews under way stay on the version that they began with.
    """
    rows = (await session.exec(select(Form).where(Form.name == questionnaire.name))).all()
    version = next((row for row in rows if row.version == questionnaire.version), None)
    for row in rows:
        row.active = row is version
        session.add(row)
    if version is None:
        body: dict[str, Any] = questionnaire.to_json()
        version = Form(name=questionnaire.name, version=questionnaire.version, compiled=body)
        session.add(version)
    await session.flush()
    session.active_forms = None
    return version


async def active_ids(session: Session) -> dict[str, int]:
    """The id of the active version of each questionnaire, by name; asked once in a transaction."""
    if session.active_forms is None:
        session.active_forms = dict((await session.exec(ACTIVE)).all())
    return session.active_forms


ACTIVE: Final = select(Form.name, Form.id).where(col(Form.active))


async def list_forms(session: Session) -> Sequence[Form]:
    """The active version of every questionnaire, by name."""
    statement = select(Form).where(col(Form.active).is_(True)).order_by(Form.name)
    return (await session.exec(statement)).all()


async def versions(session: Session, name: str) -> Sequence[Form]:
    """Every version of a questionnaire, the newest first."""
    statement = select(Form).where(Form.name == name).order_by(col(Form.id).desc())
    return (await session.exec(statement)).all()
