"""The reader against the labelled corpus: no column of the baseline may fall; size and breadth are kept."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from corpus import evaluate
from corpus.labels import LabelError, Labelled, read_marked
from corpus.score import Score, score_texts
from jiheng.settings import PROJECT_ROOT, Settings

LEAST_TEXTS, LEAST_FIGURES, LEAST_FAMILIES = 60, 1_500, 6


@pytest.fixture(scope="module")
def texts() -> list[Labelled]:
    return evaluate.labelled_texts(evaluate.TEXTS)


@pytest.fixture(scope="module")
def score(texts: list[Labelled]) -> Score:
    return score_texts(texts, Settings(PROJECT_ROOT).reference)


def test_the_corpus_is_large_and_broad(texts: list[Labelled]) -> None:
    kinds = Counter(label.kind for text in texts for label in text.labels)
    assert len(texts) >= LEAST_TEXTS
    assert sum(kinds.values()) - kinds["noise"] >= LEAST_FIGURES
    assert kinds["noise"] >= 100, "hard negatives"
    assert len({text.group for text in texts}) >= LEAST_FAMILIES


def test_no_column_falls_below_the_baseline(score: Score) -> None:
    baseline = json.loads(evaluate.BASELINE.read_text(encoding="utf-8"))
    assert evaluate.drops(score, baseline) == []


def test_a_fallen_column_is_told(score: Score) -> None:
    baseline = evaluate.as_json(score)
    baseline["total"] |= {"exact": score.total.right["exact"] + 1}
    assert evaluate.drops(score, baseline) == [
        f"total.exact: {score.total.right['exact']} < {score.total.right['exact'] + 1}"
    ]


def test_the_gold_of_the_real_reports(real_reports: Path) -> None:
    """Found and value of every annotated figure, and the figures that budgets and rankings rest on, exactly."""
    gold = score_texts(evaluate.labelled_texts(real_reports.parent / "gold"), Settings(PROJECT_ROOT).reference)
    assert (gold.total.right["found"], gold.total.right["value"]) == (gold.total.labels, gold.total.labels)
    money = ("budget", "income", "expenditure", "change", "change_rate", "execution_rate", "completion_rate", "growth")
    assert {kind: gold.by_kind[kind].right["exact"] for kind in money} == {
        kind: gold.by_kind[kind].labels for kind in money
    }
    assert gold.unclaimed_digits == 0


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        ("⟦12万元|budget|initial|合计⟧", "4 fields"),
        ("⟦12万元|budget|target|合计|12万元⟧", "no role target of kind budget"),
        ("⟦12万元|budget|initial|合计|万元⟧", "no value"),
    ],
)
def test_a_wrong_mark_is_told_with_its_place(tmp_path: Path, mark: str, message: str) -> None:
    path = tmp_path / "text.txt"
    path.write_text(f"---\nfamily: none\nfiscal_year: 2022\n---\n年初预算{mark}。\n", encoding="utf-8")
    with pytest.raises(LabelError, match=message):
        read_marked(path)


def test_a_mark_gives_place_and_value(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text(
        "---\nfamily: none\nfiscal_year: 2022\n---\n产量⟦约15~20万吨|indicator|target|产量|15~20万吨|2021⟧。\n",
        encoding="utf-8",
    )
    labelled = read_marked(path)
    (label,) = labelled.labels
    assert labelled.text[label.start : label.end] == "约15~20万吨"
    assert (label.value, label.value_high, label.unit, label.period) == (Decimal(15), Decimal(20), "万吨", "2021")
