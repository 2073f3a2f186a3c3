"""A run with somebody in front of it: `airflow dags test` with the habits of a person, not of a night.

    python -m jiheng.airflow.in_front nightly_rankings

Whoever waits for it is told at once what went wrong, and tries again by hand. A deadline, which one process that runs
every task never watches, would let `airflow dags test` end a good run with an error (3.3.2). Only this run's DAG is
changed, in memory: what Airflow's database knows of the DAGs is what their files say.
"""

from __future__ import annotations

import sys

from airflow.cli.cli_parser import get_parser
from airflow.cli.commands.dag_command import dag_test
from airflow.sdk import DAG
from airflow.utils.cli import get_bagged_dag


def run(dag_id: str) -> None:
    """Run a DAG to its end. Raises SystemExit when it fails."""
    dag = without_patience(get_bagged_dag(["dags-folder"], dag_id))
    dag_test(get_parser().parse_args(["dags", "test", dag_id]), dag=dag)


def without_patience(dag: DAG) -> DAG:
    """The DAG, whose tasks are not tried again and which nobody warns of."""
    dag.deadline = None
    for task in dag.tasks:
        task.retries = 0
    return dag


if __name__ == "__main__":
    run(sys.argv[1])
