"""`thonbao period`: how periods are named, keyed and read, in both calendars."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from itertools import chain
from typing import Annotated, Any, Final

import typer

from bot.option_types import AsOf
from bot.plan_pages import programme_named
from bot.printing import print_json, print_rows
from bot.problems import Problem, WrongCall
from bot.settings import load_settings
from handlers.wording import Wording, wording
from plans.holidays import holiday, within
from plans.levels import LEVELS
from plans.period import Calendar, Period, PeriodKind, WrongKeyError, from_key, named, period_of, span
from plans.reading import load_plans
from plans.schedule import Entry
from questionnaires.answers import AnswerKind, ExpectedAnswer, Reading, read

JSON = Annotated[bool, typer.Option("--json", help="print one JSON document")]
OK: Final = {"status": "ok", "doubt": ""}
STATUTORY = Annotated[bool, typer.Option("--statutory", help='by the decree "Nghị định 09/2019/NĐ-CP"')]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    group = typer.Typer(no_args_is_help=True)
    group.command("list")(list_periods)
    group.command("show")(show)
    group.command("parse")(parse)
    group.command("asked")(asked)
    app.add_typer(group, name="period")


def day_of(on: datetime | None) -> date:
    """The day meant, today in the configured zone by default."""
    return on.date() if on else datetime.now(load_settings().zone).date()


def calendar_of(statutory: bool) -> Calendar:
    return Calendar.STATUTORY if statutory else Calendar.GREGORIAN


def list_periods(
    kind: Annotated[PeriodKind, typer.Argument(help="how long")] = PeriodKind.WEEK,
    on: AsOf = None,
    count: Annotated[int, typer.Option(min=1, max=1000, help="how many, the newest last")] = 6,
    statutory: STATUTORY = False,
    json: JSON = False,
) -> None:
    """Các kỳ gần đây / the latest periods of a kind."""
    periods = [period_of(kind, day_of(on), calendar_of(statutory))]
    while len(periods) < count:
        periods.append(periods[-1].previous())
    periods.reverse()
    if json:
        print_json([facts(period) for period in periods])
        return
    lang = load_settings().locale
    print_rows([(period.key, period.label(lang)) for period in periods])


def show(
    key: Annotated[str, typer.Argument(help="a key such as 2026-W47, 2026-11, 2026-H1S")], json: JSON = False
) -> None:
    """Một kỳ theo mã, với các ngày nghỉ lễ / one period by its key, with its public holidays."""
    lang = load_settings().locale
    try:
        period = from_key(key)
    except WrongKeyError:
        raise WrongCall(str(wording(lang)("plan.period.unknown", period=key).unescape())) from None
    if json:
        off = [
            {"day": day.isoformat(), "name": {"vi": name, "en": holiday(day, "en")}}
            for day, name in within(period.start, period.end).items()
        ]
        print_json({**facts(period), "holidays": off})
        return
    print(period.label(lang))
    for day, name in within(period.start, period.end, lang).items():
        print(wording(lang)("plan.holiday", day=day, name=name).unescape())


def asked(
    on: AsOf = None,
    level: Annotated[str, typer.Option(help="thon, xa, huyen, tinh, nuoc; every level if left out")] = "",
    plan: Annotated[str, typer.Option(help="also what only the places of this plan are asked")] = "",
    json: JSON = False,
) -> None:
    """Hôm đó hỏi phiếu nào, hạn và ngày khóa / which questionnaires are asked on a day, in time or late."""
    say = wording(load_settings().locale)
    plans, day = load_plans(), day_of(on)
    own = [programme_named(plans, plan, say)] if plan else []
    asked_of = chain.from_iterable(plans.asked_of(name, own) for name in ([level] if level else LEVELS))
    windows = [(entry, period) for entry in asked_of for period in entry.asked_on(day)]
    if json:
        print_json([window_facts(entry, period, day) for entry, period in windows])
    else:
        print_rows([window_row(entry, period, day, say) for entry, period in windows])


def window_row(entry: Entry, period: Period, day: date, say: Wording) -> Sequence[str]:
    """When a questionnaire of a period is asked, as a line: of whom, which, until when, and when it closes."""
    closing = [str(say("plan.closes", day=entry.closes(period))), *why_later(entry, period, say)]
    return (
        str(say(f"progress.level.{entry.level}")),
        entry.form,
        period.label(say.locale),
        str(say(f"plan.window.{entry.window(period, day)}", due=entry.due(period))),
        "; ".join(closing),
    )


def why_later(entry: Entry, period: Period, say: Wording) -> list[str]:
    """For which holiday the report is due later than the schedule says; [] if it is not."""
    day = entry.planned(period)
    name = holiday(day, say.locale)
    return [say("plan.put_off", day=day, name=name).unescape()] if name else []


def window_facts(entry: Entry, period: Period, day: date) -> dict[str, Any]:
    """When a questionnaire of a period is asked, as JSON values; `holiday` is why it is not due when planned."""
    return {
        "form": entry.form,
        "level": entry.level,
        "period": period.key,
        "opens": entry.opens(period).isoformat(),
        "due": entry.due(period).isoformat(),
        "planned": entry.planned(period).isoformat(),
        "holiday": holiday(entry.planned(period)),
        "closes": entry.closes(period).isoformat(),
        "finish": entry.finish(period).isoformat(),
        "window": str(entry.window(period, day)),
    }


def parse(
    text: Annotated[str, typer.Argument(help='as typed: "quý 3", "tuần này", "6 tháng đầu năm"')],
    on: AsOf = None,
    statutory: STATUTORY = False,
    json: JSON = False,
) -> None:
    """Kỳ gõ bằng chữ được hiểu thế nào / how a typed period is understood; days that are no period have no key."""
    lang = load_settings().locale
    period = understood(text, day_of(on), calendar_of(statutory))
    if json:
        print_json({**OK, **facts(period)} if isinstance(period, Period) else span_facts(period))
    elif isinstance(period, Period):
        print(f"{period.key}  {period.label(lang)}")
    elif days := days_of(period):
        print(span(*days, lang))
    else:
        raise Problem(str(wording(lang)("plan.period.not_understood", text=text).unescape()))


def understood(text: str, today: date, calendar: Calendar) -> Period | Reading:
    """The period that `text` names, by key or in words; else how it was read: as other days, or not at all.

    In the statutory calendar "this month" is the one that `today` lies in there: a month's name comes a fortnight
    early, so the words are read as on a day of the month of that name.
    """
    if "-" in text:
        with suppress(WrongKeyError):
            return from_key(text.strip().upper())
    reading = read_period(text, today)
    if calendar is Calendar.STATUTORY:
        month = period_of(PeriodKind.MONTH, today, calendar)
        there = matching(read_period(text, month.end))
        if there is not None and there.kind is not PeriodKind.WEEK:
            return named(there.kind, there.year, there.number, calendar)
    return matching(reading) or reading


def read_period(text: str, today: date) -> Reading:
    """How `text`, typed on `today`, is read where a period is asked."""
    return read(text, ExpectedAnswer(AnswerKind.PERIOD, today))


def days_of(reading: Reading) -> tuple[date, date] | None:
    """The first and the last day that were read; None where no days were."""
    if reading.status != "ok" or reading.start is None or reading.end is None:
        return None
    return reading.start, reading.end


def matching(reading: Reading) -> Period | None:
    """The Gregorian period of exactly the days that were read."""
    days = days_of(reading)
    if days is None:
        return None
    periods = (period_of(kind, days[0]) for kind in PeriodKind)
    return next((period for period in periods if (period.start, period.end) == days), None)


def span_facts(reading: Reading) -> dict[str, Any]:
    """Days that are no reporting period, or what is in doubt, as JSON values."""
    days = days_of(reading)
    if days is None:
        return {"status": "ask", "doubt": reading.doubt or "not_a_period"}
    start, end = days
    return {
        **OK,
        "key": None,
        "kind": "days",
        "calendar": str(Calendar.GREGORIAN),
        "start": start.isoformat(),
        "end": end.isoformat(),
        "label": {lang: span(start, end, lang) for lang in ("vi", "en")},
    }


def facts(period: Period) -> dict[str, Any]:
    """A period as JSON values."""
    return {
        "key": period.key,
        "kind": str(period.kind),
        "calendar": str(period.calendar),
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "label": {"vi": period.label("vi"), "en": period.label("en")},
    }
