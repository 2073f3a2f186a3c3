"""The known indicators most like each name that is asked about: a pure function of the lake and of the name tables."""

from typing import Any

import pyarrow as pa

from ingest.naming.candidates import Finder, known_names

COLUMNS = pa.schema(
    {"review_item_id": pa.string(), "position": pa.int32(), "indicator_key": pa.string(), "similarity": pa.int32()}
)


def model(dbt: Any, session: Any) -> pa.Table:  # noqa: ARG001 (dbt calls every model with both)
    """One row a candidate; a rate's name is compared whatever its unit."""
    indicators = dbt.ref("dim_indicator").project("name, indicator_key, unit_family").fetchall()
    aliases = dbt.ref("indicator_aliases").project("surface, indicator_key, unit_family").fetchall()
    answers = dbt.ref("int_review_answer").filter("question = 'indicator' and indicator_key is not null")
    answered = answers.project("surface, indicator_key, unit_family").fetchall()
    asked = dbt.ref("int_claim_question").filter("question in ('indicator', 'rate_of')")
    items = asked.project("review_item_id, question, surface, unit_family").distinct().order("review_item_id")
    finder = Finder(known_names(indicators, aliases, answered))
    rows = [
        {
            "review_item_id": item,
            "position": position,
            "indicator_key": found.indicator_key,
            "similarity": found.similarity,
        }
        for item, question, surface, unit_family in items.fetchall()
        for position, found in enumerate(
            finder.candidates(surface, unit_family if question == "indicator" else None), start=1
        )
    ]
    return pa.Table.from_pylist(rows, schema=COLUMNS)
