"""The desk (工作台): pages inside Airflow for those who run the nights and decide on what they bring."""
