"""The gate and the votes of the second reader, on a made-up report; no endpoint is needed."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.documents import read_document
from ingest.reading.claims import Claim, claim_id_of
from ingest.reading.grammar import read_table
from ingest.reading.report import read_report
from ingest.rows import CLAIM_COLUMNS
from ingest.second_reader.answers import answers_in
from ingest.second_reader.client import EndpointError
from ingest.second_reader.gate import failures_of
from ingest.second_reader.prompt import asked_of, is_asked, messages_of, vocabulary_of, wording
from ingest.second_reader.rows import claims_of
from ingest.second_reader.settings import endpoint_of
from ingest.second_reader.votes import Vote, vote_rows, votes_of
from jiheng.settings import PROJECT_ROOT, Settings, SettingsError

REFERENCE = PROJECT_ROOT / "dbt_project" / "seeds"
VOCABULARY = vocabulary_of(REFERENCE)
PARENTS = {row["category"]: row["parent"] for row in read_table(REFERENCE / "budget_categories.csv")}
TEXT = (
    "（四）部门整体支出情况\n"
    "2024年初预算300.00万元，其中：基本支出100.00万元，项目支出200.00万元。\n"
    "（二）部门整体支出目标实现程度及使用绩效\n"
    "3.预算使用效益\n"
    "新签约项目80宗。新落地项目51宗。工业增加值下降1.6%，获奖51宗。\n"
)
CLAIMS = read_report(read_document(TEXT.encode()), 2024, REFERENCE).claims


def claim_with(value: str) -> Claim:
    return next(claim for claim in CLAIMS if claim.value is not None and abs(claim.value) == Decimal(value))


def exact(claim: Claim, **changes: object) -> dict[str, object]:
    """An answer that says what the first reader says, but for the changes."""
    only = next(iter(asked_of(claim)["roles"]))
    role = claim.role if claim.role in asked_of(claim)["roles"] else only
    told = {"claim": claim.number, "quote": claim.quote, "start": claim.span_start, "value": str(claim.value)}
    return told | {"unit": claim.unit, "role": role, "subject": claim.subject} | changes


def votes(*entries: dict[str, object], text: str = TEXT, claims: tuple[Claim, ...] = CLAIMS) -> dict[int, Vote]:
    content = json.dumps({"figures": list(entries)}, ensure_ascii=False)
    answers = answers_in(content, {claim.number for claim in claims if is_asked(claim)})
    return {vote.claim: vote for vote in votes_of(answers, claims, text, PARENTS, VOCABULARY)}


def vote_on(claim: Claim, **changes: object) -> Vote:
    return votes(exact(claim, **changes))[claim.number]


def test_the_made_up_report_has_identities_that_hold() -> None:
    assert (claim_with("300").kind, claim_with("80").kind) == ("budget", "indicator")
    assert failures_of(CLAIMS, PARENTS) == frozenset()


def test_exact_answers_agree_on_every_figure_that_is_asked() -> None:
    asked = [claim for claim in CLAIMS if is_asked(claim)]
    found = votes(*(exact(claim) for claim in asked))
    assert len(asked) >= 5
    assert {found[claim.number].outcome for claim in asked} == {"agree"}
    assert set(found) == {claim.number for claim in CLAIMS}


def test_wrong_offsets_with_a_unique_quotation_are_accepted() -> None:
    vote = vote_on(claim_with("80"), start=3)
    assert vote.outcome == "agree" and vote.evidence and vote.evidence.relocated
    assert TEXT[vote.evidence.start : vote.evidence.end] == claim_with("80").quote


def test_a_quotation_that_stands_twice_needs_its_place() -> None:
    claim = next(claim for claim in CLAIMS if claim.value == 51)
    start = claim.figure[0]
    assert vote_on(claim, quote="51宗", start=0).reason == "quote_ambiguous"
    assert vote_on(claim, quote="51宗", start=start).outcome != "refused"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"value": "81"}, "number_differs"),
        ({"value": "80.5"}, "number_differs"),
        ({"unit": "万宗"}, "unit_differs"),
        ({"unit": ""}, "unit_differs"),
        ({"quote": "签约了八十宗项目"}, "quote_not_found"),
        ({"quote": "新签约项目81宗"}, "quote_not_found"),
        ({"quote": " "}, "quote_not_found"),
        ({"quote": "新落地项目51宗", "start": 0}, "other_figure"),
        ({"quote": "新签约项目8", "start": 0}, "other_figure"),
        ({"role": "stated"}, "unknown_role"),
        ({"subject": "no_such_indicator"}, "unknown_subject"),
    ],
)
def test_what_does_not_hold_is_refused(changes: dict[str, object], reason: str) -> None:
    vote = vote_on(claim_with("80"), **changes)
    assert (vote.outcome, vote.reason, vote.role, vote.subject) == ("refused", reason, None, None)


def test_an_indicator_of_another_unit_family_is_refused() -> None:
    money = next(key for key, subject in VOCABULARY.indicators.items() if subject.unit_family == "money")
    assert vote_on(claim_with("80"), subject=money).reason == "unit_family_differs"


def test_a_quotation_around_the_figure_may_be_longer_than_ours() -> None:
    quote = "新签约项目80宗。新落地项目51宗"
    assert vote_on(claim_with("80"), quote=quote, start=-5).outcome == "agree"


def test_the_direction_of_a_fall_may_stand_in_words() -> None:
    claim = next(claim for claim in CLAIMS if claim.value == Decimal("-1.6"))
    assert vote_on(claim, value="1.6").outcome == vote_on(claim, value="-1.6").outcome == "agree"


def test_a_bare_figure_is_not_taken_for_the_mark_of_a_heading() -> None:
    text = "（二）目标实现程度\n1.农村公路。完成值：86.2公里。\n"
    claims = read_report(read_document(text.encode()), 2024, REFERENCE).claims
    claim = next(claim for claim in claims if claim.value == Decimal("86.2"))
    assert votes(exact(claim, quote="86.2公里", start=-1), text=text, claims=claims)[claim.number].outcome == "agree"


def test_a_vote_for_another_role_is_a_disagreement() -> None:
    vote = vote_on(claim_with("80"), role="target")
    assert (vote.outcome, vote.differs, vote.role) == ("disagree", ("role",), "target")


def test_a_vote_for_another_subject_is_a_disagreement() -> None:
    claim = claim_with("80")
    other = next(k for k, s in VOCABULARY.indicators.items() if s.unit_family == "count" and k != claim.subject)
    vote = vote_on(claim, subject=other)
    assert (vote.outcome, vote.differs, vote.subject) == ("disagree", ("subject",), other)


def test_a_vote_that_would_break_an_identity_is_refused() -> None:
    text = "（四）部门整体支出情况\n年初预算310.00万元，调整后预算300.00万元，支出240.00万元，预算执行率80.00%。\n"
    claims = read_report(read_document(text.encode()), 2024, REFERENCE).claims
    initial = next(claim for claim in claims if claim.role == "initial")
    assert failures_of(claims, PARENTS) == frozenset()
    vote = votes(exact(initial, role="adjusted"), text=text, claims=claims)[initial.number]
    assert (vote.outcome, vote.reason) == ("refused", "breaks_identity")


def test_a_wrong_answer_does_not_touch_the_others() -> None:
    good, bad = claim_with("300"), claim_with("80")
    found = votes(exact(good), exact(bad, value="8"))
    assert (found[good.number].outcome, found[bad.number].reason) == ("agree", "number_differs")


def test_a_figure_the_spotter_did_not_find_gets_no_vote() -> None:
    found = votes(exact(claim_with("80")) | {"claim": 777})
    assert 777 not in found and found[claim_with("80").number].reason == "no_answer"


def test_two_answers_for_one_figure_count_as_none() -> None:
    claim = claim_with("80")
    assert votes(exact(claim), exact(claim, role="target"))[claim.number].reason == "answered_twice"


@pytest.mark.parametrize(
    "changes", [{"value": None}, {"value": True}, {"value": "NaN"}, {"quote": 5}, {"role": None}, {"subject": 3}]
)
def test_an_entry_that_is_not_as_asked_is_refused(changes: dict[str, object]) -> None:
    assert vote_on(claim_with("80"), **changes).reason == "answer_malformed"


@pytest.mark.parametrize(
    "content", ["", "好的", "[]", '{"figures": 3}', '{"figures": [', "[" * 100_000, '{"figures":[' + "9" * 5000]
)
def test_an_answer_that_is_not_as_asked_is_an_error(content: str) -> None:
    with pytest.raises(EndpointError, match=r"no JSON as asked|no list"):
        answers_in(content, {1})


def test_a_fenced_answer_is_read() -> None:
    claim = claim_with("80")
    content = "```json\n" + json.dumps({"figures": [exact(claim)]}, ensure_ascii=False) + "\n```"
    assert set(answers_in(content, {claim.number}).entries) == {claim.number}


def test_the_first_readers_opinion_is_not_in_the_question() -> None:
    question = json.loads(messages_of(TEXT, [claim_with("80")], VOCABULARY)[1]["content"])
    assert question["figures"] == [
        {"claim": claim_with("80").number, "kind": "indicator", "figure": "80宗", "start": claim_with("80").figure[0]}
    ]


def test_rows_hold_the_figures_that_were_asked_and_say_where() -> None:
    claim = claim_with("80")
    found = votes(exact(claim, role="target"))
    rows = vote_rows("v1", list(found.values()), claim_id_of, "m", wording()["version"])
    assert len(rows) == sum(map(is_asked, CLAIMS))
    [row] = [row for row in rows if row["outcome"] == "disagree"]
    assert (row["claim_id"], row["role_differs"], row["subject_differs"]) == (
        claim_id_of("v1", claim.number),
        True,
        False,
    )
    assert TEXT[row["span_start"] : row["span_end"]] == claim.quote


def lake_row(claim: Claim) -> dict[str, object]:
    host = claim_id_of("v", claim.host) if claim.host else None
    return {name: getattr(claim, name) for name in CLAIM_COLUMNS} | {
        "claim_id": claim_id_of("v", claim.number),
        "claim_number": claim.number,
        "host_claim_id": host,
        "rule_id": "+".join(claim.rule_ids),
        "reader_version": "x",
        "confidence": Decimal(1),
    }


def test_claims_come_back_from_the_lakes_rows() -> None:
    again = claims_of([lake_row(claim) for claim in reversed(CLAIMS)])
    assert again == [
        replace(claim, figure_start=a.figure_start, figure_end=a.figure_end)
        for claim, a in zip(CLAIMS, again, strict=True)
    ]
    assert [a.figure for a in again if a.figure_start >= 0] == [
        c.figure for c, a in zip(CLAIMS, again, strict=True) if a.figure_start >= 0
    ]
    assert sum(a.figure_start >= 0 for a in again) >= 5


def test_it_is_off_unless_an_address_is_set(tmp_path: Path) -> None:
    assert endpoint_of(Settings(tmp_path)) is None
    assert endpoint_of(Settings(tmp_path, second_reader_model="m")) is None


def test_settings(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("secret\n")
    named = {"second_reader_model": "m", "second_reader_key_file": key, "second_reader_timeout": "7"}
    endpoint = endpoint_of(Settings(tmp_path, second_reader_url="http://host:8000/v1/", **named))
    assert endpoint and (endpoint.url, endpoint.model, endpoint.timeout) == ("http://host:8000/v1", "m", 7.0)
    assert endpoint.headers["Authorization"] == "Bearer secret"
    assert "secret" not in repr(endpoint)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"second_reader_url": "ftp://host"}, "URL"),
        ({"second_reader_url": "http://me:secret@host"}, "URL"),
        ({"second_reader_model": ""}, "MODEL"),
        ({"second_reader_key_file": "/no/such/file"}, "KEY_FILE"),
        ({"second_reader_timeout": "soon"}, "TIMEOUT"),
        ({"second_reader_timeout": "0"}, "TIMEOUT"),
    ],
)
def test_settings_that_cannot_work_name_their_variable(tmp_path: Path, changes: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=f"JIHENG_SECOND_READER_{named}"):
        endpoint_of(Settings(tmp_path, **{"second_reader_url": "http://host", "second_reader_model": "m"} | changes))
