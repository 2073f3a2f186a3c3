"""Months later: all is read again by a newer reader, words are erased on a person's request, the machine is lost, and
another one goes on from a backup.
"""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest.lake import Lake
from tests.nights import Home, Run, comparable
from tests.older_readings import OLDER, age, change


def ranks(home: Home) -> list[tuple[object, ...]]:
    columns = "method_id, fiscal_year, division_key, rank, rank_low, rank_high, score, due, received, accepted"
    return home.rows(f"select {columns} from rank_division order by all")


def erase_words_of_a_sentence(home: Home, words: Path) -> str:
    """Erase what stands in a sentence about a problem, as if it were a name. Gives the edition that shows it."""
    [(quote,)] = home.rows("select quote from fct_statement where kind = 'problem' order by statement_id limit 1")
    [found, *_] = re.findall("[\u4e00-\u9fff]{6}", quote)
    words.write_text(f"{found}\n", encoding="utf-8")
    assert "lake" in {kind for kind, _ in still_there(home, words)}
    erased = home.command("privacy", "erase", "--words", str(words), "--by", "王科员", "--reason", "来函申请", "--yes")
    assert erased.returncode == 0, erased.stderr
    return home.current.name


def still_there(home: Home, words: Path) -> set[tuple[str, str]]:
    """Where words are found: the kind of each place, and its name where it is an edition's."""
    asked = ["--words", str(words), "--by", "王科员", "--reason", "来函申请", "--json"]
    found = home.command("privacy", "find", *asked)
    assert found.returncode == 0, found.stderr
    rows = json.loads(found.stdout)
    return {(row["kind"], row["name"] if row["kind"] == "edition" else "") for row in rows}


@pytest.mark.night
def test_read_again_backed_up_restored_and_gone_on(sample_night: tuple[Home, Run], tmp_path: Path) -> None:
    home = sample_night[0].copy_to(tmp_path / "home")
    before = ranks(home)
    age(home.path / "lake")
    change(home.path / "lake", "claim", lambda row: None if row["kind"] == "indicator" else row)

    read = home.command("replay")
    assert read.returncode == 0, read.stderr
    rows = Lake(home.path / "lake").read("submission_version", ["submission_version_id", "reader_version", "verdict"])
    verdicts = {row["submission_version_id"]: row["verdict"] for row in rows if row["reader_version"] == OLDER}
    again = {row["submission_version_id"]: row["verdict"] for row in rows if row["reader_version"] != OLDER}
    assert again == verdicts, "judged among those that had come before, as it was when it was filed"

    erased = erase_words_of_a_sentence(home, tmp_path / "words.txt")
    place = str(tmp_path / "backup")
    assert home.command("backup", "--to", place).returncode == 0
    other = Home(tmp_path / "other")
    restored = other.command("restore", "--from", place)
    assert restored.returncode == 0, restored.stderr
    assert other.current.name == home.current.name
    of_the_moment = {"home": "", "disk_free_bytes": 0, "age_hours": 0}
    status = [json.loads(one.command("status", "--json").stdout) | of_the_moment for one in (home, other)]
    assert status[0] == status[1]

    as_of = ["publish", "--as-of", Lake(home.path / "lake").newest().isoformat()]
    with ThreadPoolExecutor(2) as pool:
        for ran in pool.map(lambda one: one.command(*as_of), (home, other)):
            assert ran.returncode == 0, ran.stderr[-2000:]
    assert comparable(home.manifest) == comparable(other.manifest), "the next night gives the same bytes on both"
    assert ranks(home) == before, "what is read as before is ranked as before, whatever was erased beside the figures"
    assert still_there(home, tmp_path / "words.txt") <= {("inbox", ""), ("edition", erased)}
    assert {kind for kind, _ in still_there(other, tmp_path / "words.txt")} <= {"inbox", "edition"}
    verified = other.command("verify")
    assert verified.returncode == 0, verified.stdout[-2000:]
