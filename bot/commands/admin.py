"""`thonbao verify`, `backup` and `doctor`: is all well, and is there a copy."""

from pathlib import Path
from typing import Annotated

import typer

JSON = Annotated[bool, typer.Option("--json", help="print one JSON document")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command("verify")(verify)
    app.command("backup")(backup)
    app.command("doctor")(doctor)


def verify(json: JSON = False) -> None:
    """Tính lại từ các báo cáo và so sánh / recompute from the reports; exit code 1 if it differs."""
    import asyncio

    asyncio.run(verifying(json))


async def verifying(as_json: bool) -> None:
    from dataclasses import asdict

    from bot.administration import Teller, opened
    from bot.printing import print_json
    from bot.problems import Problem
    from bot.settings import load_settings
    from storage.backup import verify
    from storage.database import snapshot

    settings = load_settings()
    say = Teller(settings.locale)
    async with opened(settings) as engine, snapshot(engine) as session:
        result = await verify(session)
    if as_json:
        print_json(asdict(result))
    if result.differences:
        lines = [
            say(f"admin.verify.{d.code}", number=str(d.submission_id or d.place_id), path=d.path)
            for d in result.differences
        ]
        raise Problem("\n".join([say("admin.verify.wrong", n=len(lines)), *lines]))
    if not as_json:
        print(say("admin.verify.right", n=result.submissions, observations=result.observations))


def backup(
    file: Annotated[Path, typer.Argument(help="the copy to make; it must not exist yet")], json: JSON = False
) -> None:
    """Sao lưu cơ sở dữ liệu khi máy đang chạy / copy the database (SQLite) while the bot runs."""
    from bot.administration import Teller
    from bot.printing import print_json
    from bot.problems import Problem, WrongCall
    from bot.settings import load_settings
    from storage.backup import CannotBackUp
    from storage.backup import backup as copy

    settings = load_settings()
    say = Teller(settings.locale)
    try:
        size = copy(settings.database_url, file)
    except CannotBackUp as problem:
        kind = WrongCall if problem.code in ("postgresql", "exists") else Problem
        raise kind(say(f"admin.backup.{problem.code}", file=str(file))) from problem
    if json:
        print_json({"file": str(file), "bytes": size})
    else:
        print(say("admin.backup.done", file=str(file), megabytes=max(1, round(size / 1_000_000))))


def doctor(json: JSON = False) -> None:
    """Kiểm tra cài đặt, cơ sở dữ liệu, phiếu / check settings, database, forms; exit code 1 if bad."""
    import asyncio

    from bot.administration import Teller
    from bot.doctor import State, examine
    from bot.printing import print_json
    from bot.problems import Problem
    from bot.settings import load_settings

    settings = load_settings()
    say = Teller(settings.locale)
    checks = asyncio.run(examine(settings, say))
    bad = [check for check in checks if check.state is State.BAD]
    if json:
        print_json({"ok": not bad, "checks": [check.to_json() for check in checks]})
    else:
        for check in checks:
            print(f"{say(f'admin.doctor.{check.state}')}  {check.text}")
    if bad:
        raise Problem(say("admin.doctor.not_well", n=len(bad)))
