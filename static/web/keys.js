// Keys press the buttons and links that are there already. Silent while somebody types; switched off in the settings.

let before = "";
let timer = 0;

// In a conversation the message that has the focus is meant, else the one that was opened.
const first = (selector) => {
  const member = document.activeElement?.closest?.("details.member[open]");
  const found = [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());
  return (member && found.find((element) => member.contains(element))) ?? found.find((element) => !element.closest(".member"));
};
const press = (selector) => {
  const element = first(selector);
  element?.click();
  return Boolean(element);
};

const rows = () => [...document.querySelectorAll(".rows .row")];
const listed = () => rows()[0]?.checkVisibility();

function here() {
  return document.activeElement?.closest?.(".row") ?? document.querySelector(".row.is-open") ?? document.querySelector(".row.at");
}

function step(by) {
  if (!listed()) return press(by > 0 ? "a[data-open=older]" : "a[data-open=newer]");
  const all = rows();
  const at = all.indexOf(here());
  const row = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
  if (!row) return false;
  const link = row.querySelector("a.open");
  link.focus();
  row.scrollIntoView({ block: "nearest" });
  if (document.querySelector("#reading article.message")?.checkVisibility()) link.click();
  return true;
}

// Unfold the thread of the row under the focus, or fold it up.
function fold(up) {
  let row = document.activeElement?.closest?.(".row");
  if (up) while (row?.matches(".inner")) row = row.previousElementSibling;
  const link = row?.querySelector(`a.unfold[aria-expanded="${up}"]`);
  if (!link) return false;
  row.querySelector("a.open").focus();
  link.click();
  return true;
}

// From one message of a conversation to the next; without one to the next message, or page of the list.
function turn(by) {
  const lines = [...document.querySelectorAll("#reading :is(.run-line, .member-line, #opened)")].filter((line) => line.checkVisibility());
  if (lines.length > 1) {
    const near = document.activeElement?.closest?.("details.member");
    const at = lines.findIndex((line) => line === document.activeElement || near?.contains(line));
    const next = lines[(at < 0 ? lines.findIndex((line) => line.id === "opened") : at) + by];
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "nearest" });
    return true;
  }
  if (document.querySelector("#reading article.message")?.checkVisibility()) return press(`a[data-open=${by > 0 ? "older" : "newer"}]`);
  const rel = by > 0 ? "next" : "prev";
  return press(`.range a[rel=${rel}], .pages a[rel=${rel}]`);
}

function chosen() {
  return document.querySelector('#messages input:is([name="uid"], [name="all"]):checked');
}

// The first of these actions that there is a button for, shown or in a closed menu.
function submit(scope, actions) {
  const button = actions.map((action) => document.querySelector(`${scope} [name=do][value=${action}]`)).find(Boolean);
  button?.click();
  return Boolean(button);
}

// A key for the chosen rows, else for the message that is open, else for the row under the focus.
function act(...actions) {
  if (chosen() && listed()) return submit(".bulk", actions);
  const member = "details.member[open]:focus-within";
  if (first("#reading article.message") && submit(document.querySelector(member) ? member : "#reading .actions", actions)) return true;
  const row = here();
  if (!row || !listed()) return false;
  if (actions[0] === "star") row.querySelector("button.star").click();
  else {
    row.querySelector('input[name="uid"]').checked = true;
    submit(".bulk", actions);
  }
  return true;
}

const muted = () => (chosen()?.closest(".row") ?? here())?.matches(".muted");

function select() {
  const box = here()?.querySelector('input[name="uid"]');
  box?.click();
  return Boolean(box);
}

const go = (role) => {
  const link = document.querySelector(`.folders a[data-role="${role}"]`);
  if (link) location.assign(link.href);
  return Boolean(link);
};

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => document.activeElement?.closest?.(".row") && step(1),
  ArrowUp: () => document.activeElement?.closest?.(".row") && step(-1),
  ArrowRight: () => fold(false),
  ArrowLeft: () => fold(true),
  o: () => ((document.activeElement?.closest?.("#reading :is(.run-line, .member-line)") ?? here()?.querySelector("a.open"))?.click(), true),
  u: () => press("a[data-back]") || press(".sheet a.back"),
  Escape: () => !document.querySelector("dialog[open], :popover-open") && KEYS.u(),
  n: () => turn(1),
  p: () => turn(-1),
  c: () => press("a[data-write]"),
  "/": () => (first("#search-text")?.select(), first("#search-text")?.focus(), true),
  r: () => press('a[data-answer="reply"]'),
  a: () => press('a[data-answer="reply-all"], a[data-answer="reply"]'),
  f: () => (chosen() ? press(".bulk [name=do][value=forward]") : press('a[data-answer="forward"]')),
  x: select,
  e: () => act("archive"),
  "#": () => act("trash", "forever"),
  Delete: () => act("trash", "forever"),
  "!": () => act("junk", "notjunk"),
  v: () => act("move"),
  l: () => act("label"),
  m: () => act(...(muted() ? ["unmute", "mute"] : ["mute", "unmute"])),
  z: () => press("[data-undo]"),
  s: () => act("star", "unstar"),
  I: () => act("seen"),
  U: () => act("unseen"),
  "?": () => (document.getElementById("keys")?.showModal(), true),
  "g i": () => go("inbox"),
  "g s": () => go("sent"),
  "g d": () => go("drafts"),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  const target = event.target instanceof Element ? event.target : document.body;
  if (target.closest('input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]')) return;
  if (document.querySelector("dialog[open]")) return;
  const name = before ? `${before} ${event.key}` : event.key;
  clearTimeout(timer);
  before = "";
  if (event.key === "g" && !event.shiftKey && name === "g") {
    before = "g";
    timer = setTimeout(() => (before = ""), 1500);
    return;
  }
  if (KEYS[name]?.()) event.preventDefault();
});
