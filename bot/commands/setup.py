"""`thonbao setup`: leads an administrator from an empty folder to the first invitation, step by step.

Each step says what stands, can be skipped and done again; what goes wrong is said, and asked anew. Without a terminal the
steps are told with the commands that do them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import typer
from dotenv import set_key
from sqlmodel import col, func, select

from bot.administration import opened, problem_of
from bot.channels.telegram_settings import TOKEN, TelegramSettings
from bot.commands import init as init_command
from bot.commands import invite, people, place
from bot.commands.list_notes import HowToLoad
from bot.language import ENV_FILE
from bot.problems import Problem
from bot.prompting import NobodyAnswers, agrees, ask, is_terminal
from bot.settings import Settings, load_settings
from bot.teller import Teller
from storage import facts, invitations, roster
from storage.database import reading, writing
from storage.session import Session
from storage.tables import Level, Place, Role, RosterEntry

TOKEN_NAME: Final = "THONBAO_TELEGRAM_TOKEN"
ROLE: Final = "can-bo-xa"
"""Who is invited first: a commune's officer sees and reminds its villages."""
SHEET: Final = "giay-moi.html"
"""The page of invitations that is written for many people."""
PATIENCE: Final = 10.0
"""How many seconds Telegram may take to tell the bot's name, which only spares the administrator some typing."""


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("setup")(setup)


def setup() -> None:
    """Lead through setting up."""
    settings = load_settings()
    say = Teller(settings.locale)
    led = is_terminal()
    print(say("setup.head" if led else "setup.head_told"))
    for number, step in enumerate(STEPS, 1):
        state = asyncio.run(state_of(step, load_settings(), say))
        title = say("setup.step", number=str(number), what=say(f"setup.{step.name}.what"), state=state.told)
        print(f"\n{title}")
        if not led:
            print(f"  {say('setup.again' if state.done else 'setup.run', command=step.command)}")
        elif not lead(step, state, say):
            return
    print("\n" + say("setup.next"))


@dataclass(frozen=True, slots=True)
class StepState:
    """What stands of a step."""

    done: bool
    told: str


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One step: how it is told, what stands of it, and how somebody is led through it."""

    name: str
    command: str
    state: Callable[[Settings, Teller], Awaitable[StepState]]
    attempt: Callable[[Teller], bool]
    """Ask and do it once; False where it was skipped. Raises Problem for what went wrong."""
    needed: bool = False
    """Whether nothing goes on without it."""


async def state_of(step: SetupStep, settings: Settings, say: Teller) -> StepState:
    """What stands of a step; what keeps that from being seen counts as not done."""
    try:
        return await step.state(settings, say)
    except Exception as error:
        problem = problem_of(error, say)
        if problem is None:
            raise
        return StepState(False, say(f"setup.{step.name}.none"))


def lead(step: SetupStep, state: StepState, say: Teller) -> bool:
    """Ask until the step is done or skipped; whether to go on with the next. Raises NobodyAnswers."""
    while True:
        try:
            if step.attempt(say):
                return True
        except NobodyAnswers:
            raise
        except Exception as error:
            print(problem_in(error, say))
            continue
        print(say("setup.skipped"))
        if step.needed and not state.done:
            print(say("setup.stopped"))
            return False
        return True


def problem_in(error: Exception, say: Teller) -> Problem:
    """What to say of an error. Raises it again where there is no sentence for it."""
    problem = error if isinstance(error, Problem) else problem_of(error, say)
    if problem is None:
        raise error
    return problem


# --- the steps ------------------------------------------------------------------------------------------


async def database_state(settings: Settings, say: Teller) -> StepState:
    async with opened(settings) as engine:
        return StepState(True, say("setup.database.done", database=engine.dialect.name))


def make_database(say: Teller) -> bool:
    if not agrees(say("setup.database.ask"), say):
        return False
    init_command.init()
    return True


async def count_of(settings: Settings, *queries: Callable[[Session], Awaitable[int]]) -> list[int]:
    """How many rows each query counts."""
    async with opened(settings) as engine, reading(engine) as session:
        return [await query(session) for query in queries]


async def villages(session: Session) -> int:
    standing = Place.level == Level.VILLAGE, col(Place.last_day).is_(None)
    return (await session.exec(select(func.count()).select_from(Place).where(*standing))).one()


async def listed(session: Session) -> int:
    return (await session.exec(select(func.count()).select_from(RosterEntry))).one()


async def joined(session: Session) -> int:
    held = select(func.count()).select_from(Role).where(col(Role.until).is_(None))
    return (await session.exec(held)).one()


async def invited(session: Session) -> int:
    now = datetime.now(UTC)
    return sum(not invitations.state_of(row, now) for row in await invitations.listed(session))


async def villages_state(settings: Settings, say: Teller) -> StepState:
    [count] = await count_of(settings, villages)
    return StepState(count > 0, say("setup.villages.done" if count else "setup.villages.none", n=count))


async def people_state(settings: Settings, say: Teller) -> StepState:
    on_list, inside = await count_of(settings, listed, joined)
    key = "done" if on_list or inside else "none"
    return StepState(on_list + inside > 0, say(f"setup.people.{key}", listed=on_list, joined=inside))


async def token_state(settings: Settings, say: Teller) -> StepState:
    titles = ", ".join(channel.title for channel in settings.served)
    return StepState(bool(titles), say("setup.token.done" if titles else "setup.token.none", channels=titles))


async def invitation_state(settings: Settings, say: Teller) -> StepState:
    open_still, inside = await count_of(settings, invited, joined)
    done = open_still + inside > 0
    return StepState(done, say(f"setup.invitation.{'done' if done else 'none'}", n=open_still, joined=inside))


def load_villages(say: Teller) -> bool:
    file = file_asked(say("setup.villages.ask"), say)
    if file is None:
        return False
    how = place.HowToLoadVillages(kind=kind_asked(file, say))
    if not load_list(lambda dry: place.importing(file, replace(how, dry=dry), False), say):
        return False
    read = asyncio.run(place.read_list(load_settings(), file, replace(how, dry=True), say))
    if roster.tells_of_people(read.unused) and agrees(say("setup.people.also", file=file.name), say):
        load_people_of(file, say)
    return True


def kind_asked(file: Path, say: Teller) -> str:
    """The type word of a list's villages, asked for if the list says it of some by no word; else ""."""
    read = asyncio.run(place.read_list(load_settings(), file, place.HowToLoadVillages(dry=True), say))
    unsaid = [fault for fault in read.faults if fault.code == "no_kind"]
    if not unsaid or len(unsaid) < len(read.faults):
        return ""
    return ask(say("setup.villages.kind", n=len(unsaid), row=unsaid[0].row), say)


def load_people(say: Teller) -> bool:
    file = file_asked(say("setup.people.ask"), say)
    return file is not None and load_people_of(file, say)


def load_people_of(file: Path, say: Teller) -> bool:
    """Load the people of a file once somebody agrees."""
    return load_list(lambda dry: people.importing(file, HowToLoad(dry=dry), False), say)


def file_asked(question: str, say: Teller) -> Path | None:
    """The file that somebody names; None for an empty line."""
    name = ask(question, say)
    return Path(name.strip("\"'")).expanduser() if name else None


def load_list(load: Callable[[bool], Coroutine[Any, Any, None]], say: Teller) -> bool:
    """Show what a list would change, and load it once somebody agrees."""
    asyncio.run(load(True))
    if not agrees(say("setup.load"), say):
        return False
    asyncio.run(load(False))
    return True


def set_token(say: Teller) -> bool:
    token = ask(say("setup.token.ask"), say)
    if not token:
        return False
    if not TOKEN.fullmatch(token):
        raise Problem(say("admin.telegram.odd_token"))
    name = asyncio.run(introduced(token))
    try:
        set_key(ENV_FILE, TOKEN_NAME, token, quote_mode="never")
        Path(ENV_FILE).chmod(0o600)
    except OSError as error:
        raise Problem(say("admin.settings.unreadable", file=ENV_FILE)) from error
    print(say("setup.token.kept", file=ENV_FILE))
    print(say("setup.token.named", bot=name) if name else say("setup.token.unreached"))
    return True


async def introduced(token: str) -> str:
    """The name of the bot with this token, kept so that invitations have links; "" where Telegram cannot be reached.

    Raises Problem for a token that Telegram refuses.
    """
    settings = load_settings()
    name = ""
    with suppress(TimeoutError):
        async with TelegramSettings.load(token=token).open(settings.locale) as bot, asyncio.timeout(PATIENCE):
            name = await bot.introduced()
    if name:
        async with opened(settings) as engine, writing(engine) as session:
            await facts.put(session, facts.TELEGRAM_NAME, name)
    return name


def invite_first(say: Teller) -> bool:
    where = ask(say("setup.invitation.ask"), say)
    if not where:
        return False
    role = ask(say("setup.invitation.role"), say, ROLE)
    settings = load_settings()
    made = asyncio.run(invite.inviting(settings, role, where, "", "", 14, ""))
    invite.put_out(settings, made.cards, sheet_for(made), as_json=False)
    for note in made.notes("", say):
        print(note)
    return True


def sheet_for(made: invite.InvitationsMade) -> Path | None:
    """Where to write a page of cards to hand out: for several people, and never over an older page."""
    sheet = Path(SHEET)
    return sheet if len(made.cards) > 1 and not sheet.exists() else None


STEPS: Final = (
    SetupStep("database", "thonbao init", database_state, make_database, needed=True),
    SetupStep("villages", "thonbao place import DANH-SACH-THON.xlsx", villages_state, load_villages),
    SetupStep("people", "thonbao people import DANH-SACH-NGUOI.xlsx", people_state, load_people),
    SetupStep("token", f"{TOKEN_NAME}=…", token_state, set_token),
    SetupStep(
        "invitation", f'thonbao invite --role {ROLE} --place "XA, TINH"', invitation_state, invite_first
    ),
)
