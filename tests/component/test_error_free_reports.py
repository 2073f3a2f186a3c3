"""Reports without a planted error: nobody is asked to mend or to explain anything (P0, P1)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from ingest.intake import Intake
from jiheng.settings import Settings
from samples.generator import generate

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Intake:
    """Two years of a made-up province without errors, taken in."""
    home = tmp_path_factory.mktemp("error-free")
    generate(home / "province", divisions=30, departments=6, years=2, errors=Decimal(0), seed=31)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIHENG_INBOX", str(home / "province" / "inbox"))
        patch.setenv("JIHENG_REGISTERS", str(home / "province" / "registers"))
        made = Intake(Settings(home), "error-free", NOON)
        made.take_in()
        made.read_and_check()
        assert made.land().returned == 0
    return made


def test_no_error_free_report_is_returned_or_asked(intake: Intake) -> None:
    names = {row["submission_version_id"]: row["source_name"] for row in intake.lake.read("submission_version")}
    asked = [
        f"{row['rule_id']} {row['severity']} {names[row['submission_version_id']]}: {row['message_zh']}"
        for row in intake.lake.read("finding")
        if row["outcome"] == "fail" and row["severity"] != "P2"
    ]
    assert len(names) > 150 and not asked, asked


def test_an_intake_without_new_files_lands_nothing(intake: Intake) -> None:
    again = Intake(intake.settings, "again", NOON + timedelta(hours=1))
    assert again.land().batch_id is None
