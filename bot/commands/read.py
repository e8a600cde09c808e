"""`thonbao read`: how a typed answer is understood, for trying it and for scripts."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.language import language
from bot.problems import WrongCall
from bot.teller import Teller
from handlers import doubts
from handlers.wording import wording
from questionnaires.answers import EXAMPLES, AnswerKind, ExpectedAnswer, Reading, read
from questionnaires.answers.places import Gazetteer, Unit, read_place
from storage.official.rows import rows_of

KINDS = "count | rate | area_ha | money_vnd | decimal | has | done | confirm | date | period | place | text"


def register(app: typer.Typer) -> None:
    app.command("read")(read_command)


def read_command(
    lang: Annotated[
        str,
        typer.Option(
            default_factory=language,
            show_default="THONBAO_LOCALE",
            help="the language of the doubt: vi or en",
        ),
    ],
    text: Annotated[str | None, typer.Argument(help="what was typed")] = None,
    kind: Annotated[str, typer.Option("--as", help=KINDS)] = "count",
    unit: Annotated[str, typer.Option(help='what is counted, such as "hộ"')] = "",
    on: Annotated[str, typer.Option(help="the day on which it was typed, YYYY-MM-DD")] = "",
    stdin: Annotated[bool, typer.Option("--stdin", help='JSON lines {"ask", "unit", "on", "input"}')] = False,
) -> None:
    """Show how a typed answer is understood, as JSON."""
    if stdin == (text is not None):
        raise WrongCall(told("usage"))
    if text is not None:
        typer.echo(answer(text, kind, unit, on, lang))
        return
    for number, line in enumerate(typer.get_text_stream("stdin", encoding="utf-8"), 1):
        if line.strip():
            typer.echo(answer_line(line, number, unit, on, lang))


def answer_line(line: str, number: int, unit: str, on: str, lang: str) -> str:
    """The answer to one JSON line. Raises WrongCall naming the line."""
    try:
        given = json.loads(line)
        text, kind = given["input"], given["ask"]
        said_unit, said_on = given.get("unit") or unit, given.get("on") or on
    except (ValueError, KeyError, AttributeError, TypeError):
        raise WrongCall(told("bad_line", line=number)) from None
    if not all(isinstance(value, str) for value in (text, kind, said_unit, said_on)):
        raise WrongCall(told("not_text", line=number))
    return answer(text, kind, said_unit, said_on, lang)


def answer(text: str, kind: str, unit: str, on: str, lang: str) -> str:
    """The reading of `text` as one line of JSON. Raises WrongCall for an unknown kind or day."""
    if kind not in set(AnswerKind) - {AnswerKind.ONE, AnswerKind.MANY}:
        raise WrongCall(told("unknown_kind", kinds=KINDS, kind=kind))
    today = day(on)
    if kind == AnswerKind.PLACE:
        return as_json(read_place(text, official_places()), AnswerKind.PLACE, lang)
    return as_json(read(text, ExpectedAnswer(AnswerKind(kind), today, unit)), AnswerKind(kind), lang)


def day(on: str) -> date:
    """The day, today where none is given. Raises WrongCall."""
    if not on:
        return datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    try:
        return date.fromisoformat(on)
    except ValueError:
        raise WrongCall(told("no_day", words=on)) from None


def as_json(reading: Reading, kind: AnswerKind, lang: str) -> str:
    """A reading as JSON; numbers with decimals stay numbers, an asking one says what was wrong."""
    values: dict[str, object] = {
        "status": reading.status,
        "value": plain(reading.value),
        "start": reading.start.isoformat() if reading.start else None,
        "end": reading.end.isoformat() if reading.end else None,
        "estimate": reading.estimate,
        "read_back": reading.read_back,
    }
    if reading.status == "ask":
        say = wording(lang)
        key = doubts.sentence(say.sentences, reading.doubt, of_text=kind == "text")
        values["doubt"] = reading.doubt
        values["message"] = str(say(key, example=EXAMPLES[kind], **doubts.LIMITS))
        values["candidates"] = [candidate.label for candidate in reading.candidates]
    return json.dumps(values, ensure_ascii=False)


def told(key: str, **values: object) -> str:
    """A sentence about a wrong call."""
    return Teller(language())(f"read.{key}", **values)


def plain(value: object) -> object:
    """A Decimal as an int or float, whatever else as it is."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return list(value) if isinstance(value, tuple) else value


@cache
def official_places() -> Gazetteer:
    """The official list of places, before and after the reform."""
    return Gazetteer(official_units())


def day_in(text: str) -> date | None:
    """A day of the list; None where it names none."""
    return date.fromisoformat(text) if text else None


def official_units() -> Iterator[Unit]:
    """Each unit of the list with its parents (present first) and the units it came from or went into."""
    kin: dict[int, set[int]] = defaultdict(set)
    for row in rows_of("successions.csv.gz"):
        kin[int(row["from"])].add(int(row["to"]))
        kin[int(row["to"])].add(int(row["from"]))
    for row in rows_of("units.csv.gz"):
        number = int(row["number"])
        parents = dict.fromkeys(int(row[era]) for era in ("after", "before") if row[era])
        yield Unit(
            number,
            row["name"],
            row["kind"],
            tuple(parents),
            tuple(sorted(kin[number])),
            closed=bool(row["last_day"]),
            code=row["code"],
            since=day_in(row["first_day"]) or date.min,
            until=day_in(row["last_day"]),
            level=row["level"],
        )
