"""status.css: what the empty place at the head of every page says, chosen by the edition that the page is of."""

from __future__ import annotations

from collections.abc import Iterable

from publish import format
from publish.frontdesk.standing import Standing, day, reasons

# A banner is read in passing: so many reasons, each so long; the archive of editions has them whole.
MOST_REASONS, LONGEST_REASON = 3, 90

HEAD = """@charset "UTF-8";
/* Which edition stands. Written anew after every act of publication; the pages themselves never change. */
.outside, nav.main a.outside { display: inline-block; }
.standing { padding: 10px 24px; padding-left: max(24px, calc(50% - 596px)); padding-right: max(24px, calc(50% - 596px));
  font-size: 14px; line-height: 1.65; border-bottom: 1px solid #d9c089; border-left: 6px solid #d98a00;
  background: #fff4de; color: #4d3200; }
.standing::before { display: block; white-space: pre-line; overflow-wrap: anywhere; }
.standing a { color: #1b5aa6; }
@media (prefers-color-scheme: dark) {
  .standing { background: #372a10; color: #f6d795; border-color: #6b5410; border-left-color: #e0a33c; }
  .standing a { color: #8dbcf5; }
}
"""
OLD = "border-left-color: #7d8b99; background: #e9edf1; color: #27323d; border-bottom-color: #c4ccd4;"
OLD_AT_NIGHT = "border-left-color: #7d8b99; background: #2a3541; color: #dde4ec; border-bottom-color: #4d5b69;"
BACK = "border-left-color: #b3261e; background: #fdecea; color: #6d1510; border-bottom-color: #e7b1ad;"
BACK_AT_NIGHT = "border-left-color: #ff9d94; background: #3d1d1b; color: #ffd3ce; border-bottom-color: #74322d;"


def css(now: Standing) -> str:
    """The whole file. Where all is well the current edition's place stays empty."""
    if now.current is None:
        return HEAD
    own = _of_current(now)
    rules = [_rule(f"body[data-edition={quoted(now.current)}]", own)] if own else []
    others = f"body:not([data-edition={quoted(now.current)}])"
    stands = f"现行的是 {now.current} 期。"
    stands_en = f"The current edition is {now.current}."
    rules.append(
        _rule(others, [f"这是归档的旧期，{stands}", f"This edition is archived. {stands_en}"], OLD, OLD_AT_NIGHT)
    )
    for name, years in sorted(now.frozen.items()):
        if name != now.current:
            final = f"它是 {'、'.join(sorted(years))} 年度的定稿。"
            words = [f"这是归档的旧期，{stands}{final}", f"This edition is archived and is the final one. {stands_en}"]
            rules.append(_rule(f"body[data-edition={quoted(name)}]", words, OLD, OLD_AT_NIGHT))
    for name, event in sorted(now.taken_back.items()):
        words = [
            f"本期已于 {day(event)} 撤回{_because(event)}。请勿引用，{stands}",
            f"This edition was taken back on {day(event)} and must not be quoted. {stands_en}",
        ]
        rules.append(_rule(f"body[data-edition={quoted(name)}]", words, BACK, BACK_AT_NIGHT))
    return HEAD + "\n".join(rules) + "\n"


def _of_current(now: Standing) -> list[str]:
    """What the current edition has to say of itself: nothing when it was published last and nothing came after it."""
    lines, english = [], []
    for event in now.undone:
        lines.append(f"{event.get('from', '')} 期已于 {day(event)} 撤回{_because(event)}。")
        english.append(f"Edition {event.get('from', '')} was taken back on {day(event)}.")
    nights = now.held_nights()
    if nights:
        lines.append(f"自 {nights[0]} 起的 {len(nights)} 夜未能发布{_because(now.holds[-1])}。")
        english.append(f"Nothing could be published on {len(nights)} night(s) since {nights[0]}.")
    # An alarm about a night that was held would say the same again.
    for event in [one for one in now.alarms[-1:] if day(one) not in nights]:
        lines.append(f"{format.moment(event['at'])}查看时发现问题{_because(event)}。")
        english.append(f"Looking at {format.moment(event['at'])} found something wrong.")
    if not lines:
        return []
    return [f"{''.join(lines)}当前展示的是 {now.current} 期。", f"{' '.join(english)} Edition {now.current} stands."]


def _because(event: dict[str, object]) -> str:
    """The reasons after a colon, cut to what is read in passing; nothing where none is given."""
    found = [one["zh"].rstrip("。.") for one in reasons(event) if one["zh"]]
    if not found:
        return ""
    shown = [one if len(one) <= LONGEST_REASON else one[: LONGEST_REASON - 1] + "…" for one in found[:MOST_REASONS]]
    return "：" + "；".join(shown) + (f"（等 {len(found)} 项）" if len(found) > MOST_REASONS else "")


def _rule(pages: str, words: Iterable[str], look: str = "", look_at_night: str = "") -> str:
    """What the pages of a selector show in the place, and how it looks by day and by night."""
    lines = [
        f"{pages} .standing {{ display: block; {look} }}",
        f"{pages} .standing::before {{ content: {quoted(chr(10).join(words))}; }}",
    ]
    if look_at_night:
        lines.append(f"@media (prefers-color-scheme: dark) {{ {pages} .standing {{ {look_at_night} }} }}")
    return "\n".join(lines)


def quoted(text: str) -> str:
    """A CSS string of any text: what could end it, or is not to be seen, is written as its code."""

    def written(character: str) -> str:
        if character == "\0":
            return "\ufffd"  # CSS has no such character
        if character in '"\\<>' or not (character.isprintable() or character == " "):
            return f"\\{ord(character):x} "
        return character

    return '"' + "".join(written(character) for character in text) + '"'
