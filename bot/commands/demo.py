"""`thonbao demo`: the bot on invented villages in a real district, without touching anything else."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo(
    keep: Annotated[Path | None, typer.Option(help="a folder to keep the demonstration in")] = None,
    jsonl: Annotated[bool, typer.Option(help="read and write JSON lines, for scripts")] = False,
    plain: Annotated[bool, typer.Option(help="as a channel without buttons, edits and files")] = False,
) -> None:
    """Chạy thử với các thôn giả lập / try the bot on invented villages. Without a terminal: a tour."""
    import asyncio
    import gc

    gc.set_threshold(100_000, 20, 100)  # what is loaded and built at the start is no garbage: half a second

    from bot.demo.run import demo as run

    asyncio.run(run(keep, jsonl=jsonl, plain=plain))
