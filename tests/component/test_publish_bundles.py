"""site.zip and site-en.zip: whole, small, the same every time, and no link leads nowhere. The page of downloads."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from publish import site
from publish.site import bundles
from tests.component import edition_fixture as made

ZIPS = {"site.zip": "site/index.html", "site-en.zip": "site/en/index.html"}
HIDDEN = {"outside", "online"}
# Asked for by every page and rightly absent: what they would say does not hold away from the server.
ABSENT_STYLES = {"online.css", "status.css"}


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.make_edition(tmp_path_factory.mktemp("edition"))


def unpacked(edition: Path, name: str, target: Path) -> Path:
    with zipfile.ZipFile(edition / name) as archive:
        archive.extractall(target)
    [folder] = target.iterdir()
    return folder


@pytest.mark.parametrize("name", ZIPS)
def test_no_link_in_the_zip_leads_nowhere(edition: Path, tmp_path: Path, name: str) -> None:
    folder = unpacked(edition, name, tmp_path)
    pages = sorted(folder.rglob("*.html"))
    followed = 0
    for page in pages:
        tree = LexborHTMLParser(page.read_text(encoding="utf-8"))
        for node in tree.css("[href], [src]"):
            if HIDDEN & set((node.attributes.get("class") or "").split()):
                continue
            link = urlsplit(node.attributes.get("href") or node.attributes.get("src") or "")
            assert not link.scheme and not link.netloc, f"{page}: {link.geturl()}"
            if node.tag == "link" and Path(link.path).name in ABSENT_STYLES:
                continue
            target = (page.parent / unquote(link.path)).resolve() if link.path else page
            assert target.is_file() and target.is_relative_to(folder.resolve()), f"{page.name}: {link.geturl()}"
            if link.fragment and target.suffix == ".html":
                there = LexborHTMLParser(target.read_text(encoding="utf-8"))
                assert there.css_first(f'[id="{unquote(link.fragment)}"]'), f"{page.name}: {link.geturl()}"
            followed += 1
    assert len(pages) > 15
    assert followed > 200


@pytest.mark.parametrize(("name", "start"), ZIPS.items())
def test_the_zip_has_its_pages_the_small_files_and_words_on_where_to_begin(
    edition: Path, name: str, start: str
) -> None:
    with zipfile.ZipFile(edition / name) as archive:
        names = archive.namelist()
        words = archive.read("e1/README.txt").decode("utf-8-sig")
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    inside = {one.removeprefix("e1/") for one in names}
    assert all(one.startswith("e1/") for one in names)
    assert start in inside and start in words
    assert {"rankings.xlsx", "bulletin.pdf", "bulletin.docx", "notice.txt", "gate.json", "site/style.css"} <= inside
    assert not {"warehouse.duckdb", "site/online.css", "manifest.json", *ZIPS} & inside
    assert not any(one.startswith(("csv/", "parquet/")) for one in inside)
    departments = f"{start.removesuffix('index.html')}department/"
    there = {path.name for path in (edition / departments).iterdir()}
    assert {Path(one).name for one in inside if one.startswith(departments)} == there
    other = "site/index.html" if name == "site-en.zip" else "site/en/index.html"
    assert other not in inside


def test_the_same_edition_gives_the_same_bytes(edition: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    shutil.copytree(edition, again)
    for name in ZIPS:
        (again / name).unlink()
    site.render(again)
    for name in ZIPS:
        assert (again / name).read_bytes() == (edition / name).read_bytes()


def test_many_pages_are_packed_by_two_processes_into_the_same_bytes(
    edition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = tmp_path / "again"
    shutil.copytree(edition, again)
    before = {name: zipfile.ZipFile(edition / name).namelist() for name in ZIPS}
    bundles.write(again, "e1")
    alone = {name: (again / name).read_bytes() for name in ZIPS}
    monkeypatch.setattr(bundles, "MANY", 1)
    bundles.write(again, "e1")
    assert {name: (again / name).read_bytes() for name in ZIPS} == alone
    assert {name: zipfile.ZipFile(again / name).namelist() for name in ZIPS} == before


@pytest.mark.parametrize("page", ["downloads.html", "en/downloads.html"])
def test_downloads_lists_every_file_with_its_size(edition: Path, page: str) -> None:
    tree = LexborHTMLParser((edition / "site" / page).read_text(encoding="utf-8"))
    shown = {}
    for row in tree.css("table.files tbody tr"):
        cells = row.css("td")
        shown[cells[0].text(strip=True)] = cells[2].attributes["data-value"]
        assert cells[1].text(strip=True), "every file says what it is for"
    manifest = json.loads((edition / "manifest.json").read_text(encoding="utf-8"))
    listed = {name: facts["bytes"] for name, facts in manifest["files"].items() if "/" not in name}
    del listed["about.json"]
    assert shown == {name: str(size) for name, size in listed.items()} | {"manifest.json": ""}
    assert set(ZIPS) <= set(shown)
    for link in re.findall(r'href="((?:\.\./)+(?:parquet|csv)/[^"]+)"', tree.html or ""):
        assert ((edition / "site" / page).parent / link).resolve().is_file()
