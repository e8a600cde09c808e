"""`thonbao history`: what happened to a report, or to one figure of it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from sqlmodel import col, select

from bot.administration import opened, place_named, today
from bot.channels.text import plain
from bot.printing import print_json
from bot.problems import WrongCall
from bot.settings import Settings, load_settings
from bot.teller import Teller
from figures import history
from figures.history import Happening, History
from handlers.library import Library
from handlers.screens import history as screen
from handlers.viewer import Viewer
from plans.period import from_key
from plans.reading import load_plans
from storage.database import reading
from storage.session import Session
from storage.tables import Place, Submission


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("history")(told)


def told(
    place: Annotated[str, typer.Argument(help="a name, a code or #id")],
    question: Annotated[str, typer.Argument(help="the name of a question; without it the whole report")] = "",
    form: Annotated[str, typer.Option(help="the name of a questionnaire")] = "",
    period: Annotated[str, typer.Option(help="a period such as 2026-11, default: the newest")] = "",
    json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Lịch sử của một báo cáo, một con số / what happened to a report or a figure of it."""
    settings = load_settings()
    history, viewer = asyncio.run(looked_up(settings, place, question, form, period))
    if json:
        print_json(as_json(history))
    else:
        print(plain(screen.page(viewer, history).text))


async def looked_up(
    settings: Settings, words: str, question: str, form: str, period: str
) -> tuple[History, Viewer]:
    """The history that is asked for. Raises WrongCall."""
    say = Teller(settings.locale)
    async with opened(settings) as engine, reading(engine) as session:
        place = await place_named(session, words, today(settings), say)
        library = Library(load_plans(), settings.zone)
        viewer = Viewer(session, library, (), datetime.now(settings.zone), settings.locale)
        for report in await reports_of(session, place, form, period):
            asked = await library.form(session, report.form_id)
            paths = [
                one.path for one in asked.questions if one.name == question and one.path in report.answers
            ]
            if paths or not question:
                path = paths[0] if paths else ""
                return await history.whole(viewer, place, report, path, with_names=True), viewer
        raise WrongCall(say("history.no_report", place=place.name))


async def reports_of(session: Session, place: Place, form: str, period: str) -> Sequence[Submission]:
    """The newest revisions of a place's reports, the newest period first. Raises WrongCall."""
    chosen = select(Submission).where(Submission.place_id == place.id, col(Submission.current))
    if form:
        chosen = chosen.where(Submission.form_name == form)
    if period:
        chosen = chosen.where(Submission.period == key_of(period))
    return (
        await session.exec(chosen.order_by(col(Submission.period_end).desc(), col(Submission.id).desc()))
    ).all()


def key_of(period: str) -> str:
    """The period as reports name it. Raises WrongCall."""
    try:
        return from_key(period).key
    except ValueError as error:
        raise WrongCall(Teller(load_settings().locale)("history.no_period", period=period)) from error


def happening_json(one: Happening) -> dict[str, Any]:
    """One thing that happened as JSON values."""
    return {
        "at": one.at.isoformat(),
        "kind": one.kind.value,
        "revision": one.revision,
        "path": one.path,
        "value": one.value,
        "role": one.role,
        "channel": one.channel,
        "in_place": one.in_place,
        "challenge": one.doubt.detail if one.doubt else None,
        "reason": (one.doubt.words or one.doubt.reason) if one.doubt else one.reason,
    }


def as_json(history: History) -> dict[str, Any]:
    """A history as JSON values."""
    approved = history.report.approved_at
    return {
        "place": history.place.id,
        "form": history.form.name,
        "period": history.report.period,
        "path": history.path,
        "approved_at": approved.isoformat() if approved else None,
        "happened": [happening_json(one) for one in history.happened],
        "before": [{"period": period, "value": value} for period, value in history.before],
    }
