"""Sentences with all their figures: every claim is marked once, and the pieces give the sentence back."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from publish.quotations import AROUND, LONGEST_SENTENCE, passages

WORDS = st.text(alphabet="预算支出万元0123456789.,", min_size=1, max_size=12)


def claim(key: str, sentence: str | None, quote: str, start: int, **facts: Any) -> dict[str, Any]:
    place = {"span_start": start, "span_end": start + len(quote), "place": f"第{start}行"}
    return {"claim_id": key, "sentence": sentence, "quote": quote, **place, "verification": "verified"} | facts


def marked(found: list[Any]) -> list[str]:
    return [key for passage in found for _, key in passage.pieces if key is not None]


def text(passage: Any) -> str:
    return "".join(piece for piece, _ in passage.pieces)


@st.composite
def sentences(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    """A sentence and claims on stretches of it, which may touch, repeat or overlap."""
    sentence = "".join(draw(st.lists(WORDS, min_size=1, max_size=60)))
    starts = draw(st.lists(st.integers(0, len(sentence) - 1), min_size=1, max_size=6))
    lengths = draw(st.lists(st.integers(1, 10), min_size=len(starts), max_size=len(starts)))
    claims = [
        claim(f"c{number}", sentence, sentence[start : start + length], start)
        for number, (start, length) in enumerate(zip(starts, lengths, strict=True))
    ]
    return sentence, claims


@given(sentences())
def test_every_claim_is_marked_once_in_its_sentence(given: tuple[str, list[dict[str, Any]]]) -> None:
    sentence, claims = given
    found = passages((one["claim_id"], one) for one in claims)
    assert sorted(marked(found)) == sorted(one["claim_id"] for one in claims)
    assert sorted(what for passage in found for what in passage.says) == sorted(one["claim_id"] for one in claims)
    quotes = {one["claim_id"]: one["quote"] for one in claims}
    for passage in found:
        assert all(piece == quotes[key] for piece, key in passage.pieces if key)
        assert all(piece for piece, _ in passage.pieces)
        if len(sentence) <= LONGEST_SENTENCE:
            assert text(passage) == sentence
        else:
            assert text(passage).strip("…") in sentence


def test_figures_of_one_sentence_come_together_and_of_another_apart() -> None:
    first = [
        claim("a", "预算10万元，支出9万元。", "支出9万元", 7),
        claim("b", "预算10万元，支出9万元。", "预算10万元", 0),
    ]
    other = claim("c", "支出9万元。", "支出9万元", 30)
    found = passages([("spent", first[0]), ("budget", first[1]), ("spent", other), ("none", None)])
    assert [passage.pieces for passage in found] == [
        (("预算10万元", "b"), ("，", None), ("支出9万元", "a"), ("。", None)),
        (("支出9万元", "c"), ("。", None)),
    ]
    assert found[0].says == ("budget", "spent"), "in the order of their places"
    assert found[0].places == ("第0行", "第7行") and found[0].span == (0, 12)


def test_a_claim_that_says_two_things_is_marked_once_and_called_both() -> None:
    one = claim("a", "完成率100%。", "100%", 3)
    (found,) = passages([("actual", one), ("rate", one), ("rate", one)])
    assert marked([found]) == ["a"] and found.says == ("actual", "rate")


def test_overlapping_words_stand_in_passages_of_their_own() -> None:
    sentence = "预算执行率92.38%"
    found = passages([("a", claim("a", sentence, "执行率92.38%", 2)), ("b", claim("b", sentence, "92.38%", 5))])
    assert [marked([passage]) for passage in found] == [["a"], ["b"]]
    assert all(text(passage) == sentence for passage in found)


def test_claims_without_a_sentence_or_with_words_that_are_not_in_it_stand_alone() -> None:
    alone = [claim("a", None, "12", 0), claim("b", None, "12", 9), claim("c", "别的句子", "12", 20)]
    found = passages((one["claim_id"], one) for one in alone)
    assert [passage.pieces for passage in found] == [(("12", "a"),), (("12", "b"),), (("12", "c"),)]


def test_a_long_sentence_is_cut_around_its_figures() -> None:
    sentence = "前" * 300 + "支出9万元" + "后" * 300
    (found,) = passages([("spent", claim("a", sentence, "支出9万元", 300))])
    assert text(found) == "…" + "前" * AROUND + "支出9万元" + "后" * AROUND + "…"
