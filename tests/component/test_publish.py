"""The publication side on a small made-up edition: pages, exports, workbook, bulletin and the act of publishing."""

from __future__ import annotations

import csv
import io
import json
import multiprocessing
import os
import re
import shutil
import stat
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from publish import acts, bulletin, data, editions, site, workbook
from publish.warehouse import STORAGE_VERSION
from tests.component import edition_fixture as made

PARTS = ("execution_score", "outcome_score", "reliability_score", "completeness_score")
# Storage versions of DuckDB files by release; the number stands in the file's head after the magic word.
STORAGE_NUMBERS = {"v1.2.0": 65}


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.make_edition(tmp_path_factory.mktemp("edition"))


@pytest.fixture
def copy_of(edition: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Private copies of the fixture edition, under another id when asked."""

    def make(edition_id: str = "e1", **facts: Any) -> Path:
        private = tmp_path / f"private-{edition_id}"
        shutil.copytree(edition, private)
        (private / "manifest.json").unlink()
        editions.complete(private, made.facts(edition_id) | facts)
        return private

    return make


def page(edition: Path, name: str) -> str:
    return (edition / "site" / name).read_text(encoding="utf-8")


# Pages


def test_every_unit_has_a_page(edition: Path) -> None:
    with duckdb.connect(str(edition / "warehouse.duckdb"), read_only=True) as con:
        shown = {key for (key,) in con.execute("SELECT division_key FROM rank_division").fetchall()}
    for key, *_ in made.DIVISIONS:
        page_of_it = edition / "site" / "division" / f"{key}.html"
        assert page_of_it.is_file() == (key in shown), "a page for each division that has something to show"
    for key, *_ in made.DEPARTMENTS:
        assert (edition / "site" / "department" / f"{key}.html").is_file()
    for name in ("index.html", "gate.html", "method.html", "downloads.html", "style.css"):
        assert (edition / "site" / name).is_file()


def test_division_pages_say_what_the_mart_says(edition: Path) -> None:
    with duckdb.connect(str(edition / "warehouse.duckdb"), read_only=True) as con:
        rows = data.rows(con, "SELECT * FROM rank_division WHERE is_ranked")
    assert rows
    for row in rows:
        html = page(edition, f"division/{row['division_key']}.html")
        for field in ("rank", "score", "verified_share", "due", "received", "accepted", "assessable"):
            shown = re.search(rf'data-field="{field}" data-value="([^"]*)"', html)
            assert shown, field
            assert shown[1] == ("" if row[field] is None else str(row[field]))
        for part in PARTS:
            assert f'data-value="{"" if row[part] is None else row[part]}"' in html


def test_index_rows_say_what_the_mart_says(edition: Path) -> None:
    html = page(edition, "index.html")
    line = html[html.index('id="d-c1-2024"') :].split("</tr>")[0]
    for value in ("87.12500000", "18.50000000", "35.12500000", "0.912345"):
        assert f'data-value="{value}"' in line
    assert ">87.13<" in line  # 87.125 half-up
    assert "并列" in line
    assert "▲ 1" in line


def test_unknown_rate_is_a_word_not_a_number(edition: Path) -> None:
    html = page(edition, "department/c2.commerce.html")
    total = html[html.index('data-category="total"') :].split("</tr>")[0]
    rate = total[total.index('data-figure="execution_rate"') :].split("</td>")[0]
    assert "未提供" in rate
    assert not re.search(r"\d", rate.split(">", 1)[1])
    adjusted = total[total.index('data-figure="adjusted"') :].split("</td>")[0]
    assert "未提供" in adjusted
    assert "298" not in adjusted


def test_a_department_that_sent_nothing_is_shown_as_such(edition: Path) -> None:
    assert "未报送" in page(edition, "department/c4.commerce.html")
    assert "未报送" in page(edition, "division/c4.html")


def test_figures_carry_their_sentence_file_and_hash(edition: Path) -> None:
    html = page(edition, "department/c1.commerce.html")
    assert '<mark id="c-v1b-adjusted">调整预算298.00万元</mark>' in html
    assert 'title="2,980,000.00 元"' in html
    assert "92.38%" in html
    assert made.sha256_of_bytes(b"v1b") in html
    assert "=cmd|&#39; /C calc&#39;!A0.docx" in html
    assert '2024年<mark id="c-v1b-initial">年初预算300.00万元</mark>,<mark' in html, "one sentence, all its figures"


def test_a_returned_report_shows_both_quotations_and_how_to_mend_it(edition: Path) -> None:
    finding = page(edition, "department/c3.commerce.html").split('class="finding P0" id="f-f1"')[1]
    quotations, remedy = finding.split("怎样改正：")[:2]
    assert "<mark>调整预算298.00万元</mark>" in quotations
    assert "<mark>全年支出275.29万元</mark>" in quotations
    assert remedy.startswith("请核对支出与调整预算")
    assert 'href="../department/c3.commerce.html#f-f1">支出大于调整预算</a>' in page(edition, "division/c3.html")


def test_markup_in_the_data_is_text(edition: Path) -> None:
    for path in (edition / "site").rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert "<b>坏" not in html
        assert "<script>alert" not in html
    assert "&lt;b&gt;坏&lt;/b&gt;县" in page(edition, "index.html")


def test_pages_need_nothing_from_elsewhere(edition: Path) -> None:
    for path in (edition / "site").rglob("*"):
        if path.suffix in {".html", ".css", ".js"}:
            # The names of kinds of XML in the chart bundle look like addresses and are not.
            text = path.read_text(encoding="utf-8").replace("http://www.w3.org/", "")
            assert not re.search(r"https?://|(?:src|href)=\"//", text), path
    for path in (edition / "site").rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        for link in re.findall(r'(?:href|src)="([^"#]+)', html):
            target = os.path.relpath(path.parent / link.partition("?")[0], edition)
            if not target.startswith("../"):
                assert (edition / target).exists(), f"{path.name}: {link}"
            elif target != "../status.css":
                # What leads out of the edition is hidden unless status.css, which lies where it leads, shows it.
                assert f'<a class="outside" href="{link}"' in html, f"{path.name}: {link}"
                assert target == "../index.html", f"{path.name}: {link}"


def test_unranked_units_are_listed_with_a_reason_in_words(edition: Path) -> None:
    html = page(edition, "index.html")
    assert "可评部门比例低于排名所要求的下限" in html
    assert "below_coverage_floor" not in html


def test_an_edition_without_data_says_so(tmp_path: Path) -> None:
    con = duckdb.connect(str(tmp_path / "build.duckdb"))
    con.execute(made.SCHEMA)
    con.close()
    empty = tmp_path / "private"
    editions.export_warehouse(tmp_path / "build.duckdb", empty)
    editions.begin(empty, made.facts())
    editions.write_exports(empty)
    editions.difference(None, empty)
    assert site.render(empty) == len([path for path in (empty / "site").rglob("*") if path.suffix == ".html"])
    chinese = {path.name for path in (empty / "site").glob("*.html")}
    assert chinese == {path.name for path in (empty / "site" / "en").glob("*.html")} and "index.html" in chinese
    workbook.write(empty)
    bulletin.write(empty)
    assert "本期没有可以排名的数据" in page(empty, "index.html")


def test_rendering_twice_gives_the_same_bytes(edition: Path, tmp_path: Path) -> None:
    again = made.make_edition(tmp_path)
    ours, theirs = made.manifest(edition)["files"], made.manifest(again)["files"]
    assert ours.keys() == theirs.keys()
    changed = {name for name in ours if ours[name]["sha256"] != theirs[name]["sha256"]}
    assert changed <= {"warehouse.duckdb"}  # DuckDB numbers its blocks as it likes; its tables' digests are equal
    assert made.manifest(edition)["tables"] == made.manifest(again)["tables"]


# Warehouse and exports


def test_only_schema_main_comes_along_with_its_comments(edition: Path) -> None:
    with duckdb.connect(str(edition / "warehouse.duckdb"), read_only=True) as con:
        names = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        comment = con.execute("SELECT comment FROM duckdb_tables() WHERE table_name = 'dim_division'").fetchone()
        column = con.execute(
            "SELECT comment FROM duckdb_columns() WHERE table_name = 'dim_division' AND column_name = 'name'"
        ).fetchone()
    assert "stg_anything" not in names
    assert "rank_division" in names
    assert comment == ("区划 (one row = a division's period of validity)",)
    assert column == ("区划名称",)


def test_storage_version_stands_in_the_file(edition: Path) -> None:
    head = (edition / "warehouse.duckdb").read_bytes()[:20]
    assert head[8:12] == b"DUCK"
    assert int.from_bytes(head[12:20], "little") == STORAGE_NUMBERS[STORAGE_VERSION]


def test_csv_is_for_spreadsheets_and_runs_no_formula(edition: Path) -> None:
    content = (edition / "csv" / "dim_submission.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    names = [row["source_name"] for row in rows]
    assert "'" + made.FORMULA_NAME in names
    assert not any(name.startswith(("=", "+", "-", "@")) for name in names)


def test_parquet_is_exact(edition: Path) -> None:
    with duckdb.connect() as con:
        path = edition / "parquet" / "dim_submission.parquet"
        names = con.execute("SELECT source_name FROM read_parquet(?)", [str(path)]).fetchall()
        score = con.execute(
            "SELECT score FROM read_parquet(?) WHERE division_key = 'c3'",
            [str(edition / "parquet" / "rank_division.parquet")],
        ).fetchone()
    assert (made.FORMULA_NAME,) in names
    assert score == (Decimal("60.00499999"),)


def test_digests_do_not_depend_on_the_edition_id(tmp_path: Path) -> None:
    digests = []
    for edition_id, changes in (("e1", {}), ("e2", {}), ("e3", {"score_of_c3": "60.00500000"})):
        build = made.build_database(tmp_path / f"{edition_id}.duckdb", edition_id, **changes)
        editions.export_warehouse(build, tmp_path / edition_id)
        digests.append(editions.table_digests(tmp_path / edition_id))
    assert digests[0] == digests[1]
    assert {name for name in digests[0] if digests[0][name] != digests[2][name]} == {"rank_division", "rank_department"}


# Manifest, difference and the act of publication


def test_manifest_lists_every_file_but_itself(edition: Path) -> None:
    listed = made.manifest(edition)["files"]
    present = {path.relative_to(edition).as_posix() for path in edition.rglob("*") if path.is_file()}
    assert set(listed) == present - {"manifest.json"}
    assert editions.verify(edition) == []


def test_a_changed_file_is_found(copy_of: Callable[..., Path]) -> None:
    private = copy_of()
    (private / "site" / "index.html").write_text("other", encoding="utf-8")
    (private / "extra.txt").write_text("more", encoding="utf-8")
    assert editions.verify(private) == [
        "extra.txt 不在清单中 is not in the manifest",
        "site/index.html 有改动 has changed since it was published",
    ]


def test_difference_of_equal_editions_is_unchanged(edition: Path, tmp_path: Path) -> None:
    build = made.build_database(tmp_path / "b.duckdb", "e2")
    editions.export_warehouse(build, tmp_path / "e2")
    assert editions.difference(edition, tmp_path / "e2") == {"unchanged": True}
    assert json.loads((tmp_path / "e2" / "diff.json").read_text(encoding="utf-8")) == {"unchanged": True}


def test_difference_names_what_moved(edition: Path, tmp_path: Path) -> None:
    build = made.build_database(tmp_path / "b.duckdb", "e2")
    with duckdb.connect(str(build)) as con:
        con.execute("UPDATE rank_division SET rank = 2, is_tied = false WHERE division_key = 'c2'")
        con.execute("UPDATE dim_submission SET is_current = false WHERE submission_version_id = 'v5'")
        con.execute("UPDATE dim_submission SET is_current = submission_version_id = 'v1a' WHERE division_key = 'c1'")
        con.execute("UPDATE dim_submission SET status = 'accepted' WHERE submission_version_id = 'v3'")
    editions.export_warehouse(build, tmp_path / "e2")
    found = editions.difference(edition, tmp_path / "e2")
    assert [(row["name"], row["fiscal_year"], row["from"], row["to"]) for row in found["ranks_moved"]] == [
        ("二县", 2024, 1, 2)
    ]
    assert [row["department_name"] for row in found["withdrawn"]] == ["五区商务局"]
    assert [(row["submission_version_id"], row["replaces"]) for row in found["restated"]] == [("v1a", "v1b")]
    assert [(row["status_before"], row["status"]) for row in found["reassessed"]] == [("returned", "accepted")]
    assert found["added"] == []


def test_publishing_moves_the_pointer_and_locks_the_files(copy_of: Callable[..., Path], tmp_path: Path) -> None:
    target = tmp_path / "editions"
    assert editions.current(target) is None
    assert acts.publish(copy_of("e1"), target) == "published"
    assert str((target / "current").readlink()) == "e1"
    assert editions.current(target) == target / "e1"
    mode = (target / "e1" / "warehouse.duckdb").stat().st_mode
    assert not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    assert editions.verify(target / "e1") == []
    assert [line["event"] for line in editions.history(target)] == ["publish"]


def test_the_same_edition_again_is_unchanged(copy_of: Callable[..., Path], tmp_path: Path) -> None:
    target = tmp_path / "editions"
    acts.publish(copy_of("e1"), target)
    private = copy_of("e1", code_version="later")
    assert acts.publish(private, target) == "unchanged"
    assert not private.exists()
    assert len(editions.history(target)) == 1


def test_an_edition_never_changes_under_its_id(copy_of: Callable[..., Path], tmp_path: Path) -> None:
    target = tmp_path / "editions"
    acts.publish(copy_of("e1"), target)
    other = made.make_edition(tmp_path / "other", score_of_c3="61.00000000")
    with pytest.raises(editions.PublicationError, match="rank_department, rank_division"):
        acts.publish(other, target)
    assert other.exists()


def test_a_held_gate_is_not_published(copy_of: Callable[..., Path], tmp_path: Path) -> None:
    target = tmp_path / "editions"
    acts.publish(copy_of("e1"), target)
    with pytest.raises(editions.PublicationError, match="gate holds"):
        acts.publish(copy_of("e2", gate_decision="hold"), target)
    assert str((target / "current").readlink()) == "e1"


def test_a_crash_before_the_pointer_moved_is_mended(copy_of: Callable[..., Path], tmp_path: Path) -> None:
    target = tmp_path / "editions"
    target.mkdir()
    copy_of("e1").rename(target / "e1")
    assert acts.publish(copy_of("e1"), target) == "published"
    assert str((target / "current").readlink()) == "e1"
    assert len(editions.history(target)) == 1


def test_rollback_goes_back_and_back_again(copy_of: Callable[..., Path], tmp_path: Path) -> None:
    target = tmp_path / "editions"
    for edition_id in ("e1", "e2", "e3"):
        acts.publish(copy_of(edition_id), target)
    assert acts.rollback(target) == "e2"
    assert str((target / "current").readlink()) == "e2"
    assert acts.publish(copy_of("e3"), target) == "withdrawn"  # what was taken back stays back
    assert str((target / "current").readlink()) == "e2"
    acts.publish(copy_of("e4"), target)
    assert acts.rollback(target) == "e2"
    assert acts.rollback(target, to="e4") == "e4"  # unless a person restores it
    with pytest.raises(editions.PublicationError, match="不能退回到 e4"):
        acts.rollback(target, to="e4")
    assert acts.rollback(target) == "e2"
    assert acts.rollback(target) == "e1"
    with pytest.raises(editions.PublicationError, match="no earlier edition"):
        acts.rollback(target)
    told = [line["event"] for line in editions.history(target)]
    assert told == [*["publish"] * 3, "rollback", "publish", "rollback", "restore", *["rollback"] * 2]


def test_a_cut_line_of_the_record_is_no_record(tmp_path: Path) -> None:
    editions.record(tmp_path, {"event": "publish", "edition_id": "e1"})
    with (tmp_path / "publications.jsonl").open("ab") as stream:
        stream.write(b'{"event": "publ')
    editions.record(tmp_path, {"event": "hold", "edition_id": "e2"})
    assert [line["edition_id"] for line in editions.history(tmp_path)] == ["e1", "e2"]


def test_an_id_that_leaves_the_directory_is_refused(tmp_path: Path) -> None:
    for name in ("../elsewhere", "", "current", ".hidden"):
        with pytest.raises(editions.PublicationError):
            editions.begin(tmp_path, made.facts(name))
    with pytest.raises(editions.PublicationError, match="lake_digest"):
        editions.begin(tmp_path, {key: value for key, value in made.facts().items() if key != "lake_digest"})


def _publish_there(private: Path, target: Path) -> None:
    acts.publish(private, target)


def test_publishers_exclude_one_another(copy_of: Callable[..., Path], tmp_path: Path) -> None:
    target = tmp_path / "editions"
    copies = [copy_of(f"e{number}") for number in range(1, 4)]
    workers = [multiprocessing.Process(target=_publish_there, args=(private, target)) for private in copies]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    events = editions.history(target)
    assert sorted(line["edition_id"] for line in events) == ["e1", "e2", "e3"]
    assert str((target / "current").readlink()) == events[-1]["edition_id"]


def test_no_publication_claims_more_of_the_interval_than_the_method_draws(edition: Path) -> None:
    """The page says all that the draws move, from the method's own data; the notes of the bulletin say no more."""
    method = page(edition, "method.html")
    for moved in ("各部分权重在±20%之间", "机会25%", "未核实的事实从不算到全算", "从零到同类组的中位得分"):
        assert moved in method
    notes = " ".join(bulletin.compose(edition).notes)
    for moved in ("权重和目标口径变动", "未核实和不能评价的部分", "缺报和退回的报告"):
        assert moved in notes
