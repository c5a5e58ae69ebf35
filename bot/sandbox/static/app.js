// The chat page: knows the chats, draws the list and the open chat, and passes on what a person does.

import { bubble, settleQuotes, summary } from "./bubbles.js";
import { composer } from "./composer.js";
import { dayName, el, icon } from "./dom.js";
import { header } from "./header.js";
import { entries } from "./list.js";
import { get, listen, post } from "./server.js";
import { currentLanguage, say, useLanguage } from "./texts.js";

const byId = (id) => document.getElementById(id);
const memory = {
  get: (name) => { try { return localStorage.getItem(name); } catch { return null; } },
  set: (name, value) => { try { localStorage.setItem(name, value); } catch { /* private window: forget it */ } },
};

const state = {
  bot: {}, people: new Map(), chats: new Map(), canPublish: false,
  open: 0, drafts: new Map(), unread: new Map(), roles: new Map(), reactions: new Map(), pending: new Map(), replyTo: null, typing: 0, turn: 0,
};
let stream = null;
let view = null;

// ---- names

function nameOf(message) {
  const from = message.from ?? message.sender_chat ?? {};
  return from.title ?? [from.first_name, from.last_name].filter(Boolean).join(" ");
}

function chatName(chat) {
  return chat.title ?? [chat.first_name, chat.last_name].filter(Boolean).join(" ");
}

function personName(id) {
  const person = state.people.get(id);
  return person ? [person.first_name, person.last_name].filter(Boolean).join(" ") : String(id);
}

function roleOf(person) {
  return currentLanguage() === "zh" ? person.role : person.role_en;
}

function writers(chat) {
  const all = Object.entries(chat.members).map(([id, status]) => ({ id: Number(id), status }));
  const may = chat.type === "channel" ? all.filter(({ status }) => status !== "member") : all;
  return may.map(({ id }) => id);
}

function actor(chat) {
  const chosen = state.roles.get(chat.id);
  const possible = writers(chat);
  return possible.includes(chosen) ? chosen : possible[0];
}

// ---- saying what happened

function toast(text, test = "toast") {
  const note = el("div", { class: "toast", test }, text);
  byId("toasts").append(note);
  setTimeout(() => note.remove(), 5000);
}

function alertBox(text) {
  byId("alert-text").textContent = text;
  byId("alert-close").textContent = say("close");
  byId("alert").showModal();
}

async function attempt(deed) {
  try {
    return await deed();
  } catch (error) {
    toast(say("failed", { reason: error.message }), "problem");
    return null;
  }
}

// ---- the list

function drawList() {
  byId("chats").replaceChildren(...entries([...state.chats.values()], {
    open: state.open,
    person: (chat) => state.people.get(chat.id),
    unread: (chat) => state.unread.get(chat.id) ?? 0,
    name: chatName,
    about: (chat) => (state.people.has(chat.id) ? roleOf(state.people.get(chat.id)) : roomLine(chat)),
    choose: openChat,
  }));
}

function roomLine(chat) {
  const count = Object.keys(chat.members).length + 1;
  return say(chat.type === "channel" ? "subscribers" : "members", { count });
}

// ---- the open chat

async function openChat(id, former = 0) {
  const chat = state.chats.get(id);
  if (!chat) return;
  state.open = id;
  state.replyTo = null;
  state.unread.delete(id);
  memory.set("kanbao.chat", String(id));
  document.body.classList.add("in-chat");
  if (!chat.history) {
    chat.arrived = new Map();
    const { messages } = await get(`chats/${id}/messages`);
    chat.history = new Map(messages.map((message) => [message.message_id, message]));
    for (const [key, message] of chat.arrived) chat.history.set(key, message);
  }
  if (state.open !== id) return;
  if (former) takeOver(former, id);
  drawChat();
}

// What was being written, and as whom, goes along to the chat that replaced this one.
function takeOver(former, id) {
  for (const kept of [state.drafts, state.roles]) {
    if (kept.has(former)) kept.set(id, kept.get(former));
    kept.delete(former);
  }
}

function closeChat() {
  document.body.classList.remove("in-chat");
  byId("chats").querySelector("[aria-current]")?.focus();
}

function drawChat() {
  const chat = state.chats.get(state.open);
  drawList();
  if (!chat?.history) {
    view = null;
    byId("chat").replaceChildren(el("div", { class: "nothing" }, el("p", {}, say("empty"))));
    return;
  }
  const log = el("div", { class: "messages", role: "log", "aria-live": "polite", tabindex: "0", "aria-label": chatName(chat), test: "messages" });
  const jump = el("button", { class: "jump", type: "button", title: say("latest"), "aria-label": say("latest"), hidden: true, onclick: () => toEnd(log) }, icon("down"));
  log.addEventListener("scroll", () => { jump.hidden = nearEnd(log); });
  log.addEventListener("load", () => { if (log.scrollHeight - log.scrollTop - log.clientHeight < 620) toEnd(log); }, true);
  const pinned = el("button", { class: "pinned", type: "button", test: "pinned", onclick: () => show(chat.pinned) });
  view = { log, pinned, header: el("div", { class: "chat-header" }), foot: el("div", { class: "foot" }) };
  byId("chat").replaceChildren(view.header, pinned, el("div", { class: "log" }, log, jump), view.foot);
  drawHeader();
  drawPinned();
  drawMessages();
  drawFoot(true);
  toEnd(log);
}

function drawHeader() {
  const chat = state.chats.get(state.open);
  const person = state.people.get(chat.id);
  const calm = person ? [roleOf(person), say("talksWith", { bot: state.bot.first_name })].filter(Boolean).join(" · ") : roomLine(chat);
  view.header.replaceChildren(...header(chat, {
    name: chatName(chat),
    line: state.typing > Date.now() ? say("typing") : calm,
    writers: writers(chat),
    actor: actor(chat),
    nameOf: personName,
    close: closeChat,
    choose: (id) => { state.roles.set(chat.id, id); drawChat(); },
    act: (deed, body) => attempt(() => post(`chats/${chat.id}/${deed}`, { user: actor(chat) ?? chat.id, ...body })),
  }));
}

function drawPinned() {
  const message = state.chats.get(state.open).history.get(state.chats.get(state.open).pinned);
  view.pinned.hidden = !message;
  if (message) view.pinned.replaceChildren(icon("pin"), el("b", {}, say("pinned")), el("span", {}, summary(message)));
}

// ---- messages

function drawMessages() {
  const chat = state.chats.get(state.open);
  const nodes = [];
  let day = "";
  for (const message of chat.history.values()) {
    const today = dayName(message.date);
    if (today !== day) nodes.push(el("p", { class: "day" }, today));
    day = today;
    nodes.push(drawn(chat, message));
  }
  view.log.replaceChildren(...nodes);
  if (!nodes.length) view.log.append(about());
  settleQuotes(view.log);
}

function about() {
  const text = state.bot.description?.[currentLanguage()] || say("aboutNothing");
  return el("div", { class: "about" }, el("b", {}, say("about")), el("p", {}, text));
}

function drawn(chat, message) {
  const who = message.from?.id ?? message.sender_chat?.id ?? 0;
  const mine = chat.type !== "channel" && who === actor(chat);
  const origin = message.forward_origin;
  return bubble(message, {
    mine,
    named: chat.type !== "private" && !mine,
    author: nameOf(message) + (message.from?.is_bot ? ` · ${say("bot")}` : ""),
    authorId: who,
    origin: origin ? nameOf({ from: origin.sender_user ?? origin.chat }) : "",
    thread: chat.threads[message.message_thread_id],
    reactions: state.reactions.get(`${chat.id} ${message.message_id}`),
    nameOf,
    deeds: { press, show, command: (text) => send(text), reply },
  });
}

function placed(chat, message, fresh) {
  const old = view.log.querySelector(`[data-message="${message.message_id}"]`);
  const node = drawn(chat, message);
  const stay = nearEnd(view.log);
  if (old) old.replaceWith(node);
  else {
    view.log.querySelector(".about")?.remove();
    const before = [...chat.history.values()].at(-2);
    if (!before || dayName(before.date) !== dayName(message.date)) view.log.append(el("p", { class: "day" }, dayName(message.date)));
    view.log.append(node);
  }
  settleQuotes(node);
  if (stay || (fresh && message.from?.id === actor(chat))) toEnd(view.log);
}

function nearEnd(log) {
  return log.scrollHeight - log.scrollTop - log.clientHeight < 120;
}

function toEnd(log) {
  log.scrollTop = log.scrollHeight;
}

function show(id) {
  const node = view.log.querySelector(`[data-message="${id}"]`);
  node?.scrollIntoView({ block: "center" });
  node?.classList.add("shown-now");
  setTimeout(() => node?.classList.remove("shown-now"), 1200);
}

// ---- what a person does

async function press(message, button, node) {
  const chat = state.chats.get(state.open);
  if (button.copy_text) {
    await navigator.clipboard?.writeText(button.copy_text.text);
    toast(say("copied"));
  } else if ("switch_inline_query_current_chat" in button) {
    view.foot.querySelector("textarea").value = `@${state.bot.username} ${button.switch_inline_query_current_chat}`;
  } else if (button.callback_data) {
    node.classList.add("waiting");
    node.setAttribute("aria-busy", "true");
    setTimeout(() => settle(node), 10000);
    const answer = await attempt(() => post(`chats/${chat.id}/press`, { user: actor(chat), message_id: message.message_id, data: button.callback_data }));
    if (answer) state.pending.set(answer.done, node);
    else settle(node);
  }
}

function settle(node) {
  node?.classList.remove("waiting");
  node?.removeAttribute("aria-busy");
}

async function send(text, thread = 0) {
  const chat = state.chats.get(state.open);
  const body = { user: actor(chat), text, thread, reply_to: state.replyTo?.message_id ?? 0 };
  const sent = await attempt(() => post(`chats/${chat.id}/text`, body));
  if (sent && state.replyTo) reply(null);
  return Boolean(sent);
}

function reply(message) {
  state.replyTo = message;
  drawFoot();
  view.foot.querySelector("textarea")?.focus();
}

function drawFoot(focus = view.foot.contains(document.activeElement)) {
  const chat = state.chats.get(state.open);
  const who = actor(chat);
  const button = (key, deed, test) => el("button", { class: "primary wide", type: "button", test, onclick: () =>
    attempt(() => post(`chats/${chat.id}/${deed}`, { user: who ?? Object.keys(chat.members)[0] })) }, say(key));
  const notice = (key) => el("p", { class: "notice", test: "notice" }, say(key));
  const shut = chat.type === "private"
    ? { new: [button("start", "start", "start")], kicked: [notice("blocked"), button("restart", "start", "restart")], deactivated: [notice("gone")] }[chat.standing]
    : ["kicked", "left"].includes(chat.standing) ? [notice("removed"), button("addBot", "add_bot", "add-bot")] : null;
  if (shut) view.foot.replaceChildren(...shut);
  else if (who === undefined) view.foot.replaceChildren(notice("readers"));
  else {
    const writing = composer({ chat, who, whoName: personName(who), state, send, reply, attempt, nameOf });
    view.foot.replaceChildren(writing.box);
    writing.grow();
    // At once: a key pressed before the next frame would be lost.
    if (focus && !window.matchMedia("(max-width: 760px)").matches) writing.field.focus();
  }
}

// ---- events

function onEvent(event) {
  if (event.kind === "reset") return void load(true);
  if (event.kind === "profile") return void load();
  const chat = state.chats.get(event.chat);
  if (!chat) return void load();
  const here = state.open === chat.id && view && chat.history;
  if (event.kind === "message") onMessage(chat, event.message, here);
  else if (event.kind === "delete") {
    chat.history?.delete(event.message_id);
    if (here) view.log.querySelector(`[data-message="${event.message_id}"]`)?.remove();
  } else if (event.kind === "chat") void load();
  else if (event.kind === "answer") onAnswer(event, here);
  else if (event.kind === "action" && here) {
    state.typing = Date.now() + 4500;
    drawHeader();
    setTimeout(() => { if (state.open === chat.id) drawHeader(); }, 4600);
  } else if (event.kind === "reaction") {
    state.reactions.set(`${chat.id} ${event.message_id}`, event.reaction.map((one) => one.emoji ?? "★"));
    const message = chat.history?.get(event.message_id);
    if (here && message) placed(chat, message, false);
  }
}

function onMessage(chat, message, here) {
  const fresh = !chat.history?.has(message.message_id);
  (chat.history ?? chat.arrived)?.set(message.message_id, message);
  if ((chat.last?.message_id ?? 0) <= message.message_id) chat.last = message;
  if (here) {
    if (state.typing) { state.typing = 0; drawHeader(); }
    placed(chat, message, fresh);
  } else if (!message.edit_date && message.from?.id === state.bot.id) {
    state.unread.set(chat.id, (state.unread.get(chat.id) ?? 0) + 1);
  }
  drawList();
}

function onAnswer(event, here) {
  settle(state.pending.get(event.query));
  state.pending.delete(event.query);
  if (here) for (const node of view.log.querySelectorAll(`[data-message="${event.message_id}"] .waiting`)) settle(node);
  if (event.text && event.alert) alertBox(event.text);
  else if (event.text) toast(event.text);
}

// ---- beginning

async function load(anew = false) {
  const turn = (state.turn += 1);
  const fresh = await get("state");
  if (turn !== state.turn) return fresh.seq;
  const known = state.chats;
  state.bot = fresh.bot;
  state.canPublish = fresh.publish;
  state.people = new Map(fresh.people.map((person) => [person.id, person]));
  state.chats = new Map(fresh.chats.map((chat) => [chat.id, Object.assign(known.get(chat.id) ?? {}, chat, anew ? { history: undefined } : {})]));
  drawFrame();
  await drawOpen(known);
  return fresh.seq;
}

async function drawOpen(known) {
  let former = 0;
  if (state.open && !state.chats.has(state.open)) {
    former = state.open;
    state.open = [...state.chats.values()].find((chat) => chat.type === "supergroup" && !known.has(chat.id))?.id ?? 0;
    view = null;
  }
  if (!state.open) drawChat();
  else if (!view || !state.chats.get(state.open).history) await openChat(state.open, former);
  else {
    drawList();
    drawHeader();
    drawPinned();
    drawFoot();
  }
}

function drawFrame() {
  byId("banner-text").textContent = say("banner");
  byId("offline").textContent = say("offline");
  byId("language").textContent = say("switch");
  byId("sidebar").setAttribute("aria-label", say("chats"));
  byId("bot-name").textContent = `@${state.bot.username}`;
  byId("publish").hidden = !state.canPublish;
  byId("publish").textContent = say("publish");
  byId("publish-hint").textContent = state.canPublish ? say("publishHint") : "";
}

async function publish() {
  const button = byId("publish");
  button.disabled = true;
  button.textContent = say("publishing");
  const answer = await attempt(() => post("publish"));
  if (answer) toast(answer.published ? say("published", { name: answer.published }) : say("allPublished"), "published");
  button.disabled = false;
  button.textContent = say("publish");
}

async function begin() {
  useLanguage(memory.get("kanbao.language") ?? "zh");
  state.open = Number(memory.get("kanbao.chat") ?? 0);
  byId("publish").addEventListener("click", publish);
  byId("language").addEventListener("click", () => {
    useLanguage(currentLanguage() === "zh" ? "en" : "zh");
    memory.set("kanbao.language", currentLanguage());
    drawFrame();
    drawChat();
  });
  const remembered = state.open;
  if (window.matchMedia("(max-width: 760px)").matches) state.open = 0;
  const seq = await load();
  if (!state.open && !window.matchMedia("(max-width: 760px)").matches && !remembered) await openChat([...state.chats.keys()][0]);
  stream = listen(seq, onEvent, (up) => { byId("offline").hidden = up; });
}

begin();
