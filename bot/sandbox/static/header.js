// The head of the open chat: whose it is, as whom one writes, and the menu of what can be done to it.

import { avatar, el, icon } from "./dom.js";
import { say } from "./texts.js";

// `desk` is what the page knows and does: name, line, person, possible writers, names, act(deed, body), choose(id), close().
export function header(chat, desk) {
  return [
    el("button", { class: "plain back", type: "button", "aria-label": say("back"), title: say("back"), test: "back", onclick: desk.close }, icon("back")),
    avatar(chat.id, desk.name, chat.type === "private" ? "person" : chat.type),
    el("div", { class: "who" }, el("b", {}, desk.name), el("small", { test: "status" }, desk.line)),
    roles(chat, desk),
    menu(chat, desk),
  ].filter(Boolean);
}

function roles(chat, desk) {
  if (chat.type === "private" || desk.writers.length < 2) return null;
  const options = desk.writers.map((id) => el("option", { value: id }, desk.nameOf(id)));
  const select = el("select", { "aria-label": say("as"), title: say("as"), test: "role", onchange: () => desk.choose(Number(select.value)) }, ...options);
  select.value = String(desk.actor);
  return el("label", { class: "roles" }, el("span", {}, say("as")), select);
}

function menu(chat, desk) {
  const deeds = deedsOf(chat);
  if (!deeds.length) return null;
  const list = el("div", { class: "menu-list", hidden: true, role: "menu" }, ...deeds.map(([key, deed, body, names]) => item(say(key, names), deed, () => desk.act(deed, body))));
  const toggle = el("button", { class: "plain", type: "button", "aria-haspopup": "menu", "aria-label": say("menu"), title: say("menu"), test: "menu", onclick: () => {
    list.hidden = !list.hidden;
    if (!list.hidden) list.querySelector("button").focus();
  } }, icon("more"));
  const box = el("div", { class: "menu" }, toggle, list);
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") { list.hidden = true; toggle.focus(); } });
  box.addEventListener("focusout", (event) => { if (!box.contains(event.relatedTarget)) list.hidden = true; });
  return box;
}

function item(label, deed, act) {
  const grave = ["block", "deactivate", "remove_bot", "delete_topic"].includes(deed);
  return el("button", { type: "button", role: "menuitem", test: deed, class: grave ? "grave" : "", onclick: (event) => {
    event.currentTarget.parentElement.hidden = true;
    act();
  } }, label);
}

function deedsOf(chat) {
  if (chat.type === "private") {
    if (chat.standing === "member") return [["block", "block"], ["deactivate", "deactivate"]];
    return chat.standing === "kicked" ? [["unblock", "unblock"]] : [];
  }
  const present = chat.standing === "member" || chat.standing === "administrator";
  const deeds = present ? [["removeBot", "remove_bot"]] : [["addBot", "add_bot"]];
  if (chat.standing === "member") deeds.unshift(["makeAdmin", "add_bot", { administrator: true }]);
  if (chat.type === "group") deeds.unshift(["upgrade", "upgrade"]);
  if (chat.type === "supergroup" && !chat.forum) deeds.unshift(["forum", "forum", { forum: true }]);
  if (chat.forum && chat.standing === "administrator") deeds.unshift([chat.topic_right ? "denyTopics" : "allowTopics", "topics", { allowed: !chat.topic_right }]);
  for (const [id, name] of Object.entries(chat.threads)) deeds.push(["deleteTopic", "delete_topic", { thread: Number(id) }, { name }]);
  return deeds;
}
