"""The ranks worked out a second time, from nothing but the Parquet files of a published edition.

Whoever downloads an edition can do the same: the formulas are those of `docs/finance/method.md` (the site's page 方法),
and nothing of the warehouse's SQL is used. Decimals throughout, with the method's own rounding (measures at twelve
places, shares at sixteen, scores once at eight), so that a published figure is either equal or wrong: there is no
tolerance. Draws are not repeated; of intervals and of who cannot be told apart only the consistency is looked at.

    measures (facts -> a figure a component) -> scores (reports, divisions) -> tables (rank_*) -> comparison
"""

from ranking.recomputed.comparison import Difference, differences

__all__ = ["Difference", "differences"]
