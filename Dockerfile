# One image for web, worker and commands; `--target demo` adds the simulators of outside services.
FROM node:20-slim AS assets
WORKDIR /haat
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=optional
COPY web web
RUN mkdir -p web/static/build && npm run styles

FROM python:3.11-slim AS packages
COPY requirements/prod.lock /tmp/prod.lock
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/prod.lock

FROM packages AS demo-packages
COPY requirements/dev.lock /tmp/dev.lock
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/dev.lock

FROM python:3.11-slim AS base
# A new volume takes over who may write into the folder that it is mounted on.
RUN useradd --system --uid 10001 --home-dir /haat haat && install -d -o haat /media /data
WORKDIR /haat
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/haat
COPY models models
COPY search search
COPY server server
COPY handlers handlers
COPY jobs jobs
COPY catalogue catalogue
COPY migrations migrations
COPY loadtests loadtests
COPY web web
COPY --from=assets /haat/web/static/build web/static/build
RUN python -m compileall -q .
USER haat
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["python", "-m", "server", "serve"]

FROM base AS demo
COPY devstack devstack
COPY --from=demo-packages /venv /venv

FROM base AS production
COPY --from=packages /venv /venv
