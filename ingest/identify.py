"""Who a report is from and which year it is about: read from its text, never from its file's name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from ingest.documents import DocumentError
from ingest.lines import Lines
from ingest.reading import grammar
from jiheng.files import key_of


@dataclass(frozen=True)
class Division:
    """A division (区划) as a register knows it: its newest name, all that reports may use now, and former ones."""

    division_key: str
    name: str
    parent_key: str
    aliases: tuple[str, ...]
    former: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which reports call it, of today and of its earlier years."""
        return (*self.aliases, *self.former)

    @property
    def short_name(self) -> str:
        """The shortest of its names, as departments bear it (某某高新区 in 某某高新区经济发展局)."""
        return short_name(self.aliases)

    def local_name(self, department_name: str) -> str:
        """A department's name without the division's own before it."""
        prefixes = [name for name in self.names if department_name.startswith(name)]
        return department_name.removeprefix(max(prefixes, key=len, default=""))


@dataclass(frozen=True)
class Directory:
    """All divisions, the departments that registers name in each of them (division_key -> name -> functions), and what
    became of departments.
    """

    divisions: tuple[Division, ...]
    departments: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    lines: Lines = field(default_factory=Lines)

    @cached_property
    def by_alias(self) -> dict[str, list[Division]]:
        """Divisions by each of their names; a name may belong to several."""
        found: dict[str, list[Division]] = {}
        for division in self.divisions:
            for alias in division.names:
                found.setdefault(alias, []).append(division)
        return found

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Any division's name followed by a department's name."""
        rules = grammar.load("identity")
        endings = "|".join(rules["department_endings"])
        return re.compile(rf"({self._names})({rules['department_name']}(?:{endings}))")

    @cached_property
    def alias_pattern(self) -> re.Pattern[str]:
        """Any division's name."""
        return re.compile(self._names)

    @cached_property
    def _names(self) -> str:
        return "|".join(re.escape(alias) for alias in sorted(self.by_alias, key=len, reverse=True)) or "(?!)"


@dataclass(frozen=True)
class Identity:
    """Whose report this is. `rule_ids` say which words decided.

    Names are those that the report bears; `department_key` is that of the name in force on the year's last day.
    """

    division_key: str
    division_name: str
    department_key: str
    department_name: str
    full_name: str
    functions: tuple[str, ...]
    fiscal_year: int
    filled_on: date | None
    rule_ids: tuple[str, ...]

    @property
    def submission_id(self) -> str:
        """One submission: a department's report for a year, whatever its version."""
        return submission_id_of(self.department_key, self.fiscal_year)


def submission_id_of(department_key: str, fiscal_year: int) -> str:
    """The key of a department's report for a year."""
    return key_of("submission", department_key, fiscal_year)


def short_name(aliases: Sequence[str]) -> str:
    """The shortest of several names; of equally short ones the first in order."""
    return min(aliases, key=lambda alias: (len(alias), alias))


def department_key_of(division_key: str, department_name: str) -> str:
    """The key of a department: its division and a hash of its name, the division's name left out."""
    return f"{division_key}-{key_of(department_name, length=8)}"


def identify(text: str, directory: Directory, functions: Sequence[Mapping[str, str]]) -> Identity:
    """Tell division, department and fiscal year from a report's text.

    `functions` are rows of the seed of that name. Raises `DocumentError` with the reason when the text does not say.
    """
    rules = grammar.load("identity")
    compact = _compact(text)
    if not re.search(rules["is_report"], compact):
        raise DocumentError("NOT_A_REPORT", "the text does not speak of a self-evaluation")
    division, name, rule = _division_and_department(compact, directory, rules)
    year, year_rule = _fiscal_year(compact, rules)
    known = directory.departments.get(division.division_key, {})
    return Identity(
        division_key=division.division_key,
        division_name=division.name,
        department_key=directory.lines.in_year(department_key_of(division.division_key, name), year),
        department_name=name,
        full_name=division.short_name + name,
        functions=tuple(known.get(name) or functions_of(name, compact, functions)),
        fiscal_year=year,
        filled_on=_filled_on(compact, rules),
        rule_ids=(rule, year_rule),
    )


def functions_of(name: str, text: str, functions: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Functions of government that a department's name and duties speak of, most words first."""
    rules = grammar.load("identity")
    duties = duties_of(text)
    counts = {
        row["function_key"]: sum(word in duties for word in words) + 2 * any(word in name for word in words)
        for row in functions
        for words in [list(filter(None, row["duty_words"].split(";")))]
    }
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(key for key, count in ranked if count >= rules["least_duty_words"])[: rules["most_functions"]]


def duties_of(text: str) -> str:
    """The passage that describes what a department is for; empty when the text has none."""
    rules = grammar.load("identity")
    found = re.search(rules["duties"], text)
    return text[found.start() :][: int(rules["duties_reach"])] if found else ""


def _compact(text: str) -> str:
    """Text without spaces inside lines (an OCR space may stand in a title) and without empty lines."""
    lines = ("".join(line.split(" ")).strip() for line in re.sub(r"[ \u3000]+", " ", text).split("\n"))
    return "\n".join(line for line in lines if line)


def _division_and_department(text: str, directory: Directory, rules: Mapping[str, str]) -> tuple[Division, str, str]:
    for rule, passage in _passages(text, rules):
        found = _first_named(passage, directory)
        if found:
            division, name = _innermost(*found, directory, text)
            return division, _register_name(division, name, passage, directory), rule
    if any(alias in text for alias in directory.by_alias):
        raise DocumentError("UNKNOWN_DEPARTMENT", "a division is named, but no department of it")
    raise DocumentError("UNKNOWN_DIVISION", "no division of any register is named together with a department")


def _first_named(passage: str, directory: Directory) -> tuple[str, str] | None:
    """The first division's name in a passage that a department's follows, and that name.

    It is told by its ending, or is one that a register knows, whatever it ends in.
    """
    told = directory.pattern.search(passage)
    for alias in directory.alias_pattern.finditer(passage, 0, told.start() if told else len(passage)):
        known = (directory.departments.get(row.division_key, {}) for row in directory.by_alias[alias[0]])
        names = [name for names in known for name in names if passage.startswith(name, alias.end())]
        if names:
            return alias[0], max(names, key=len)
    return (told[1], told[2]) if told else None


def _passages(text: str, rules: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Passages that may name the department, the most telling first."""
    head = text[: int(rules["cover_characters"])]
    title = re.search(rules["title"], head)
    if title:
        yield "identity.title", title[0]
    cover = re.search(rules["cover"], head)
    if cover:
        yield "identity.cover", cover[1]
    duties = duties_of(text)
    if duties:
        yield "identity.duties", duties
    yield "identity.body", text


def _innermost(alias: str, name: str, directory: Directory, text: str) -> tuple[Division, str]:
    """Where a division's name is followed by that of a division inside it, the inner one is meant."""
    while True:
        inner = max((a for a in directory.by_alias if name.startswith(a) and len(a) < len(name)), key=len, default="")
        if not inner:
            break
        alias, name = inner, name[len(inner) :]
    candidates = directory.by_alias[alias]
    if len(candidates) > 1:
        parents = {division.division_key: division.name for division in directory.divisions}
        candidates = [division for division in candidates if parents.get(division.parent_key, "\0") in text]
    if len(candidates) != 1:
        raise DocumentError("UNKNOWN_DIVISION", f"several divisions are called {alias} and the text does not say which")
    return candidates[0], name


def _register_name(division: Division, name: str, passage: str, directory: Directory) -> str:
    """The register's longer name where the text bears it, as a short match may stop inside it.

    Or its shorter one, where the text puts the government before it (某某区人民政府甲街道办事处).
    """
    known = directory.departments.get(division.division_key, {})
    without = name.removeprefix(grammar.load("identity")["government"])
    if name not in known and without in known:
        return without
    return max((full for full in known if full.startswith(name) and full in passage), key=len, default=name)


def _fiscal_year(text: str, rules: Mapping[str, str]) -> tuple[int, str]:
    head = text[: int(rules["cover_characters"])]
    for rule, passage, expression in (
        ("year.labelled", head, rules["labelled_year"]),
        ("year.title", _title_lines(head, rules), rules["title_year"]),
    ):
        match = re.search(expression, passage)
        if match:
            return int(match[1]), rule
    sentences = [s for s in re.split(r"[。；\n]", text) if re.search(rules["finance_words"], s)]
    years = Counter(int(year) for s in sentences for year in re.findall(rules["finance_year"], s))
    filled = _filled_on(text, rules)
    if years:
        most = max(years.values())
        return min(year for year, count in years.items() if count == most), "year.most_named"
    if filled:
        return filled.year - 1, "year.before_filing"
    raise DocumentError("UNKNOWN_YEAR", "neither a title nor a sentence about money names a year")


def _title_lines(head: str, rules: Mapping[str, str]) -> str:
    """The title, and the lines beside it where they hold a year and nothing else."""
    lines = head.split("\n")
    for index, line in enumerate(lines):
        if re.search(rules["title"], line):
            around = lines[max(index - 1, 0) : index + 2]
            return "\n".join(one for one in around if one is line or re.fullmatch(rules["year_line"], one))
    return ""


def _filled_on(text: str, rules: Mapping[str, str]) -> date | None:
    match = re.search(rules["filled_on"], text)
    if not match:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
