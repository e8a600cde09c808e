"""`thonbao form`: what a script and an administrator see."""

import json
import re
import shutil
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

import questionnaires
from bot.cli import app
from bot.problems import Problem
from bot.trying import Trial
from handlers.wording import catalogue
from questionnaires import taking, xlsform
from questionnaires.xlsform.rewriting import COLUMNS

HERE = Path(questionnaires.__file__).parent
FORM = HERE / "forms" / "nuoc-sach.md"
PEOPLE = """| survey | | | | | |
| | type | name | label | constraint | constraint_message |
| | note | chao | Chào bác | | |
| | begin repeat | nguoi | Người | | |
| | text | ten | Tên | | |
| | select_one gt | gioi | Giới tính của ${ten} | | |
| | end repeat | | | | |
| | integer | so | Số | . > 0 | Phải lớn hơn 0 |
| choices | | | |
| | list_name | name | label |
| | gt | nam | Nam |
| | gt | nu | Nữ |
"""


def run(*arguments: str, typed: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(app, ["form", *arguments], input=typed)
    if isinstance(result.exception, Problem):
        return result.exception.exit_code, str(result.exception)
    return result.exit_code, result.stdout


@pytest.fixture
def people(tmp_path: Path) -> str:
    path = tmp_path / "nguoi.md"
    path.write_text(PEOPLE, "utf-8")
    return str(path)


def test_a_script_answers_line_by_line(people: str) -> None:
    inputs = [
        {"answer": "An"},
        {"answer": "nam"},
        {"repeat": "add"},
        {"answer": "Bình"},
        {"answer": "Nữ"},
        {"repeat": "done"},
        {"answer": "0"},
        {"back": True},
        {"repeat": "done"},
        {"answer": "3"},
    ]
    code, out = run("run", people, "--jsonl", typed="\n".join(json.dumps(one) for one in inputs) + "\n")
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert len(lines) == len(inputs) + 1
    assert lines[0] == {
        "ask": {
            "path": "/data/nguoi[1]/ten",
            "type": "text",
            "label": "Tên",
            "hint": "",
            "choices": [],
            "required": False,
            "notes": ["Chào bác"],
        }
    }
    assert lines[1]["ask"]["choices"] == [{"value": "nam", "label": "Nam"}, {"value": "nu", "label": "Nữ"}]
    assert [line["ask"]["path"] for line in lines[2:7]] == [
        "/data/nguoi",
        "/data/nguoi[2]/ten",
        "/data/nguoi[2]/gioi",
        "/data/nguoi",
        "/data/so",
    ]
    assert lines[7] == {"refused": {"path": "/data/so", "message": "Phải lớn hơn 0"}}
    assert lines[8]["ask"]["type"] == "repeat"
    done = lines[-1]["done"]
    assert done["values"] == {
        "/data/nguoi[1]/ten": "An",
        "/data/nguoi[2]/ten": "Bình",
        "/data/nguoi[1]/gioi": "nam",
        "/data/nguoi[2]/gioi": "nu",
        "/data/so": "3",
    }
    assert done["instance"].startswith("<data ")


@pytest.mark.parametrize("typed", ["x", "[]", "{}", '{"answer": true}', '{"repeat": "no"}', "[" * 100_000])
def test_a_line_that_is_not_understood_leaves_the_question_open(people: str, typed: str) -> None:
    code, out = run("run", people, "--jsonl", typed=f"{typed}\n")
    assert code == 0
    assert json.loads(out.splitlines()[1])["refused"]["path"] == "/data/nguoi[1]/ten"


def test_a_refusal_of_the_reader_is_said_in_the_chosen_language() -> None:
    for lang, word in (("vi", "Xin"), ("en", "lease")):
        _, out = run("run", str(FORM), "--jsonl", "--lang", lang, typed='{"answer": "mấy hộ gì đó"}\n')
        assert word in json.loads(out.splitlines()[1])["refused"]["message"]


def test_a_person_may_try_a_form_too(people: str) -> None:
    _, out = run("run", people, typed="An\n<\n>\n1\nkhông\n7\n")
    assert "Câu 1. Tên" in out
    assert "Giới tính của An" in out
    assert out.rstrip().endswith("- Số: 7")
    assert "Đã thôi" in run("run", people, typed="q\n")[1]


def test_check_shows_the_conversation_and_advice(people: str) -> None:
    code, out = run("check", str(FORM))
    assert code == 0
    assert "Câu 1. Thôn có tất cả bao nhiêu hộ?" in out
    code, out = run("check", people)
    assert code == 0
    assert "1. Nam" in out


def test_check_names_every_fault_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("| survey |\n| | type | name | label | relevant |\n| | text | a | A | foo() |\n", "utf-8")
    code, out = run("check", str(path))
    assert code == 1
    assert "trang survey, hàng 2, cột relevant: Không có hàm foo()" in out
    code, out = run("check", str(path), "--json", "--lang", "en")
    assert code == 1
    fault = json.loads(out)["faults"][0]
    assert (fault["sheet"], fault["row"], fault["column"], fault["code"]) == (
        "survey",
        2,
        "relevant",
        "function",
    )


def test_a_file_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    code, out = run("check", str(tmp_path / "none.md"))
    assert code == 2
    assert out == f"Không đọc được tệp {tmp_path / 'none.md'}."


def test_every_code_has_its_sentence_in_both_languages() -> None:
    text = "".join(path.read_text("utf-8") for path in HERE.rglob("*.py"))
    codes = set(re.findall(r'ExpressionError\(\s*"([a-z_]+)"', text))
    codes |= set(re.findall(r'refused\(\s*"([a-z_]+)"', text))
    codes |= set(
        re.findall(r'\.fault\(\s*[^"()]*(?:\([^()]*\))?[^"()]*,\s*(?:"[a-z:_]*", )?"([a-z_]+)"', text)
    )
    codes |= set(re.findall(r'yield [^"]+(?:"[^"]*"[^"]*, )"([a-z_]+)", \{', text))
    doubts = set(re.findall(r'Doubted\(\s*"([a-z_]+)"', Path(taking.__file__ or "").read_text("utf-8")))
    codes -= set(COLUMNS)
    assert len(codes) > 30
    assert len(doubts) > 8
    for lang in ("vi", "en"):
        known = catalogue(lang)
        assert {code for code in codes if f"forms.fault.{code}" not in known} == set()
        said = {
            code for code in doubts if f"forms.refused.{code}" in known or f"answers.doubt.{code}" in known
        }
        assert doubts - said == set()


def test_the_clock_is_asked_for_each_step(people: str) -> None:
    moments = iter(datetime(2026, 11, day, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")) for day in range(1, 30))
    form = xlsform.compile_form(Path(people).read_bytes(), "a.md")
    trial = Trial(form, "vi", lambda: next(moments))
    assert json.loads(trial.line('{"skip": true}'))["ask"]["path"] == "/data/nguoi[1]/gioi"
    assert next(moments).day > 2


def test_another_form_of_the_same_id_is_replaced_only_when_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_template: Path
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "t.db")
    monkeypatch.setenv("THONBAO_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 't.db'}")
    monkeypatch.setenv("THONBAO_DATA_DIR", str(tmp_path))

    def taken(title: str, label: str, *words: str) -> tuple[int, str]:
        file = tmp_path / "phieu.md"
        settings = f"| settings | | |\n| | form_id | form_title |\n| | thu | {title} |\n"
        survey = f"| survey | | | |\n| | type | name | label |\n| | integer | a | {label} |\n"
        file.write_text(survey + settings, "utf-8")
        return run("import", str(file), *words)

    assert taken("Nước", "Bao nhiêu?")[0] == 0
    assert taken("Nước", "Bao nhiêu hộ?")[0] == 0
    code, said = taken("Đường", "Bao nhiêu km?")
    assert (code, "“Nước”" in said, "--replace" in said) == (1, True, True)
    assert taken("Đường", "Bao nhiêu km?", "--replace")[0] == 0
    assert "phiên bản" not in run("list")[1]


def test_forms_without_id_and_title_are_one_only_if_they_ask_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_template: Path
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "t.db")
    monkeypatch.setenv("THONBAO_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 't.db'}")
    monkeypatch.setenv("THONBAO_DATA_DIR", str(tmp_path))
    file = tmp_path / "data.md"

    def taken(name: str, label: str) -> int:
        file.write_text(
            f"| survey | | | |\n| | type | name | label |\n| | integer | {name} | {label} |\n", "utf-8"
        )
        return run("import", str(file))[0]

    assert (taken("nha", "Mấy nhà?"), taken("nha", "Mấy ngôi nhà?"), taken("cau", "Mấy cây cầu?")) == (
        0,
        0,
        1,
    )
