"""The changes of the mutation run: each by itself, each another module that can be read."""

import ast
import gc
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from tests.mutation.__main__ import ROOMS, ROOT
from tests.mutation.changes import changes_in
from tests.mutation.trying import Reach, put_in

SOURCE = '''
def kept(value: int, own: int = 3) -> bool:
    """True below 5."""
    log.info("kept")
    tell(value)
    note(row.id)
    return min(value, 1) < 5 and not own
'''


def test_each_change_is_made_by_itself() -> None:
    assert [change.what for change in changes_in(SOURCE)] == [
        "tell(value)  ->  pass",
        "note(row.id)  ->  pass",
        "min(value, 1) < 5 and (not own)  ->  min(value, 1) < 5 or not own",
        "min(value, 1) < 5 and (not own)  ->  not own",
        "min(value, 1) < 5 and (not own)  ->  min(value, 1) < 5",
        "min(value, 1) < 5  ->  min(value, 1) <= 5",
        "not own  ->  own",
        "min(value, 1)  ->  max(value, 1)",
        "5  ->  6",
        "1  ->  2",
    ]
    assert len({change.text for change in changes_in(SOURCE)}) == 10


def test_every_room_has_changes_and_its_tests_are_there() -> None:
    for file, tests in ROOMS.items():
        source = (ROOT / file).read_text(encoding="utf-8")
        first = next(changes_in(source))
        assert ast.dump(ast.parse(first.text)) != ast.dump(ast.parse(source))
        assert [test for test in tests if not (ROOT / test).exists()] == []


def test_a_change_is_tried_with_the_quickest_tests_that_reach_it() -> None:
    reach = Reach(
        {"a.py": {3: ["slow", "quick", "failing"], 9: ["other"]}},
        {"slow": 30.0, "quick": 1.0, "failing": 0.1, "other": 99.0},
        ["failing"],
    )
    assert reach.tests_of("a.py", 3, most=40.0) == ["quick", "slow"]
    assert reach.tests_of("a.py", 5, most=10.0) == ["quick"]
    assert reach.tests_of("a.py", 9, most=10.0) == ["other"]
    assert reach.tests_of("a.py", 2, most=10.0) == reach.tests_of("b.py", 3, most=10.0) == []


def test_a_change_is_put_into_functions_that_stay_for_good(tmp_path: Path) -> None:
    file = tmp_path / "small.py"
    file.write_text("def few() -> int:\n    return 3\n", encoding="utf-8")
    spec = spec_from_file_location("small", file)
    assert spec is not None
    assert spec.loader is not None
    small = module_from_spec(spec)
    spec.loader.exec_module(small)
    gc.freeze()
    put_in(str(file), file.read_text(encoding="utf-8").replace("3", "4"))
    gc.freeze()
    assert small.few() == 4
