// What comes before and after a message: looked up once it is on the screen, each letter fetched as it comes into view.

import { frames, seen } from "./reading.js";

// Whoever leafs through messages passes by without looking anything up, in milliseconds.
const PAUSE = 250;
let looking = null;

// Not by htmx: nobody asked for it, so it shows no progress, and says nothing when it ends with the page.
async function look(slot, address) {
  looking?.abort();
  looking = new AbortController();
  const headers = { "HX-Request": "true", "HX-Target": slot.id };
  try {
    const answer = await fetch(address, { headers, signal: looking.signal });
    if (answer.ok) show(slot, new DOMParser().parseFromString(await answer.text(), "text/html"));
    else quiet(slot);
  } catch {
    quiet(slot);
  }
}

function quiet(slot) {
  document.getElementById("earlier")?.classList.remove("waiting");
  slot.classList.add("unknown");
}

function show(slot, answer) {
  const earlier = document.getElementById("earlier");
  if (!slot.isConnected || !earlier) return;
  earlier.classList.remove("waiting");
  earlier.replaceChildren(...answer.querySelector("[data-part=earlier]").childNodes);
  slot.replaceChildren(...answer.querySelector("[data-part=later]").childNodes);
  watch();
}

let begun = 0;
function begin() {
  clearTimeout(begun);
  const slot = document.getElementById("conversation");
  if (slot?.querySelector(".around-link")) begun = setTimeout(() => slot.isConnected && look(slot, slot.dataset.around), PAUSE);
  watch();
}

const coming = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting && target.dataset.letter) fetchLetter(target);
});

function watch() {
  for (const place of document.querySelectorAll(".unfolded[data-letter]")) coming.observe(place);
  told();
}

async function fetchLetter(place) {
  const address = place.dataset.letter;
  delete place.dataset.letter;
  await htmx.ajax("GET", address, { source: place, target: place, swap: "innerHTML show:none" });
  if (!place.querySelector(".member-letter")) {
    // It may be tried again by folding and unfolding.
    place.dataset.letter = address;
    return;
  }
  coming.unobserve(place);
  const member = place.closest(".member");
  member.classList.remove("unread");
  member.querySelector(".member-who .vh")?.remove();
  const list = document.getElementById("messages")?.dataset.list;
  if (list && new URL(list, location.href).pathname === member.dataset.list) seen(document.getElementById(`m${member.dataset.uid}`));
}

// The buttons that unfold everything, or fold it again.
function told() {
  const members = [...document.querySelectorAll("#reading details.member")];
  const open = members.length > 0 && members.every((member) => member.open);
  for (const button of document.querySelectorAll("[data-unfold]")) button.hidden = open;
  for (const button of document.querySelectorAll("[data-fold]")) button.hidden = !open;
}

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details.member")) told();
}, true);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-unfold], [data-fold]");
  if (button) {
    const open = button.hasAttribute("data-unfold");
    for (const part of document.querySelectorAll("#reading :is(details.run, details.member)")) part.open = open;
    told();
    document.querySelector(open ? "[data-fold]" : "[data-unfold]")?.focus();
    return;
  }
  const everywhere = event.target.closest("a[data-around-all]");
  if (!everywhere || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  everywhere.setAttribute("aria-busy", "true");
  look(document.getElementById("conversation"), everywhere.href).finally(() => everywhere.removeAttribute("aria-busy"));
});

// What is done to another message of the conversation leaves the opened one where it is.
let filed = "";
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-member]")) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  data.delete("next");
  filed = data.get("do");
  htmx.ajax("POST", form.action, { source: form.closest(".member"), target: "#notices", swap: "innerHTML", values: Object.fromEntries(data) });
});

document.addEventListener("ekorn:filed", (event) => {
  const member = event.target.closest?.(".member");
  if (!member) return;
  event.stopPropagation();
  // htmx still looks from here for where the notice belongs.
  queueMicrotask(() => gone(member));
}, true);

function gone(member) {
  const line = member.closest("li");
  const beside = line.nextElementSibling ?? line.previousElementSibling;
  if (filed === "unseen") again(member);
  else line.remove();
  (beside?.querySelector(".member-line") ?? document.getElementById("opened"))?.focus();
  for (const run of document.querySelectorAll("#reading details.run")) if (!run.querySelector("li")) run.remove();
  told();
  document.dispatchEvent(new Event("ekorn:changed"));
}

// Folded, and to be fetched once more when it is read again.
function again(member) {
  const place = member.querySelector(".unfolded");
  member.open = false;
  member.classList.add("unread");
  place.dataset.letter = member.dataset.letter;
  place.replaceChildren();
  coming.observe(place);
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "reading") begin();
  else if (event.detail.target.matches?.(".unfolded")) frames();
});

begin();
