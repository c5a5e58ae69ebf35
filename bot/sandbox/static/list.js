// The list of chats: private chats of the made-up people first, then rooms. People without a role are extras of tests.

import { summary } from "./bubbles.js";
import { avatar, clockTime, el } from "./dom.js";
import { say } from "./texts.js";

// `desk` is what the page knows and does: open, person(chat), unread(chat), name(chat), about(chat), choose(id).
export function entries(chats, desk) {
  const people = chats.filter((chat) => chat.type === "private" && desk.person(chat)?.role);
  const rooms = chats.filter((chat) => chat.type !== "private");
  const drawn = (chat) => entry(chat, desk);
  return [el("h2", {}, say("people")), ...people.map(drawn), el("h2", {}, say("rooms")), ...rooms.map(drawn)];
}

function entry(chat, desk) {
  const last = chat.history ? [...chat.history.values()].at(-1) : chat.last;
  const unread = desk.unread(chat);
  const chosen = desk.open === chat.id ? "true" : null;
  return el(
    "button",
    { class: "entry", type: "button", test: `chat-${chat.id}`, "aria-current": chosen, onclick: () => desk.choose(chat.id) },
    avatar(chat.id, desk.name(chat), chat.type === "private" ? "person" : chat.type),
    el(
      "span",
      { class: "entry-text" },
      el(
        "span",
        { class: "entry-head" },
        el("b", {}, desk.name(chat)),
        desk.person(chat)?.admin ? el("span", { class: "tag" }, say("admin")) : null,
        last ? el("time", {}, clockTime(last.edit_date ?? last.date)) : null,
      ),
      el(
        "span",
        { class: "entry-foot" },
        el("span", { class: "entry-last" }, last ? summary(last) : desk.about(chat)),
        unread ? el("span", { class: "unread", "aria-label": say("unread", { count: unread }) }, String(unread)) : null,
      ),
    ),
  );
}
