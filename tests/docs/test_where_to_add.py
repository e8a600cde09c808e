"""Each row of "Where to add" in CONTRIBUTING.md is walked: what it says is enough, and what is forgotten is found.

The walks add to a copy of the data, or to a registry for as long as the test lasts.
"""

import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, Final, get_args

import pytest
from pydantic import ValidationError

from bot.cli import program
from bot.commands import COMMANDS, CommandEntry
from bot.form_pages import page
from bot.lazy import real
from handlers import wording
from handlers.asking.answer import of_figures
from handlers.asking.asked import Asked
from handlers.buttons import Button, Position, Presses, RowId, button, choice
from handlers.tables import COMMANDS_MENU, PRESSES, commands_menu
from handlers.turn import Turn
from plans.checks import check
from plans.faults import PlanFault
from plans.plans import Plans
from plans.reading import FOLDER, read_plans
from queries.frames import FRAMES, Asking, Intent, Lookup, Open, Question
from queries.stored import from_json, to_json
from questionnaires.answers.phrases import Words
from questionnaires.faults import FormRefused, WordsFault
from questionnaires.xlsform import compile_form
from storage import outbox, totals
from storage.tables import now
from tests.docs.telling import ROOT
from tests.docs.test_forms import INDEX, PAGES, untold
from tests.questionnaires.forming import Walk

CONTRIBUTING: Final = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CONTRACTS: Final = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
CODE: Final = re.compile(r"`([^`]+)`")
ROOMS: Final = ("bot", "handlers", "figures", "storage", "reports", "queries", "questionnaires", "plans")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading of CONTRIBUTING.md, without the table's head."""
    section = CONTRIBUTING.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


# --- the tables themselves ------------------------------------------------------------------------------


def test_the_table_of_rooms_names_each_room_with_what_it_may_import() -> None:
    [layers] = [contract["layers"] for contract in CONTRACTS if contract["name"].startswith("Rooms")]
    below = {
        room: {other for lower in layers[place + 1 :] for other in lower.split(" | ")}
        for place, layer in enumerate(layers)
        for room in layer.split(" | ")
    }
    below["reports"].remove("questionnaires")  # a contract of its own
    told = {
        CODE.findall(room)[0].strip("/"): set(CODE.findall(imports)) for room, _, imports in rows("The rooms")
    }
    assert set(told) == {*ROOMS, "locales"}
    assert {room: told[room] for room in ROOMS} == below


@pytest.mark.parametrize("row", rows("Where to add"), ids=lambda row: row[0])
def test_what_a_row_names_is_there(row: list[str]) -> None:
    paths = [code for cell in row[1:] for code in CODE.findall(cell) if "/" in code]
    assert paths
    for path in paths:
        assert list(ROOT.glob(path)), path


def test_each_row_is_walked() -> None:
    """By a test of this file that bears its name, or by the file that the row names as its proof."""
    walks = {name for name in globals() if name.startswith("test_add_")}
    here = "tests/docs/test_where_to_add.py"
    unwalked = [row[0] for row in rows("Where to add") if here in row[2] and not walk_of(row[0]) & walks]
    assert unwalked == []
    assert all(CODE.search(row[2]) for row in rows("Where to add"))


def walk_of(what: str) -> set[str]:
    words = re.sub(r"^(a|an|something) ", "", what.lower())
    return {"test_add_" + re.sub(r"\W+", "_", words).strip("_")}


# --- data: no Python ------------------------------------------------------------------------------------

FORM: Final = """
| survey | | | | | | | |
| | type | name | label::Tiếng Việt (vi) | label::English (en) | required | bind::ask | bind::unit |
| | integer | cho_so_con | Thôn có bao nhiêu con chó? | How many dogs are there? | yes | count | con |
| settings | | | |
| | form_id | title_vi | title_en |
| | cho | Đàn chó | Dogs |
"""
INDICATOR: Final = """
[indicator.dan-cho]
name = { vi = "Đàn chó", en = "Dogs" }
domain = "nuoc"
level = "thon"
unit = { vi = "con", en = "dogs" }
better = "up"
numerator = ["cho_so_con"]
source = "Thôn"
definition = { vi = "Số chó của thôn.", en = "The dogs of the village." }
"""
ASKED: Final = """
[[asked]]
form = "cho"
level = "thon"
period = "year"
month = 5
day = 22
within = 7
questions = 1
"""


@pytest.fixture(scope="module")
def questions() -> dict[str, list[str]]:
    """The questions of the bundled questionnaires by form."""
    folder = ROOT / "questionnaires" / "forms"
    forms = [compile_form(path.read_bytes(), path.name) for path in sorted(folder.glob("*.md"))]
    return {form.name: [question.name for question in form.questions] for form in forms}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the plans' data, to be added to."""
    for path in FOLDER.rglob("*"):
        if path.suffix in (".toml", ".csv"):
            copy = tmp_path / path.relative_to(FOLDER)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    return tmp_path


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_add_questionnaire(folder: Path) -> None:
    """It is asked, answered in words and kept; a type that does not exist is refused by its cell. Without its page, its row
    in the list and a line in the schedule it is found, and asked of nobody."""
    form = compile_form(FORM.encode(), "cho.md")
    walk = Walk(form)
    assert walk.ask.label == "Thôn có bao nhiêu con chó?"
    assert walk.do("khoảng hai mươi lăm con").interview.values["/data/cho_so_con"] == "25"
    with pytest.raises(FormRefused) as refused:
        compile_form(FORM.replace("integer", "number").encode(), "cho.md")
    assert [(fault.sheet, fault.row, fault.column) for fault in refused.value.faults] == [
        ("survey", 2, "type")
    ]
    assert untold("cho.md", PAGES, INDEX) == {"docs/forms", "docs/questionnaires.md"}
    append(folder / "schedule.toml", ASKED)
    for plans, unasked in ((read_plans(FOLDER), True), (read_plans(folder), False)):
        told = page(form, [entry for entry in plans.entries if entry.form == "cho"], "vi")
        assert "Thôn có bao nhiêu con chó?" in told
        assert ("Phiếu này chưa có trong lịch hỏi nào." in told) is unasked


@pytest.mark.parametrize("forgotten", ["", "question", "schedule", "definition"])
def test_add_indicator(forgotten: str, folder: Path, questions: dict[str, list[str]]) -> None:
    asked = {} if forgotten == "question" else {"cho": ["cho_so_con"]}
    words = (
        INDICATOR.replace(', en = "The dogs of the village."', "") if forgotten == "definition" else INDICATOR
    )
    append(folder / "indicators" / "nuoc.toml", words)
    if forgotten not in ("schedule", "question"):
        append(folder / "schedule.toml", ASKED)
    faults = check(read_plans(folder), questions | asked)
    codes = {
        "": [],
        "question": ["no_question"],
        "schedule": ["not_scheduled"],
        "definition": ["no_definition"],
    }
    # Whether that week has room is not of the indicator: another questionnaire may be asked in it by now.
    assert [fault.code for fault in faults if fault.code != "load"] == codes[forgotten]


@pytest.mark.parametrize("forgotten", ["", "clause"])
def test_add_plan(forgotten: str, folder: Path, questions: dict[str, list[str]]) -> None:
    before = len(read_plans(FOLDER).programmes)
    new = folder / "programmes" / "ke-hoach-moi"
    shutil.copytree(folder / "programmes" / "bach-thong-2023", new)
    targets = new / "targets.csv"
    if forgotten:
        text = targets.read_text(encoding="utf-8")
        targets.write_text(
            text.replace("muc-dich-dbkk-2023,trend,I.1,", "muc-dich-dbkk-2023,trend,,"), encoding="utf-8"
        )
    plans: Plans = read_plans(folder)
    assert len(plans.programmes) == before + 1
    fault = PlanFault("ke-hoach-moi/muc-dich-dbkk-2023", "empty", "clause")
    assert check(plans, questions) == ([fault] if forgotten else [])


WORD_FILES: Final = sorted(
    str(path.relative_to(ROOT)) for room in ROOMS for path in (ROOT / room).rglob("words/*.toml")
)


@pytest.mark.parametrize("file", WORD_FILES)
def test_add_word(file: str, tmp_path: Path) -> None:
    copy = tmp_path / "words.toml"
    table = '\n[tu-moi]\nphrases = ["một từ [rất] mới"]\n'
    copy.write_text((ROOT / file).read_text(encoding="utf-8") + table, encoding="utf-8")
    assert set(Words.read(copy).phrases("tu-moi")) == {"một từ rất mới", "một từ mới"}
    append(copy, 'sai = ["thừa ngoặc)"]\n')
    with pytest.raises(WordsFault, match="tu-moi"):
        Words.read(copy)


# --- code -----------------------------------------------------------------------------------------------


def test_add_broadcast_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    letter = outbox.QueuedLetter("tham-thon:1", 1, {"text": "a"}, 2, now())
    with pytest.raises(ValueError, match=r"tham-thon is missing in storage\.totals\.KINDS"):
        outbox.row_of(letter)
    monkeypatch.setattr(totals, "KINDS", (*totals.KINDS, "tham-thon"))
    assert outbox.row_of(letter)["natural_key"] == "tham-thon:1"
    with pytest.raises(wording.UnknownMessage):  # its name, which `thonbao outbox --figures` shows
        wording.wording("vi")("outbox.kind.tham-thon")


def test_add_command_for_administrators(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("bot.commands.chao")

    def chao(ten: str = "") -> None:
        print(f"chào {ten}")

    module.register = lambda app: app.command("chao")(chao)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "bot.commands.chao", module)
    monkeypatch.setitem(COMMANDS, "chao", CommandEntry("chao", "Chào / say hello."))
    for locale, told in (("vi", "Chào"), ("en", "say hello.")):
        assert real(program(locale).commands["chao"]).help == told


def test_add_command_in_the_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its file has a place among the others, and both languages say what it is for."""
    [inside] = [contract for contract in CONTRACTS if contract.get("containers") == ["handlers"]]
    placed = {name for layer in inside["layers"] for name in re.split(r" [|:] ", layer)}
    files = {
        path.stem
        for path in (ROOT / "handlers").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert files - placed == {"__init__"}
    assert (files | {"chao"}) - placed == {"__init__", "chao"}
    assert inside["exhaustive"]
    monkeypatch.setitem(COMMANDS_MENU, "village", (*COMMANDS_MENU["village"], "chao"))
    with pytest.raises(wording.UnknownMessage):
        commands_menu("village", "vi")


def test_add_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(wording.FOLDER, tmp_path / "locales")
    shutil.copytree(wording.FOLDER / "en", tmp_path / "locales" / "fr")
    monkeypatch.setattr(wording, "FOLDER", tmp_path / "locales")
    monkeypatch.setattr(wording, "LOCALES", (*wording.LOCALES, "fr"))
    wording.catalogue.cache_clear()
    try:
        assert incomplete() == {}
        common = tmp_path / "locales" / "fr" / "common.po"
        common.write_text(
            common.read_text(encoding="utf-8").replace('"common.fault"', '"common.faute"'), encoding="utf-8"
        )
        wording.catalogue.cache_clear()
        assert incomplete() == {"fr": {"common.fault", "common.faute"}}
    finally:
        wording.catalogue.cache_clear()


def incomplete() -> dict[str, set[str]]:
    """The keys that a language lacks or has beside those of Vietnamese."""
    keys = {locale: set(wording.catalogue(locale)) for locale in wording.LOCALES}
    return {locale: own ^ keys["vi"] for locale, own in keys.items() if own != keys["vi"]}


def test_each_language_has_every_sentence() -> None:
    assert incomplete() == {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Map(Asking):
    """A kind of question of which nothing else is there yet."""

    intent: ClassVar[Any] = "map"
    frame: str = "map"


async def test_add_question_kind() -> None:
    """Of a class alone all that it still needs is found; every kind that is there has all of it."""
    assert {kind: lacking(kind) for kind in FRAMES.values() if lacking(kind)} == {}
    assert lacking(Map) == {"Question", "FRAMES", "Intent", "corpus.txt", "asking.said.map"}
    with pytest.raises(ValidationError):
        from_json(to_json(Lookup()) | {"frame": "map"})
    asked = Asked(None, None, Map(), 0)  # type: ignore[arg-type]
    with pytest.raises(AssertionError, match="Map"):  # which mypy says before: `assert_never`
        await of_figures(asked, (), (), 0)


def lacking(kind: type[Asking]) -> set[str]:
    """What a kind of question needs besides its class: to be kept and logged, asked by somebody, and said in words."""
    frame = kind.__dataclass_fields__["frame"].default
    corpus = (ROOT / "tests" / "queries" / "corpus.txt").read_text(encoding="utf-8")
    there = {
        "Question": kind in get_args(Question),
        "FRAMES": kind in FRAMES.values(),
        "Intent": kind.intent in set(Intent),
        "corpus.txt": kind is Open or f"=> {kind.intent}" in corpus,
        f"asking.said.{frame}": all(
            f"asking.said.{frame}" in wording.catalogue(lang) for lang in wording.LOCALES
        ),
    }
    return {what for what, is_there in there.items() if not is_there}


async def test_add_button() -> None:
    """It is written, read back and answered as a value; what is made up, too long or answered twice is refused."""
    pressed, heard = Presses(), list[int]()

    @button("zz:{village}[:{first}]")
    class ShowDogs(Button):
        village: RowId
        first: Position = 0

    @pressed.on(ShowDogs)
    async def show(turn: Turn, button: ShowDogs) -> None:
        heard.append(button.village)

    shown = choice("Đàn chó", ShowDogs(12))
    assert shown.data == "zz:12"
    assert pressed.read("zz:12:8") == ShowDogs(12, 8)
    await pressed.answer(None, pressed.read(shown.data))  # type: ignore[arg-type]
    assert heard == [12]
    assert [pressed.read(data) for data in ("zz:x", "zz:12:99999", f"zz:{10**18}", "zz:")] == [None] * 4
    with pytest.raises(ValueError, match="two answers"):
        pressed.on(ShowDogs)(show)
    with pytest.raises(ValueError, match="bytes"):
        button("zz:{one}{two}{three}{four}")(
            type("Long", (Button,), {"__annotations__": dict.fromkeys(LONG, RowId)})
        )


LONG: Final = ("one", "two", "three", "four")


def test_each_button_is_answered() -> None:
    """A class without a handler is found by comparing what is declared with what is answered."""
    declared = set(button_classes(ROOT / "handlers"))
    assert declared - {kind.__name__ for kind in PRESSES.answers} == set()
    assert declared - {kind.__name__ for kind in Presses().answers} == declared


def button_classes(folder: Path) -> Iterator[str]:
    """The names of the classes that are declared with a button's text."""
    for path in folder.rglob("*.py"):
        yield from re.findall(
            r"^@button\(.*\)\n(?:@.*\n)*class (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE
        )
