// The page's only way to the sandbox: requests relative to the page, and the event stream.

export async function get(path) {
  return answered(await fetch(`sandbox/${path}`, { headers: { Accept: "application/json" } }));
}

export async function post(path, body = {}) {
  const headers = { "Content-Type": "application/json" };
  return answered(await fetch(`sandbox/${path}`, { method: "POST", headers, body: JSON.stringify(body) }));
}

// Several files are one album, as in Telegram's apps.
export async function sendFiles(chat, user, files, caption) {
  const form = new FormData();
  form.append("user", String(user));
  form.append("caption", caption);
  form.append("photo", String(files.every((file) => /^(image|video)\//.test(file.type)) || files.every((file) => file.type.startsWith("audio/"))));
  for (const file of files) form.append("file", file, file.name);
  return answered(await fetch(`sandbox/chats/${chat}/file`, { method: "POST", body: form }));
}

export function listen(since, onEvent, onState) {
  const source = new EventSource(`sandbox/events?since=${since}`);
  source.addEventListener("message", (message) => onEvent(JSON.parse(message.data)));
  source.addEventListener("open", () => onState(true));
  source.addEventListener("error", () => onState(false));
  return source;
}

async function answered(response) {
  if (response.ok) return response.json();
  let reason = `${response.status} ${response.statusText}`;
  if (response.headers.get("Content-Type")?.includes("json")) reason = (await response.json()).error ?? reason;
  throw new Error(reason);
}
