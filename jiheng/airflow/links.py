"""Links from a task in Airflow to what it made: the receipts of its run, the gate's page, the edition."""

from __future__ import annotations

from typing import Any

from airflow.sdk import BaseOperatorLink, XComArg

from jiheng.files import key_of

# Pages inside Airflow; links have no host, for people reach Airflow under more than one name.
DESK = "/desk"


class RunLink(BaseOperatorLink):
    """To what came in with a run, and the receipts that were sent back."""

    name = "来件与回执 · Arrivals and receipts"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:  # noqa: ARG002
        """The page of this run."""
        return f"{DESK}/runs/{key_of(ti_key.run_id)}"


class GateLink(BaseOperatorLink):
    """To what the gate said of the edition that a run has built."""

    name = "门禁 · Gate"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:  # noqa: ARG002
        """The gate's page of this edition; the desk's own where none was built."""
        edition_id = _edition_id(ti_key)
        return f"{DESK}/gate/{edition_id}" if edition_id else f"{DESK}/"


class EditionLink(BaseOperatorLink):
    """To the pages of the edition that a run has built."""

    name = "本期 · Edition"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:  # noqa: ARG002
        """Its first page; the desk's own where none was built."""
        edition_id = _edition_id(ti_key)
        return f"{DESK}/editions/{edition_id}/site/index.html" if edition_id else f"{DESK}/"


def _edition_id(ti: Any) -> str | None:
    """What `build_warehouse`, or `explain` of a held edition, has handed on. A link is made when its task has ended."""
    for task_id in ("build_warehouse", "explain"):
        if made := ti.xcom_pull(task_ids=task_id):
            return str(made["edition_id"])
    return None


def linked(made: XComArg, *links: BaseOperatorLink) -> XComArg:
    """A task of a DAG with links on its page."""
    for operator, _ in made.iter_references():
        operator.operator_extra_links = links
    return made
