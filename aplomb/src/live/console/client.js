// What the management listener is asked, with the token where one was given.

const KEY = "aplomb-live-token";

/** An answer that is no success; `detail` is what it says. */
export class Refused extends Error {
  constructor(status, detail) {
    super(typeof detail === "string" ? detail : (detail?.message ?? `status ${status}`));
    this.status = status;
    this.detail = detail;
  }
}

/** The token of this tab; it outlives a reload and not the tab. */
export const token = {
  get() {
    return sessionStorage.getItem(KEY) ?? "";
  },
  set(text) {
    if (text) sessionStorage.setItem(KEY, text);
    else sessionStorage.removeItem(KEY);
  },
};

/** Sends a request; the paths are relative, so that a proxy may put something before them. */
export async function send(path, { method = "GET", body, signal } = {}) {
  const headers = {};
  if (body !== undefined) headers["content-type"] = "application/json";
  if (token.get()) headers.authorization = `Bearer ${token.get()}`;
  const response = await fetch(path, {
    method,
    headers,
    signal,
    body: body === undefined ? undefined : JSON.stringify(body),
    cache: "no-store",
    credentials: "same-origin",
    redirect: "error",
  });
  if (response.ok) return response;
  let detail = response.statusText;
  try {
    detail = (await response.json()).detail ?? detail;
  } catch {
    // Whoever answered it was not the listener.
  }
  throw new Refused(response.status, detail);
}

/** What is answered, as JSON. */
export async function ask(path, options) {
  return (await send(path, options)).json();
}
