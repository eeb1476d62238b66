// What changes in the mailbox shows by itself. The server only says which folder changed; the rows are asked for as ever.
// One tab of a browser listens and tells the others, since browsers allow few connections.

import { News } from "./live-news.js";
import { Rows } from "./live-rows.js";

const POLL = 60_000;
const LONG = 30 * 60_000;
const TOGETHER = 400;
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
let due = false;
let busy = 0;

const form = () => document.getElementById("messages");
const shown = () => form()?.dataset.list;
const folder = (address) => decodeURIComponent(new URL(address, location.href).pathname).replace(/^\/folder\/|\/$/g, "");

// Asks for the list and the counts as they are now, once in a while however much happens.
function refresh(wait = TOGETHER) {
  due = true;
  asked ||= setTimeout(ask, wait);
}

async function ask() {
  asked = 0;
  if (!due || busy) return;
  due = false;
  const address = shown() ?? document.body.dataset.counts;
  if (!address) return;
  const answer = await fragment(address, form() ? "messages" : "list-count");
  if (!answer) return;
  if (busy || shown() !== (form() ? address : undefined)) {
    refresh();
    return;
  }
  rows.take(answer);
  news.count();
  if (due) refresh();
}

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
    live = event.data === "live";
    return;
  }
  refresh();
  // Whoever listens tells the person, once for all tabs.
  const inbox = event.data.find((change) => change.folder === "INBOX");
  if (release && inbox?.new) {
    arrived += inbox.new;
    tell();
  }
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
    const answer = await fragment("/folder/INBOX/", "messages");
    if (answer) news.show([...answer.querySelectorAll(".rows > .row")].slice(0, count));
  }, 1000);
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
    live = false;
    channel?.postMessage({ name: "state", data: "waiting" });
    // Refused, not merely lost: the browser does not try again by itself.
    if (stream?.readyState === EventSource.CLOSED) retry = setTimeout(open, POLL * (0.5 + Math.random()));
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
    if (event.name !== "who") hear(event);
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
  running = live = false;
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
  if (due) refresh();
});
document.addEventListener("htmx:afterSettle", () => news.count());
document.addEventListener("visibilitychange", () => {
  clearTimeout(hidden);
  if (document.hidden) hidden = setTimeout(() => news.wanted || stop(), LONG);
  else if (!running) {
    start();
    refresh(0);
  } else if (!live) refresh(0);
});
window.addEventListener("pagehide", stop);
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  start();
  refresh();
});
setInterval(() => !live && !document.hidden && refresh(0), POLL);

news.count();
start();
