"""Stock botbuilder: CloudAdapter as its samples set it up, and a handler that answers a card.

Without an app id the SDK checks no token, which makes it quicker than it is in use.
"""

import json
import sys

from aiohttp import web
from botbuilder.core import ActivityHandler, InvokeResponse, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botbuilder.schema import AdaptiveCardInvokeResponse

CARD = json.loads(sys.argv[2])


class Configuration:
    APP_ID = ""
    APP_PASSWORD = ""
    APP_TYPE = "MultiTenant"
    APP_TENANTID = ""


class Echo(ActivityHandler):
    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        """Not `on_adaptive_card_invoke`: the adapter serialises what that returns twice, and
        answers 500.
        """
        card = AdaptiveCardInvokeResponse(
            status_code=200, type="application/vnd.microsoft.card.adaptive", value=CARD
        )
        return InvokeResponse(status=200, body=card)


adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(Configuration()))
bot = Echo()


async def messages(request: web.Request) -> web.Response:
    return await adapter.process(request, bot)


app = web.Application()
app.add_routes([web.post("/api/messages", messages)])
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
