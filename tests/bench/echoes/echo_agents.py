"""microsoft-agents-hosting-aiohttp: its CloudAdapter, and a handler that answers a card.

Its connection is anonymous, so it checks no token, which makes it quicker than it is in use.
"""

import json
import sys

from aiohttp import web
from microsoft_agents.activity import AdaptiveCardInvokeResponse
from microsoft_agents.authentication.msal import MsalConnectionManager
from microsoft_agents.hosting.aiohttp import CloudAdapter
from microsoft_agents.hosting.core import ActivityHandler

CARD = json.loads(sys.argv[2])


class Echo(ActivityHandler):
    async def on_adaptive_card_invoke(self, turn_context, invoke_value):
        return AdaptiveCardInvokeResponse(
            status_code=200, type="application/vnd.microsoft.card.adaptive", value=CARD
        )


settings = {"AUTHTYPE": "ClientSecret", "ANONYMOUS_ALLOWED": True, "CLIENTID": ""}
connections = {"SERVICE_CONNECTION": {"SETTINGS": settings}}
adapter = CloudAdapter(connection_manager=MsalConnectionManager(CONNECTIONS=connections))
agent = Echo()


async def messages(request: web.Request) -> web.Response:
    return await adapter.process(request, agent)


app = web.Application()
app.add_routes([web.post("/api/messages", messages)])
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
