"""How fast documents are read, by format and by page: `python -m benchmarks.documents`.

Reads the sample province's files and made-up pages in one process and prints JSON. Recognition uses the threads of
`ocr.yaml`; a page that the cache holds is read without it.
"""

from __future__ import annotations

import io
import json
import os
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from statistics import median

import pypdfium2

from ingest.documents import DocumentError, read_document
from ingest.documents.ocr_cache import VARIABLE
from jiheng.settings import PROJECT_ROOT
from samples.blocks import Block
from samples.write_pdf import pdf_file

INBOX = PROJECT_ROOT / "samples" / "province" / "inbox"
DOTS_PER_POINT = 200 / 72
LINE = "全年部门整体支出3104.77万元，预算执行率94.99%，其中项目支出1618.57万元，比上年增长3.2%，受益人口10.47万人。"
ROW = ("产出指标", "整治河道长度（公里）", "45.00", "48.60", "108.00%", "10", "9.5")
ROUNDS = 5


def main() -> None:
    """Print milliseconds a document by suffix, and milliseconds a page by kind."""
    text = pdf_file([Block("text", LINE)] * 60)
    ruled = pdf_file([Block("table", rows=(ROW,) * 20)])
    pages = {"text_pdf": _ms_a_page(text), "ruled_pdf": _ms_a_page(ruled)}
    with tempfile.TemporaryDirectory() as folder:
        for name, pdf in (("scanned_text", text), ("scanned_table", ruled)):
            scan = _scanned(pdf)
            os.environ.pop(VARIABLE, None)
            read_document(scan)
            pages[name] = _ms_a_page(scan, rounds=2)
            os.environ[VARIABLE] = folder
            read_document(scan)
            pages[f"{name}_from_cache"] = _ms_a_page(scan)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"ms_a_document": _samples(), "ms_a_page": pages, "peak_memory_mib": peak}, ensure_ascii=False))


def _samples() -> dict[str, float]:
    spent: dict[str, list[float]] = defaultdict(list)
    for path in sorted(INBOX.iterdir()):
        content = path.read_bytes()
        try:
            milliseconds = _ms(lambda content=content: read_document(content), rounds=1)
        except DocumentError:
            continue
        spent[path.suffix].append(milliseconds)
    return {suffix: round(median(times), 2) for suffix, times in sorted(spent.items())}


def _ms_a_page(content: bytes, rounds: int = ROUNDS) -> float:
    pages = len(read_document(content).pages)
    return round(_ms(lambda: read_document(content), rounds) / pages, 2)


def _ms(action: Callable[[], object], rounds: int) -> float:
    """The best of some rounds: what else the machine does only ever adds."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        action()
        times.append((time.perf_counter() - began) * 1000)
    return min(times)


def _scanned(pdf: bytes) -> bytes:
    """The first page as a picture in a PDF."""
    stream = io.BytesIO()
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[0].render(scale=DOTS_PER_POINT).to_pil().convert("RGB")
    picture.save(stream, "PDF", resolution=200)
    return stream.getvalue()


if __name__ == "__main__":
    main()
