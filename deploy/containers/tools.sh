# What the scripts of this folder share.
fail() {
    printf '错误 error: %s\n  怎么办 help: %s\n' "$1" "$2" >&2
    exit 4
}

# Docker's own plugin where it is there, else docker-compose 1.29.
compose() {
    if docker compose version > /dev/null 2>&1; then
        docker compose "$@"
    else
        docker-compose "$@"
    fi
}

# Whether every container that is to stay runs, and those with a check of their health pass it.
healthy() {
    ids=$(compose ps -q) && [ -n "$ids" ] || return 1
    # shellcheck disable=SC2086
    ! docker inspect --format '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}} {{.State.ExitCode}}' $ids |
        grep -qvE '^(running (healthy)? 0|exited  0)$'
}
