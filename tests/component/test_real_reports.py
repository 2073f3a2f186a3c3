"""The two real reports, read from where they lie: the figures that were annotated by hand must come out exactly."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from ingest import registers
from ingest.documents import read_document
from ingest.inbox import Arrival
from ingest.landing import typed_rows
from ingest.reader import Outcome, ReaderData, read_and_check
from jiheng.files import sha256_of_file
from jiheng.settings import PROJECT_ROOT, Settings

# Annotations of what is no figure of the report: cover fields, document numbers, names, periods.
NO_FIGURES = {"meta", "doc_ref", "non_metric", "period", "grade"}
# A number written in characters, and a month as a target: not read yet, and known.
NOT_READ_YET = {"内设股室", "新入区指导意见启用时间"}


@pytest.fixture(scope="module")
def outcomes(real_reports: Path) -> dict[str, Outcome]:
    divisions = registers.division_rows([PROJECT_ROOT / "registers"])
    provinces = {row["division_key"]: row["province_key"] for row in divisions}
    data = ReaderData(registers.directory_of(divisions, []), provinces, Settings(PROJECT_ROOT).reference)
    found = {}
    for path in sorted(real_reports.glob("*.txt")):
        arrival = Arrival(path.stem, path.name, sha256_of_file(path), 0, datetime.now(UTC))
        found[path.stem[:3]] = read_and_check(path, arrival, data)
    return found


def gold(real_reports: Path, name: str) -> list[dict]:
    lines = (real_reports.parent / "gold" / f"gold_{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("name", ["000", "001"])
def test_every_annotated_figure_is_found_with_its_value(outcomes: dict, real_reports: Path, name: str) -> None:
    claims = typed_rows("claim", outcomes[name].rows["claim"])
    missed = []
    for row in gold(real_reports, name):
        if row["kind"] in NO_FIGURES or row["value"] is None:
            continue
        start, end = row["offset"], row["offset"] + len(row["quote"])
        inside = [c for c in claims if c["span_start"] < end and c["span_end"] > start and c["value"] is not None]
        if not any(c["value"] == Decimal(str(row["value"])) for c in inside):
            missed.append(row["name"])
    assert set(missed) <= NOT_READ_YET


@pytest.mark.parametrize("name", ["000", "001"])
def test_every_quotation_stands_in_the_archived_text(outcomes: dict, name: str) -> None:
    text, rows = outcomes[name].text, outcomes[name].rows
    for row in [*rows["claim"], *rows["statement"]]:
        assert text[row["span_start"] : row["span_end"]] == row["quote"]
    assert rows["submission_version"][0]["unclaimed_digit_count"] == 0


def test_no_personal_data_leave_the_archive(outcomes: dict, real_reports: Path) -> None:
    persons = [row["value"] for row in gold(real_reports, "000") if row["name"] in ("填报人", "联系电话")]
    said = json.dumps([outcome.rows for outcome in outcomes.values()], ensure_ascii=False, default=str)
    assert len(persons) == 2
    assert not [person for person in persons if person in said]


def test_who_they_are_from(outcomes: dict) -> None:
    versions = [outcomes[name].rows["submission_version"][0] for name in ("000", "001")]
    assert [(v["department_name"], v["fiscal_year"], v["verdict"]) for v in versions] == [
        ("仲恺高新区经济发展局", 2020, "accepted_with_findings"),
        ("新丰县工业和信息化局", 2021, "returned"),
    ]
    assert all("industry" in version["functions"] for version in versions)


def test_what_the_checks_find(outcomes: dict) -> None:
    failed = {
        name: {row["rule_id"] for row in outcome.rows["finding"] if row["outcome"] == "fail"}
        for name, outcome in outcomes.items()
    }
    assert failed == {
        "000": {
            *(
                "B02",
                "B03",
                "B04",
                "B05",
                "B06",
                "B08",
                "B09",
                "B11",
                "B15",
                "B19",
                "C09",
                "C20",
                "D09",
                "D10",
                "D15",
                "D16",
            ),
            "E04",
        },
        "001": {
            *(
                "A15",
                "A18",
                "B01",
                "B03",
                "B07",
                "B10",
                "B17",
                "B20",
                "B21",
                "B23",
                "B24",
                "C01",
                "C09",
                "C16",
                "C18",
                "D04",
            ),
            "E01",
        },
    }


def test_the_stale_rate_is_shown_with_all_its_sentences(outcomes: dict) -> None:
    rows = outcomes["001"].rows
    [finding] = [row for row in rows["finding"] if row["rule_id"] == "B01" and row["outcome"] == "fail"]
    quotes = {row["claim_id"]: row["quote"] for row in rows["claim"]}
    assert (finding["severity"], finding["found"], finding["expected"]) == ("P0", "182.33%", "355.33%")
    evidence = " ".join(quotes[claim_id] for claim_id in finding["claim_ids"])
    assert all(figure in evidence for figure in ("182.33%", "2132", "600"))


def test_the_text_in_memory_is_the_text_of_the_file(real_reports: Path) -> None:
    for path in real_reports.glob("*.txt"):
        assert read_document(path.read_bytes()).text == path.read_bytes().decode("utf-8")
