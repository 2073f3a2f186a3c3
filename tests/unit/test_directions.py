"""Marks that turn the direction of writing: a figure is read as it is shown, and nothing shows another one."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.channels.names import readable
from ingest.documents import read_document
from ingest.documents.directions import MARK, straight
from ingest.reading.report import read_report
from jiheng.settings import PROJECT_ROOT
from tests.made_documents import workbook

REFERENCE = PROJECT_ROOT / "dbt_project" / "seeds"
TURN = "\u202e"


def test_a_turned_figure_is_not_read_as_what_nobody_sees() -> None:
    document = read_document(f"年初预算1{TURN}23万元。".encode())
    assert document.text == "年初预算1 23万元。" and [note.code for note in document.notes] == ["DIRECTION_MARKS"]
    values = {str(claim.value) for claim in read_report(document, 2024, REFERENCE).claims}
    assert "123" not in values


def test_cells_have_no_marks_either() -> None:
    def write(book) -> None:
        book.add_worksheet().write(0, 0, f"支出{TURN}321")

    document = read_document(workbook(write))
    [[cell]] = document.tables[0].rows
    assert cell.text == "支出 321" == document.text[cell.start : cell.end]


def test_a_text_without_marks_is_left_alone() -> None:
    document = read_document("年初预算123万元。".encode())
    assert document.text == "年初预算123万元。" and not document.notes


def test_names_of_files_have_none() -> None:
    assert readable(f"自评{TURN}txt.exe") == "自评 txt.exe"


@given(st.text())
def test_every_span_stays(text: str) -> None:
    assert len(straight(text)) == len(text) and not MARK.search(straight(text))
