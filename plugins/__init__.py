"""Airflow plugins: wiring only. Nothing imports them but Airflow."""
