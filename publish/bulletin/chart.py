"""Ranks as dots with their 90 % intervals as whiskers, as SVG."""

from __future__ import annotations

from html import escape

from publish import format
from publish.bulletin.subject import Chart, Subject, league_name
from publish.data import Row

# One or two units need no picture; more than a page's worth are cut into several.
FEWEST, MOST_ROWS = 3, 55
LABEL, PLOT, LINE, HEAD = 130, 390, 11, 20
# No label of the axis stands nearer to the next than this share of it.
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
MOST_TICKS = 12
INK, DOT, GRID = "#222222", "#1F4E79", "#D5D5D5"
# Of a variable font a picture gets the thinnest weight; a stroke makes its words as dark as the text beside it.
TEXT = f'fill="{INK}" stroke="{INK}" stroke-width="0.25"'


def charts(subject: Subject, league: Row, rows: list[Row]) -> tuple[Chart, ...]:
    """The pictures of a league's listed ranks, in order; none for a handful of units.

    Only units whose ranks the bulletin may show are drawn, and the scale ends with the league.
    """
    if len(rows) < FEWEST:
        return ()
    last = len(league["rows"])
    pages = [rows[start : start + MOST_ROWS] for start in range(0, len(rows), MOST_ROWS)]
    return tuple(Chart(_svg(subject, page, last), _alt(subject, league, page)) for page in pages)


def _alt(subject: Subject, league: Row, rows: list[Row]) -> str:
    told = "；".join(
        f"{subject.name(row['division_key'])}{format.rank(row['rank'], row['is_tied'])}，"
        f"区间{format.interval(row['rank_low'], row['rank_high'])}"
        for row in rows
    )
    return f"{league_name(league['code'])}组的名次（圆点）与90%区间（横线）：{told}。"


def _svg(subject: Subject, rows: list[Row], last: int) -> str:
    height = HEAD + len(rows) * LINE + 4
    marks = [_axis(last, height), *(_mark(subject, row, at, last) for at, row in enumerate(rows))]
    width = LABEL + PLOT + 20
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        + "".join(marks)
        + "</svg>"
    )


def _x(rank: int, last: int) -> str:
    return f"{LABEL + 8 + (rank - 1) * PLOT / max(last - 1, 1):.2f}"


def _axis(last: int, height: int) -> str:
    step = next(step for step in (*STEPS, last) if last / step <= MOST_TICKS or step >= last)
    ranks = [1, *range(step, last + 1, step)] if step > 1 else list(range(1, last + 1))
    return "".join(
        f'<line x1="{_x(rank, last)}" x2="{_x(rank, last)}" y1="{HEAD - 4}" y2="{height}" stroke="{GRID}" '
        f'stroke-width="0.5"/><text x="{_x(rank, last)}" y="{HEAD - 8}" font-size="8" text-anchor="middle" '
        f"{TEXT}>{rank}</text>"
        for rank in ranks
    )


def _mark(subject: Subject, row: Row, at: int, last: int) -> str:
    y = HEAD + at * LINE + LINE / 2
    name = escape(subject.name(row["division_key"]))
    label = f'<text x="{LABEL}" y="{y + 3:.1f}" font-size="8.5" text-anchor="end" {TEXT}>{name}</text>'
    low, high = row["rank_low"] or row["rank"], row["rank_high"] or row["rank"]
    whisker = f'<line x1="{_x(low, last)}" x2="{_x(high, last)}" y1="{y}" y2="{y}" stroke="{DOT}" stroke-width="1.4"/>'
    # A provisional rank is an open dot, so that the picture does not say more than the table.
    fill = "#FFFFFF" if row["is_provisional"] else DOT
    dot = f'<circle cx="{_x(row["rank"], last)}" cy="{y}" r="2.8" fill="{fill}" stroke="{DOT}"/>'
    return label + whisker + dot
