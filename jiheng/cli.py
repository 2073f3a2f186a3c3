"""The command line. Every verb imports what it needs when it is called, so that `--help` answers at once."""

from __future__ import annotations

import logging

import typer

from jiheng.commands.acts import acts, waive
from jiheng.commands.audit import audit
from jiheng.commands.backup import backup, restore
from jiheng.commands.clock import clock
from jiheng.commands.compare import compare_methods
from jiheng.commands.doctor import doctor
from jiheng.commands.errors import tell
from jiheng.commands.gate import gate
from jiheng.commands.nights import build, intake, nightly, publish, start_airflow
from jiheng.commands.notify import notify
from jiheng.commands.privacy import privacy
from jiheng.commands.publication import freeze, retire, rollback, watchdog
from jiheng.commands.query import query
from jiheng.commands.remind import remind
from jiheng.commands.replay import replay
from jiheng.commands.review import review
from jiheng.commands.samples import evaluate, generate
from jiheng.commands.status import status
from jiheng.commands.tiles import tiles
from jiheng.commands.tokens import tokens
from jiheng.commands.trace import trace
from jiheng.commands.verify import keys, verify
from jiheng.settings import Settings

EPILOG = (
    "退出码 exit codes: 0 完成 ok · 1 失败 failure · 2 用法 usage · "
    "3 门禁未通过、保留上一期 gate held · 4 环境 environment"
)
app = typer.Typer(
    help="绩衡：自评报告的核实、排名与发布。 Jiheng: checked facts and rankings from self-evaluation reports.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
# As `--help` shows them: nights, what stands, acts of publication, notices, upkeep, samples; then the groups.
app.command()(nightly)
app.command(name="airflow")(start_airflow)
for verb in (
    *(intake, build, publish, status, query, trace, verify),
    *(waive, rollback, freeze, retire, watchdog, audit),
    *(notify, remind, replay, backup, restore, doctor, tiles, generate, evaluate),
):
    app.command()(verb)
app.command(name="compare-methods")(compare_methods)
GROUPS = {
    **{"review": review, "acts": acts, "gate": gate, "token": tokens},
    **{"privacy": privacy, "clock": clock, "keys": keys},
}
for name, group in GROUPS.items():
    app.add_typer(group, name=name)


def main() -> None:
    """Entry point; a mistake of ours, of the data or of the disk ends with one readable error, not with a traceback."""
    # A log that cannot be written for want of space must not tell so in tracebacks over the one error that counts.
    logging.raiseExceptions = False
    try:
        app()
    except Exception as error:
        tell(error)


@app.callback()
def _begin() -> None:
    from jiheng.monitoring import logs

    logs.configure(Settings.from_environment())


if __name__ == "__main__":
    main()
