"""Questions to an edition: what they may do, how answers look, and what is said of a wrong one."""

import csv
import io
import json
import re
from pathlib import Path

import duckdb
import pytest
from rich.cells import cell_len
from rich.console import Console

from jiheng import query
from publish import acts
from tests.unit.test_cli import run

MADE = """
CREATE TABLE dim_department (department_key VARCHAR, name VARCHAR, amount_yuan DECIMAL(20,2), rate DECIMAL(18,8),
  functions VARCHAR[], seen_at TIMESTAMPTZ);
INSERT INTO dim_department
SELECT 'd' || i, '第' || i || '局', i * 100, 0.5, ['commerce', 'trade'], TIMESTAMPTZ '2025-03-01 08:00:00+08'
FROM range(60) AS r (i);
INSERT INTO dim_department VALUES ('z', '=1+1', NULL, NULL, [], NULL);
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    edition = tmp_path / "editions" / "e1"
    edition.mkdir(parents=True)
    with duckdb.connect(str(edition / "warehouse.duckdb")) as connection:
        connection.execute(MADE)
    acts.point_to(tmp_path / "editions", "e1")
    return tmp_path


@pytest.fixture
def warehouse(home: Path) -> Path:
    return home / "editions" / "e1" / "warehouse.duckdb"


def answer(warehouse: Path, sql: str, limit: int | None = None, **variables: str) -> query.Answer:
    with query.asking(warehouse, variables) as asked:
        return asked.answer(sql, limit)


def refused(warehouse: Path, sql: str) -> query.QueryError:
    with pytest.raises(query.QueryError) as caught:
        answer(warehouse, sql)
    return caught.value


def drawn(found: query.Answer, width: int) -> list[str]:
    console = Console(width=width, file=io.StringIO(), color_system=None)
    with console.capture() as capture:
        console.print(query.shown(found, width))
    return capture.get().splitlines()


def test_an_answer_says_how_many_rows_it_leaves_out(warehouse: Path) -> None:
    found = answer(warehouse, "FROM dim_department ORDER BY amount_yuan DESC NULLS LAST", 7)
    assert [row[0] for row in found.rows] == [f"d{number}" for number in range(59, 52, -1)]
    assert found.more == 54
    assert "前 7 行" in query.summary(found) and "54 more rows" in query.summary(found)


@pytest.mark.parametrize("limit", [61, 62, None])
def test_an_answer_that_is_whole_says_so(warehouse: Path, limit: int | None) -> None:
    found = answer(warehouse, "FROM dim_department", limit)
    assert (len(found.rows), found.more) == (61, 0)
    assert "61 行" in query.summary(found) and "more" not in query.summary(found)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM dim_department",
        "CREATE TABLE mine (i INTEGER)",
        "COPY dim_department TO '{folder}/out.csv'",
        "FROM read_csv('{folder}/secret.csv')",
        "ATTACH '{folder}/other.duckdb'",
        "SET enable_external_access = true",
    ],
)
def test_a_question_changes_nothing_and_reads_no_other_file(warehouse: Path, tmp_path: Path, sql: str) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    before = warehouse.read_bytes()
    refused(warehouse, sql.format(folder=tmp_path))
    assert warehouse.read_bytes() == before
    assert not (tmp_path / "out.csv").exists() and not (tmp_path / "other.duckdb").exists()


def test_a_wrong_name_is_told_with_the_nearest_ones(warehouse: Path) -> None:
    assert "dim_department" in refused(warehouse, "FROM dim_departments").hint
    assert "department_key" in refused(warehouse, "SELECT departmentkey FROM dim_department").hint
    assert "amount_yuan" in refused(warehouse, "SELECT d.amount FROM dim_department d").hint
    assert "--list" in refused(warehouse, "SELEC 1").hint


def test_columns_fit_the_window_and_numbers_stand_to_the_right(warehouse: Path) -> None:
    found = answer(warehouse, "SELECT name, amount_yuan, rate FROM dim_department ORDER BY department_key LIMIT 12")
    lines = drawn(found, 44)
    assert all(cell_len(line) <= 44 for line in lines)
    cells = [line for line in lines if "局" in line]
    assert len({cell_len(line.rstrip()) for line in cells}) == 1, "right-aligned last column"
    assert any(" 0.5" in line for line in cells) and not any("0.50" in line for line in cells)
    assert any(re.search(r" 1000\.00 ", line) for line in cells), "money keeps its places"


def test_many_columns_are_shown_one_under_another(warehouse: Path) -> None:
    found = answer(warehouse, "FROM dim_department ORDER BY department_key DESC LIMIT 1")
    lines = drawn(found, 40)
    assert all(cell_len(line) <= 40 for line in lines)
    assert lines[0].startswith("── 1")
    assert {line.split()[0] for line in lines[1:]} >= {"department_key", "name", "amount_yuan", "seen_at"}
    assert any(line.split() == ["amount_yuan", "null"] for line in lines)


def test_csv_is_what_the_edition_writes(warehouse: Path) -> None:
    content = query.as_csv(warehouse, "FROM dim_department WHERE department_key IN ('d1', 'z') ORDER BY 1", None, {})
    assert content.startswith(b"\xef\xbb\xbf")
    one, last = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert one["functions"] == '["commerce","trade"]' and one["seen_at"] == "2025-03-01T00:00:00.000000Z"
    assert last["name"] == "'=1+1" and last["amount_yuan"] == ""


def test_variables_reach_the_sql(warehouse: Path) -> None:
    sql = "SELECT name FROM dim_department WHERE department_key = coalesce(getvariable('key'), 'd2')"
    assert answer(warehouse, sql).rows == [("第2局",)]
    assert answer(warehouse, sql, key="d3' OR true --").rows == []
    assert answer(warehouse, sql, key="d3").rows == [("第3局",)]
    with pytest.raises(query.QueryError, match="not a variable's name"):
        answer(warehouse, sql, **{"key = 1; --": "x"})


def test_an_example_without_its_question_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bare.sql").write_text("select 1", encoding="utf-8")
    with pytest.raises(ValueError, match=r"bare\.sql"):
        query.examples(tmp_path)
    with pytest.raises(query.QueryError) as caught:
        query.example("division_rank")
    assert "division_ranks" in caught.value.hint


def test_the_command_answers_people_and_programs(home: Path) -> None:
    sql = "SELECT department_key, amount_yuan FROM dim_department ORDER BY ALL"
    shown = run(home, "query", sql)
    assert shown.returncode == 0
    assert "另有 11 行" in shown.stderr and "d0" in shown.stdout
    rows = json.loads(run(home, "query", sql, "--json").stdout)
    assert len(rows) == 61 and rows[0] == {"department_key": "d0", "amount_yuan": "0.00"}
    assert len(json.loads(run(home, "query", sql, "--json", "--limit", "3").stdout)) == 3
    assert run(home, "query", sql, "--csv", "--limit", "2").stdout.count("\n") == 3
    wrong = run(home, "query", "FROM dim_departmnt")
    assert wrong.returncode == 2 and "error[E2002]" in wrong.stderr and "like it: dim_department" in wrong.stderr
    assert run(home, "query").returncode == 2 and run(home, "query", "select 1", "--example", "x").returncode == 2


def test_the_command_lists_its_examples(home: Path) -> None:
    listed = run(home, "query", "--list")
    assert listed.returncode == 0
    for one in query.examples():
        assert one.name in listed.stdout and one.question_zh in listed.stdout
