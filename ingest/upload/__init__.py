"""Upload: handing a file in over HTTP, with a token of the division, and asking for its receipt.

`app` has the routes, `tokens` who may, `limits` how much, `body` how bytes come in, `names` what a file is called,
`store` where it lies, `refusals` what is said when something is refused. `python -m ingest.upload` serves it alone;
Airflow's api-server serves it as a plugin (`plugins/jiheng_upload.py`).
"""
