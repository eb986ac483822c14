"""The limit: an aiohttp handler that parses the activity and answers with the card."""

import json
import sys

from aiohttp import web

CARD = json.loads(sys.argv[2])


async def messages(request: web.Request) -> web.Response:
    activity = json.loads(await request.read())
    assert activity["type"] == "invoke"
    answer = {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": CARD}
    return web.json_response(answer)


async def nothing(request: web.Request) -> web.Response:
    """Parsed, and answered with an empty body, as a dialog that closes is."""
    activity = json.loads(await request.read())
    assert activity["type"] == "invoke"
    return web.json_response({})


app = web.Application()
app.add_routes([web.post("/api/messages", messages), web.post("/nothing", nothing)])
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
