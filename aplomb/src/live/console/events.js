// A stream of server-sent events, with the token that an EventSource cannot send.

import { send } from "./client.js";

/** Hands on each event, by name and data, until the stream ends or is given up. */
export async function listen(path, signal, take) {
  const response = await send(path, { signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const event = read(block);
      if (event) take(event.name, event.data);
    }
  }
}

/** An event from its lines; nothing for a sign of life. */
function read(block) {
  const [names, data] = [[], []];
  for (const line of block.split("\n")) {
    const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === "event") names.push(value);
    if (field === "data") data.push(value);
  }
  if (!data.length) return null;
  try {
    return { name: names.at(-1) ?? "message", data: JSON.parse(data.join("\n")) };
  } catch {
    return null;
  }
}
