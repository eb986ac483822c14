// Plain SVG charts with written labels. Each carries its figures in words.
import { el, svg } from "./dom.js";

const palette = ["#4f52b2", "#0e7878", "#b3261e", "#8a5a00", "#2f6f3e", "#7a3e8e", "#3b6ea5", "#6b6b6b"];
const named = {
  good: "#2f6f3e", warning: "#8a5a00", attention: "#b3261e", neutral: "#6b6b6b", accent: "#4f52b2",
  categoricalred: "#b3261e", categoricalpurple: "#7a3e8e", categoricallavender: "#6264a7",
  categoricalblue: "#3b6ea5", categoricallightblue: "#2b7fb8", categoricalteal: "#0e7878",
  categoricalgreen: "#2f6f3e", categoricallime: "#5c6f1d", categoricalmarigold: "#8a5a00",
};

function colour(wanted, index) {
  const name = String(wanted || "").toLowerCase();
  if (/^#[0-9a-f]{6}$/.test(name)) return name;
  if (named[name]) return named[name];
  const group = name.match(/^(?:sequential|diverging)(\d)$/);
  return palette[((group ? Number(group[1]) - 1 : index) + palette.length) % palette.length];
}

const number = (value) => (Number.isFinite(Number(value)) ? Number(value) : 0);
const pairs = (source) => (source.data || []).map((one) => ({
  name: String(one.x ?? one.legend ?? ""), value: number(one.y ?? one.value), color: one.color,
}));

function picture(source, items, width, height) {
  const said = items.map((one) => `${one.name} ${one.value}`).join(", ");
  return svg("svg", {
    class: "chart-svg", role: "img", viewBox: `0 0 ${width} ${height}`, width, height,
    "aria-label": `${source.title || "Chart"}: ${said || "no figures yet"}`,
  });
}

const size = (width) => Math.max(230, Math.min(Math.round(width), 520));

export function drawHorizontalBars(source, space) {
  const width = size(space);
  const items = pairs(source);
  const row = 42;
  const chart = picture(source, items, width, Math.max(row, items.length * row));
  const most = Math.max(1, ...items.map((one) => one.value));
  items.forEach((one, index) => {
    const top = index * row;
    const long = Math.max(2, (width - 48) * (Math.max(0, one.value) / most));
    chart.append(
      svg("text", { x: 0, y: top + 13, class: "chart-label", text: one.name }),
      svg("rect", { x: 0, y: top + 19, width: width - 48, height: 14, rx: 3, fill: "#ededf2" }),
      svg("rect", { x: 0, y: top + 19, width: long, height: 14, rx: 3, fill: colour(one.color || source.color, source.colorSet || one.color ? index : 0) }),
      svg("text", { x: width - 40, y: top + 31, class: "chart-value", text: String(one.value) }));
  });
  return chart;
}

export function drawVerticalBars(source, space) {
  const width = size(space);
  const items = pairs(source);
  const high = 120;
  const chart = picture(source, items, width, high + 44);
  const most = Math.max(1, ...items.map((one) => one.value));
  const slot = width / Math.max(1, items.length);
  const bar = Math.min(48, slot * 0.6);
  const room = Math.max(3, Math.floor(slot / 6.6));
  items.forEach((one, index) => {
    const tall = Math.max(2, high * (Math.max(0, one.value) / most));
    const middle = slot * index + slot / 2;
    const name = one.name.length > room ? `${one.name.slice(0, room - 1)}…` : one.name;
    chart.append(
      svg("rect", { x: middle - bar / 2, y: 20 + high - tall, width: bar, height: tall, rx: 3, fill: colour(one.color || source.color, 0) }),
      svg("text", { x: middle, y: 14 + high - tall, class: "chart-value", "text-anchor": "middle", text: String(one.value) }),
      svg("text", { x: middle, y: high + 38, class: "chart-label", "text-anchor": "middle", text: name }));
  });
  chart.append(svg("line", { x1: 0, x2: width, y1: 20.5 + high, y2: 20.5 + high, stroke: "#8a8a8a" }));
  if (!source.yAxisTitle) return chart;
  return el("div", {}, el("div", { class: "chart-axis", text: source.yAxisTitle }), chart);
}

export function drawDonut(source, space) {
  const items = pairs(source);
  const total = items.reduce((sum, one) => sum + Math.max(0, one.value), 0);
  const width = size(space);
  const chart = picture(source, items, width, Math.max(132, items.length * 24 + 12));
  const around = 2 * Math.PI * 44;
  let start = 0;
  chart.append(svg("circle", { cx: 62, cy: 66, r: 44, fill: "none", stroke: "#ededf2", "stroke-width": 20 }));
  items.forEach((one, index) => {
    const part = total ? (Math.max(0, one.value) / total) * around : 0;
    const shade = colour(one.color, index);
    if (part) {
      chart.append(svg("circle", {
        cx: 62, cy: 66, r: 44, fill: "none", stroke: shade, "stroke-width": 20,
        "stroke-dasharray": `${part} ${around - part}`, "stroke-dashoffset": -start,
        transform: "rotate(-90 62 66)",
      }));
    }
    start += part;
    const y = 22 + index * 24;
    chart.append(
      svg("rect", { x: 136, y: y - 10, width: 12, height: 12, rx: 2, fill: shade }),
      svg("text", { x: 156, y, class: "chart-label", text: `${one.name}: ${one.value}` }));
  });
  chart.append(svg("text", { x: 62, y: 72, class: "chart-total", "text-anchor": "middle", text: String(total) }));
  return chart;
}
