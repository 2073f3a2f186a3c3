"""DAG files: wiring only. Nothing imports them but Airflow."""
