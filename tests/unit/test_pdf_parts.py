"""Parts of reading pages that need no page: figures, rulings, page numbers and the cache's form."""

from decimal import Decimal

import pytest

from ingest.documents import ocr_cache
from ingest.documents.figures import better_of, figures_of, with_commas
from ingest.documents.pages import Line, Page, Piece, RuledCell, RuledTable, document_of, in_cell, without_page_number
from ingest.documents.rulings import Box, grid_of


def line(text: str, *, flows: bool = False) -> Line:
    return Line((Piece(text, Decimal("0.99"), agreed=True),), flows)


def test_figures_are_compared_with_sign_unit_and_separators() -> None:
    assert figures_of("支出１，０４６．３２万元，增长－8.92％，达百分之九十五。") == (
        "1,046.32万",
        "-8.92%",
        "百分之九十五",
    )


def test_a_full_stop_is_no_part_of_a_figure() -> None:
    assert figures_of("共12.") == ("12",)


@pytest.mark.parametrize(
    ("one", "other", "better"),
    [
        ("96.440.26", "96,440.26", "96,440.26"),
        ("96,440.26", "96.440.26", "96,440.26"),
        ("96.440.26", "95,440.26", "96.440.26"),
        ("1639", "16.39", "1639"),
    ],
)
def test_of_two_readings_the_one_that_makes_a_number_is_taken(one: str, other: str, better: str) -> None:
    assert better_of(one, other) == better


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("预算238.520.90万元", "预算238,520.90万元"),
        ("1,238.520.90", "1,238,520.90"),
        ("238.52", "238.52"),
        ("238.520", "238.520"),
        ("2023.12.31", "2023.12.31"),
        ("192.168.100.1", "192.168.100.1"),
    ],
)
def test_a_thousands_comma_that_was_read_as_a_point_is_a_comma(read: str, meant: str) -> None:
    assert with_commas(read) == meant


@pytest.mark.parametrize("text", ["3", "- 3 -", "— 12 —", "第3页", "第3页 共9页", "3 / 9"])
def test_a_page_number_is_no_text(text: str) -> None:
    assert without_page_number([line("正文"), line(text)]) == (line("正文"),)


@pytest.mark.parametrize("text", ["2023", "3.5", "第3季度", "3个"])
def test_a_figure_at_the_end_is_no_page_number(text: str) -> None:
    assert len(without_page_number([line("正文"), line(text)])) == 2


def test_cells_whose_edges_nearly_meet_share_them() -> None:
    grid = grid_of([Box(0, 0, 49, 20), Box(51, 0.5, 100, 20), Box(0, 21, 100, 40)], tolerance=3)
    assert [(place.row, place.column, place.rows, place.columns) for place in grid.places] == [
        (0, 0, 1, 1),
        (0, 1, 1, 1),
        (1, 0, 1, 2),
    ]
    assert grid.place_at(75, 30) == grid.places[2]
    assert grid.place_at(175, 30) is None


def test_a_figure_goes_on_in_the_next_line_of_a_cell_only_where_its_line_is_full() -> None:
    full, short = (
        [(Piece("1234"), 98.0, 10.0), (Piece("56"), 30.0, 10.0)],
        [(Piece("12"), 30.0, 10.0), (Piece("56"), 30.0, 10.0)],
    )
    assert [piece.ends for piece in in_cell(full, 100)] == [False, False]
    assert [piece.ends for piece in in_cell(short, 100)] == [True, False]


def test_lines_that_flow_are_joined_and_keep_their_confidence_apart() -> None:
    document = document_of("x", [Page(1, (line("合计为98765", flows=True), line("4321元")))])
    assert document.text == "合计为987654321元\n"
    assert [document.text[one.start : one.end] for one in document.recognised] == ["合计为98765", "4321元"]


def test_what_came_from_a_text_layer_is_not_recognised() -> None:
    assert document_of("x", [Page(1, (Line((Piece("正文"),)),))]).recognised == ()


def test_a_page_comes_out_of_the_cache_as_it_went_in(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("JIHENG_HOME", str(tmp_path))
    cell = RuledCell(0, 0, 1, 2, (Piece("3", Decimal("0.9871")), Piece("5", Decimal("0.5"), agreed=True, ends=True)))
    blocks = (line("合计", flows=True), RuledTable(1, 2, (cell,)))
    ocr_cache.store("ab" * 32, blocks)
    assert ocr_cache.load("ab" * 32) == blocks


def test_without_a_folder_nothing_is_kept(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("JIHENG_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    ocr_cache.store("ab" * 32, (line("合计"),))
    assert ocr_cache.load("ab" * 32) is None
    assert not list(tmp_path.iterdir())


def test_the_parts_of_a_digest_cannot_run_into_each_other() -> None:
    assert ocr_cache.digest(b"ab", b"c") != ocr_cache.digest(b"a", b"bc")
