FROM debian:bookworm-slim
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    netcat-openbsd ca-certificates > /dev/null && rm -rf /var/lib/apt/lists/*
COPY rclone /usr/local/bin/rclone
WORKDIR /data
ENTRYPOINT ["rclone"]
