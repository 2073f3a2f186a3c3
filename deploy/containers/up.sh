#!/bin/sh
# `make up`: secrets, image, services, and where things are. Nothing is needed before it but Docker itself; it may be run
# again at any time, and after an update of the project it is the upgrade.
set -eu
cd "$(dirname "$0")/../.."
. deploy/containers/tools.sh

DOCKER_BUILDKIT=1 docker version > /dev/null 2>&1 || fail "没有找到 Docker，或没有权限使用 · Docker is not here or not yours to use" \
    "安装并启动 Docker（Debian: apt-get install docker.io docker-compose），用户须在 docker 组 · install and start it"
compose version > /dev/null 2>&1 || fail "没有找到 docker compose · there is no docker compose" \
    "apt-get install docker-compose，或安装插件 docker-compose-plugin"

deploy/containers/secrets.sh
image="${JIHENG_IMAGE:-jiheng:latest}"
if [ "${JIHENG_BUILD:-yes}" = yes ]; then
    echo "构建镜像 building the image: $image（${JIHENG_TARGET:-full}）"
    DOCKER_BUILDKIT=1 docker build --quiet --tag "$image" --target "${JIHENG_TARGET:-full}" \
        ${JIHENG_BUILD_NETWORK:+--network "$JIHENG_BUILD_NETWORK"} \
        ${JIHENG_CA_BUNDLE:+--secret "id=ca,src=$JIHENG_CA_BUNDLE"} . > /dev/null
fi
compose up --detach --no-build --remove-orphans
echo "等待服务就绪 waiting for the services"
waited=0
until healthy; do
    waited=$((waited + 5))
    [ "$waited" -lt "${JIHENG_UP_SECONDS:-600}" ] || { compose ps; fail "有服务未就绪 · a service is not healthy" \
        "make logs；docs/operator/runbooks/CONTAINER-UNHEALTHY.md"; }
    sleep 5
done
echo "Airflow:  http://localhost:${JIHENG_AIRFLOW_PORT:-8080}  用户 user: admin  密码 password: secrets/admin_password"
echo "网站 site: http://localhost:${JIHENG_SITE_PORT:-8081}（首次发布后有内容 · after the first edition）"
