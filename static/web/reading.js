// The message beside its list, and the frame that grows to its letter. Without script (or room) messages are pages.

const roomy = matchMedia("(min-width: 1280px)");
const list = document.getElementById("list");
const reading = document.getElementById("reading");
const nothing = document.querySelector(".on-list") ? reading?.innerHTML : null;
const first = { url: location.href, title: document.title };
let wanted = 0;

const path = (address) => new URL(address, location.href).pathname;

function mark({ scroll = true } = {}) {
  const open = reading?.querySelector("article.message");
  for (const row of document.querySelectorAll(".row.is-open")) row.classList.remove("is-open");
  if (!open) return;
  const rows = document.querySelectorAll(`#m${open.dataset.uid}, #i${open.dataset.uid}`);
  for (const row of rows.length ? rows : elsewhere()) {
    row.classList.add("is-open");
    seen(row);
    if (scroll) row.scrollIntoView({ block: "nearest" });
  }
}

// In a list of several folders' messages, rows go by their address.
function elsewhere() {
  const links = [...document.querySelectorAll(".row > a.open")];
  return links.filter((link) => link.pathname === location.pathname).map((link) => link.closest(".row"));
}

let told = "";
const opened = () => reading?.querySelector("article.message")?.dataset.uid ?? "";

// One row of the list anew; all of them where that row is followed by those of its thread.
async function again(id) {
  const place = list?.querySelector("#messages")?.dataset.list;
  const row = document.getElementById(id);
  if (!place || !row) return;
  if (row.querySelector('a.unfold[aria-expanded="true"]')) {
    renew();
    return;
  }
  const open = row.classList.contains("is-open");
  await htmx.ajax("GET", place, { target: `#${id}`, swap: "outerHTML" });
  document.getElementById(id)?.classList.toggle("is-open", open);
}

export function seen(row) {
  let thread = row;
  while (thread?.matches(".inner")) thread = thread.previousElementSibling;
  // Others of the thread may be unread still: the server knows.
  if (thread?.matches(".thread.unread") && told !== opened()) {
    told = opened();
    setTimeout(again, 700, thread.id);
  }
  if (!row?.matches(".unread:not(.thread)")) return;
  row.classList.remove("unread");
  row.querySelector(".people .vh")?.remove();
  // The server marks it once the message has been sent.
  setTimeout(recount, 700);
}

// How many are unread, told anew once the message is marked as read. The rows stay where they are.
function recount() {
  const place = list.querySelector("#messages")?.dataset.list;
  if (place && document.getElementById("list-count")) htmx.ajax("GET", place, { target: "#list-count", swap: "innerHTML" });
}

async function show(address, { focus = true } = {}) {
  const mine = ++wanted;
  await htmx.ajax("GET", address, { target: "#reading", swap: "innerHTML show:none" });
  if (mine !== wanted) return;
  reading.scrollTop = 0;
  mark();
  if (focus) reading.querySelector("#subject")?.focus({ preventScroll: true });
}

function open(address) {
  history.pushState({ pane: true }, "", address);
  return show(address);
}

function close() {
  reading.innerHTML = nothing;
  document.title = first.title;
  const row = document.querySelector(".row.is-open");
  row?.classList.remove("is-open");
  (row?.querySelector("a.open") ?? document.getElementById("list-title"))?.focus();
}

function plain(event) {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey && !event.defaultPrevented;
}

// On narrow screens the message is a page. Back comes to the list as it was left, but what was read is read.
let left = null;
window.addEventListener("pageshow", (event) => {
  const [way] = performance.getEntriesByType("navigation");
  if (event.persisted) seen(left);
  else if (way?.type === "back_forward") renew();
});

function renew() {
  const place = list?.querySelector("#messages")?.dataset.list;
  if (place) htmx.ajax("GET", place, { target: "#messages", swap: "outerHTML show:none" });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.open, a[data-open]");
  left = link?.closest(".row") ?? left;
  if (link && !link.pathname.endsWith("/edit/") && plain(event) && roomy.matches && reading && list?.querySelector("#messages")) {
    event.preventDefault();
    open(link.href);
    return;
  }
  const back = event.target.closest("a[data-back]");
  if (back && plain(event)) goBack(event, back);
});

// Back to the list as it was left, with its scroll and selection, instead of a new one.
function goBack(event, link) {
  if (history.state?.pane && nothing !== null && path(link.href) === path(first.url)) {
    event.preventDefault();
    history.pushState({ pane: true }, "", first.url);
    close();
  } else if (document.referrer && path(document.referrer) === path(link.href) && new URL(document.referrer).origin === location.origin && history.length > 1 && !history.state?.pane) {
    event.preventDefault();
    history.back();
  }
}

window.addEventListener("popstate", () => {
  if (!reading) return;
  if (path(location.href).startsWith("/message/")) show(location.href, { focus: false });
  else if (nothing !== null && path(location.href) === path(first.url)) close();
  else location.reload();
});

// Beside its list a message is filed without leaving the page. What is gone, or would be read again, is left.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-filing]") || !roomy.matches || !list?.querySelector("#messages")) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  htmx.ajax("POST", form.action, { target: "#notices", swap: "innerHTML", values: Object.fromEntries(data) });
});

document.addEventListener("ekorn:filed", async ({ detail }) => {
  document.getElementById(`m${detail.unread}`)?.classList.add("unread");
  if (path(detail.next).startsWith("/message/")) {
    if (path(detail.next) !== path(location.href)) await open(detail.next);
  } else if (nothing === null || path(detail.list) !== path(first.url)) {
    location.assign(detail.next);
    return;
  } else {
    history.pushState({ pane: true }, "", first.url);
    close();
  }
  renew();
});
document.addEventListener("ekorn:changed", renew);

// A star that was set beside the list shows in the list too.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "reading") return;
  const article = reading.querySelector("article.message");
  const row = article && document.getElementById(`m${article.dataset.uid}`);
  row?.classList.toggle("starred", Boolean(article.querySelector(".tool.star.on")));
  frames();
  mark();
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "messages" || event.detail.target.id === "list") mark();
});
document.addEventListener("ekorn:rows", () => mark({ scroll: false }));

// A message's own address at a wide screen: its list comes beside it.
if (roomy.matches && list?.dataset.list && !list.firstElementChild && document.querySelector(".on-message")) {
  const place = list.dataset.list;
  const ready = () => htmx.ajax("GET", place, { target: "#list", swap: "innerHTML show:none" });
  if (window.htmx) ready();
  else window.addEventListener("DOMContentLoaded", ready);
}

// The frame is as high as its letter. The page may look into it since nothing in it can run.
const TALLEST = 60000;
const watch = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const frame = [...document.querySelectorAll("iframe.frame")].find((one) => one.contentDocument === target.ownerDocument);
    if (frame) fit(frame);
  }
});

function fit(frame) {
  const page = frame.contentDocument;
  if (!page?.body) return;
  const tries = Number(frame.dataset.tries ?? 0);
  const height = Math.ceil(Math.max(page.body.scrollHeight, page.body.getBoundingClientRect().bottom));
  // A letter as high as its own frame would grow for ever.
  if (tries > 40 || Math.abs(height - frame.clientHeight) < 2) return;
  frame.dataset.tries = tries + 1;
  frame.style.height = `${Math.min(height, TALLEST)}px`;
}

function grown(frame) {
  const page = frame.contentDocument;
  if (!page?.body || page.URL === "about:blank") return;
  // Letters laid out for a desk are shown smaller on a phone, as far as they stay readable.
  const width = page.documentElement.scrollWidth;
  if (width > frame.clientWidth + 4) page.body.style.zoom = Math.max(0.55, frame.clientWidth / width);
  frame.style.height = "0px";
  const height = page.documentElement.scrollHeight;
  frame.style.height = `${Math.min(Math.max(height, 48), TALLEST)}px`;
  frame.dataset.tries = 0;
  watch.observe(page.body);
  page.addEventListener("keydown", (event) => {
    document.dispatchEvent(new KeyboardEvent("keydown", event));
  });
  page.addEventListener("click", write);
}

// A mail address in a letter leads to our own page for writing, which takes no more from it than what is shown there.
function write(event) {
  const link = event.target.closest?.('a[href^="mailto:" i]');
  if (!link || event.defaultPrevented) return;
  event.preventDefault();
  location.assign(`/compose/?${new URLSearchParams({ mailto: link.href })}`);
}
reading?.addEventListener("click", write);

export function frames() {
  for (const frame of document.querySelectorAll("iframe.frame:not([data-watched])")) {
    frame.dataset.watched = "";
    frame.addEventListener("load", () => grown(frame));
    if (frame.contentDocument?.readyState === "complete") grown(frame);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-invert]");
  if (!button) return;
  const letter = button.closest(".member-letter");
  const frame = letter?.querySelector("iframe.frame") ?? [...reading.querySelectorAll("iframe.frame")].find((one) => !one.closest(".member"));
  const inverted = frame?.classList.toggle("inverted");
  button.setAttribute("aria-pressed", String(Boolean(inverted)));
});

frames();
mark();
