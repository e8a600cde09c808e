"""`thonbao place`: look at the tree of places, find places by name, and add villages from a list."""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.administration import content_of, opened, place_named, today
from bot.commands import place_events, place_marks
from bot.commands.list_notes import (
    CONVERT,
    PARTIAL,
    PREVIEW,
    REST,
    HowToLoad,
    import_json,
    make_way_for_rest,
    print_indented,
    refuse_or_write_rest,
    tell_notes,
    tell_partial,
)
from bot.commands.place_events import Discarded
from bot.libraries import costs_of
from bot.option_types import AsOf
from bot.printing import print_json, print_rows
from bot.problems import Problem, WrongCall
from bot.settings import Settings, load_settings
from bot.teller import Teller
from bot.working import working
from handlers import place_news
from plans.reading import load_plans
from questionnaires.answers.places import Gazetteer, Viewpoint, match_place
from storage import place_marks as marks
from storage import villages
from storage.database import reading, writing
from storage.gazetteer import gazetteer_of
from storage.place_rules import Ruling
from storage.session import Session
from storage.tables import Level, Place, PlaceMark
from storage.village_headings import COLUMNS

JSON = Annotated[bool, typer.Option("--json", help="print one JSON document")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    group = typer.Typer(no_args_is_help=True)
    group.command("list")(list_places)
    group.command("show")(show)
    group.command("find")(find)
    group.command("import")(import_villages)
    place_events.register(group)
    place_marks.register(group)
    app.add_typer(group, name="place")


def list_places(
    under: Annotated[str, typer.Option(help="a name, a code or #id; default: the whole country")] = "",
    level: Annotated[str, typer.Option(help="nuoc, tinh, huyen, xa or thon; default: one level down")] = "",
    on: AsOf = None,
    json: JSON = False,
) -> None:
    """Các địa bàn trực thuộc / the places below one."""
    asyncio.run(listing(under, level, on.date() if on else None, json))


async def listing(under: str, level: str, on: date | None, as_json: bool) -> None:
    settings = load_settings()
    say, day = Teller(settings.locale), on or today(settings)
    if level and level not in list(Level):
        raise WrongCall(say("admin.level.unknown", words=level, levels=", ".join(Level)))
    async with opened(settings) as engine, reading(engine) as session:
        root = await place_named(session, under, day, say) if under else await top(session, day)
        await put_out(session, await units_in(session, root, level, day), day, as_json)


async def units_in(session: Session, root: Place | None, level: str, on: date) -> list[Place]:
    """The units of a level in a place, or those right below it; none without a place."""
    if root is None:
        return []
    return await (session.places.below(root.id, level, on) if level else session.places.children(root.id, on))


async def top(session: Session, on: date) -> Place | None:
    """The nation, or else any place that lies in none."""

    roots = await session.places.roots(on)
    return roots[0] if roots else None


async def put_out(session: Session, listed: list[Place], on: date, as_json: bool) -> None:
    """Print places, one a line or as one JSON document."""
    names = await session.places.full_names(listed, on)
    if as_json:
        print_json([document(place, name) for place, name in zip(listed, names, strict=True)])
        return
    print_rows([(f"#{place.id}", place.code or "-", name) for place, name in zip(listed, names, strict=True)])


def document(place: Place, full_name: str) -> dict[str, Any]:
    """A place as JSON values."""
    return {
        "id": place.id,
        "level": place.level,
        "kind": place.kind,
        "name": place.name,
        "code": place.code,
        "full_name": full_name,
        "first_day": None if place.first_day.year == 1 else place.first_day.isoformat(),
        "last_day": place.last_day.isoformat() if place.last_day else None,
        "invented": place.invented,
    }


def show(
    place: Annotated[str, typer.Argument(help="a name, a code or #id")], on: AsOf = None, json: JSON = False
) -> None:
    """Một địa bàn: thuộc đâu, gồm gì, từ đâu mà có / one place and its history."""
    asyncio.run(showing(place, on.date() if on else None, json))


async def showing(words: str, on: date | None, as_json: bool) -> None:
    settings = load_settings()
    say, day = Teller(settings.locale), on or today(settings)
    async with opened(settings) as engine, reading(engine) as session:
        place = await place_named(session, words, day, say)
        facts = await facts_of(session, place, day)
    if as_json:
        print_json(facts)
    else:
        tell_place(facts, settings.locale, say)


async def facts_of(session: Session, place: Place, day: date) -> dict[str, Any]:
    """What is known of a place: its parts on a day, what it came from and went into, its attributes."""
    facts = document(place, await session.places.full_name(place, day))
    facts["children"] = len(await session.places.children(place.id, day))
    facts["villages"] = len(await session.places.villages_of(place.id, day))
    moves = await session.places.successions(place.id)
    facts["history"] = [
        {
            "day": move.day.isoformat(),
            "from": await session.places.full_name(old, day),
            "to": await session.places.full_name(new, day),
            "whole": move.whole,
            "legal_basis": move.legal_basis,
        }
        for move, old, new in moves
    ]
    facts["attributes"] = [mark_facts(mark) for mark in await marks.of_place(session, place.id)]
    return facts


def tell_place(facts: Mapping[str, Any], locale: str, say: Teller) -> None:
    """Print what is known of a place."""
    print(facts["full_name"])
    for name in ("id", "level", "code", "first_day", "last_day", "children", "villages"):
        if facts[name] is not None:
            print(say(f"admin.place.{name}", value=str(facts[name])))
    for event in facts["history"]:
        whole = "whole" if event["whole"] else "part"
        print(say(f"admin.place.went_{whole}", day=event["day"], old=event["from"], new=event["to"]))
    tell_marks(facts["attributes"], locale, say)


def mark_facts(mark: PlaceMark) -> dict[str, Any]:
    """What is written down of a place's attribute, as JSON values."""
    return {
        "attribute": mark.attribute,
        "holds": mark.holds,
        "from": mark.first_day.isoformat(),
        "until": mark.last_day.isoformat() if mark.last_day else None,
        "legal_basis": mark.legal_basis,
    }


def tell_marks(facts: Sequence[Mapping[str, Any]], locale: str, say: Teller) -> None:
    """Print the attributes of a place, from when until when."""
    known = load_plans().attributes
    for mark in facts:
        attribute = known.get(mark["attribute"])
        print(
            say(
                "admin.place.has" if mark["holds"] else "admin.place.has_not",
                name=attribute.name(locale) if attribute else mark["attribute"],
                first=mark["from"],
                last=mark["until"] or "…",
                basis=mark["legal_basis"],
            )
        )


def find(
    words: Annotated[str, typer.Argument(help='such as "Nà Hin, Vĩnh Thông" or a code')] = "",
    on: AsOf = None,
    stdin: Annotated[bool, typer.Option("--stdin", help="one name a line; one JSON document a line")] = False,
    json: JSON = False,
) -> None:
    """Tìm địa bàn theo tên hoặc mã / find places by name or code. Exit code 1 when there is none."""
    asyncio.run(finding(words, on.date() if on else None, stdin, json))


async def finding(words: str, on: date | None, many: bool, as_json: bool) -> None:
    settings = load_settings()
    say, day = Teller(settings.locale), on or today(settings)
    if not words and not many:
        raise WrongCall(say("admin.place.unknown", words=words))
    async with opened(settings) as engine, reading(engine) as session:
        gazetteer = await gazetteer_of(session, on)
        if many:
            await find_each(session, gazetteer, day)
            return
        answer = await looked_up(session, gazetteer, words, day, {})
    if as_json:
        print_json(answer)
    else:
        tell_found(answer, words, say)


async def find_each(session: Session, gazetteer: Gazetteer, day: date) -> None:
    """Print a line of JSON for each name on standard input."""
    rows = {place.id: place for place in await session.places.opened_by(day)}
    for line in sys.stdin:
        print_line(await looked_up(session, gazetteer, line.rstrip("\n"), day, rows))


def tell_found(answer: dict[str, Any], words: str, say: Teller) -> None:
    """Print the places that a name may mean. Raises Problem where there is none."""
    if answer["status"] == "none":
        raise Problem(say("admin.place.unknown", words=words))
    if answer["status"] == "ambiguous":
        print(say("admin.place.find_ambiguous", words=words))
    print_rows([(f"#{row['id']}", row["code"] or "-", row["label"]) for row in answer["candidates"]])


def print_line(values: dict[str, Any]) -> None:
    """Print one JSON document on one line."""
    print(json.dumps(values, ensure_ascii=False))


async def looked_up(
    session: Session, gazetteer: Gazetteer, words: str, on: date, rows: dict[int, Place]
) -> dict[str, Any]:
    """What a typed name means: {"status": match, ambiguous or none, "candidates"}; a code finds its bearers.

    `rows` are places that are at hand; what is not among them is looked up and added.
    """
    match = match_place(words, gazetteer, view=Viewpoint(on=on))
    candidates = []
    for unit in match.units:
        if unit.id not in rows:
            rows[unit.id] = await session.get_one(Place, unit.id)
        label = gazetteer.label(unit)
        full_name = label.removesuffix(" (cũ)") if unit.closed else label
        candidates.append({**document(rows[unit.id], full_name), "label": label})
    return {"status": match.status, "candidates": candidates}


def import_villages(
    file: Annotated[
        Path,
        typer.Argument(
            help='.xlsx, .docx or .csv with the columns "Mã xã" (or "Xã", "Tỉnh"), "Loại", "Tên thôn"'
        ),
    ],
    partial: PARTIAL = False,
    rest: REST = None,
    dry: PREVIEW = False,
    convert: CONVERT = False,
    basis: Annotated[
        str, typer.Option("--basis", help="the document by which villages are renamed or moved")
    ] = "",
    kind: Annotated[
        str,
        typer.Option(
            "--kind", help='what the villages are whose type the list does not say: "thôn", "bản" …'
        ),
    ] = "",
    json: JSON = False,
) -> None:
    """Thêm các thôn từ một danh sách / add villages from a list. All of them, or none."""
    how = HowToLoadVillages(partial=partial, rest=rest, dry=dry, convert=convert, basis=basis, kind=kind)
    asyncio.run(importing(file, how, json))


@dataclass(frozen=True, slots=True)
class HowToLoadVillages(HowToLoad):
    """How a list of villages is to be loaded."""

    basis: str = ""
    kind: str = ""
    """The type word of the villages whose type the list does not say."""


async def importing(file: Path, how: HowToLoadVillages, as_json: bool) -> None:
    settings = load_settings()
    say = Teller(settings.locale)
    make_way_for_rest(how.rest, say)
    result = await read_list(settings, file, how, say)
    difference = result.difference.lines()
    if as_json:
        print_json({**import_json(result, say), "dry_run": how.dry, "difference": difference})
    refuse_or_write_rest(result, how, COLUMNS, say, right=any(difference.values()))
    if not as_json:
        tell_import(result, how, say)


async def read_list(settings: Settings, file: Path, how: HowToLoadVillages, say: Teller) -> villages.Villages:
    """What a list changes; loaded, unless it is only to be shown or has faults. Raises WrongCall for an unknown type
    word, Problem for a file that cannot be read."""
    kind = villages.kind_named(how.kind) if how.kind else ""
    if kind is None:
        raise WrongCall(say("admin.fault.kind", written=how.kind, expected=villages.EXPECTED))
    data, now = content_of(file, say), datetime.now(settings.zone)
    ruling = Ruling(now.date(), how.basis or file.name, now)
    with working(say("admin.working.import", file=file.name)):
        return await loaded(settings, data, file.name, ruling, replace(how, kind=kind))


async def loaded(
    settings: Settings, data: bytes, name: str, ruling: Ruling, how: HowToLoadVillages
) -> villages.Villages:
    """The list, loaded; nothing of it is kept where there are faults and no part was wanted."""
    async with opened(settings) as engine:
        with suppress(Discarded):
            async with writing(engine) as session:
                result = await villages.load(session, data, name, ruling, "import", kind=how.kind, **how.ways)
                if result.faults and not how.takes_part:
                    raise Discarded
                for event in result.events:
                    await place_news.announce(session, event, ruling.now, settings.quiet, costs_of(settings))
    return result


def tell_import(result: villages.Villages, how: HowToLoad, say: Teller) -> None:
    """Print what a list has changed, or would change, and what of it was left out."""
    if how.dry:
        tell_difference(result.difference.lines(), say)
    else:
        tell_changes(result, say)
    tell_partial(result, how.rest, say, dry=how.dry)
    tell_notes(result, say)


def tell_difference(difference: Mapping[str, Sequence[str]], say: Teller) -> None:
    """Print every place that a list would change, by what would become of it; of the unchanged only the number."""
    for name, lines in difference.items():
        print(say(f"admin.import.{name}", n=len(lines)))
        print_indented(lines if name != "unchanged" else ())
    print(say("admin.event.dry"))


def tell_changes(result: villages.Villages, say: Teller) -> None:
    """Print how many places a list has changed."""
    print(say("admin.import.villages", added=result.added, known=result.known))
    difference = result.difference.lines()
    for name in ("renamed", "moved", "counted", "closed"):
        if lines := difference.get(name):
            print(say(f"admin.import.{name}", n=len(lines)))
