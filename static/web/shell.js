// What every mail page gets from script: progress, menus, dialogs, and no mail on the screen after signing out.

const root = document.documentElement;
let under_way = 0;

function progress(change) {
  under_way = Math.max(0, under_way + change);
  root.classList.toggle("busy", under_way > 0);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  progress(1);
  const pressed = event.detail.requestConfig?.triggeringEvent?.submitter ?? event.detail.elt;
  if (pressed?.matches?.("button, a")) pressed.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => {
  progress(-1);
  for (const pressed of document.querySelectorAll('[aria-busy="true"]')) pressed.removeAttribute("aria-busy");
  if (event.detail.failed && !event.detail.xhr?.status) say(document.body.dataset.offline);
});

function say(words) {
  if (!words) return;
  const notice = document.createElement("p");
  notice.className = "notice";
  notice.textContent = words;
  document.getElementById("notices").replaceChildren(notice);
}

// A notice that asks for nothing goes by itself.
setTimeout(() => document.querySelectorAll(".notice.success").forEach((notice) => notice.remove()), 5000);

// Menus close when the person turns to something else.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target) || event.target.closest(".menu-item")) menu.open = false;
  }
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopImmediatePropagation();
  }
}, true);
document.addEventListener("click", (event) => {
  const dialog = event.target;
  if (dialog instanceof HTMLDialogElement && event.detail) dialog.close();
});

// The browser may show a page from before signing out again, from its memory. Ask whether it still may.
window.addEventListener("pageshow", async (event) => {
  if (!event.persisted || !root.dataset.alive) return;
  root.hidden = true;
  const answer = await fetch(root.dataset.alive, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer?.status === 401) location.reload();
  else root.hidden = false;
});

// What was being written when the browser ended, kept by the page for writing (see compose-copies.js).
const copies = `ekorn-writing:${new URLSearchParams(root.dataset.alive?.split("?")[1]).get("person")}:`;
async function unsaved() {
  const kept = Object.keys(localStorage).filter((key) => key.startsWith(copies));
  if (!kept.length || document.getElementById("compose")) return;
  const open = new Set((await navigator.locks?.query())?.held.map((lock) => lock.name));
  if (kept.every((key) => open.has(key))) return;
  say(document.body.dataset.unsaved);
  const link = Object.assign(document.createElement("a"), { href: document.body.dataset.compose, className: "notice-action", textContent: document.body.dataset.goOn });
  document.querySelector("#notices .notice").append(" ", link);
}
if (root.dataset.alive) unsaved().catch(() => {});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-sign-out]")) return;
  for (const key of Object.keys(localStorage)) if (key.startsWith("ekorn-writing:")) localStorage.removeItem(key);
});
