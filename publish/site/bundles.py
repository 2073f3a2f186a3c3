"""The site as one file for a machine without a network: `site.zip` in Chinese, `site-en.zip` in English.

Everything lies in a folder named after the edition, as in the edition itself, so that links between pages and to the
small files hold. What works only online (the other language, large data files, the SQL page) is left out; its links are
hidden, since `online.css` is left out too.
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from jiheng.files import written_beside
from publish import zips
from publish.language import Language, languages

SITE = "site"
README = "README.txt"
# Only where the whole edition lies: shows the links that need it, and the page that asks the warehouse.
ONLINE = ("online.css", "sql.html", "sql.js")
# Large, or made after the zip.
NOT_INSIDE = frozenset({"warehouse.duckdb", "manifest.json", "manifest.json.minisig", "map.json"})
WORDS = """绩衡 {edition_id} 期

请先全部解压，再用浏览器打开 {start}。不需要网络，也不需要安装任何程序。
数据截至、门禁结论和方法写在每一页上方。文件是否与发布的一致，可用完整一期中的 manifest.json 核对。

Jiheng, edition {edition_id}

Unpack everything, then open {start} in a browser. No network and no installation are needed.
Every page says at its top what the figures are worth. manifest.json of the whole edition has the digest of this file.
"""
# More pages than this are worth a process for each language.
MANY = 2000


def name_of(language: Language) -> str:
    """The zip of a language."""
    return "site.zip" if not language.folder else f"site-{language.code}.zip"


def names() -> tuple[str, ...]:
    """Both zips, Chinese first."""
    return tuple(name_of(language) for language in languages())


def write(edition: Path, edition_id: str) -> None:
    """Write both zips of a rendered site. The same edition gives the same bytes."""
    codes = [language.code for language in languages()]
    if sum(1 for _ in (edition / SITE).rglob("*.html")) < MANY:
        for code in codes:
            _write(edition, edition_id, code)
        return
    with ProcessPoolExecutor(len(codes), mp_context=get_context("spawn")) as pool:
        list(pool.map(_write, [edition] * len(codes), [edition_id] * len(codes), codes))


def _write(edition: Path, edition_id: str, code: str) -> None:
    language = next(one for one in languages() if one.code == code)
    start = f"{SITE}/{language.folder}index.html"
    beside = written_beside(edition / name_of(language), synced=False)
    with beside as target, zipfile.ZipFile(target, "w") as archive:
        words = WORDS.format(edition_id=edition_id, start=start)
        # Windows' own editor knows the encoding by the mark, and old ones know lines by both signs.
        content = ("\ufeff" + words.replace("\n", "\r\n")).encode()
        zips.add(archive, f"{edition_id}/{README}", content)
        for path in _inside(edition, language):
            zips.add(archive, f"{edition_id}/{path.relative_to(edition).as_posix()}", path.read_bytes())


def _inside(edition: Path, language: Language) -> Iterator[Path]:
    """Files of a language's zip, in order: the small files of the edition, what its pages share, its own pages."""
    yield from _files(edition, NOT_INSIDE | set(names()))
    if language.folder:
        yield from (path for path in _files(edition / SITE, set(ONLINE)) if path.suffix != ".html")
    for path in sorted((edition / SITE / language.folder).rglob("*")):
        others = {one.folder.strip("/") for one in languages() if one.folder and one != language}
        within = path.relative_to(edition / SITE).parts
        if path.is_file() and path.name not in ONLINE and within[0] not in others:
            yield path


def _files(folder: Path, without: Collection[str]) -> list[Path]:
    """Files of a folder by name; what begins with a dot is still being written."""
    found = (path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return sorted(path for path in found if path.name not in without)
