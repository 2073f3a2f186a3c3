"""The hard identities as observations, and what other denominators would have given."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, plain
from ingest.checking.identity import Identity
from ingest.checking.interval import decimal_of, stated, stated_rate
from ingest.checking.observation import Observation, agreement, as_percent, figure, in_unit_of, observed
from ingest.checking.pairing import amounts
from ingest.reading.claims import Claim

# Identities by the kind of observation; growth bases and parts of a whole are looked at in modules of their own.
KINDS = {
    "sum": "sum",
    "adjustment": "diff",
    "adjusted_parts": "diff",
    "change_from_initial": "diff",
    "execution_rate": "ratio",
    "completion_rate": "ratio",
    "change_rate": "ratio",
    "restatement": "repeat",
}


def observe(case: Case) -> Iterator[Observation]:
    """One observation for each identity, and one for each rate over another denominator."""
    for identity in case.identities:
        if identity.kind in KINDS:
            yield _recomputed(identity)
    held = [identity for identity in case.identities_of_kind("execution_rate") if identity.holds]
    for identity in {(identity.claims[1], identity.stated): identity for identity in held}.values():
        yield from _over_the_initial_budget(case, identity)


def _recomputed(identity: Identity) -> Observation:
    """What is stated and what comes out, as sizes: the words beside a figure carry its sign (减少, 压减)."""
    first = identity.claims[0]
    sign = -1 if identity.stated < 0 else 1
    kind = KINDS[identity.kind]
    found = in_unit_of(first, identity.recomputed) * sign
    verdict = agreement(first, found, identity.holds) if kind == "ratio" else "holds" if identity.holds else "fails"
    said = in_unit_of(first, identity.stated) * sign
    return observed(kind, verdict, identity.claims, decimal_of(said), found, _formula(identity))


def _formula(identity: Identity) -> str:
    """The arithmetic of an identity in figures as they are written."""
    first, *others = (figure(claim) for claim in identity.claims)
    match identity.kind:
        case "sum":
            formula = "+".join(others)
        case "adjustment":
            formula = others[0] + "".join(_signed(claim) for claim in identity.claims[2:])
        case "adjusted_parts":
            before, after = ([c for c in identity.claims if c.role == role] for role in ("initial", "adjusted"))
            formula = "+".join(f"({figure(one)}-{figure(other)})" for one, other in zip(before, after, strict=True))
        case "change_from_initial":
            formula = f"{others[0]}-{others[1]}"
        case "execution_rate" | "completion_rate":
            formula = f"{others[0]}/{others[1]}*100"
        case "change_rate":
            _, change, host = identity.claims
            formula = f"{others[0]}/{plain(decimal_of(in_unit_of(host, stated(host) - stated(change))))}*100"
        case _:
            formula = "=".join([first, *others])
    return formula


def _signed(claim: Claim) -> str:
    return ("-" if (claim.value or 0) < 0 else "+") + figure(claim)


def _over_the_initial_budget(case: Case, identity: Identity) -> Iterator[Observation]:
    """The rate over the initial budget: where it differs, the stated one proves which budget was meant."""
    rate, spent, adjusted = identity.claims
    initial = amounts(case.claims, "budget", "initial").get(rate.subject or "")
    if initial is None or not initial.value_base or initial.value_base == adjusted.value_base:
        return
    ratio = stated(spent) / stated(initial)
    verdict = "alternative_holds" if stated_rate(rate).meets(ratio) else "alternative_fails"
    formula = f"{figure(spent)}/{figure(initial)}*100"
    yield observed("ratio", verdict, (rate, spent, initial), rate.value, as_percent(ratio), formula)
