"""What commands say of themselves and of what is wrong: all of it Vietnamese, or with THONBAO_LOCALE=en all English."""

import io
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

import questionnaires
from bot.cli import main, program
from bot.confirming import confirm
from bot.helping import arguments, translated
from bot.lazy import real
from bot.problems import Problem, WrongCall
from bot.teller import Teller
from bot.version import VERSION
from handlers.wording import LOCALES

VIETNAMESE: Final = re.compile(r"[àáâãèéêìíòóôõùúýăđĩũơưạ-ỹ]", re.IGNORECASE)
QUOTED: Final = re.compile(r'"[^"]*"|Thôn Báo')
CALL: Final = re.compile(r"(?<=thonbao )\w+ .*")
"""What is typed, such as `people end`; `end` is no English there."""
LIBRARY: Final = re.compile(
    r"usage|options|arg|command|required|default|show this|exit|error|value|invalid|<(int|str|bool|path|%)",
    re.IGNORECASE,
)
"""What the library of the command line says by itself."""
OPTION: Final = re.compile(r"--\w+|<[a-z|\n│ ]+>|{\w+}|thonbao[ \w]*")
ENGLISH: Final = re.compile(r"\b(the|is|must|not|and|with|to)\b")
ROOT: Final = Path(__file__).parents[2]
TOKEN: Final = "1234567:" + "A" * 35


def below(command: Any, *path: str) -> Iterator[tuple[str, Any]]:
    """Every command and group with the words that call it."""
    command = real(command)
    yield " ".join(path), command
    for name, child in getattr(command, "commands", {}).items():
        yield from below(child, *path, name)


def words_of(locale: str) -> Iterator[tuple[str, str]]:
    """(command, help text) of all that `--help` shows in a language."""
    for name, command in below(program(locale)):
        yield name, command.help
        yield from (
            (f"{name} {param.name}", param.help) for param in command.params if getattr(param, "help", "")
        )


def test_help_in_english_has_no_vietnamese_but_in_quotes() -> None:
    shown = list(words_of("en"))
    assert len(shown) > 100
    assert [(name, text) for name, text in shown if VIETNAMESE.search(QUOTED.sub("", text))] == []


def test_help_in_vietnamese_has_no_english() -> None:
    assert [(name, text) for name, text in words_of("vi") if ENGLISH.search(QUOTED.sub("", text))] == []


def shown_help(group: Any, words: str, capsys: pytest.CaptureFixture[str]) -> str:
    group.main([*words.split(), "--help"], prog_name="thonbao", standalone_mode=False)
    return capsys.readouterr().out


def test_the_frame_of_help_is_vietnamese_too(capsys: pytest.CaptureFixture[str]) -> None:
    """Headings, usage, types and defaults are the library's words."""
    for words in ("", "people", "people end", "invite", "export", "place list"):
        told = CALL.sub("", shown_help(program("vi"), words, capsys))
        assert not LIBRARY.search(OPTION.sub("", told)), told
        assert "Cách dùng: thonbao" in told


def test_the_frame_of_help_is_english_too(capsys: pytest.CaptureFixture[str]) -> None:
    told = shown_help(program("en"), "people end", capsys)
    assert [word for word in ("Usage: ", "Arguments", "Options", "[required]") if word not in told] == []


def test_every_command_is_described_in_both_languages() -> None:
    described = {
        locale: {name: command.help for name, command in below(program(locale))} for locale in LOCALES
    }
    assert [name for name, text in described["vi"].items() if text == described["en"][name]] == []


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        program("vi")(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"thonbao {VERSION}\n")


OF_THE_PROGRAM: Final = re.compile(
    r"<(int|str|path|Path|bool)|list\[|\brange\b|<=|%[YmdHM]|dynamic|\{[a-z_]+\}"
)
"""Types, signs and names that only the program's own text holds."""


@pytest.mark.parametrize("locale", LOCALES)
def test_what_a_command_takes_is_told_in_plain_words(
    locale: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In English an argument's name is plain as it is."""
    monkeypatch.setenv("COLUMNS", "200")
    group = program(locale)
    shown = {name: shown_help(group, name, capsys) for name, _ in below(group)}
    assert len(shown) > 40
    allowed = re.compile(r"\{[a-z_]+\}") if locale == "en" else re.compile("(?!)")
    wrong = {name: OF_THE_PROGRAM.search(allowed.sub("", text)) for name, text in shown.items()}
    assert {name: match.group() for name, match in wrong.items() if match} == {}
    assert ("từ 1 đến 365" if locale == "vi" else "1 to 365") in shown["invite"]


def test_every_argument_is_named_in_vietnamese_and_nothing_else() -> None:
    params = [param for _, command in below(program("en")) for param in command.params]
    names = {param.name for param in params if param.param_type_name == "argument"}
    assert names == set(arguments())


def test_every_option_is_translated_and_nothing_else() -> None:
    commands = [command for _, command in below(program("en"))]
    params = {getattr(param, "help", "") for command in commands for param in command.params}
    assert params - {"", None} == set(translated())


@pytest.mark.parametrize("locale", LOCALES)
def test_a_confirmation_that_nobody_answers_says_what_to_do(
    locale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    say = Teller(locale)
    for typed, kind in (("", WrongCall), ("\n", Problem), ("k\n" if locale == "vi" else "n\n", Problem)):
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(kind) as left:
            confirm("?", say)
        assert ("--yes" in str(left.value)) is (kind is WrongCall)
    monkeypatch.setattr(sys, "stdin", io.StringIO("gì\n" + {"vi": "CÓ\n", "en": "Yes\n"}[locale]))
    confirm("?", say)


@pytest.fixture
def thonbao(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command with settings in an empty folder; what it wrote."""
    monkeypatch.chdir(tmp_path)

    def run(words: str, **settings: str) -> str:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["thonbao", *words.split()])
            for name, value in settings.items():
                patch.setenv(f"THONBAO_{name}", value)
            with pytest.raises(SystemExit) as ended:
                main()
        assert ended.value.code in (1, 2)
        told = capsys.readouterr()
        return str(told.out + told.err)

    return run


WRONG: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    ("bogus", {}),
    ("people lst", {}),
    ("people end", {}),
    ("people list more", {}),
    ("people list --json=1", {}),
    ("people show x", {}),
    ("invite --bogus", {}),
    ("invite --role", {}),
    ("invite --days 0", {}),
    ("invite --days 1000", {}),
    ("invite --days " + "9" * 5000, {}),
    ("people show " + "9" * 20, {}),
    ("people end 0", {}),
    ("invite --revoke " + "9" * 20, {}),
    ("period list --on 0001-01-01", {}),
    ("place list --on 9999-12-31", {}),
    ("restore .", {}),
    ("export --format x a.csv", {}),
    ("place list --on x", {}),
    ("verify", {}),
    ("doctor", {}),
    ("people list", {}),
    ("place list", {}),
    ("form list", {}),
    ("outbox", {}),
    ("broadcast", {}),
    ("remind", {}),
    ("invite --list", {}),
    ("export a.xls", {}),
    ("export -", {}),
    ("plan show khong-co", {}),
    ("period show 2026-X", {}),
    ("form check nothing.md", {}),
    ("read", {}),
    ("read --as x 12", {}),
    ("read --on x 12", {}),
    ("demo --keep /proc/nothing", {}),
    ("serve", {}),
    ("serve", {"TELEGRAM_TOKEN": "abc"}),
    ("serve", {"TELEGRAM_TOKEN": TOKEN, "HOST": "203.0.113.1"}),
    ("init", {"PORT": "x", "TIMEZONE": "X", "QUIET_HOURS": "x", "DATABASE_URL": "mysql://", "TELEGRAM_PROXY": "socks5://x"}),
    ("init", {"TELEGRAM_TOKENS": "x"}),
    ("init", {"PUBLIC_URL": "x"}),
    ("init", {"DATABASE_URL": "postgresql+asyncpg://u:hidden@[bad/x"}),
    ("init", {"WEBHOOK_SECRET": "x"}),
    ("init", {"PUBLIC_URL": "https://x.vn", "TELEGRAM_TOKEN": TOKEN}),
    ("init", {"DATABASE_URL": "postgresql+asyncpg://u:p@localhost:1/x"}),
    ("init", {"DATABASE_URL": "sqlite+aiosqlite:////proc/nothing/x.db", "DATA_DIR": "d"}),
    ("serve", {"TELEGRAM_TOKEN": TOKEN, "DATA_DIR": "/proc/nothing"}),
)  # fmt: skip


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    ("words", "settings"), WRONG, ids=[f"{words[:30]} {list(more)}" for words, more in WRONG]
)
def test_what_is_wrong_is_told_in_one_language(
    thonbao: Any, locale: str, words: str, settings: dict[str, str]
) -> None:
    told = QUOTED.sub("", CALL.sub("", thonbao(words, LOCALE=locale, **settings)))
    assert "Traceback" not in told
    assert told.strip()
    assert bool(VIETNAMESE.search(told)) is (locale == "vi"), told
    if locale == "vi":
        assert not ENGLISH.search(told), told


@pytest.mark.parametrize("locale", LOCALES)
def test_a_port_that_is_taken_is_told_in_one_language(thonbao: Any, locale: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = thonbao("serve", LOCALE=locale, TELEGRAM_TOKEN=TOKEN, PORT=str(taken.getsockname()[1]))
    assert ("Cổng" in told, "Another program" in told) == (locale == "vi", locale == "en")


@pytest.mark.parametrize(
    ("locale", "told"), [("vi", "Tệp từ ngữ có chỗ sai: "), ("en", "A file of words is wrong: ")]
)
def test_a_broken_file_of_words_is_a_sentence(locale: str, told: str, tmp_path: Path) -> None:
    """It is read while a room is imported, before anything else can be told."""
    package = tmp_path / "questionnaires"
    shutil.copytree(
        Path(questionnaires.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__")
    )
    broken = next(iter(sorted(package.rglob("*.toml"))))
    broken.write_text("[days\n", encoding="utf-8")
    command = [sys.executable, "-m", "bot", "read", "25"]
    environment = {"PYTHONPATH": f"{tmp_path}:{ROOT}", "THONBAO_LOCALE": locale}
    done = subprocess.run(command, env=environment, cwd=tmp_path, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr.partition(broken.name)[0], "Traceback" in done.stderr) == (
        1,
        told,
        False,
    )
