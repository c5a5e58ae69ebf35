// One message as a Telegram client draws it: entities, media, replies, keyboards.
// What a person may do with it comes in as `deeds`: press, command, reply, open.

import { clockTime, el, icon, size } from "./dom.js";
import { say } from "./texts.js";

const SAFE = /^(https?|tg|mailto|tel):/i;
const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);
const OTHERS = ["video", "audio", "voice", "video_note", "sticker", "poll", "location"];
const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" };

export function bubble(message, view) {
  const { mine, named, deeds } = view;
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return service(message, say("migrated"));
  if (message.forum_topic_created) return service(message, say("topicCreated", { name: message.forum_topic_created.name }));
  if (message.forum_topic_edited) return service(message, say("topicEdited", { name: message.forum_topic_edited.name }));
  if (message.forum_topic_closed) return service(message, say("topicClosed"));
  if (message.forum_topic_reopened) return service(message, say("topicReopened"));
  const body = el(
    "div",
    { class: "bubble" },
    named ? el("b", { class: `author tint-text-${Math.abs(view.authorId) % 7}` }, view.author) : null,
    view.thread ? el("span", { class: "thread" }, `# ${view.thread}`) : null,
    message.via_bot ? el("span", { class: "forwarded" }, say("via", { name: message.via_bot.username })) : null,
    message.forward_origin ? el("span", { class: "forwarded" }, say("forwarded", { name: view.origin })) : null,
    message.reply_to_message ? quoted(message.reply_to_message, view.nameOf, deeds) : null,
    media(message),
    written(message, deeds),
  );
  const answer = el(
    "button",
    { class: "plain answer", type: "button", title: say("reply"), "aria-label": say("reply"), onclick: () => deeds.reply(message) },
    icon("reply"),
  );
  return el(
    "article",
    { class: `message ${mine ? "mine" : "theirs"}`, test: `message-${message.message_id}`, "data-message": message.message_id },
    el("div", { class: "line" }, body, answer),
    keyboard(message, deeds),
    el("div", { class: "reactions" }, ...(view.reactions ?? []).map((emoji) => el("span", {}, emoji))),
  );
}

export function summary(message) {
  if (!message) return "";
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return say("migrated");
  const kind = message.photo ? say("photo") : message.document ? `${say("document")} ${message.document.file_name}` : other(message);
  const text = message.text ?? message.caption ?? "";
  return `${kind} ${text}`.replace(/\s+/g, " ").trim() || say("service");
}

// What the page does not draw is named.
function other(message) {
  const kind = OTHERS.find((name) => message[name]);
  return kind ? `${say(kind)} ${message.poll?.question ?? ""}`.trim() : "";
}

function service(message, text) {
  return el("p", { class: "service", test: `message-${message.message_id}`, "data-message": message.message_id }, text);
}

// The time stands at the end of the last line where it fits, so it is a float behind the text.
function written(message, deeds) {
  const text = message.text ?? message.caption ?? "";
  const words = el("span", { test: "text" });
  const entities = message.entities ?? message.caption_entities ?? [];
  fill(words, text, 0, text.length, entities, deeds);
  return el("div", { class: "text", dir: "auto" }, words, meta(message));
}

function meta(message) {
  return el(
    "span",
    { class: "meta" },
    message.edit_date ? el("span", { class: "edited", test: "edited" }, say("edited")) : null,
    el("time", { datetime: new Date(message.date * 1000).toISOString() }, clockTime(message.date)),
  );
}

// Offsets are in UTF-16 units, and so are the indices of a JavaScript string.
function fill(parent, text, from, to, entities, deeds) {
  let at = from;
  let afterBlock = false;
  const plain = (start, end) => {
    const piece = text.slice(start, end);
    parent.append(afterBlock && piece.startsWith("\n") ? piece.slice(1) : piece);
    afterBlock = false;
  };
  for (let i = 0; i < entities.length; ) {
    const entity = entities[i];
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    let next = i + 1;
    if (start < end) {
      while (next < entities.length && entities[next].offset < end) next += 1;
      if (start > at) plain(at, start);
      const { outer, inner } = shape(entity, text.slice(start, end), deeds);
      fill(inner, text, start, end, entities.slice(i + 1, next), deeds);
      parent.append(outer);
      afterBlock = BLOCKS.has(entity.type);
      at = end;
    }
    i = next;
  }
  if (at < to) plain(at, to);
}

function shape(entity, text, deeds) {
  const same = (node) => ({ outer: node, inner: node });
  if (entity.type in TAGS) return same(el(TAGS[entity.type]));
  switch (entity.type) {
    case "text_link":
      return same(link(entity.url));
    case "url":
      return same(link(text));
    case "email":
      return same(link(`mailto:${text}`));
    case "bot_command":
      return same(el("button", { class: "command", type: "button", onclick: () => deeds.command(text) }));
    case "mention":
    case "hashtag":
    case "text_mention":
      return same(el("span", { class: "mark" }));
    case "spoiler":
      return same(spoiler());
    case "blockquote":
      return same(el("blockquote"));
    case "expandable_blockquote":
      return expandable();
    case "pre":
      return block(entity);
    default:
      return same(el("span"));
  }
}

function link(url) {
  if (!SAFE.test(url)) return el("span", { class: "mark" });
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer", title: url });
}

function block(entity) {
  const inner = el("code");
  return { outer: el("pre", { "data-language": entity.language }, inner), inner };
}

function spoiler() {
  const node = el("span", { class: "spoiler", tabindex: "0", role: "button", "aria-label": say("spoiler"), test: "spoiler" });
  const reveal = (event) => {
    if (node.classList.contains("shown") || (event.type === "keydown" && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    node.classList.add("shown");
    for (const name of ["tabindex", "role", "aria-label"]) node.removeAttribute(name);
  };
  node.addEventListener("click", reveal);
  node.addEventListener("keydown", reveal);
  return node;
}

function expandable() {
  const inner = el("div", { class: "fold" });
  const toggle = el("button", { class: "plain toggle", type: "button", "aria-expanded": "false", test: "expand" }, say("expand"));
  const outer = el("blockquote", { class: "expandable", test: "expandable" }, inner, toggle);
  toggle.addEventListener("click", () => {
    const open = outer.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = say(open ? "collapse" : "expand");
  });
  return { outer, inner };
}

// A quote that fits needs no button; known only once it is on the page.
export function settleQuotes(root) {
  for (const quote of root.querySelectorAll("blockquote.expandable:not(.open)")) {
    const fold = quote.querySelector(".fold");
    quote.classList.toggle("fits", fold.scrollHeight <= fold.clientHeight + 2);
  }
}

function media(message) {
  if (message.photo) {
    const photo = message.photo.at(-1);
    const source = `sandbox/files/${encodeURIComponent(photo.file_id)}`;
    const picture = el("img", { src: source, width: photo.width, height: photo.height, alt: message.caption ?? say("photo"), loading: "lazy" });
    const shown = el("a", { class: "photo", href: source, target: "_blank", rel: "noopener", test: "photo" }, picture);
    if (message.has_media_spoiler) shown.classList.add("veiled");
    return shown;
  }
  if (message.document) return file(message.document);
  const named = other(message);
  return named ? el("span", { class: "forwarded", test: "other" }, named) : null;
}

function file(document_) {
  const name = document_.file_name ?? "file";
  const suffix = name.includes(".") ? name.split(".").pop().slice(0, 4).toUpperCase() : "";
  return el(
    "a",
    { class: "file", href: `sandbox/files/${encodeURIComponent(document_.file_id)}`, download: name, test: "document" },
    el("span", { class: "file-kind" }, suffix || icon("file")),
    el("span", { class: "file-name" }, name, el("small", {}, `${size(document_.file_size ?? 0)} · ${say("download")}`)),
  );
}

function quoted(message, nameOf, deeds) {
  return el(
    "button",
    { class: "quoted", type: "button", onclick: () => deeds.show(message.message_id) },
    el("b", {}, nameOf(message)),
    el("span", {}, summary(message)),
  );
}

function keyboard(message, deeds) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  const drawn = rows.map((row) => el("div", { class: "keys" }, ...row.map((button) => key(message, button, deeds))));
  return el("div", { class: "keyboard", test: "keyboard" }, ...drawn);
}

function key(message, button, deeds) {
  const style = button.style ? `key ${button.style}` : "key";
  const mark = button.url ? icon("out") : button.copy_text ? icon("copy") : null;
  if (button.url && SAFE.test(button.url)) {
    return el("a", { class: style, href: button.url, target: "_blank", rel: "noopener noreferrer", test: "key" }, button.text, mark);
  }
  const press = (event) => deeds.press(message, button, event.currentTarget);
  return el("button", { class: style, type: "button", test: "key", disabled: Boolean(button.disabled), onclick: press }, button.text, mark);
}
