"""Figures that were read from a picture: marked as such, with how sure the reading is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from ingest.documents import Document
from ingest.documents.document import Recognised
from ingest.reading.claims import ORIGIN_OCR, Claim

# What a figure is worth whose second reading did not come out alike: below what a fact needs without an identity.
DOUBTED = Decimal("0.4")


def marked(claims: Iterable[Claim], document: Document) -> list[Claim]:
    """The claims, with those marked whose figure stands in a recognised stretch of the document.

    Their confidence is that of the least sure stretch, and `DOUBTED` at most where two readings differ. Recognition
    verifies nothing: only an identity does, for a scan as for typed text.
    """
    stretches = sorted(document.recognised, key=lambda stretch: stretch.start)
    ends = [stretch.end for stretch in stretches]
    return [_marked(claim, stretches, ends) for claim in claims] if stretches else list(claims)


def _marked(claim: Claim, stretches: list[Recognised], ends: list[int]) -> Claim:
    start, end = claim.figure
    touched = []
    for stretch in stretches[bisect_left(ends, start + 1) :]:
        if stretch.start >= end:
            break
        touched.append(stretch)
    if not touched:
        return claim
    agreed = all(stretch.agreed for stretch in touched) or claim.value is None
    confidence = min(claim.confidence, *(stretch.confidence for stretch in touched))
    return replace(claim, origin=ORIGIN_OCR, confidence=confidence if agreed else min(confidence, DOUBTED))
