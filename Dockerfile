# One image for every role: `wiredesk run` (the default), `poll`, `work`, or any other command.
FROM ghcr.io/astral-sh/uv:0.13.9 AS uv

FROM python:3.13-slim AS build
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
COPY --from=uv /uv /usr/local/bin/uv
WORKDIR /src
# Dependencies by hash, in a layer of their own: a change of the source downloads nothing.
RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=bind,source=requirements.txt,target=/src/requirements.txt \
    uv venv --quiet --python /usr/local/bin/python3 /opt/wiredesk \
    && uv pip sync --python /opt/wiredesk/bin/python --require-hashes requirements.txt
COPY pyproject.toml README.md LICENSE* ./
COPY config/ config/
COPY ingest/ ingest/
COPY workers/ workers/
RUN --mount=type=cache,target=/root/.cache/uv \
    uv build --quiet --wheel --python /usr/local/bin/python3 --out-dir /dist \
    && uv pip install --python /opt/wiredesk/bin/python --no-deps /dist/*.whl

FROM python:3.13-slim
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="wiredesk" \
      org.opencontainers.image.description="Event-stream ingestion for news: feeds in, deduplicated documents out" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/python:3.13-slim"
# The code belongs to root and cannot be written at run time; the embedded server's folder belongs to the user.
COPY --from=build /opt/wiredesk /opt/wiredesk
COPY config/*.toml /etc/wiredesk/
RUN install -d -o 10001 -g 10001 -m 0750 /data /data/failed /spool
ENV PATH=/opt/wiredesk/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    WIREDESK_CONFIG=/etc/wiredesk \
    WIREDESK_DATA=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
# Each role touches a file in the temporary directory while it reaches its server; see workers/cli/beat.py.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-m", "workers.cli.beat", "check"]
ENTRYPOINT ["wiredesk"]
CMD ["run"]
