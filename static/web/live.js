// What changes in the mailbox shows by itself. The server only says which folder changed; the rows are asked for as ever.
// One tab of a browser listens and tells the others, since browsers allow few connections.

import { News } from "./live-news.js";
import { Rows } from "./live-rows.js";

const POLL = 60_000;
const LONG = 30 * 60_000;
const TOGETHER = 400;
const SOON = 60;
const WHILE_HIDDEN = 2000;
const PATIENCE = 20_000;
const place = document.body.dataset.live;
const person = new URLSearchParams(document.documentElement.dataset.alive?.split("?")[1]).get("person");

const rows = new Rows();
const news = new News();
let stream = null;
let channel = null;
let release = null;
let running = false;
let live = false;
let mark = "";
let retry = 0;
let hidden = 0;
let arrived = 0;
let asked = 0;
let due = "";
let last = 0;
let late = 0;
let looked = false;
let busy = 0;

const form = () => document.getElementById("messages");
const shown = () => form()?.dataset.list;

// Asks for the list, or for the counts alone, as they are now: once in a while, however much happens.
function refresh(what = "messages", wait = SOON) {
  if (due !== "messages") due = what;
  const steady = last + (document.hidden ? WHILE_HIDDEN : TOGETHER) - performance.now();
  asked ||= setTimeout(ask, Math.max(wait, steady));
}

async function ask() {
  asked = 0;
  if (!due || busy) return;
  last = performance.now();
  const target = form()?.dataset.live ? due : "list-count";
  due = "";
  const address = shown() ?? document.getElementById("list")?.dataset.list;
  if (!address) return;
  const answer = await fragment(target === "messages" ? unfolded(address) : counted(address), target);
  if (!answer) return;
  if (busy || (form() && shown() !== address)) {
    refresh();
    return;
  }
  rows.take(answer);
  news.count();
  if (due) refresh(due);
}

// Conversations stay as they are folded.
function unfolded(address) {
  const url = new URL(address, location.href);
  for (const field of form().querySelectorAll('input[name="unfold"]')) url.searchParams.append("unfold", field.value);
  return url.href;
}

// Counts are the same however a list is searched and sorted.
const counted = (address) => `${new URL(address, location.href).pathname}?threads=0`;

async function fragment(address, target) {
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true", "HX-Target": target, "HX-Current-URL": location.href }, cache: "no-store" });
    const away = answer.headers.get("HX-Redirect");
    if (away && form() && !document.getElementById("compose")) location.assign(away);
    if (away || !answer.ok) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null;
  }
}

function hear(event) {
  if (event.mark) mark = event.mark;
  if (event.name === "state") {
    state(event.data === "live");
    return;
  }
  const here = form()?.dataset.folder;
  refresh(event.data.some(({ folder }) => folder === null || !here || folder === here) ? "messages" : "list-count");
  // Whoever listens tells the person, once for all tabs.
  const inbox = event.data.find(({ folder }) => folder === "INBOX");
  if (release && inbox?.new) {
    arrived += inbox.new;
    tell();
  }
}

// Said only where it lasts: a page that is not told at once looks for itself.
function state(now) {
  live = now;
  document.documentElement.dataset.live = live ? "live" : "waiting";
  clearTimeout(late);
  if (live || !running) say("");
  else late = setTimeout(() => say(document.body.dataset.liveSlow), PATIENCE);
}

function say(words) {
  const place = document.getElementById("live-state");
  if (place && place.textContent !== words) place.textContent = words;
}

let telling = 0;
function tell() {
  if (!news.wanted) {
    arrived = 0;
    return;
  }
  clearTimeout(telling);
  telling = setTimeout(async () => {
    const count = arrived;
    arrived = 0;
    if (await somebodyLooks()) return;
    // As conversations, since what comes to a muted one is known there.
    const answer = await fragment("/folder/INBOX/?threads=1", "messages");
    if (answer) news.show([...answer.querySelectorAll(".rows > .row")].slice(0, count));
  }, 1000);
}

// Whoever looks at one of the tabs sees the new mail there.
async function somebodyLooks() {
  looked = document.hasFocus();
  channel?.postMessage({ name: "looking?" });
  if (!looked && channel) await new Promise((done) => setTimeout(done, 200));
  return looked;
}

function open() {
  clearTimeout(retry);
  const since = mark || form()?.dataset.mark || "";
  stream = new EventSource(`${place}?${new URLSearchParams({ since })}`);
  for (const name of ["state", "changed"]) {
    stream.addEventListener(name, ({ data, lastEventId }) => {
      const event = { name, data: JSON.parse(data), mark: lastEventId };
      channel?.postMessage(event);
      hear(event);
    });
  }
  stream.addEventListener("error", () => {
    state(false);
    channel?.postMessage({ name: "state", data: "waiting" });
    // Refused, not merely lost: the browser does not try again by itself, and the sign-in may have ended.
    if (stream?.readyState !== EventSource.CLOSED) return;
    retry = setTimeout(open, POLL * (0.5 + Math.random()));
    refresh();
  });
}

function start() {
  if (running || !place) return;
  running = true;
  if (!navigator.locks) {
    release = () => {};
    open();
    return;
  }
  channel = new BroadcastChannel(`ekorn-live:${person}`);
  channel.addEventListener("message", ({ data: event }) => {
    if (event.name === "looking?") document.hasFocus() && channel.postMessage({ name: "looking" });
    else if (event.name === "looking") looked = true;
    else if (event.name !== "who") hear(event);
    else if (release) channel.postMessage({ name: "state", data: live ? "live" : "waiting", mark });
  });
  const mine = form()?.dataset.mark;
  channel.postMessage({ name: "who" });
  channel.addEventListener("message", ({ data }) => data.mark && data.mark !== mine && refresh(), { once: true });
  const leaving = new AbortController();
  release = null;
  stop.waiting = leaving;
  navigator.locks
    .request(`ekorn-live:${person}`, { signal: leaving.signal }, () => new Promise((resolve) => {
      release = resolve;
      open();
    }))
    .catch(() => {});
}

function stop() {
  running = false;
  state(false);
  clearTimeout(retry);
  stream?.close();
  stop.waiting?.abort();
  release?.();
  channel?.close();
  stream = release = channel = null;
}

document.addEventListener("htmx:beforeRequest", () => busy++);
document.addEventListener("htmx:afterRequest", () => {
  busy = Math.max(0, busy - 1);
  if (due) refresh(due);
});
document.addEventListener("htmx:afterSettle", () => news.count());
document.addEventListener("visibilitychange", () => {
  clearTimeout(hidden);
  if (document.hidden) hidden = setTimeout(() => news.wanted || stop(), LONG);
  else if (!running) {
    start();
    refresh("messages", 0);
  } else if (!live) refresh("messages", 0);
});
window.addEventListener("pagehide", stop);
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  start();
  refresh();
});
setInterval(() => !live && !document.hidden && refresh("messages", 0), POLL);

news.count();
start();
