// Reads a JSON array of cards; writes, for each, the faults the adaptivecards package finds.
import { readFileSync } from "node:fs";
import adaptivecards from "adaptivecards/dist/adaptivecards.js";

const { AdaptiveCard, SerializationContext, Versions } = adaptivecards;

function problemsOf(payload) {
  const context = new SerializationContext(Versions.v1_5);
  const card = new AdaptiveCard();
  card.parse(payload, context);
  const found = [];
  for (let i = 0; i < context.eventCount; i++) {
    found.push(context.getEventAt(i));
  }
  for (const event of card.validateProperties().validationEvents) {
    found.push(event);
  }
  return found.map((event) => event.message);
}

const cards = JSON.parse(readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(cards.map(problemsOf)));
