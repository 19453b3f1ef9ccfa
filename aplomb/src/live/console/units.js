// Numbers as people read them.

const none = "–";

/** Milliseconds with three digits or so, and a unit. */
export function span(ms) {
  if (ms === null || ms === undefined || Number.isNaN(ms)) return none;
  const seconds = ms / 1000;
  if (ms < 0.0095) return "0";
  if (ms < 0.995) return `${ms.toFixed(2)} ms`;
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${ms.toFixed(0)} ms`;
  if (seconds < 99.95) return `${seconds.toFixed(2)} s`;
  if (seconds < 600) return `${seconds.toFixed(0)} s`;
  if (seconds < 7200) return `${(seconds / 60).toFixed(0)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** How often a second. */
export function rate(perSecond) {
  if (perSecond === null || perSecond === undefined || Number.isNaN(perSecond)) return none;
  // A service that starts anew counts from zero.
  if (perSecond <= 0) return "0";
  if (perSecond < 0.095) return perSecond.toFixed(2);
  if (perSecond < 99.5) return perSecond.toFixed(1);
  return count(Math.round(perSecond));
}

/** A count, in groups of three digits. */
export function count(number) {
  return Math.round(number).toLocaleString("en").replaceAll(",", "\u202f");
}

/** Bytes with a unit. */
export function bytes(number) {
  if (number < 1024) return `${number} B`;
  if (number < 1 << 20) return `${(number / 1024).toFixed(1)} KiB`;
  return `${(number / (1 << 20)).toFixed(1)} MiB`;
}

/** The time of day of a moment. */
export function clock(rfc3339) {
  const moment = new Date(rfc3339);
  if (Number.isNaN(moment.getTime())) return rfc3339;
  const two = (number) => String(number).padStart(2, "0");
  const milliseconds = String(moment.getMilliseconds()).padStart(3, "0");
  return `${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}.${milliseconds}`;
}
