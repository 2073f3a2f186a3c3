"""The upload's parts: who may, how much, what a file is called, and when it lies where the intake looks."""

import io
import os
import unicodedata
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from upath import UPath

from ingest.channels.places import Place, offers_in
from ingest.receipts import FOLDER_ENDING, folder_of
from ingest.upload.limits import Limits
from ingest.upload.names import LONGEST_BYTES, UNNAMED, safe_name
from ingest.upload.refusals import Refusal
from ingest.upload.store import Content, Upload, Uploads
from ingest.upload.tokens import TokenBook, TokenError
from jiheng.files import sha256_of_bytes
from jiheng.settings import Settings

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
LAST_DAY = date(2026, 3, 31)
RIGHT_TO_LEFT = "\u202e"


@pytest.fixture
def book(tmp_path: Path) -> TokenBook:
    return TokenBook(tmp_path / "tokens.jsonl")


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path / "uploads", "d1")


def content(text: str, name: str = "自评报告.txt") -> Content:
    raw = text.encode()
    return Content(name, io.BytesIO(raw), len(raw), sha256_of_bytes(raw))


def seen_by_the_intake(uploads: Uploads) -> list[Path]:
    return [Path(one.address) for one in offers_in(Place(UPath(uploads.root), "upload"), ())]


def test_a_token_is_known_by_its_hash_only(book: TokenBook) -> None:
    secret, token = book.issue("d1", "经办人", LAST_DAY, NOON)
    assert len(secret.removeprefix("jiheng_")) * 6 >= 256
    assert book.division_of(secret, NOON) == "d1"
    assert secret not in book.path.read_text() and sha256_of_bytes(secret.encode()) == token.sha256
    assert book.path.stat().st_mode & 0o777 == 0o600
    assert [(one.division_key, one.issued_by, one.until) for one in book.tokens()] == [("d1", "经办人", LAST_DAY)]


def test_only_the_token_itself_is_let_in(book: TokenBook) -> None:
    secret, token = book.issue("d1", "经办人", LAST_DAY, NOON)
    other, _ = book.issue("d2", "经办人", LAST_DAY, NOON)
    assert book.division_of(other, NOON) == "d2"
    for wrong in ("", secret[:-1], f"{secret}x", secret.upper(), token.sha256, token.token_id, "密"):
        assert book.division_of(wrong, NOON) is None


def test_a_token_holds_to_the_end_of_its_last_day_here(book: TokenBook) -> None:
    secret, _ = book.issue("d1", "经办人", LAST_DAY, NOON)
    assert book.division_of(secret, datetime(2026, 3, 31, 15, 59, tzinfo=UTC)) == "d1"
    assert book.division_of(secret, datetime(2026, 3, 31, 16, 0, tzinfo=UTC)) is None


def test_a_revoked_token_is_over_at_once_and_others_stay(book: TokenBook) -> None:
    secret, token = book.issue("d1", "经办人", LAST_DAY, NOON)
    second, _ = book.issue("d1", "经办人", LAST_DAY, NOON)
    book.revoke(token.token_id, "处长", "人员调离", NOON)
    assert book.division_of(secret, NOON) is None
    assert book.division_of(second, NOON) == "d1"
    assert [one.state_at(NOON) for one in book.tokens()] == ["revoked", "valid"]
    with pytest.raises(TokenError, match="revoked already"):
        book.revoke(token.token_id, "处长", "再次", NOON)
    with pytest.raises(TokenError, match="no token"):
        book.revoke("000000000000", "处长", "没有", NOON)


@pytest.mark.parametrize(
    ("division", "by", "until"),
    [("../d1", "甲", LAST_DAY), ("", "甲", LAST_DAY), ("d1", " ", LAST_DAY), ("d1", "甲", date(2026, 2, 28))],
)
def test_a_token_needs_a_key_a_name_and_a_day_to_come(book: TokenBook, division: str, by: str, until: date) -> None:
    with pytest.raises(TokenError):
        book.issue(division, by, until, NOON)
    assert book.tokens() == []


def test_a_line_that_a_killed_process_left_is_passed_over_and_mended(book: TokenBook) -> None:
    secret, _ = book.issue("d1", "经办人", LAST_DAY, NOON)
    with book.path.open("a") as stream:
        stream.write('{"event": "iss')
    assert book.division_of(secret, NOON) == "d1"
    second, _ = book.issue("d2", "经办人", LAST_DAY, NOON)
    assert book.division_of(second, NOON) == "d2" and len(book.tokens()) == 2


def test_a_file_of_tokens_that_is_not_ours_lets_nobody_in(book: TokenBook) -> None:
    secret, _ = book.issue("d1", "经办人", LAST_DAY, NOON)
    book.path.chmod(0o666)
    with pytest.raises(TokenError, match="chmod 600"):
        book.division_of(secret, NOON)
    book.path.chmod(0o600)
    with book.path.open("a") as stream:
        stream.write("nonsense\n")
    with pytest.raises(TokenError, match="line 2"):
        book.division_of(secret, NOON)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2024年度部门整体支出绩效自评报告（定稿）.docx", "2024年度部门整体支出绩效自评报告（定稿）.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\甲\\桌面\\自评.xlsx", "自评.xlsx"),
        (f"自评{RIGHT_TO_LEFT}xslx.exe", "自评xslx.exe"),
        ("自评\n报告\x00\x1b[31m.txt", "自评 报告[31m.txt"),
        (".自评.docx", "自评.docx"),
        ("~$自评.docx", "$自评.docx"),
        ("自评.docx.tmp", "自评.docx_tmp"),
        ('自评"一":*?.docx', "自评_一____.docx"),
        ("..", UNNAMED),
        ("", UNNAMED),
        ("/", UNNAMED),
        ("自评报告.docx".encode("gb18030").decode("latin-1"), "自评报告.docx"),
        ("re\u0301sume\u0301.txt", "résumé.txt"),
    ],
)
def test_names_are_safe_and_stay_readable(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


def test_a_long_name_keeps_its_beginning_and_its_suffix() -> None:
    name = safe_name("绩" * 300 + ".docx")
    assert name.startswith("绩绩") and name.endswith("绩.docx") and len(name.encode()) <= LONGEST_BYTES
    assert folder_of(Path("r"), f"upload/d/i/{name}").name == f"{name}{FOLDER_ENDING}"


SIGNS = st.one_of(st.characters(), st.sampled_from([*"./\\~$ .-", RIGHT_TO_LEFT, "\0", "\n", ".tmp", ".part"]))


@given(st.lists(SIGNS, max_size=300).map("".join))
def test_any_name_is_one_visible_file_of_its_folder(sent: str) -> None:
    name = safe_name(sent)
    assert 0 < len(name.encode()) <= LONGEST_BYTES
    assert Path(name).name == name and "\\" not in name and not name.startswith((".", "~$"))
    assert all(unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for sign in name)


@given(st.text(min_size=1, max_size=40), st.sampled_from([".tmp", ".part", ".docx", "", ".crdownload"]))
def test_what_is_kept_under_any_name_is_seen_by_the_intake(tmp_path_factory, stem: str, suffix: str) -> None:
    uploads = Uploads(tmp_path_factory.mktemp("uploads"), "d1")
    kept, _ = uploads.keep(content("x", stem + suffix), Limits(), NOON)
    assert seen_by_the_intake(uploads) == [kept.path]


def test_an_upload_lies_complete_in_a_folder_of_its_own(uploads: Uploads) -> None:
    kept, is_new = uploads.keep(content("内容"), Limits(), NOON)
    assert is_new and kept.path.read_text() == "内容"
    assert kept.path == uploads.root / "d1" / kept.upload_id / "自评报告.txt"
    assert kept.source_name == f"upload/d1/{kept.upload_id}/自评报告.txt"
    assert kept.received_at == NOON
    assert uploads.find(kept.upload_id) == kept
    assert Uploads(uploads.root, "d2").find(kept.upload_id) is None


def test_the_same_bytes_within_a_day_are_the_same_upload(uploads: Uploads) -> None:
    first, _ = uploads.keep(content("甲"), Limits(), NOON)
    again, is_new = uploads.keep(content("甲", "改名.txt"), Limits(), NOON + timedelta(hours=23))
    assert (again, is_new) == (first, False)
    later, is_new = uploads.keep(content("甲"), Limits(), NOON + timedelta(hours=24))
    assert is_new and later.upload_id != first.upload_id
    other, is_new = Uploads(uploads.root, "d2").keep(content("甲"), Limits(), NOON)
    assert is_new and other.division_key == "d2"


def test_what_a_killed_process_left_is_not_seen_and_removed(uploads: Uploads) -> None:
    uploads.folder.mkdir(parents=True)
    (uploads.folder / ".incoming-abc").write_text("half")
    (uploads.folder / "20260301T030000Z-0123456789abcdef").mkdir()
    assert seen_by_the_intake(uploads) == [] and list(uploads.newest_first()) == []
    kept, _ = uploads.keep(content("甲"), Limits(), NOON)
    assert not (uploads.folder / ".incoming-abc").exists()
    assert list(uploads.newest_first()) == [kept]


def test_lists_are_newest_first_and_go_on_where_they_ended(uploads: Uploads) -> None:
    kept = [uploads.keep(content(str(n)), Limits(), NOON + timedelta(minutes=n))[0] for n in range(5)]
    assert list(uploads.newest_first()) == kept[::-1]
    assert list(uploads.newest_first(kept[2].upload_id)) == [kept[1], kept[0]]


@pytest.mark.parametrize("upload_id", ["..", ".lock", "", "20260301T040000Z-0123456789abcdeg", "../d2"])
def test_an_id_is_no_path(uploads: Uploads, upload_id: str) -> None:
    uploads.keep(content("甲"), Limits(), NOON)
    assert uploads.find(upload_id) is None


def test_a_division_waits_when_it_has_handed_in_enough(uploads: Uploads) -> None:
    limits = Limits(an_hour=2, a_day=3)
    for minutes in (0, 10):
        uploads.keep(content(str(minutes)), limits, NOON + timedelta(minutes=minutes))
    with pytest.raises(Refusal) as refused:
        uploads.keep(content("more"), limits, NOON + timedelta(minutes=20))
    assert refused.value.headers["Retry-After"] == str(40 * 60)
    uploads.keep(content("more"), limits, NOON + timedelta(minutes=60))
    Uploads(uploads.root, "d2").keep(content("another"), limits, NOON + timedelta(minutes=60))
    with pytest.raises(Refusal) as refused:
        uploads.keep(content("a fourth"), limits, NOON + timedelta(hours=5))
    assert refused.value.headers["Retry-After"] == str(19 * 3600)


@given(
    st.lists(st.integers(0, 2 * 86_400), max_size=40),
    st.integers(1, 5),
    st.integers(1, 8),
)
def test_whoever_waits_as_told_may_hand_in_and_not_a_second_before(ages: list[int], hour: int, day: int) -> None:
    limits, taken = Limits(an_hour=hour, a_day=day), [NOON - timedelta(seconds=age) for age in ages]
    wait = limits.wait_seconds(taken, NOON)
    assert limits.wait_seconds(taken, NOON + timedelta(seconds=wait)) == 0
    assert not wait or limits.wait_seconds(taken, NOON + timedelta(seconds=wait - 1)) == 1


def test_limits_are_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Limits.of(Settings(tmp_path)) == Limits()
    monkeypatch.setenv("JIHENG_UPLOAD_MIB", "2")
    monkeypatch.setenv("JIHENG_UPLOAD_AN_HOUR", "5")
    assert Limits.of(Settings(tmp_path)) == Limits(mib=2, an_hour=5)
    assert Limits.of(Settings(tmp_path)).size_bytes == 2_097_152


def test_an_upload_read_twice_shows_its_newest_receipt(tmp_path: Path) -> None:
    upload = Upload("d1", "20260301T040000Z-0123456789abcdef", Path("自评.txt"))
    assert upload.receipt(tmp_path) is None
    folder = folder_of(tmp_path, upload.source_name)
    folder.mkdir(parents=True)
    (folder / "zzz.json").write_text("{}")
    assert upload.receipt(tmp_path) is None
    for name in ("bbb", "aaa"):
        (folder / f"{name}.html").write_text(name)
    os.utime(folder / "bbb.html", (0, 0))
    assert upload.receipt(tmp_path) == folder / "aaa.html"
