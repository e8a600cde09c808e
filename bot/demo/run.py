"""`thonbao demo`: makes its own database, then opens a conversation, serves a script, or plays the tour."""

import logging
import sys
import tempfile
from datetime import datetime, time
from pathlib import Path
from typing import Final

from dotenv import set_key
from rich.console import Console

from bot.chat import chatting
from bot.demo.build import build
from bot.demo.invented import HEAD, DemoGround, DemoVillage
from bot.demo.tour import Tour
from bot.language import ENV_FILE, language
from bot.logs import set_up_logs
from bot.problems import WrongCall
from bot.settings import Settings, load_settings
from bot.teller import Teller
from bot.terminal import Terminal, run_script
from handlers.wording import Wording, wording
from plans.reading import load_plans
from storage import private

FILE: Final = "thonbao.db"
HERE: Final = {"THONBAO_DATABASE_URL": f"sqlite+aiosqlite:///{FILE}", "THONBAO_DATA_DIR": "."}
"""The settings of a demonstration that is kept, whatever its folder is called."""
MORNING: Final = time(8, 30)
"""When a demonstration of another day begins."""


async def demo(
    keep: Path | None, ground: DemoGround, *, jsonl: bool, plain: bool, shown_as: str = ""
) -> None:
    """The demonstration in `keep`, which stays, or in a folder that is gone afterwards. Raises Problem."""
    set_up_logs(level=logging.WARNING)
    if keep is not None:
        make_folder(keep)
        await demo_in(keep, ground, jsonl=jsonl, plain=plain, shown_as=shown_as)
        return
    with tempfile.TemporaryDirectory(prefix="thonbao-demo-") as folder:
        await demo_in(Path(folder), ground, jsonl=jsonl, plain=plain, shown_as=shown_as)


def make_folder(keep: Path) -> None:
    """Make the folder of a demonstration, with its settings. Raises WrongCall if `keep` has one or the other."""
    say = Teller(language())
    if (keep / FILE).exists():
        again = (
            f"THONBAO_DATABASE_URL=sqlite+aiosqlite:///{keep / FILE} THONBAO_DATA_DIR={keep} "
            f"thonbao chat --as {HEAD}"
        )
        raise WrongCall(say("admin.demo.exists", file=str(keep / FILE), again=again))
    if (keep / ENV_FILE).exists():
        # It may be a real office's, with its tokens.
        raise WrongCall(say("admin.demo.settings", file=str(keep / ENV_FILE)))
    try:
        private.make_folder(keep)
        write_settings(keep)
    except OSError as error:
        raise WrongCall(say("admin.demo.folder", folder=str(keep))) from error


def write_settings(folder: Path) -> None:
    """Write the settings with which commands that are run in `folder` find its demonstration, also in a copy of it."""
    for name, value in HERE.items():
        set_key(folder / ENV_FILE, name, value)


def settings_in(folder: Path) -> Settings:
    """Settings that touch nothing but `folder`, whatever the environment says."""
    return load_settings(
        database_url=f"sqlite+aiosqlite:///{folder.absolute() / FILE}",
        data_dir=folder,
        telegram_token="",
        public_url="",
        webhook_secret="",
    )


async def demo_in(folder: Path, ground: DemoGround, *, jsonl: bool, plain: bool, shown_as: str = "") -> None:
    settings = settings_in(folder)
    today = datetime.now(settings.zone)
    now = datetime.combine(ground.day, MORNING, settings.zone) if ground.day else today
    await build(settings, now, load_plans(), ground)
    async with chatting(settings, plain=plain, ahead=now - today, shown_as=shown_as) as chat:
        say = wording(settings.locale)
        if jsonl:
            await run_script(chat, HEAD, sys.stdin.fileno(), sys.stdout)
        elif sys.stdin.isatty() and sys.stdout.isatty():
            await Terminal(chat, HEAD, Console(), say, roles(say, ground)).run(sys.stdin.fileno(), "/baocao")
        else:
            await Tour(chat, sys.stdout, await chat.wording_of(HEAD), ground).play()


def roles(say: Wording, ground: DemoGround) -> dict[str, str]:
    """The contacts of the demonstration, with what each is."""
    head, *others = ground.villages
    people = {head.contact: described(say, ground, head)}
    for officer in ground.officers:
        role = f"{officer.role}-day" if ground.day and officer.level == "huyen" else officer.role
        people[officer.contact] = say(f"tour.role.{role}", place=officer.place).unescape()
    return people | {village.contact: described(say, ground, village) for village in others}


def described(say: Wording, ground: DemoGround, village: DemoVillage) -> str:
    kind = ground.kind
    return say("tour.role.truong-thon", kind=kind, place=village.name, commune=village.commune).unescape()
