"""PostgreSQL is passed over only by a test that would tell it nothing new."""

from sqlalchemy import create_engine, text

from tests.told import Told


def test_postgresql_hears_each_statement_of_a_file_once() -> None:
    told = Told()
    with create_engine("sqlite://").connect() as connection:
        for test, number in {"a": 1, "b": 1, "c": 2}.items():
            told.listen(test)
            connection.execute(text(f"SELECT {number}"))
    assert [told.says_more("file", test) for test in "abc"] == [True, False, True]
    assert told.says_more("another file", "b")
    assert told.says_more("file", "one that SQLite has not run")
