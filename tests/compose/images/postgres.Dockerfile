# Behaves as the official image does where docker-compose.yml relies on it: user, database, password file, data volume.
FROM debian:bookworm-slim
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    postgresql-15 > /dev/null && rm -rf /var/lib/apt/lists/* /var/lib/postgresql/15 \
    && install -d -o postgres -g postgres -m 0700 /var/lib/postgresql/data
ENV PATH=/usr/lib/postgresql/15/bin:$PATH PGDATA=/var/lib/postgresql/data
RUN printf '%s\n' '#!/bin/sh' 'set -eu' \
    'if [ ! -s "$PGDATA/PG_VERSION" ]; then' \
    '  initdb --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" --auth=scram-sha-256 --encoding=UTF8 > /dev/null' \
    '  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"' \
    '  pg_ctl -w start -o "-c listen_addresses=" > /dev/null' \
    '  PGPASSWORD="$(cat "$POSTGRES_PASSWORD_FILE")" createdb -h /var/run/postgresql -U "$POSTGRES_USER" "$POSTGRES_DB" 2> /dev/null || true' \
    '  pg_ctl -w -m fast stop > /dev/null' \
    'fi' \
    'exec postgres -c listen_addresses="*"' > /entrypoint.sh && chmod 0755 /entrypoint.sh
VOLUME /var/lib/postgresql/data
USER postgres
STOPSIGNAL SIGINT
ENTRYPOINT ["/entrypoint.sh"]
