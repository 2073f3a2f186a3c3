"""Reports of the last edition's pages that say the same tonight: they are copied, not rendered again.

A report is copied only where the same program would make the same of the same rows, and only from a page that is what
its manifest says. The edition is then the same to the byte as one that was rendered whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import duckdb

from publish import editions
from publish.data import About
from publish.method import TABLES as METHOD_TABLES
from publish.warehouse import EDITION_COLUMNS, WAREHOUSE_NAME, columns, literal, quoted, tables

# Every report on a page stands between these; the first names its version.
BEGIN, NAMED, END = "<!--report ", "-->\n", "<!--/report-->"
# What a report shows of itself, by submission_version_id, and what all reports are told with.
OF_REPORTS = (
    *("fct_budget", "fct_expenditure", "fct_indicator_outcome", "fct_self_evaluation", "fct_finding"),
    *("fct_claim", "fct_statement", "fct_act", "rank_component", "dim_submission"),
)
COMMON = (*METHOD_TABLES, "budget_categories", "dim_indicator", "not_assessable_reasons")


@dataclass(frozen=True)
class Kept:
    """The last edition, the versions whose reports say the same in it as tonight, and the digests of its pages."""

    site: Path
    unchanged: frozenset[str] = frozenset()
    digests: Mapping[str, str] = field(default_factory=dict)

    def reports(self, page: str) -> dict[str, str]:
        """The reports on a page of the last edition that may be copied, by version; none where anything is in doubt."""
        listed = self.digests.get(f"{self.site.name}/{page}")
        if listed is None:
            return {}
        content = (self.site / page).read_bytes()
        if sha256(content).hexdigest() != listed:
            return {}
        found = (part.partition(NAMED) for part in content.decode().split(BEGIN)[1:])
        return {name: html.partition(END)[0] for name, _, html in found if name in self.unchanged}


def kept_from(previous: Path | None, edition: Path, about: About, folder: str) -> Kept | None:
    """What may be copied from the last edition; None without one, or where another program or method made it."""
    if previous is None or not (previous / WAREHOUSE_NAME).is_file():
        return None
    try:
        manifest = editions.manifest_of(previous)
    except editions.PublicationError:
        return None
    if (manifest.get("code_version"), manifest.get("method_ids")) != (about.code_version, list(about.method_ids)):
        return None
    pages = {name: facts["sha256"] for name, facts in manifest["files"].items() if name.startswith(f"{folder}/")}
    return Kept(previous / folder, frozenset(_unchanged(previous, edition)), pages)


def _unchanged(previous: Path, edition: Path) -> set[str]:
    with duckdb.connect() as con:
        con.execute("SET enable_progress_bar = false")
        for name, path in (("before", previous), ("now", edition)):
            con.execute(f"ATTACH {literal(str(path / WAREHOUSE_NAME))} AS {name} (READ_ONLY)")
        present = set(tables(con, "now")) & set(tables(con, "before"))
        if set(tables(con, "now")) & {*COMMON, *OF_REPORTS} - present:
            return set()
        if any(_differing(con, table, None) for table in COMMON if table in present):
            return set()
        versions = {
            name for (name,) in con.execute("SELECT submission_version_id FROM now.main.dim_submission").fetchall()
        }
        changed = (_differing(con, table, "submission_version_id") for table in OF_REPORTS if table in present)
        return versions.difference(*changed)


def _differing(con: duckdb.DuckDBPyConnection, table: str, key: str | None) -> set[str]:
    """Keys whose rows in a table are not those of the last edition. Rows are compared by their number and two sums of
    their hashes: a hundred times faster than row by row, and nothing rests on it but whether a page is rendered again.
    """
    names = ", ".join(quoted(name) for name, _ in columns(con, table, "now") if name not in EDITION_COLUMNS)
    facts = f"coalesce({key}, '')" if key else "''"
    digest = (
        f"SELECT {facts}, count(*), sum(hash({names})), bit_xor(hash({names})) FROM %s.main.{quoted(table)} GROUP BY 1"
    )
    now, before = digest % "now", digest % "before"
    found = con.execute(f"(({now}) EXCEPT ({before})) UNION ALL (({before}) EXCEPT ({now}))").fetchall()
    return {row[0] for row in found}
