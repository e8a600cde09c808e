"""Nothing that is logged, by us or by a library, shows a person or a secret."""

import ast
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.logs import PERSONAL_FIELDS, set_up_logs, without_secrets
from tests.bot.loopback import TOKEN

SECRET = "webhook-secret-1234"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    set_up_logs([TOKEN, SECRET], stream)
    yield stream
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_our_own_lines(stream: io.StringIO) -> None:
    structlog.get_logger("bot").info("message delayed", seconds=1.5, channel="telegram", name="Lý A Sử")
    (line,) = lines(stream)
    assert line["event"] == "message delayed"
    assert (line["seconds"], line["channel"], line["name"], line["level"]) == (1.5, "telegram", "…", "info")


def test_secrets_wherever_they_stand(stream: io.StringIO) -> None:
    log = structlog.get_logger("bot")
    log.info(f"GET /bot{TOKEN}/getMe", where=[{"x": f"a {SECRET} b"}], odd=OSError(TOKEN))
    log.warning("call 0912 345 678 or +84912345678, code ABCD-EFGH-JKMN-P", nested={"phone": "x", "n": 3})
    logging.getLogger("some.library").error("posting to https://api.telegram.org/bot%s/x", TOKEN)
    shown = stream.getvalue()
    for hidden in (TOKEN, TOKEN.split(":")[1], SECRET, "345 678", "912345678", "EFGH"):
        assert hidden not in shown
    assert lines(stream)[1]["nested"] == {"phone": "…", "n": 3}


def test_an_error_is_told_by_its_place_only(stream: io.StringIO) -> None:
    try:
        raise ValueError("45 hộ của Lý A Sử")
    except ValueError:
        structlog.get_logger("bot").exception("handler failed")
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: Lý A Sử")
    assert "Lý A Sử" not in stream.getvalue()
    for line in lines(stream)[:2]:
        assert line["error"] == "ValueError"
        assert "test_logs.py" in str(line["where"])


@pytest.mark.parametrize(
    "name", ["telegram.Bot", "httpx", "aiohttp.client", "sqlalchemy.engine", "uvicorn.access"]
)
def test_libraries_tell_nothing_below_a_warning(stream: io.StringIO, name: str) -> None:
    logging.getLogger(name).info("a person's words")
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    "text", ["45 hộ", "2026-11-21T07:30:00.123456Z", "1.234.567 đồng", "update 1234567890", "PORT-8080"]
)
def test_plain_figures_stay(text: str) -> None:
    assert without_secrets(text) == text


LEVELS = {"info", "warning", "error", "exception", "met"}
ROOT = Path(__file__).parents[2]


def test_no_line_of_ours_has_a_field_that_is_hidden() -> None:
    """What we log is meant to be read: a number under a name that is taken out says nothing."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno} {keyword.arg}"
        for room in ("bot", "handlers", "figures", "storage")
        for path in (ROOT / room).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in LEVELS
        for keyword in call.keywords
        if keyword.arg in PERSONAL_FIELDS
    ]
    assert hidden == []
