// Changes a card's JSON before it is drawn, the way Teams does: mention tags
// become marks, parts meant for another width go, newer versions are accepted.

const OPEN = "\uE000";
const CLOSE = "\uE001";
const AT = /<at(?:\s[^>]*)?>(.*?)<\/at>/gis;

const plainKeys = new Set(["title", "label", "placeholder", "errorMessage", "fallbackText", "altText", "tooltip"]);
const leaveAlone = new Set(["data", "msteams", "refresh", "authentication"]);

export function prepare(card, width) {
  const copy = walk(structuredClone(card), widthName(width));
  if (parseFloat(copy.version) > 1.6 || !copy.version) copy.version = "1.6";
  return copy;
}

function walk(node, size) {
  if (Array.isArray(node)) {
    return node.filter((one) => fits(one, size)).map((one) => walk(one, size));
  }
  if (!node || typeof node !== "object") return node;
  if (node.type === "Input.ChoiceSet" && !node.placeholder && !node.isMultiSelect) node.placeholder = "Choose one";
  for (const [key, value] of Object.entries(node)) {
    if (leaveAlone.has(key)) continue;
    if (typeof value === "string") node[key] = words(node, key, value);
    else node[key] = walk(value, size);
  }
  return node;
}

function words(node, key, value) {
  if (!value.includes("<at")) return value;
  const isFact = node.type === undefined && "title" in node && "value" in node;
  if ((node.type === "TextBlock" && key === "text") || isFact) {
    return value.replace(AT, `${OPEN}$1${CLOSE}`);
  }
  if (key === "text" || plainKeys.has(key)) return value.replace(AT, "$1");
  return value;
}

// The marks become highlights once markdown has been turned into HTML.
export function highlightMarks(html) {
  return html.replaceAll(OPEN, '<span class="mention">').replaceAll(CLOSE, "</span>");
}

const sizes = ["verynarrow", "narrow", "standard", "wide"];

function widthName(width) {
  if (width <= 165) return "verynarrow";
  if (width <= 350) return "narrow";
  return width <= 768 ? "standard" : "wide";
}

function fits(node, size) {
  const wanted = node && typeof node === "object" && node.targetWidth;
  if (typeof wanted !== "string") return true;
  const [rule, name] = wanted.toLowerCase().includes(":") ? wanted.toLowerCase().split(":") : ["exactly", wanted.toLowerCase()];
  const [here, there] = [sizes.indexOf(size), sizes.indexOf(name)];
  if (there < 0) return true;
  if (rule === "atleast") return here >= there;
  if (rule === "atmost") return here <= there;
  return here === there;
}

// Every id in a card, so that what was shown or hidden can be kept.
export function elementIds(node, found = []) {
  if (Array.isArray(node)) node.forEach((one) => elementIds(one, found));
  else if (node && typeof node === "object") {
    if (typeof node.id === "string" && !String(node.type).startsWith("Action.")) found.push(node.id);
    for (const [key, value] of Object.entries(node)) {
      if (!leaveAlone.has(key)) elementIds(value, found);
    }
  }
  return found;
}
