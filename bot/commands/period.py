"""`thonbao period`: how periods are named, keyed and read, in both calendars."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from plans.period import Calendar, PeriodKind

if TYPE_CHECKING:
    from datetime import date

    from plans.period import Period

JSON = Annotated[bool, typer.Option("--json", help="print one JSON document")]
ON = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="as of this day (default: today)")
]
STATUTORY = Annotated[bool, typer.Option("--statutory", help="by Nghị định 09/2019/NĐ-CP")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    group = typer.Typer(no_args_is_help=True, help="Kỳ báo cáo / reporting periods.")
    group.command("list")(list_periods)
    group.command("show")(show)
    group.command("parse")(parse)
    app.add_typer(group, name="period")


def day_of(on: "datetime | None") -> "date":
    """The day meant, today in the configured zone by default."""
    from bot.settings import load_settings

    return on.date() if on else datetime.now(load_settings().zone).date()


def calendar_of(statutory: bool) -> Calendar:
    return Calendar.STATUTORY if statutory else Calendar.GREGORIAN


def list_periods(
    kind: Annotated[PeriodKind, typer.Argument(help="how long")] = PeriodKind.WEEK,
    on: ON = None,
    count: Annotated[int, typer.Option(min=1, max=1000, help="how many, the newest last")] = 6,
    statutory: STATUTORY = False,
    json: JSON = False,
) -> None:
    """Các kỳ gần đây / the latest periods of a kind."""
    from bot.printing import print_json, print_rows
    from bot.settings import load_settings
    from plans.period import period_of

    found = [period_of(kind, day_of(on), calendar_of(statutory))]
    while len(found) < count:
        found.append(found[-1].previous())
    found.reverse()
    if json:
        print_json([facts(period) for period in found])
        return
    lang = load_settings().locale
    print_rows([(period.key, period.label(lang)) for period in found])


def show(
    key: Annotated[str, typer.Argument(help="a key such as 2026-W47, 2026-11, 2026-H1S")], json: JSON = False
) -> None:
    """Một kỳ theo mã / one period by its key."""
    from bot.printing import print_json
    from bot.problems import WrongCall
    from bot.settings import load_settings
    from handlers.wording import wording
    from plans.period import WrongKeyError, from_key

    lang = load_settings().locale
    try:
        period = from_key(key)
    except WrongKeyError:
        raise WrongCall(str(wording(lang)("plan.period.unknown", period=key).unescape())) from None
    if json:
        print_json(facts(period))
        return
    print(period.label(lang))


def parse(
    text: Annotated[str, typer.Argument(help='as typed: "quý 3", "tuần này", "6 tháng đầu năm"')],
    on: ON = None,
    statutory: STATUTORY = False,
    json: JSON = False,
) -> None:
    """Kỳ gõ bằng chữ được hiểu thế nào / how a typed period is understood."""
    from bot.printing import print_json
    from bot.problems import Problem
    from bot.settings import load_settings
    from handlers.wording import wording
    from questionnaires.answers import Kind, Question, read

    reading = read(text, Question(Kind.PERIOD, day_of(on)))
    period = matching(reading.start, reading.end) if reading.status == "ok" else None
    named = in_calendar(period, statutory)
    if json:
        doubt = "" if named else (reading.doubt or "not_a_period")
        print_json({"status": "ok" if named else "ask", "doubt": doubt, **(facts(named) if named else {})})
        return
    lang = load_settings().locale
    if named is None:
        raise Problem(str(wording(lang)("plan.period.not_understood", text=text).unescape()))
    print(f"{named.key}  {named.label(lang)}")


def matching(start: "date | None", end: "date | None") -> "Period | None":
    """The Gregorian period of exactly these days."""
    from plans.period import period_of

    if start is None or end is None:
        return None
    found = (period_of(kind, start) for kind in PeriodKind)
    return next((period for period in found if (period.start, period.end) == (start, end)), None)


def in_calendar(period: "Period | None", statutory: bool) -> "Period | None":
    """The period of the same name in the calendar asked for; weeks are the same in both."""
    from plans.period import named

    if period is None or not statutory or period.kind is PeriodKind.WEEK:
        return period
    return named(period.kind, period.year, period.number, Calendar.STATUTORY)


def facts(period: "Period") -> dict[str, Any]:
    """A period as JSON values."""
    return {
        "key": period.key,
        "kind": str(period.kind),
        "calendar": str(period.calendar),
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "label": {"vi": period.label("vi"), "en": period.label("en")},
    }
