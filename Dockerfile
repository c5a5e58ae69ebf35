# The service, without a store of its own when KANBAO_REDIS_URL is set; docker-compose.yml shows the usual set-up.

FROM python:3.12-slim AS build
RUN python -m venv /venv
WORKDIR /build
COPY requirements.txt ./
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY pyproject.toml requirements.in requirements-otel.in README.md LICENSE ./
COPY subscriptions subscriptions
COPY digests digests
COPY bot bot
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps .

FROM python:3.12-slim
RUN groupadd --system --gid 10001 kanbao \
 && useradd --system --uid 10001 --gid kanbao --home-dir /data --shell /usr/sbin/nologin kanbao \
 && install --directory --owner kanbao --group kanbao /data /inbox
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    KANBAO_DATA_DIR=/data \
    KANBAO_INBOX=/inbox
USER kanbao
WORKDIR /data
VOLUME ["/data", "/inbox"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=15s --start-period=60s --retries=3 CMD ["kanbao", "doctor", "--quick"]
ENTRYPOINT ["kanbao"]
CMD ["run"]
