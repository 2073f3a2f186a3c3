"""The build of the warehouse, model by model, as dbt's own graph. Wiring only; see `jiheng.airflow.model_watch`."""

from __future__ import annotations

from airflow.sdk import PartitionedAssetTimetable, TaskGroup, dag

from jiheng.airflow.assets import MODELS
from jiheng.airflow.habits import HABITS
from jiheng.airflow.model_watch import ModelTask
from jiheng.airflow.models import group_title, models
from jiheng.progress import WHOLE

DOC = """
### 建仓各模型 · Models of the warehouse
每夜建仓开始时自动开始一次。一个任务是 dbt 的一个模型，排列同 dbt 的依赖图：绿色为已建成并通过检验；红色为未建成，
或已建成但检验未通过（任务的日志写明 dbt 的原话）；粉色为因上游失败而跳过。这里只是显示，不占用进程，也不影响当夜。
清除任务后重新显示同一次建仓的结果；手动运行时显示最近一次建仓。

Begins with each night's build. One task is one model, laid out as dbt's own graph: green is built and tested, red could
not be built or fails a test (its log has dbt's words), pink was skipped for a failure above it. This only shows: it
takes no process and changes nothing of the night. Cleared tasks show the same build again; a run started by hand shows
the newest one.
"""
RESULT = "全部模型的结果 · What became of the whole build"


@dag(
    dag_id="warehouse_models",
    dag_display_name="建仓各模型 warehouse_models",
    # The run's partition is the run id of the night.
    schedule=PartitionedAssetTimetable(assets=MODELS),
    doc_md=DOC,
    **HABITS,
    default_args={"owner": "信息中心", "retries": 0},
)
def warehouse_models() -> None:
    """A task for each model, in groups by folder, and one for the whole."""
    groups: dict[tuple[str, ...], TaskGroup] = {}
    tasks: dict[str, ModelTask] = {}
    for model in models():
        if model.group not in groups:
            name = "-".join(model.group)
            groups[model.group] = TaskGroup(name, prefix_group_id=False, group_display_name=group_title(model.group))
        tasks[model.name] = ModelTask(
            task_id=model.name,
            task_display_name=f"{model.name} {model.title}".strip(),
            doc_md=f"{model.title} · dbt `{model.name}`",
            model=model.name,
            task_group=groups[model.group],
        )
        for name in model.after:
            tasks[name] >> tasks[model.name]
    last = [task for task in tasks.values() if not task.downstream_task_ids]
    last >> ModelTask(task_id="whole_build", task_display_name="建仓结果", doc_md=RESULT, model=WHOLE)


warehouse_models_dag = warehouse_models()
