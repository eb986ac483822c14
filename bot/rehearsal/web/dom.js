// Small helpers for building page elements, and the one polite announcer.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") node.className = value;
    else if (key === "text") node.textContent = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) node.append(child);
  }
  return node;
}

export function svg(tag, props = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(props)) {
    if (key === "text") node.textContent = value;
    else node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

export const byId = (id) => document.getElementById(id);

export function initials(name) {
  const words = String(name).replace(/[^\p{L}\p{N} ]/gu, "").split(/\s+/).filter(Boolean);
  if (!words.length) return "?";
  return (words[0][0] + (words.length > 1 ? words[words.length - 1][0] : "")).toUpperCase();
}

// A steady colour for each name, so a person looks the same everywhere.
export function tint(name) {
  let sum = 0;
  for (const letter of String(name)) sum = (sum * 31 + letter.codePointAt(0)) % 997;
  return `tint-${sum % 7}`;
}

export function avatar(name, kind = "person") {
  if (kind === "bot") {
    return el("span", { class: "avatar avatar-bot", "aria-hidden": "true" }, "FD");
  }
  return el("span", { class: `avatar ${tint(name)}`, "aria-hidden": "true" }, initials(name));
}

export function announce(text) {
  const box = byId("announcer");
  box.textContent = "";
  setTimeout(() => { box.textContent = text; }, 60);
}

// Text as nodes: line breaks are kept by the style sheet, mentions are marked.
export function textWithMentions(text, mentions = []) {
  const names = [...new Set(mentions || [])].filter(Boolean).sort((a, b) => b.length - a.length);
  if (!names.length) return [document.createTextNode(text)];
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`@?(?:${escaped.join("|")})`, "g");
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    nodes.push(document.createTextNode(text.slice(from, match.index)));
    nodes.push(el("span", { class: "mention", text: match[0] }));
    from = match.index + match[0].length;
  }
  nodes.push(document.createTextNode(text.slice(from)));
  return nodes;
}

export const isPhone = () => window.matchMedia("(max-width: 760px)").matches;
export const isNarrow = () => window.matchMedia("(max-width: 1120px)").matches;
