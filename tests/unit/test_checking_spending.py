"""What others of the same function spend is the same as counted anew from all that is known, whatever came before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ingest.checking.profile import SPENT, Figure, Profile
from ingest.checking.spending import Spending

FUNCTIONS = ("roads", "schools", "health")


@dataclass(frozen=True)
class Filed:
    """One version as it arrives: whose, for what, and how much was spent."""

    division: int
    department: int
    functions: tuple[str, ...]
    year: int
    spent: int | None


FILED = st.builds(
    Filed,
    st.integers(0, 3),
    st.integers(0, 2),
    st.lists(st.sampled_from(FUNCTIONS), max_size=3, unique=True).map(tuple),
    st.integers(2023, 2024),
    st.none() | st.integers(-1, 4),
)


def profile_of(filed: Filed) -> Profile:
    figures: Mapping[str, Figure] = {}
    if filed.spent is not None:
        figures = {SPENT: Figure(Decimal(filed.spent), Decimal(1), "c")}
    place = f"{filed.division}-{filed.department}"
    return Profile(
        *("v", f"{place}-{filed.year}", str(filed.division), place, place, filed.functions, filed.year),
        *(datetime(2025, 1, 1, tzinfo=UTC), figures, (), False, frozenset(), ""),
    )


def expected(known: Mapping[str, Profile], asked: Profile) -> list[Decimal]:
    others = [
        one.value(SPENT)
        for one in known.values()
        if one.fiscal_year == asked.fiscal_year
        and one.division_key != asked.division_key
        and set(one.functions) & set(asked.functions)
    ]
    return sorted(value for value in others if value is not None and value > 0)


@given(st.lists(FILED, max_size=30))
def test_it_is_what_counting_anew_gives(filed: list[Filed]) -> None:
    spending, known = Spending(), dict[str, Profile]()
    for profile in map(profile_of, filed):
        own = [
            one
            for one in known.values()
            if (one.division_key, one.fiscal_year) == (profile.division_key, profile.fiscal_year)
        ]
        assert spending.elsewhere(profile, own) == expected(known, profile)
        spending.add(profile)
        known[profile.submission_id] = profile
