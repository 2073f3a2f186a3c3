FROM debian:bookworm-slim
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    python3 python3-venv ca-certificates > /dev/null && ln -s python3 /usr/bin/python && rm -rf /var/lib/apt/lists/*
