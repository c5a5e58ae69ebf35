// Writing: the text field, the command menu behind "/", attaching and dropping files, reply keyboards.

import { summary } from "./bubbles.js";
import { el, icon } from "./dom.js";
import { get, post, sendFiles } from "./server.js";
import { say } from "./texts.js";

const ALBUM = 10; // so many files are sent as one

export function composer({ chat, who, whoName, state, send, reply, attempt, nameOf }) {
  const field = el("textarea", { rows: "1", test: "input", "aria-label": say("placeholder"), enterkeyhint: "send", autocomplete: "off",
    placeholder: chat.type === "private" ? say("placeholder") : say("placeholderAs", { name: whoName }) });
  field.value = state.drafts.get(chat.id) ?? "";
  const menu = el("div", { class: "commands", role: "listbox", "aria-label": say("commands"), hidden: true, test: "commands" });
  const picker = el("input", { type: "file", multiple: true, hidden: true, test: "file", onchange: () => upload(picker.files) });
  const threads = threadChoice(chat);

  const grow = () => {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
  };

  async function submit(text = field.value) {
    if (!text.trim()) return;
    hide();
    field.value = "";
    state.drafts.delete(chat.id);
    grow();
    const sent = await send(text, Number(threads?.value ?? 0));
    if (sent || field.value) return;
    field.value = text;
    state.drafts.set(chat.id, text);
  }

  async function upload(files) {
    const caption = field.value;
    field.value = "";
    const all = [...files];
    for (let at = 0; at < all.length; at += ALBUM) {
      await attempt(() => sendFiles(chat.id, who, all.slice(at, at + ALBUM), at ? "" : caption));
    }
    picker.value = "";
  }

  let asked = 0; // an offer that comes after the field has moved on is not shown

  async function offer(prefix) {
    const turn = ++asked;
    const { commands } = await get(`chats/${chat.id}/commands?user=${who}`);
    if (turn !== asked) return;
    const fitting = commands.filter(({ command }) => command.startsWith(prefix.slice(1).toLowerCase()));
    if (!fitting.length && prefix.length > 1) return hide();
    const line = ({ command, description }) => el("button", { type: "button", role: "option", class: "offer", test: `command-${command}`,
      onclick: () => { submit(chat.type === "private" ? `/${command}` : `/${command}@${state.bot.username}`); field.focus(); } },
      el("b", {}, `/${command}`), el("span", {}, description));
    menu.replaceChildren(...(fitting.length ? fitting.map(line) : [el("p", { class: "hint" }, say("noCommands"))]));
    menu.hidden = false;
  }

  // Inline mode: what the bot offers for the words behind its name; a tap sends it in this person's name.
  async function offerInline(words, offset = "") {
    const turn = ++asked;
    await new Promise((done) => setTimeout(done, offset ? 0 : 300));
    if (turn !== asked) return;
    const found = await post(`chats/${chat.id}/inline`, { user: who, query: words, offset }).catch(() => null);
    if (turn !== asked || !found) return;
    const thread = Number(threads?.value ?? 0);
    const line = ({ id, title, description }) => el("button", { type: "button", role: "option", class: "offer result", test: "inline-result",
      onclick: () => { take(); void attempt(() => post(`chats/${chat.id}/choose`, { user: who, query: found.id, result: id, thread })); } },
      el("b", {}, title), el("span", {}, description));
    const hint = found.button?.text ? el("p", { class: "hint", test: "inline-hint" }, found.button.text) : null;
    const more = found.next_offset ? el("button", { type: "button", class: "offer", test: "inline-more", onclick: () => offerInline(words, found.next_offset) }, say("more")) : null;
    const lines = found.results.map(line);
    menu.replaceChildren(...[hint, ...lines, more, hint || lines.length ? null : el("p", { class: "hint" }, say("noResults"))].filter(Boolean));
    menu.hidden = false;
  }

  function take() {
    field.value = "";
    state.drafts.delete(chat.id);
    hide();
    grow();
  }

  function hide() {
    asked += 1;
    menu.hidden = true;
  }

  function move(event) {
    const offers = [...menu.querySelectorAll(".offer")];
    const at = offers.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") { hide(); field.focus(); }
    else if (step && offers.length) {
      event.preventDefault();
      offers[(at + step + offers.length) % offers.length].focus();
    }
  }

  field.addEventListener("input", () => {
    state.drafts.set(chat.id, field.value);
    grow();
    const name = `@${state.bot.username.toLowerCase()} `;
    if (/^\/\w*$/.test(field.value)) void offer(field.value);
    else if (field.value.toLowerCase().startsWith(name)) void offerInline(field.value.slice(name.length).trim());
    else hide();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); void submit(); }
    else if (!menu.hidden) move(event);
    else if (event.key === "Escape" && state.replyTo) reply(null);
  });
  field.addEventListener("paste", (event) => {
    if (event.clipboardData?.files.length) { event.preventDefault(); void upload(event.clipboardData.files); }
  });
  menu.addEventListener("keydown", move);

  const commands = el("button", { class: "plain slash", type: "button", title: say("commands"), "aria-label": say("commands"), test: "slash",
    onclick: () => (menu.hidden ? offer("/") : hide()) }, "/");
  const attach = el("button", { class: "plain", type: "button", title: say("attach"), "aria-label": say("attach"), test: "attach", onclick: () => picker.click() }, icon("clip"));
  const go = el("button", { class: "send", type: "submit", title: say("send"), "aria-label": say("send"), test: "send" }, icon("send"));
  const form = el("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); void submit(); } }, commands, attach, picker, field, go);
  const box = el("div", { class: "writing" }, menu, replying(state.replyTo, reply, nameOf), threads ? el("div", { class: "threads" }, threads) : null, form, replyKeys(chat, submit));
  dropping(upload);
  return { box, field, grow };
}

function threadChoice(chat) {
  const names = Object.entries(chat.threads);
  if (!names.length) return null;
  return el("select", { "aria-label": say("general"), test: "thread" }, el("option", { value: 0 }, say("general")), ...names.map(([id, name]) => el("option", { value: id }, `# ${name}`)));
}

function replying(message, reply, nameOf) {
  if (!message) return null;
  return el("div", { class: "replying", test: "replying" }, icon("reply"),
    el("span", { class: "replying-text" }, el("b", {}, nameOf(message)), el("span", {}, summary(message))),
    el("button", { class: "plain", type: "button", "aria-label": say("cancel"), title: say("cancel"), onclick: () => reply(null) }, icon("close")));
}

function replyKeys(chat, submit) {
  if (!chat.keyboard?.rows) return null;
  const key = (label) => el("button", { class: "reply-key", type: "button", test: "reply-key", onclick: () => submit(label) }, label);
  return el("div", { class: "reply-keys" }, ...chat.keyboard.rows.map((row) => el("div", { class: "keys" }, ...row.map(key))));
}

let dropped = null;

// One drop target for the whole chat; the newest composer receives.
function dropping(upload) {
  dropped = upload;
  const area = document.getElementById("chat");
  if (area.dataset.drops) return;
  area.dataset.drops = "yes";
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0;
  const shade = () => { area.classList.toggle("dropping", depth > 0); area.dataset.drop = say("drop"); };
  area.addEventListener("dragenter", (event) => { if (carries(event)) { depth += 1; shade(); } });
  area.addEventListener("dragleave", (event) => { if (carries(event)) { depth -= 1; shade(); } });
  area.addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); });
  area.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth = 0;
    shade();
    if (area.querySelector(".composer")) void dropped(event.dataTransfer.files);
  });
}
