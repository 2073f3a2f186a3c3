"""The ranks worked out again with pandas, from the published Parquet alone, by someone who has only read the method."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.nights import Home, Run

pytestmark = pytest.mark.night
NEAR = 1e-6
PARTS = ("execution", "outcome", "reliability", "completeness")


class Edition:
    """The Parquet files of an edition as frames; decimals as floats, which is near enough to tell scores apart."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getattr__(self, name: str) -> pd.DataFrame:
        frame = pd.read_parquet(self._folder / f"{name}.parquet")
        for column in frame.columns:
            if frame[column].dtype == object and type(frame[column].dropna().head(1).squeeze()).__name__ == "Decimal":
                frame[column] = frame[column].astype(float)
        return frame


@pytest.fixture(scope="module")
def edition(sample_night: tuple[Home, Run]) -> Edition:
    home, _ = sample_night
    return Edition(home.current / "parquet")


@pytest.fixture(scope="module")
def method(edition: Edition) -> pd.Series:
    (official,) = edition.ranking_methods.query("status == 'official'").to_dict("records")
    return pd.Series(official)


@pytest.fixture(scope="module")
def components(edition: Edition, method: pd.Series) -> pd.DataFrame:
    """The share that each accepted report earns of each component, by version (rows) and component (columns)."""
    filings = edition.filing_overview.query("state in ('accepted', 'accepted_with_findings')")
    filings = filings.set_index("submission_version_id")
    versions = filings.index
    curves = edition.ranking_method_curves.query("method_id == @method.method_id")

    def earned(component: str, measure: pd.Series) -> pd.Series:
        curve = curves[curves["component"] == component].sort_values("measure")
        return pd.Series(np.interp(measure, curve["measure"], curve["share"]), measure.index)

    spent = edition.fct_expenditure.query("category == 'total' and verification == 'verified'")
    execution = earned("execution_rate", spent.set_index("submission_version_id")["execution_rate"].dropna())
    outcomes = edition.fct_indicator_outcome.query("is_assessable and verification == 'verified'")
    shares = earned("completion", outcomes.set_index("submission_version_id")["completion_rate"])
    found = {"execution_rate": execution, "completion": shares.groupby(level=0).mean()}
    found["verified_share"] = earned("verified_share", _verified(edition))
    found["targets_without_drift"] = earned("targets_without_drift", _alike(edition))
    found["required_facts"] = earned("required_facts", _present(edition, versions, method))
    late = pd.to_datetime(filings["first_received_on"]) - pd.to_datetime(filings["due_on"])
    found["timeliness"] = earned("timeliness", late.dt.days.clip(lower=0).dropna())
    weights = edition.ranking_method_parts.query("method_id == @method.method_id").set_index("part")["weight"]
    evidence = pd.DataFrame({"execution": found["execution_rate"], "outcome": found["completion"]})
    shown = (evidence * weights[evidence.columns]).sum(axis=1) / (evidence.notna() * weights[evidence.columns]).sum(
        axis=1
    )
    own = edition.fct_self_evaluation.set_index("submission_version_id")["self_score"]
    found["self_score_fits"] = earned("self_score_fits", (own[own.between(0, 100)] / 100 - shown).abs().dropna())
    return pd.DataFrame(found).reindex(versions)


def _verified(edition: Edition) -> pd.Series:
    """The verified share of the claims that facts rest on."""
    used = [
        edition.fct_budget[["claim_id"]],
        *(edition.fct_expenditure[[name]] for name in ("claim_id", "stated_rate_claim_id")),
        *(
            edition.fct_indicator_outcome[[name]]
            for name in ("target_claim_id", "actual_claim_id", "stated_rate_claim_id")
        ),
        *(edition.fct_self_evaluation[[name]] for name in ("score_claim_id", "grade_claim_id")),
    ]
    core = pd.concat([frame.set_axis(["claim_id"], axis=1) for frame in used]).dropna().drop_duplicates()
    claims = core.merge(edition.fct_claim, on="claim_id")
    return (claims["verification"] == "verified").groupby(claims["submission_version_id"]).mean()


def _alike(edition: Edition) -> pd.Series:
    """The share of indicators whose targets are stated alike."""
    claims = edition.fct_claim.merge(edition.dim_submission[["submission_version_id", "fiscal_year"]])
    claims = claims.query("kind == 'indicator' and role == 'target'").dropna(subset=["indicator_key", "value_base"])
    claims = claims[(claims["confidence"] >= 0.5) | (claims["verification"] == "verified")]
    for end in ("period_start", "period_end"):
        day = pd.to_datetime(claims[end])
        claims = claims[day.isna() | (day.dt.year == claims["fiscal_year"])]
    keys = ["submission_version_id", "indicator_key", "unit_base"]
    values = pd.Series(zip(claims["value_base"], claims["value_high_base"].fillna(-1), strict=True), claims.index)
    alike = values.groupby([claims[key] for key in keys]).nunique() == 1
    return alike.groupby(level="submission_version_id").mean()


def _present(edition: Edition, versions: pd.Index, method: pd.Series) -> pd.Series:
    """The share of the method's required contents that each version has."""
    money = edition.fct_budget.query("category == 'total'")
    outcomes = edition.fct_indicator_outcome
    statements = edition.fct_statement
    own = edition.fct_self_evaluation
    has = {
        "adjusted_budget": money.query("stage == 'adjusted'"),
        "expenditure": edition.fct_expenditure.query("category == 'total'"),
        "indicator_target": outcomes.dropna(subset=["target_claim_id"]),
        "indicator_actual": outcomes.dropna(subset=["actual_claim_id"]),
        "self_score": own.dropna(subset=["self_score"]),
        "problem": statements.query("kind == 'problem'"),
    }
    required = edition.ranking_required_facts.query("method_id == @method.method_id")["fact"]
    return pd.DataFrame({fact: versions.isin(has[fact]["submission_version_id"]) for fact in required}, versions).mean(
        axis=1
    )


@pytest.fixture(scope="module")
def scores(edition: Edition, method: pd.Series, components: pd.DataFrame) -> pd.Series:
    """Scores of accepted reports; none where neither execution nor outcome can be assessed."""
    described = edition.ranking_method_components.query("method_id == @method.method_id")
    weights = edition.ranking_method_parts.query("method_id == @method.method_id").set_index("part")["weight"]
    parts = {}
    for part, own in described.groupby("part"):
        points = own.set_index("component")["points"]
        shares = components[points.index]
        parts[part] = (shares * points).sum(axis=1) / (shares.notna() * points).sum(axis=1).replace(0, np.nan)
    valued = pd.DataFrame(parts)
    total = (valued * weights).sum(axis=1) / (valued.notna() * weights).sum(axis=1) * 100
    return total[valued[["execution", "outcome"]].notna().any(axis=1)]


def places(frame: pd.DataFrame, by: list[str], value: str = "score") -> pd.Series:
    """Competition ranks inside groups, of values that agree to eight decimals."""
    return frame[value].round(8).groupby([frame[name] for name in by]).rank(method="min", ascending=False)


def test_departments(edition: Edition, scores: pd.Series) -> None:
    published = edition.rank_department.query("is_ranked")
    version = edition.filing_overview.set_index(["department_key", "fiscal_year"])["submission_version_id"]
    recomputed = published.join(version, on=["department_key", "fiscal_year"])["submission_version_id"].map(scores)
    assert len(published) > 50 and (published["score"] - recomputed).abs().max() < NEAR
    again = places(published, ["method_id", "province_key", "fiscal_year", "function"])
    assert (again == published["rank"]).all()
    # Whoever has a score is in the ranking.
    assert set(scores.index) == set(version[published.set_index(["department_key", "fiscal_year"]).index])


def test_divisions(edition: Edition, method: pd.Series, scores: pd.Series) -> None:
    filings = edition.filing_overview
    counted = filings[filings["is_due"] | ~filings["has_register"]].copy()
    counted["score"] = counted["submission_version_id"].map(scores)
    groups = counted.groupby(["division_key", "fiscal_year"])
    means = (
        counted["score"]
        .fillna(method.missing_score)
        .groupby([counted[k] for k in ("division_key", "fiscal_year")])
        .mean()
    )
    assessable = groups["score"].count() / groups.size()
    published = edition.rank_division.set_index(["division_key", "fiscal_year"])
    ranked = published[published["is_ranked"]]
    assert len(ranked) > 10 and (ranked["score"] - means[ranked.index]).abs().max() < NEAR
    thin = published["unranked_reason"] == "below_coverage_floor"
    assert thin.any() and (assessable[published.index[thin]] < method.coverage_floor).all()
    ranked = ranked.reset_index()
    assert (places(ranked, ["method_id", "province_key", "fiscal_year", "league"]) == ranked["rank"]).all()


def test_scopes_and_improvement(edition: Edition) -> None:
    scopes = edition.rank_division_scope.query("is_ranked")
    assert set(scopes["scope"]) == {"province", "league", "region"}
    by = ["method_id", "province_key", "fiscal_year", "scope", "scope_key"]
    assert (places(scopes, by) == scopes["rank"]).all()
    assert (scopes.groupby(by)["rank"].transform("size") == scopes["ranked_units"]).all()
    levels = edition.rank_division.query("is_ranked").set_index(["division_key", "fiscal_year"])["score"]
    risen = edition.rank_division_improvement.query("is_ranked")
    before = [
        levels[division, year - 1] for division, year in zip(risen["division_key"], risen["fiscal_year"], strict=True)
    ]
    now = [levels[division, year] for division, year in zip(risen["division_key"], risen["fiscal_year"], strict=True)]
    assert len(risen) > 0
    assert np.abs(risen["improvement"] - (np.array(now) - np.array(before))).max() < NEAR
    assert (places(risen, ["method_id", "province_key", "fiscal_year", "league"], "improvement") == risen["rank"]).all()


def test_intervals_hold_the_ranks_and_differences_go_both_ways(edition: Edition) -> None:
    scopes = edition.rank_division_scope.query("is_ranked")
    assert ((scopes["rank_low"] <= scopes["rank"]) & (scopes["rank"] <= scopes["rank_high"])).all()
    for _, group in scopes.groupby(["method_id", "fiscal_year", "scope", "scope_key"]):
        among = dict(zip(group["division_key"], map(set, group["indistinct_from"]), strict=True))
        assert all(one in among[other] for one, others in among.items() for other in others)
        # Whoever shares a rank does not differ.
        for _, tied in group.groupby("rank"):
            assert all(set(tied["division_key"]) - {one} <= among[one] for one in tied["division_key"])
