// Building the page: elements, icons, times. Text only ever enters through text nodes and attributes, never as HTML.

import { currentLanguage, say } from "./texts.js";

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  send: "M3 20.5 21 12 3 3.5l.01 6.6L15 12 3.01 13.9z",
  clip: "M16.5 6v11.2a4.2 4.2 0 0 1-8.4 0V5.3a2.7 2.7 0 0 1 5.4 0v10.4a1.2 1.2 0 0 1-2.4 0V6.4H9.6v9.3a2.7 2.7 0 0 0 5.4 0V5.3a4.2 4.2 0 0 0-8.4 0v11.9a5.7 5.7 0 0 0 11.4 0V6z",
  more: "M12 7.5a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6zm0 6.3a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6zm0 6.3a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z",
  back: "M20 11H7.8l5.6-5.6L12 4l-8 8 8 8 1.4-1.4L7.8 13H20z",
  reply: "M10 9V5l-7 7 7 7v-4.1c5 0 8.500 1.600 11 5.100-1-5-4-10-11-11z",
  close: "M18.300 5.700 12 12l6.300 6.300-1.400 1.400L10.600 13.400 4.300 19.700 2.900 18.300 9.200 12 2.900 5.700 4.300 4.300l6.300 6.300 6.300-6.300z",
  down: "M12 16.500 4.500 9 6 7.600l6 6 6-6L19.500 9z",
  file: "M6 2h8l6 6v12a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2zm7 1.500V9h5.500z",
  pin: "M16 3H8v2l1 1v5l-3 3v2h5v5l1 1 1-1v-5h5v-2l-3-3V6l1-1z",
  out: "M14 4h6v6h-2V7.400l-8.300 8.300-1.400-1.400L16.600 6H14zM5 5h6v2H7v10h10v-4h2v6H5z",
  copy: "M8 3h11v13H8zM10 5v9h7V5zM5 8h2v11h9v2H5z",
};

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "test") node.dataset.testid = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function avatar(id, name, kind) {
  const letter = Array.from(name.trim())[0] ?? "?";
  return el("span", { class: `avatar tint-${Math.abs(id) % 7} ${kind}`, "aria-hidden": "true" }, letter);
}

export function clockTime(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", hour12: false });
}

export function dayName(seconds) {
  const day = new Date(seconds * 1000);
  const age = Math.round((midnight(new Date()) - midnight(day)) / 86400000);
  if (age === 0) return say("today");
  if (age === 1) return say("yesterday");
  return day.toLocaleDateString(locale(), { year: "numeric", month: "long", day: "numeric" });
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1 << 20 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / (1 << 20)).toFixed(1)} MB`;
}

function midnight(day) {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
}

function locale() {
  return currentLanguage() === "zh" ? "zh-CN" : "en-GB";
}
