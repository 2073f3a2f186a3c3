"""All observations on one report: what informs and never returns it.

Hard identities grade figures (`identities.py`); rules judge (`rules/`); observations tell what else can be recomputed,
compared or counted. The thresholds, words and patterns they go by are in `observations.yaml`.
"""

from __future__ import annotations

from ingest.checking.case import Case
from ingest.checking.observation import Observation
from ingest.checking.soft import (
    coincidences,
    completion,
    growth,
    money,
    parts,
    recomputed,
    repeats,
    scores,
    structure,
    targets,
)

SUBJECTS = (recomputed, money, repeats, parts, targets, completion, growth, coincidences, scores, structure)


def observations_of(case: Case) -> list[Observation]:
    """The observations on a report, in a fixed order. `case.identities` are its recomputed identities (`judge`)."""
    return [observation for subject in SUBJECTS for observation in subject.observe(case)]
