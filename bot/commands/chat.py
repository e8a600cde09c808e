"""`thonbao chat`: the bot in this terminal, or for a script with --jsonl."""

import asyncio
from typing import Annotated

import typer

from bot.settings import load_settings
from bot.terminal import talk


def register(app: typer.Typer) -> None:
    app.command("chat")(chat)


def chat(
    contact: Annotated[str, typer.Option("--as", help="who speaks, as channel:address")] = "console:me",
    jsonl: Annotated[bool, typer.Option(help="read and write JSON lines, for scripts")] = False,
    plain: Annotated[bool, typer.Option(help="as a channel without buttons, edits and files")] = False,
    channel: Annotated[str, typer.Option(help="show it as people on this channel see it")] = "",
) -> None:
    """Talk to the bot in the terminal. /q leaves."""
    asyncio.run(talk(load_settings(), contact, jsonl=jsonl, plain=plain, shown_as=channel))
