#!/bin/sh
# Make each secret that is not there yet, of random bytes; none that is there is ever changed. Nobody but their owner
# gets into the folder (0700). The files in it must be readable (0444) by the users inside the containers, whose ids are
# not the owner's: Docker mounts each file alone, past the folder.
set -eu
cd "$(dirname "$0")/../.."
umask 077
mkdir -p secrets
chmod 0700 secrets

word() { head -c 30 /dev/urandom | base64 | tr -d '\n' | tr '+/' 'ab'; }
key() { head -c 32 /dev/urandom | base64 | tr -d '\n' | tr '+/' '-_'; }
# put NAME: what is written to it comes on standard input; an interrupted start leaves no half secret.
put() {
    [ -e "secrets/$1" ] && return 0
    cat > "secrets/.$1"
    chmod 0444 "secrets/.$1"
    mv "secrets/.$1" "secrets/$1"
    echo "已生成 made: secrets/$1"
}

word | put postgres_password
word | put redis_password
word | put admin_password
word | put jwt_secret
word | put api_secret_key
key | put fernet_key
if [ ! -e secrets/s3_credentials ]; then
    printf '[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n' "$(word)" "$(word)" | put s3_credentials
fi
awk -F' = ' '/^aws_/ {print $2}' secrets/s3_credentials | paste -s -d, - | tr -d '\n' | put s3_auth_key
postgres=$(cat secrets/postgres_password)
redis=$(cat secrets/redis_password)
printf %s "postgresql+psycopg2://airflow:$postgres@postgres:5432/airflow" | put database_url
printf %s "db+postgresql://airflow:$postgres@postgres:5432/airflow" | put result_backend_url
printf %s "redis://:$redis@redis:6379/0" | put broker_url
