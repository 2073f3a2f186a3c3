"""What the DAGs and the installation of Airflow are made of: assets, habits, pools, retries, links, triggers, notes."""
