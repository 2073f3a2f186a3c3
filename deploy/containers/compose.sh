#!/bin/sh
# docker compose for this project, whichever of its two programs is here.
set -eu
cd "$(dirname "$0")/../.."
. deploy/containers/tools.sh
compose "$@"
