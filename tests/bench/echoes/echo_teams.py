"""microsoft-teams-apps: an App as its samples set it up, and a handler that answers a card.

Requests without a token are let in, which makes it quicker than it is in use.
"""

import asyncio
import json
import sys

from microsoft_teams.api import AdaptiveCardActionCardResponse
from microsoft_teams.apps import App
from microsoft_teams.cards import AdaptiveCard

CARD = AdaptiveCard.model_validate(json.loads(sys.argv[2]))

app = App(dangerously_allow_unauthenticated_requests=True)


@app.on_card_action_execute
async def execute(ctx):
    return AdaptiveCardActionCardResponse(value=CARD)


asyncio.run(app.start(int(sys.argv[1])))
