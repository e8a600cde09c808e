"""A form by pyxform, answered here, exported: what leaves is an instance of that very form, as ODK Validate wants it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree
from pyxform.xls2xform import convert

from questionnaires.interview import Answer, Context, Finished, Message, Repeat, Value, begin, step
from questionnaires.questionnaire import Questionnaire
from questionnaires.xlsform import compile_form
from questionnaires.xlsform.files import read_sheets
from questionnaires.xlsform.writing import as_tables, as_workbook, is_same, sheets_to_write
from reports.exchange import openrosa
from tests.questionnaires.forming import table

FORMS = Path(__file__).parents[2] / "questionnaires" / "forms"
SENT = datetime(2026, 11, 20, tzinfo=UTC)
XF = "{http://www.w3.org/2002/xforms}"

# Forms as the documentation of ODK has them, made again: groups, repeats by count, by hand and within each other, choices, a
# loop, an own root.
ODK = {
    "household": (
        """type | name | label | relevant | repeat_count | calculation | constraint
    text | respondent | Respondent's name? | | | |
    integer | num_people | How many people live here? | | | | . <= 20
    begin group | house | House | | | |
    select_one roof | roof | Roof? | | | |
    text | roof_other | Which? | ${roof} = 'other' | | |
    end group | | | | | |
    begin repeat | person | Person | | ${num_people} | |
    text | name | Name? | | | |
    integer | age | Age? | | | |
    calculate | adult | | | | if(${age} >= 18, 1, 0) |
    end repeat | | | | | |
    begin repeat | pet | Pet | | | |
    text | pet_name | Name? | | | |
    end repeat | | | | | |
    note | bye | Thank you | | | |""",
        "list_name | name | label\nroof | tin | Tin\nroof | other | Other",
        "form_id | version\nhousehold | 2026112901",
        ["Ann", "2", Value("other"), "straw", "Ann", "33", "Ben", "4", Repeat(True), "Rex", Repeat(False)],
    ),
    "village": (
        """type | name | label | repeat_count | calculation
    begin repeat | house | House | |
    text | head | Head? | |
    integer | members | How many? | |
    begin repeat | member | Member | ${members} |
    text | name | Name? | |
    integer | age | Age? | |
    end repeat | | | |
    calculate | oldest | | | max(${age})
    end repeat | | | |
    calculate | all | | | sum(${age})""",
        "",
        "form_id\nvillage",
        ["Ann", "2", "Ann", "33", "Ben", "4", Repeat(True), "Cid", "1", "Cid", "60", Repeat(False)],
    ),
    "crops": (
        """type | name | label
    select_multiple crop | crops | Which crops?
    begin loop over crop | by_crop | Crops
    decimal | area | Area of %(label)s?
    end loop | |
    date | day | Day?""",
        "list_name | name | label\ncrop | maize | Maize\ncrop | rice | Rice",
        "form_id | name\ncrops | farm",
        [Value("maize rice"), "1.5", "2", "20/11/2026"],
    ),
}


@pytest.mark.parametrize("name", list(ODK))
def test_an_export_is_an_instance_of_the_form_as_pyxform_made_it(name: str) -> None:
    survey, choices, settings, said = ODK[name]
    data = table(survey, choices, settings)
    answers = finished(compile_form(data, "form.md"), said)
    model = etree.fromstring(convert(data.decode(), file_type=".md", validate=False).xform.encode())
    [instance] = model.findall(f".//{XF}model/{XF}instance")[:1]
    form = instance[0]
    sent = etree.fromstring(openrosa(name, form.get("version", ""), "BC-7", SENT, answers))
    assert (sent.tag, sent.get("id"), sent.get("version")) == (
        local(form),
        form.get("id"),
        form.get("version"),
    )
    nodes = list(dict.fromkeys(paths(form)))
    told = list(dict.fromkeys(paths(sent)))
    assert set(told) <= set(nodes), "no node that the form does not have"
    assert told == [path for path in nodes if path in told], "in the form's order"
    assert [path for path in told if path.endswith("instanceID")] == ["meta/instanceID"]


def finished(form: Questionnaire, said: Sequence[str | Message]) -> dict[str, str]:
    context = Context(SENT, "en")
    interview, events = begin(form, context)
    for answer in said:
        message = Answer(answer) if isinstance(answer, str) else answer
        interview, events = step(form, interview, message, context)
    done = events[-1]
    assert isinstance(done, Finished), events
    return dict(done.values)


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def paths(root: etree._Element, above: str = "") -> Iterator[str]:
    """The paths of the nodes below the root, without numbers of rows."""
    for element in root:
        path = f"{above}{local(element)}"
        yield path
        yield from paths(element, f"{path}/")


@pytest.mark.parametrize("path", sorted(FORMS.glob("*.md")), ids=lambda path: path.stem)
def test_a_bundled_form_is_the_same_as_a_workbook_and_as_tables_again(path: Path) -> None:
    data = path.read_bytes()
    form = compile_form(data, path.name)
    book = as_workbook(sheets_to_write(read_sheets(data, path.name), form.name))
    assert compile_form(book, "other.xlsx").version == form.version
    tables = as_tables(sheets_to_write(read_sheets(book, "other.xlsx"), form.name))
    assert compile_form(tables.encode(), "other.md").version == form.version


def test_a_form_keeps_its_file_s_name_its_odd_cells_and_its_blank_rows() -> None:
    survey = """type | name | label | constraint
    text | ma | Mã = 01 | regex(., '^(a\\|b)$')
     | | |
    note | n | =1+1 | """
    data = table(survey, settings="form_title\nThử")
    form = compile_form(data, "Phiếu thử.md")
    assert form.name == "phieu-thu"
    book = as_workbook(sheets_to_write(read_sheets(data, "Phiếu thử.md"), form.name))
    again = compile_form(book, "other.xlsx")
    assert again.name == "phieu-thu"
    assert is_same(form, again)
    with pytest.raises(ValueError, match="a\nb"):
        as_tables({"survey": [["type"], ["a\nb"]]})
