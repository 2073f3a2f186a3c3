"""Packages with a manifest: each member an arrival of its own, what is wrong told in typed reasons."""

import io
import json
import struct
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from ingest.channels.parcels import is_parcel, members_of
from ingest.documents import read_document
from ingest.documents.document import DocumentError
from ingest.intake import Intake, IntakeCounts
from ingest.reader import Outcome
from ingest.reasons import reasons
from ingest.receipts import folder_of
from jiheng.files import sha256_of_bytes
from jiheng.settings import Settings
from tests.unit.test_intake import settings as settings  # noqa: PLC0414  the fixture of an installation

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HEADER = "文件,区划,部门,年度,校验值\n"


def report(department: str = "教育局", amount: int = 100) -> bytes:
    text = (
        f"示例县{department}部门整体支出绩效自评报告\n（2024年度）\n年初预算{amount}万元。自评结果为90分，等级为优。\n"
    )
    return text.encode()


def packed(files: dict[str, bytes], manifest: str = "清单.csv") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    assert manifest in files or not manifest
    return target.getvalue()


def packed_in_gbk(files: dict[str, bytes]) -> bytes:
    """A package as Chinese Windows programs write it: names in GBK, without a flag that says so."""
    named = {chr(ord("A") + number) * len(name.encode("gbk")): name for number, name in enumerate(files)}
    made = packed({standing_in: files[name] for standing_in, name in named.items()}, manifest="")
    for standing_in, name in named.items():
        made = made.replace(standing_in.encode(), name.encode("gbk"))
    return made


def reasons_of(content: bytes) -> dict[str, str | None]:
    return {one.name: one.reason_code for one in members_of(content)}


def taken_in(settings: Settings, hours: int = 0) -> IntakeCounts:
    run = Intake(settings, f"run {hours}", NOON + timedelta(hours=hours))
    run.take_in()
    run.read_and_check()
    return run.land()


def arrivals(settings: Settings) -> dict[str, dict[str, object]]:
    return {row["source_name"]: row for row in Intake(settings, "look", NOON).lake.read("arrival")}


def good_parcel(**more: bytes) -> bytes:
    lines = HEADER + "教育.txt,示例县,教育局,2024,\n财政/财政.txt,d1,示例县财政局,2024年度,\n"
    files = {"清单.csv": lines.encode(), "教育.txt": report(), "财政/财政.txt": report("财政局", 300)}
    return packed(files | more)


def test_each_member_of_a_parcel_is_an_arrival_of_its_own(settings: Settings) -> None:
    (settings.inbox / "d1").mkdir()
    (settings.inbox / "d1" / "全县.zip").write_bytes(good_parcel())
    assert taken_in(settings) == IntakeCounts(2, 2, 0, 0, taken_in_batch(settings))
    rows = arrivals(settings)
    assert {
        name: (row["outcome"], row["channel"], row["parcel"], row["sender_division"]) for name, row in rows.items()
    } == {
        "d1/全县.zip": ("unpacked", "drop", None, "d1"),
        "d1/全县.zip/教育.txt": ("identified", "package", "d1/全县.zip", "d1"),
        "d1/全县.zip/财政/财政.txt": ("identified", "package", "d1/全县.zip", "d1"),
    }
    archive = Intake(settings, "look", NOON).archive
    assert archive.path_of(str(rows["d1/全县.zip/教育.txt"]["sha256"])).read_bytes() == report()
    assert archive.path_of(str(rows["d1/全县.zip"]["sha256"])).read_bytes() == good_parcel()
    assert taken_in(settings, 1).received == 0


def taken_in_batch(settings: Settings) -> str:
    [batch] = Intake(settings, "look", NOON).lake.batch_ids_of("arrival")
    return batch


def test_the_receipt_of_a_parcel_lists_its_members_and_each_has_its_own(settings: Settings) -> None:
    files = {
        "清单.csv": (HEADER + "教育.txt,,,,\n没有.txt,,,,\n").encode(),
        "教育.txt": report(),
        "多的.txt": report("财政局"),
    }
    (settings.inbox / "包.zip").write_bytes(packed(files))
    taken_in(settings)
    [path] = folder_of(settings.receipts, "包.zip").glob("*.json")
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["verdict"] == "unpacked"
    assert {one["source_name"]: one["verdict"] for one in told["members"]} == {
        "包.zip/教育.txt": "accepted_with_findings",
        "包.zip/没有.txt": "quarantined",
        "包.zip/多的.txt": "quarantined",
    }
    page = path.with_suffix(".html").read_text(encoding="utf-8")
    assert "没有.txt" in page and "请补上文件" in page and "示例县教育局" in page
    for name in ("教育.txt", "没有.txt", "多的.txt"):
        folder = folder_of(settings.receipts, f"包.zip/{name}", "包.zip")
        assert folder.parent == path.parent
        assert {one.suffix for one in folder.iterdir()} == {".json", ".xlsx", ".html"}


def test_receipts_may_lie_beside_the_packages(settings: Settings) -> None:
    settings = Settings(settings.home, receipts=settings.inbox)
    (settings.inbox / "包.zip").write_bytes(good_parcel())
    taken_in(settings)
    assert len(list(settings.inbox.rglob("*.html"))) == 3
    assert taken_in(settings, 1).received == 0


def test_a_package_without_a_manifest_is_one_document(settings: Settings) -> None:
    content = packed({"教育.txt": report(), "附表.txt": "附表".encode()}, manifest="")
    assert not is_parcel(content)
    (settings.inbox / "a.zip").write_bytes(content)
    assert taken_in(settings).received == 1
    assert [row["outcome"] for row in arrivals(settings).values()] == ["identified"]


@pytest.mark.parametrize(
    "manifest",
    [
        "file,division,department,fiscal_year\n教育.txt,示例县,教育局,2024\n".encode(),
        "\ufeff文件名,区划名称,部门名称,年度\r\n教育.txt,示例县,教育局,2024年度\r\n".encode(),
        "文件,区划,部门,年度\n教育.txt,示例县,教育局,2024\n".encode("gb18030"),
        f'"文件","区划","部门","年度","SHA256"\n教育.txt,,,,{sha256_of_bytes(report()).upper()}\n'.encode(),
    ],
    ids=["English", "marked UTF-8", "GB18030", "quoted, with a hash"],
)
@pytest.mark.parametrize("name", ["manifest.csv", "清单.csv", "MANIFEST.CSV", "报送包/清单.csv"])
def test_manifests_as_people_write_them(manifest: bytes, name: str) -> None:
    folder = name.rpartition("/")[0]
    files = {name: manifest, f"{folder}/教育.txt".removeprefix("/"): report(), "__MACOSX/._教育.txt": b"x"}
    assert reasons_of(packed(files, name)) == {"教育.txt": None}


def test_names_in_gbk(settings: Settings) -> None:
    manifest = "文件,区划,部门,年度\n县教育局自评.txt,示例县,教育局,2024\n".encode("gbk")
    content = packed_in_gbk({"清单.csv": manifest, "县教育局自评.txt": report()})
    assert is_parcel(content)
    assert reasons_of(content) == {"县教育局自评.txt": None}


def test_what_is_wrong_with_one_member_is_no_harm_to_the_others() -> None:
    inner = good_parcel()
    wrong = "0" * 64
    lines = f"好.txt,,,,\n缺.txt,,,,\n换.txt,,,,{wrong}\n空.txt,,,,\n内.zip,,,,\n"
    files = {"清单.csv": (HEADER + lines).encode(), "好.txt": report(), "换.txt": report("财政局")}
    found = reasons_of(packed(files | {"空.txt": b"", "内.zip": inner, "多.txt": b"x"}))
    assert found == {
        "好.txt": None,
        "缺.txt": "MEMBER_MISSING",
        "换.txt": "MEMBER_HASH_DIFFERS",
        "空.txt": None,
        "内.zip": "NESTED_PARCEL",
        "多.txt": "MEMBER_NOT_LISTED",
    }


@pytest.mark.parametrize(
    "name", ["../逃.txt", "/etc/逃.txt", "C:\\逃.txt", "..\\..\\逃.txt", "a/../../逃.txt", "a/\x01逃.txt"]
)
@pytest.mark.parametrize("listed", [True, False])
def test_names_that_lead_out_of_the_package_lead_nowhere(settings: Settings, name: str, listed: bool) -> None:
    line = f"{name},,,,\n" if listed else "好.txt,,,,\n"
    files = {"清单.csv": (HEADER + line).encode(), name: report("财政局"), "好.txt": report()}
    (settings.inbox / "包.zip").write_bytes(packed(files))
    before = {path for path in settings.home.parent.rglob("*") if not path.is_relative_to(settings.home)}
    taken_in(settings)
    rows = arrivals(settings)
    refused = [row for row in rows.values() if row["reason_code"] == "UNSAFE_NAME"]
    assert len(refused) == 1 and str(refused[0]["source_name"]).startswith("包.zip/")
    assert {path for path in settings.home.parent.rglob("*") if not path.is_relative_to(settings.home)} == before


def test_two_members_of_one_name() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("清单.csv", (HEADER + "a.txt,,,,\n").encode())
        archive.writestr("a.txt", report())
        archive.writestr("a.txt", report(amount=999))
    assert reasons_of(target.getvalue()) == {"a.txt": "UNSAFE_NAME"}


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        (b"", "缺少列"),
        ("文件,部门,年度\na.txt,,\n".encode(), "缺少列：division"),
        ((HEADER + "a.txt,,,二〇二四,\n").encode(), "第2行“fiscal_year”列：年度应写作 2024"),
        ((HEADER + "\na.txt,,,2024,abc\n").encode(), "第3行“sha256”列"),
        ((HEADER + ",示例县,,2024,\n").encode(), "第2行“file”列：请填写文件名"),
        ((HEADER + "a.txt,,,,\na.txt,,,,\n").encode(), "列了两次"),
        (HEADER.encode(), "没有列出任何文件"),
        (b"\x81\xff\xff" * 9, "编码"),
    ],
)
def test_a_manifest_that_cannot_be_read_says_where(settings: Settings, manifest: bytes, says: str) -> None:
    (settings.inbox / "包.zip").write_bytes(packed({"清单.csv": manifest, "a.txt": report()}))
    assert taken_in(settings).quarantined == 1
    [row] = arrivals(settings).values()
    assert row["reason_code"] == "MANIFEST_UNREADABLE" and says in str(row["detail"])
    [page] = settings.receipts.rglob("*.html")
    assert says in page.read_text(encoding="utf-8")


def test_a_bomb_is_refused_before_it_is_unpacked(settings: Settings) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("清单.csv", (HEADER + "a.txt,,,,\n").encode())
        archive.writestr("a.txt", b"0" * 60_000_000)
        archive.writestr("b.txt", b"0" * 60_000_000)
    (settings.inbox / "包.zip").write_bytes(target.getvalue())
    assert taken_in(settings).quarantined == 1
    assert [row["reason_code"] for row in arrivals(settings).values()] == ["TOO_LARGE"]


def test_a_member_that_says_less_than_it_holds_is_damaged() -> None:
    content = bytearray(packed({"清单.csv": (HEADER + "a.txt,,,,\n").encode(), "a.txt": b"0" * 100_000}))
    directory = content.rindex(b"PK\x01\x02")
    assert struct.unpack_from("<I", content, directory + 24)[0] == 100_000
    struct.pack_into("<I", content, directory + 24, 10)
    [member] = members_of(bytes(content))
    assert member.reason_code == "UNREADABLE"


def test_a_directory_without_end_is_not_even_opened() -> None:
    content = bytearray(good_parcel())
    end = content.rindex(b"PK\x05\x06")
    struct.pack_into("<I", content, end + 12, 2**31)
    assert not is_parcel(bytes(content))
    assert not is_parcel(b"") and not is_parcel(b"PK\x05\x06") and not is_parcel(b"text")


def test_a_damaged_package_goes_to_its_reader(settings: Settings) -> None:
    damaged = good_parcel()[:-200]
    assert not is_parcel(damaged)
    with pytest.raises(DocumentError) as refused:
        read_document(damaged)
    assert refused.value.reason_code == "UNREADABLE"


def test_a_mended_parcel_is_taken_though_its_files_came_before(settings: Settings) -> None:
    good, other = report(), report("财政局")
    files = {"好.txt": good, "多.txt": other}
    (settings.inbox / "包.zip").write_bytes(packed({"清单.csv": (HEADER + f"好.txt,,,,{'0' * 64}\n").encode()} | files))
    assert taken_in(settings).quarantined == 2
    mended = HEADER + f"好.txt,,,,{sha256_of_bytes(good)}\n多.txt,,,,\n"
    (settings.inbox / "包.zip").write_bytes(packed({"清单.csv": mended.encode()} | files))
    assert taken_in(settings, 1).accepted == 2
    (settings.inbox / "包.zip").write_bytes(packed({"清单.csv": mended.encode(), "说明.txt": b"x"} | files))
    assert taken_in(settings, 2).accepted == 0
    assert {name: row["reason_code"] for name, row in arrivals(settings).items()} == {
        "包.zip": None,
        "包.zip/好.txt": "DUPLICATE",
        "包.zip/多.txt": "DUPLICATE",
        "包.zip/说明.txt": "MEMBER_NOT_LISTED",
    }
    assert taken_in(settings, 3).received == 0


def test_a_member_that_our_reader_failed_on_is_tried_again_and_nothing_else_of_its_parcel(settings: Settings) -> None:
    (settings.inbox / "包.zip").write_bytes(good_parcel(多的=b"x"))
    run = Intake(settings, "run 0", NOON)
    run.take_in()
    run.read_and_check()
    [failed] = [one for one in run._arrivals() if one.source_name.endswith("教育.txt")]
    (run.work / "outcomes" / f"{failed.arrival_id}.jsonl").write_text(Outcome(None, "READER_FAILED").kept())
    run.land()
    [page] = folder_of(settings.receipts, failed.source_name, "包.zip").glob("*.html")
    assert "系统会自动重读" in page.read_text(encoding="utf-8")
    assert taken_in(settings, 1).received == 0, "it rests first"
    counts = taken_in(settings, 13)
    assert (counts.received, counts.accepted) == (1, 1)
    assert taken_in(settings, 14).received == 0


def test_a_report_that_is_not_the_one_of_the_manifest_is_returned(settings: Settings) -> None:
    lines = "教育.txt,别的县,教育局,2024,\n财政.txt,示例县,财政局,2023,\n"
    files = {"清单.csv": (HEADER + lines).encode(), "教育.txt": report(), "财政.txt": report("财政局")}
    (settings.inbox / "包.zip").write_bytes(packed(files))
    assert taken_in(settings).returned == 2
    found = [row for row in Intake(settings, "look", NOON).lake.read("finding") if row["rule_id"] == "F16"]
    assert [row["message_zh"] for row in found] == [
        "清单所写的区划是“别的县”，报告写的是“示例县教育局”。",
        "清单所写的年度是“2023”，报告写的是“2024”。",
    ]


def test_a_department_is_compared_where_a_register_knows_it(settings: Settings) -> None:
    due = "division_key,department_name,functions,fiscal_year,due_on,source\n"
    due += "d1,教育局,education,2024,2026-12-31,test\nd1,财政局,finance,2024,2026-12-31,test\n"
    (settings.home / "registers" / "due_submissions.csv").write_text(due, encoding="utf-8")
    lines = "教育.txt,,财政局,,\n财政.txt,,示例县的财政,,\n"
    files = {"清单.csv": (HEADER + lines).encode(), "教育.txt": report(), "财政.txt": report("财政局")}
    (settings.inbox / "包.zip").write_bytes(packed(files))
    assert taken_in(settings).returned == 1
    failed = [row for row in Intake(settings, "look", NOON).lake.read("finding") if row["rule_id"] == "F16"]
    assert [(row["outcome"], row["expected"], row["found"]) for row in failed] == [
        ("fail", "示例县财政局", "示例县教育局"),
        ("pass", None, None),
    ]


def test_every_reason_is_complete() -> None:
    for code, row in reasons().items():
        assert row["kind"] in ("sender", "duplicate", "ours"), code
        assert row["about"] in ("content", "name", "parcel") and row["detail_for"] in ("sender", "operator")
        assert row["reason_zh"].endswith("。") and row["reason_en"].endswith(".")
