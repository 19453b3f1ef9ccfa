// Questions that are asked again and again, while somebody looks.

import { ask } from "./client.js";

const REST = 5000;

let paused = false;
const all = [];
const listeners = { reached: () => {}, lost: () => {} };

/** Says who is told which question was answered, and which was not and why. */
export function tell(reached, lost) {
  Object.assign(listeners, { reached, lost });
}

/** Whether nothing is asked because somebody wants to read. */
export function isPaused() {
  return paused;
}

/** Stops all questions, or goes on. */
export function pause(wanted) {
  paused = wanted;
  for (const poll of all) poll.wake();
}

/** Asks everything that is wanted now. */
export function again() {
  for (const poll of all) poll.wake(true);
}

/** A question that is asked every so many milliseconds as long as it is wanted. */
export class Poll {
  constructor(path, every, take, wanted = () => true) {
    Object.assign(this, { path, every, take, wanted, timer: 0, busy: false, last: -Infinity });
    all.push(this);
  }

  /** Asks when it is time, or at once. */
  wake(now = false) {
    clearTimeout(this.timer);
    if (paused || document.hidden || !this.wanted() || this.busy) return;
    const left = now ? 0 : this.last + this.every - performance.now();
    this.timer = setTimeout(() => this.ask(), Math.max(0, left));
  }

  async ask() {
    this.busy = true;
    this.last = performance.now();
    try {
      const answer = await ask(this.path);
      listeners.reached(this.path);
      this.take(answer);
    } catch (problem) {
      this.last += REST;
      listeners.lost(this.path, problem);
    } finally {
      this.busy = false;
      this.wake();
    }
  }
}

document.addEventListener("visibilitychange", () => {
  for (const poll of all) poll.wake();
});
