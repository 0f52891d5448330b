# The four programs as images, one target each: ./dev image builds, checks and lists what is in them. An image holds one
# program, the shared libraries that it loads, certificates and a user: no shell, no package manager, nothing to run but
# the program. Nothing here names a processor; it is built on amd64 and written for arm64.
ARG BASE=debian:bookworm-slim

# The compiler and the libraries, as ./dev setup installs them on a desk.
FROM ${BASE} AS packages
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
WORKDIR /src
COPY tools/dev/console.sh tools/dev/packages.sh tools/dev/
RUN root=$PWD && . tools/dev/console.sh && . tools/dev/packages.sh && setup build && \
    apt-get install -y --no-install-recommends ca-certificates && \
    rm -rf /var/lib/apt/lists/*

# All four at once: they share most of what is compiled.
FROM packages AS build
ARG JOBS=
COPY . .
# The compiler is known by what is in it: the engine sets the times of all files of a stage to those of the commit.
RUN --mount=type=cache,id=orderflow-ccache,target=/root/.cache/ccache \
    CCACHE_COMPILERCHECK=content DEV_SETUP=off DEV_JOBS=${JOBS} ./dev build release orderflow api-service worker-service queue-service

# One folder for each program that becomes the root of its image.
FROM build AS roots
ARG SOURCE_DATE_EPOCH=0
ARG VERSION=0
RUN SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH} tools/image/assemble.sh ${VERSION} build/release /roots \
    orderflow api-service worker-service queue-service

FROM scratch AS api-service
ARG VERSION=0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="api-service" \
      org.opencontainers.image.description="Orderflow: takes orders over HTTP, shows what became of them" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.licenses="MIT"
COPY --from=roots /roots/api-service/ /
COPY --from=roots --chown=10001:10001 /roots/data/ /data/
ENV ORDERFLOW_DATA_DIR=/data ORDERFLOW_LISTEN=0.0.0.0:8080
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/usr/bin/api-service", "--health"]
ENTRYPOINT ["/usr/bin/api-service"]

# Nobody connects to it: /healthz and /metrics stay inside of the container unless ORDERFLOW_WORKER_LISTEN says otherwise.
# On AWS Lambda the same image runs with the command --lambda, as a user of Lambda's: only /tmp can be written to there,
# and neither the volume nor the health check means anything.
FROM scratch AS worker-service
ARG VERSION=0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="worker-service" \
      org.opencontainers.image.description="Orderflow: takes orders from the queue, settles them in the order store" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.licenses="MIT"
COPY --from=roots /roots/worker-service/ /
COPY --from=roots --chown=10001:10001 /roots/data/ /data/
ENV ORDERFLOW_DATA_DIR=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/usr/bin/worker-service", "--health"]
ENTRYPOINT ["/usr/bin/worker-service"]

# Open to the network it refuses to start without ORDERFLOW_SQS_ACCESS_KEY_ID and ORDERFLOW_SQS_SECRET_ACCESS_KEY.
FROM scratch AS queue-service
ARG VERSION=0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="queue-service" \
      org.opencontainers.image.description="Orderflow: durable queues that speak the Amazon SQS protocol" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.licenses="MIT"
COPY --from=roots /roots/queue-service/ /
COPY --from=roots --chown=10001:10001 /roots/data/ /data/
ENV ORDERFLOW_DATA_DIR=/data ORDERFLOW_SQS_LISTEN=0.0.0.0:9324
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 9324
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/usr/bin/queue-service", "--health"]
ENTRYPOINT ["/usr/bin/queue-service"]

# All of them in one process, and the commands: load, audit, backup, restore, keys, migrate.
FROM scratch AS orderflow
ARG VERSION=0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="orderflow" \
      org.opencontainers.image.description="Orderflow: takes orders over HTTP, queues them durably, processes them, shows them" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.licenses="MIT"
COPY --from=roots /roots/orderflow/ /
COPY --from=roots --chown=10001:10001 /roots/data/ /data/
ENV ORDERFLOW_DATA_DIR=/data ORDERFLOW_LISTEN=0.0.0.0:8080
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/usr/bin/orderflow", "--health"]
ENTRYPOINT ["/usr/bin/orderflow"]
