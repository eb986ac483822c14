# The bot's image: Python, what requirements.txt locks, and the program. Nothing else is copied.
#
# It runs with a read-only file system. Only /tmp is written to:
#   docker run --read-only --tmpfs /tmp --env-file your.env -p 3978:3978 front-door
#
# bot/rehearsal is in it, so that a partnership can act out a scenario file with its own
# configuration where the bot will run (rehearse bot/rehearsal/six_referrals.json). The
# rehearsal desk (run) is not for here: it needs Node packages and answers on loopback only.

FROM python:3.12-slim-bookworm AS build
WORKDIR /app
COPY requirements.txt ./
# Only wheels: no package runs a build script of its own here.
RUN python -m venv --without-pip /opt/venv \
 && python -m pip --python /opt/venv/bin/python install --no-cache-dir --disable-pip-version-check \
    --require-hashes --only-binary :all: -r requirements.txt
COPY app.py LICENSE ./
COPY cards ./cards
COPY bot ./bot
# Compiled once, here: at run time nothing may be written, and a start would take far longer.
RUN /opt/venv/bin/python -m compileall -q --invalidation-mode unchecked-hash app.py bot cards

FROM python:3.12-slim-bookworm
ARG VERSION=dev
LABEL org.opencontainers.image.title="Front Door" \
      org.opencontainers.image.description="A Microsoft Teams bot for a needs-led safeguarding front door" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}"
RUN groupadd --gid 10001 frontdoor \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin frontdoor
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
# By number, so that a platform can see that it is not root.
USER 10001:10001
EXPOSE 3978
ENTRYPOINT ["python", "app.py"]
CMD ["serve"]
