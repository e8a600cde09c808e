"""`thonbao ask`: one question about figures, as an officer would type it, with how it was understood."""

import asyncio
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Annotated, Any, Final

import typer
from sqlmodel import select

from bot.administration import opened
from bot.channels.text import plain
from bot.problems import Problem, WrongCall
from bot.settings import Settings, load_settings
from bot.teller import Teller
from figures import access
from figures.ground import Ground, ground_of
from handlers.asking import replies, saved
from handlers.asking.answer import spans
from handlers.asking.asked import Asked
from handlers.library import Library
from handlers.viewer import Viewer
from handlers.wording import locale_for
from plans.reading import load_plans
from queries.frames import Days, Export, Listing, Missing, Progress, Ranking, Trend
from queries.understand import understand
from queries.understanding import Understanding
from storage.session import Session
from storage.tables import Contact
from storage.unit_of_work import people_with_roles

KEYS = ("ask", "text", "input", "question")
"""Under which of these a JSON line holds its question."""


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("ask")(ask)


def ask(
    question: Annotated[str | None, typer.Argument(help="the question")] = None,
    who: Annotated[str, typer.Option("--as", help="the contact that asks, such as demo:can-bo-xa")] = "",
    explain: Annotated[bool, typer.Option("--explain", help="say how it was understood")] = False,
    json: Annotated[bool, typer.Option("--json", help="one JSON document for each question")] = False,
    after: Annotated[str, typer.Option("--after", help="the question before, to go on from")] = "",
    stdin: Annotated[bool, typer.Option("--stdin", help='lines of text or JSON {"ask", "as"}')] = False,
) -> None:
    """Ask for figures in plain Vietnamese."""
    settings = load_settings()
    say = Teller(settings.locale)
    if stdin == (question is not None):
        raise WrongCall(say("ask.usage"))
    lines = typer.get_text_stream("stdin", encoding="utf-8") if stdin else [question or ""]
    asked = read_lines(lines, who, say)
    refused = asyncio.run(answer_all(settings, say, asked, after, explain=explain, as_json=json, go_on=stdin))
    if refused:
        raise Problem(say("ask.refused_lines", n=refused))


def read_lines(lines: Any, who: str, say: Teller) -> Iterator[tuple[int, str, str]]:
    """Each question with its line and the contact that asks it. Raises WrongCall naming the line."""
    for number, line in enumerate(lines, 1):
        text, contact = question_in(line.strip(), who)
        if not isinstance(text, str) or not isinstance(contact, str):
            raise WrongCall(say("ask.bad_line", line=number))
        if text and not contact:
            raise WrongCall(say("ask.usage"))
        if text:
            yield number, text, contact


def question_in(line: str, who: str) -> tuple[Any, Any]:
    """The question of a line and who asks it, as they stand there: a bare text, or JSON; None for no JSON."""
    if not line.startswith(("{", '"')):
        return line, who
    try:
        given = json.loads(line)
    except ValueError:
        return None, who
    if not isinstance(given, dict):
        return given, who
    return next((given[key] for key in KEYS if key in given), ""), given.get("as", who)


async def answer_all(
    settings: Settings,
    say: Teller,
    questions: Iterator[tuple[int, str, str]],
    after: str,
    *,
    explain: bool,
    as_json: bool,
    go_on: bool,
) -> int:
    """Answer each question by itself; nothing is stored. With `go_on`, one whose contact may not ask is named and the
    others are answered; how many such there were."""
    library, refused = Library(load_plans(), settings.zone, public_url=settings.public_url), 0
    async with opened(settings) as engine:
        for number, text, contact in questions:
            async with Session(engine) as session:
                try:
                    facts = await answered(session, library, text, contact, after, say)
                except Problem as problem:
                    if not go_on:
                        raise
                    refused += 1
                    refuse(say("ask.refused", line=number, why=str(problem)), number, as_json=as_json)
                    continue
            if as_json:
                print(json.dumps(facts, ensure_ascii=False))
            else:
                tell(facts, explain=explain)
    return refused


def refuse(told: str, number: int, *, as_json: bool) -> None:
    """Say in place of an answer that a line has none, so that there is still one for each line."""
    print(json.dumps({"line": number, "error": told}, ensure_ascii=False) if as_json else told)


def tell(facts: dict[str, Any], *, explain: bool) -> None:
    """Print an answer with its buttons, below how the question was understood where that is wanted."""
    if explain:
        slots = {key: value for key, value in facts.items() if key not in ("text", "choices")}
        print(json.dumps(slots, ensure_ascii=False))
    print(facts["text"], *(f"[{label}]" for label in facts["choices"]), sep="\n")


async def answered(
    session: Session, library: Library, text: str, contact: str, after: str, say: Teller
) -> dict[str, Any]:
    """How one question was understood, and its answer. Raises Problem for a contact that may not ask."""
    row = await contact_of(session, contact)
    viewer = await viewer_of(session, library, row) if row is not None else None
    ground = await ground_of(viewer) if viewer is not None and access.is_officer(viewer) else None
    if row is None or viewer is None or ground is None:
        raise Problem(say("ask.not_an_officer", contact=contact))
    words = (ground.dictionary, ground.gazetteer, ground.asker, viewer.today)
    meaning = understand(text, *words, understand(after, *words).as_before if after else None)
    own = await saved.buttons(session, row.id) if meaning.status == "help" else ()
    reply = await replies.reply_to(viewer, ground, meaning, saved=own)
    facts = facts_of(ground, meaning, plain(reply.text))
    facts["choices"] = [choice.label for choice in chain.from_iterable(reply.choices)]
    if meaning.status == "answer":
        facts |= await taken_for_granted(viewer, ground, meaning)
    return facts


async def taken_for_granted(viewer: Viewer, ground: Ground, meaning: Understanding) -> dict[str, Any]:
    """The slots as the answer took them, those that were left out of the question among them."""
    facts: dict[str, Any] = {}
    if not meaning.query.places:
        facts["place"] = ground.gazetteer.label(ground.gazetteer.units[ground.asker.place])
    days = await spans(Asked(viewer, ground, meaning.query, 0))
    facts |= periods_of([(span.start, span.end) for span in days])
    if isinstance(meaning.query, Missing) and meaning.query.periods:
        facts["period"] = periods_of(meaning.query.periods)["period"]
    return facts


async def contact_of(session: Session, contact: str) -> Contact | None:
    """The chat that is named "channel:address"; of the console without its channel."""
    channel, _, address = contact.rpartition(":")
    chosen = select(Contact).where(Contact.channel == (channel or "console"), Contact.address == address)
    return (await session.exec(chosen)).first()


async def viewer_of(session: Session, library: Library, contact: Contact) -> Viewer | None:
    """What whoever stands behind a chat may see now; None where nobody is enrolled there."""
    people = await people_with_roles(session, {contact.person_id})
    if contact.person_id not in people:
        return None
    _, roles = people[contact.person_id]
    now = datetime.now(UTC).astimezone(library.zone)
    return Viewer(session, library, tuple(roles), now, locale_for(contact.locale, ""))


def labels_of(ground: Ground, units: Iterable[int]) -> list[str]:
    """The names of some places."""
    return [ground.gazetteer.label(ground.gazetteer.units[number]) for number in units]


NO_RANKING: Final[dict[str, Any]] = {"n": None, "also": [], "without": []}
"""The slots of a ranking, of another question."""


def of_ranking(ground: Ground, query: Ranking) -> dict[str, Any]:
    """How many units are listed, by which further figures they are picked, and which are left out."""
    also = [one_or_all(one.measure.indicators) for one in query.also]
    return {"n": query.count, "also": also, "without": labels_of(ground, query.without)}


def facts_of(ground: Ground, meaning: Understanding, text: str) -> dict[str, Any]:
    """How a question was understood, and its answer."""
    query = meaning.query
    return {
        "intent": query.intent.value,
        "indicator": one_or_all(query.indicators),
        "complement": query.complement,
        "domain": query.domain or None,
        "place": one_or_all(labels_of(ground, query.places)),
        "level": (query.level or None) if isinstance(query, Listing | Missing) else None,
        # A refused question gets no time: what was read before the refusal would mislead scripts.
        **periods_of(query.periods if meaning.status in ("answer", "clarify") else ()),
        "order": query.order.value if isinstance(query, Listing) and query.order else None,
        **(of_ranking(ground, query) if isinstance(query, Ranking) else NO_RANKING),
        "standing": query.standing if isinstance(query, Progress) else None,
        "format": query.format.value if isinstance(query, Ranking | Trend | Export) else "text",
        "status": meaning.status,
        "doubt": meaning.doubt.value if meaning.doubt else None,
        "text": text,
    }


def periods_of(spans: Sequence[Days]) -> dict[str, Any]:
    """The days from the first to the last of `spans`, null where there are none; and each span by itself."""
    in_order = sorted(set(spans))
    written = [{"start": start.isoformat(), "end": end.isoformat()} for start, end in in_order]
    last = max((end for _, end in in_order), default=None)
    whole = {"start": written[0]["start"], "end": last.isoformat()} if last else None
    return {"period": whole, "periods": written}


def one_or_all(values: Any) -> Any:
    """Nothing as null, one value by itself, several as a list."""
    listed = list(values)
    return listed[0] if len(listed) == 1 else listed or None
