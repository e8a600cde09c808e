"""`thonbao history`: what happened to a report, or to one figure of it."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
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
from questionnaires.answers.text import fold
from questionnaires.questionnaire import Question, Questionnaire, plain_words
from questionnaires.renamed import name_today
from storage.database import reading
from storage.session import Session
from storage.tables import Place, Submission


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("history")(told)


def told(
    place: Annotated[str, typer.Argument(help="a name, a code or #id")],
    question: Annotated[
        str, typer.Argument(help="a question: its name or some of its words; without it the whole report")
    ] = "",
    form: Annotated[str, typer.Option(help="a questionnaire: its title or its name")] = "",
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
        reports = [
            (report, await library.form(session, report.form_id))
            for report in await reports_of(session, place, period)
        ]
        if not reports:
            raise WrongCall(say("history.no_report", place=place.name))
        chosen = of_form(reports, form, place, say, settings.locale) if form else reports
        report, path = of_question(viewer, chosen, question, say) if question else (chosen[0][0], "")
        return await history.whole(viewer, place, report, path, with_names=True), viewer


Reported = Sequence[tuple[Submission, Questionnaire]]
"""Reports with their questionnaires, the newest first."""


def of_form(reports: Reported, words: str, place: Place, say: Teller, lang: str) -> Reported:
    """The reports of the questionnaire that is called so: by its name, its title or some words of that. Raises WrongCall."""
    said = fold(words)

    def fits(form: Questionnaire) -> int:
        titles = [fold(title) for title in form.titles.values()]
        if name_today(words.strip()) == form.name or said in (fold(form.name), *titles):
            return 2
        return int(any(holds(title, said) for title in titles))

    best = max(fits(form) for _, form in reports)
    chosen = [one for one in reports if best and fits(one[1]) == best]
    if len({form.name for _, form in chosen}) != 1:
        known = {form.name: form.title(lang) for _, form in chosen or reports}
        names = "\n".join(f"  {name}: {title}" for name, title in sorted(known.items()))
        raise WrongCall(say("history.no_form", words=words, place=place.name, names=names))
    return chosen


def of_question(viewer: Viewer, reports: Reported, words: str, say: Teller) -> tuple[Submission, str]:
    """The newest of these reports that answers the question called so, and the question's path there: by its name, its
    words, or what an indicator that counts it is called. Raises WrongCall."""
    near = dict[str, str]()
    for report, form in reports:
        answered = [one for one in form.questions if one.asks and one.path in report.answers]
        likely = called_best(viewer, form, answered, words)
        if len({one.name for one in likely}) == 1:
            return report, likely[0].path
        near = near or labels_of(form, likely or answered, viewer.locale)
    names = "\n".join(f"  {name}: {label}" for name, label in near.items())
    raise WrongCall(say("history.no_question", words=words, names=names))


def called_best(
    viewer: Viewer, form: Questionnaire, answered: Sequence[Question], words: str
) -> list[Question]:
    """The questions that words call best; none where they call none."""
    fits = [how_well(viewer, form, one, words) for one in answered]
    best = max(fits, default=0)
    return [one for one, fit in zip(answered, fits, strict=True) if fit == best] if best else []


def labels_of(form: Questionnaire, some: Iterable[Question], locale: str) -> dict[str, str]:
    """How some questions are put, by their names."""
    return {one.name: plain_words(form.words(one.labels, locale)) for one in some}


def names_of(viewer: Viewer, question: Question) -> Iterator[str]:
    """What a question is called: its labels, and the names of the indicators that count it."""
    for indicator in viewer.plans.indicators.values():
        if question.name in indicator.numerator[:1]:
            yield from (indicator.name("vi"), indicator.name("en"), *indicator.synonyms)
    yield from map(plain_words, question.labels.values())


def how_well(viewer: Viewer, form: Questionnaire, question: Question, words: str) -> int:
    """How well words call a question: 3 its name, 2 all of what it is called, 1 a part, 0 not at all."""
    if question.name == words.strip():
        return 3
    said, known = fold(words), [*map(fold, names_of(viewer, question))]
    return 2 if said in known else int(any(holds(name, said) for name in known))


def holds(name: str, said: str) -> bool:
    """Whether whole words stand in a name, both folded."""
    return bool(said) and f" {said} " in f" {name} "


async def reports_of(session: Session, place: Place, period: str) -> Sequence[Submission]:
    """The newest revisions of a place's reports, the newest period first. Raises WrongCall."""
    chosen = select(Submission).where(Submission.place_id == place.id, col(Submission.current))
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
