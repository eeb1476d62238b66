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
