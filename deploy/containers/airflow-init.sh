#!/bin/sh
# Before any service of Airflow starts: its database is made or brought up to this image's version, then pools, roles
# and the first account. Every step may be run again.
set -eu
airflow db migrate
python -m jiheng.airflow pools
python -m jiheng.access sync
python -m jiheng.airflow.first_admin /run/secrets/admin_password
