"""Small forms for tests: a grid of words becomes a document with one table."""

from ingest.documents import Cell, Document, Place, Table
from ingest.reading.claims import Claim
from ingest.reading.form import FormReader
from jiheng.settings import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "dbt_project" / "seeds"
# In a grid these repeat the cell to the left and the cell above, as merged cells do, where there is one.
LEFT, ABOVE = "<", "^"


def document_of(*grids: str, heading: str = "") -> Document:
    """A document with one table a grid: a row a line, cells separated by `|`; `\\n` in a cell breaks its line."""
    text, tables, places = heading + "\n", [], []
    for number, grid in enumerate(grids, start=1):
        rows: list[tuple[Cell, ...]] = []
        places.append(Place(len(text), f"表{number}第1行第1列"))
        for line in grid.strip("\n").split("\n"):
            cells: list[Cell] = []
            for words in (part.strip().replace("\\n", "\n") for part in line.split("|")):
                if words == LEFT and cells:
                    cells.append(cells[-1])
                elif words == ABOVE and rows and len(cells) < len(rows[-1]):
                    cells.append(rows[-1][len(cells)])
                else:
                    cells.append(Cell(words, len(text), len(text) + len(words)))
                    text += words + "\t"
            text += "\n"
            rows.append(tuple(cells))
        tables.append(Table(tuple(rows)))
    return Document("text/plain", text, tuple(tables), tuple(places))


def reader_of(*grids: str, heading: str = "") -> FormReader:
    """A reader that has read the grids."""
    reader = FormReader(document_of(*grids, heading=heading), 2024, REFERENCE)
    reader.read()
    return reader


def claims_of(*grids: str, heading: str = "") -> list[Claim]:
    """All claims of the grids."""
    return reader_of(*grids, heading=heading).claims


def money_of(*grids: str, heading: str = "") -> dict[tuple[str, str, str | None], str]:
    """Amounts and rates by kind, role and category: number and unit as read."""
    kinds = ("budget", "expenditure", "balance", "execution_rate")
    return {
        (c.kind, c.role, c.subject): f"{c.value}{c.unit}" for c in claims_of(*grids, heading=heading) if c.kind in kinds
    }


def said(claim: Claim) -> str:
    """A claim's value in short: operator, number or range, unit; or its words."""
    if claim.value is None:
        return str(claim.value_text)
    operator = "" if claim.operator in ("=", "range") else claim.operator
    high = f"~{claim.value_high}" if claim.value_high is not None else ""
    return f"{operator}{claim.value}{high}{claim.unit}"


def told(*grids: str) -> list[tuple[str, str, str, str]]:
    """Kind, role, words and value of each claim, in order."""
    return [(c.kind, c.role, c.surface, said(c)) for c in claims_of(*grids)]
