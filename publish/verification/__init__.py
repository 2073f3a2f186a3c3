"""Whether an edition is what was published, and whether it agrees with itself: `examine` is the list of what is asked.

Works on any copy of an edition, with or without the log of publication beside it. A damaged file makes a sentence, not
a traceback, and is not opened any further.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from publish.verification import figures, formats, manifest, signature
from publish.verification.checks import Check, Found, Impossible, looked_at
from publish.verification.formats import Suspects

__all__ = ["Check", "Found", "Impossible", "Suspects", "examine", "looked_at", "suspects"]

# What is asked of the files that are as the manifest has them: name, words, and who looks.
OPENED: tuple[tuple[str, str, str, Callable[[Path, Suspects], Found]], ...] = (
    (
        *("warehouse", "数据库能打开，各表内容与清单一致", "the warehouse opens, its tables are the manifest's"),
        formats.warehouse,
    ),
    ("parquet", "Parquet 与数据库逐行一致", "Parquet holds the rows of the warehouse", formats.parquet),
    ("csv", "CSV 与数据库逐行一致", "CSV holds the rows of the warehouse", formats.csv),
    ("office", "工作簿和 Word 通报能打开", "the workbook and the Word bulletin open", formats.office),
    ("pdf", "PDF 通报能打开", "the PDF bulletin opens", formats.pdf),
    ("site", "网页完整，链接都有着落", "pages are whole, local links lead to files", formats.site),
    ("json", "JSON 文件能解析", "JSON files parse", formats.json_files),
    (
        *("site_figures", "网页上的名次和得分与数据一致", "ranks and scores on the pages are those of the data"),
        figures.site,
    ),
    (
        *(
            "workbook_figures",
            "工作簿中的名次和得分与数据一致",
            "ranks and scores in the workbook are those of the data",
        ),
        figures.sheets,
    ),
)


def suspects(edition: Path) -> Suspects:
    """The files of an edition that are missing or not as the manifest has them."""
    return Suspects(frozenset(manifest.differing(edition)))


def examine(edition: Path, public_key: Path | None = None) -> list[Check]:
    """Every check that needs nothing but the edition, the log of publication beside it, and a public key."""
    log, differing = manifest.log_beside(edition), manifest.differing(edition)
    suspect = Suspects(frozenset(differing))
    as_published = (
        ("log", "发布记录未被改动", "the log of publication is as it was written", lambda: manifest.log(log)),
        (
            *("manifest", "清单就是发布时的清单", "the manifest is the one that was published"),
            lambda: manifest.manifest(edition, log),
        ),
        (
            *("signature", "清单的签名有效", "the manifest's signature is valid"),
            lambda: signature.signature(edition, public_key),
        ),
        (
            *("files", "文件与清单一致，不多不少", "files are as the manifest has them, none more or less"),
            lambda: manifest.files(edition, differing),
        ),
    )
    return [looked_at(*asked) for asked in as_published] + [
        looked_at(name, zh, en, partial(look, edition, suspect)) for name, zh, en, look in OPENED
    ]
