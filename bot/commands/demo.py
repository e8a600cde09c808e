"""`thonbao demo`: the bot on invented villages in a real district, without touching anything else."""

import asyncio
import gc
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.demo.invented import GROUNDS
from bot.demo.run import demo as run


class Demonstration(StrEnum):
    """Which demonstration."""

    BACH_THONG = "bach-thong"
    NGHE_AN = "nghe-an"


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo(
    keep: Annotated[Path | None, typer.Option(help="a folder to keep the demonstration in")] = None,
    jsonl: Annotated[bool, typer.Option(help="read and write JSON lines, for scripts")] = False,
    ground: Annotated[
        Demonstration,
        typer.Option(help="where it plays: bach-thong, today; nghe-an, on 6/11/2023, with capital and works"),
    ] = Demonstration.BACH_THONG,
    plain: Annotated[bool, typer.Option(help="as a channel without buttons, edits and files")] = False,
    channel: Annotated[str, typer.Option(help="show it as people on this channel see it")] = "",
) -> None:
    """Try the bot on invented villages. Without a terminal: a tour."""
    gc.set_threshold(100_000, 20, 100)  # what is loaded and built at the start is no garbage: half a second

    asyncio.run(run(keep, GROUNDS[ground], jsonl=jsonl, plain=plain, shown_as=channel))
