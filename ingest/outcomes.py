"""What reading made of files: each opened in a process of its own, its text archived, the second reader asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ingest import registers
from ingest.archive import Archive
from ingest.inbox import Arrival
from ingest.lake import Lake
from ingest.landing import typed_rows
from ingest.lines import Lines
from ingest.pool import FAILED, read_all
from ingest.reader import Outcome, ReaderData
from ingest.reading.claims import READER_VERSION
from ingest.second_reader import second_reader_of
from ingest.second_reader.reader import SecondReader
from jiheng.files import canonical_json
from jiheng.settings import Settings
from jiheng.troubles import check_writable


def reader_data(settings: Settings) -> ReaderData:
    """Who there is and who owes what, as the lake knows it now."""
    lake = Lake(settings.lake)
    divisions, due = lake.read("division"), lake.read("due_submission")
    provinces = {row["division_key"]: row["province_key"] for row in divisions}
    directory = registers.directory_of(divisions, due, Lines.of(lake.read("department_change")))
    return ReaderData(directory, provinces, settings.reference)


def outcomes_of(
    settings: Settings, files: Sequence[tuple[Arrival, Path]], work: Path, processes: int | None = None
) -> Iterator[tuple[Arrival, Outcome]]:
    """Read files in processes of this one. Raises OSError where `work` has no room to read in."""
    archive, second = Archive(settings.archive), second_reader_of(settings)
    if files:
        check_writable(work)
    for arrival, outcome in read_all(list(files), reader_data(settings), work, processes):
        if outcome.reason_code == FAILED:
            # No fault of the file or of the reader where there is no room to read it in: then nothing is landed.
            check_writable(work)
        if outcome.text:
            archive.put_text(arrival.sha256, READER_VERSION, outcome.text)
        yield arrival, _with_votes(second, outcome) if second and outcome.is_identified else outcome


def _with_votes(second: SecondReader, outcome: Outcome) -> Outcome:
    """The outcome with what the second reader says of its claims."""
    read = {table: typed_rows(table, rows) for table, rows in outcome.rows.items()}
    votes = second.vote_rows(outcome.text, read)
    return replace(outcome, rows_as_json=canonical_json(outcome.rows | {"vote": votes}))
