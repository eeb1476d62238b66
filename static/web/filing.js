// Filing with script: dialogs instead of pages, rows that are dragged onto folders, and where the focus goes after.

const form = () => document.getElementById("messages");
const rows = () => [...document.querySelectorAll(".rows .row")];

// A question that came as a dialog. What is pressed in it closes it.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "dialogs") return;
  const dialog = event.detail.target.querySelector("dialog");
  dialog?.showModal();
  dialog?.querySelector("[data-filter], .pickers button, .filing-form a")?.focus();
});
document.addEventListener("submit", (event) => event.target.closest?.("#filing-dialog")?.close());
document.addEventListener("click", (event) => {
  const dialog = event.target.closest?.("[data-close]")?.closest("dialog");
  if (!dialog) return;
  event.preventDefault();
  dialog.close();
});

document.addEventListener("click", (event) => {
  const notice = event.target.closest?.("[data-dismiss]")?.closest(".notice");
  if (!notice) return;
  notice.remove();
  (document.querySelector(".row.is-open a.open") ?? document.getElementById("list-title") ?? document.getElementById("main"))?.focus();
});

// The folders whose names hold what was typed; Enter takes the first.
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-filter]")) return;
  const wanted = event.target.value.trim().toLocaleLowerCase();
  for (const line of event.target.form.querySelectorAll(".pickers > li")) {
    line.hidden = !line.textContent.toLocaleLowerCase().includes(wanted);
  }
});
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-filter]") || !["Enter", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  const button = event.target.form.querySelector(".pickers > li:not([hidden]) button");
  if (event.key === "Enter" && event.target.value.trim()) button?.click();
  else button?.focus();
});

// After rows have gone, the focus is on the one that took their place, else on the heading.
let after = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target?.id !== "messages") return;
  const pressed = event.detail.requestConfig?.triggeringEvent?.submitter;
  const all = rows();
  const chosen = all.findIndex((row) => row.querySelector('input[name="uid"]')?.checked);
  const at = chosen < 0 ? all.indexOf(document.activeElement?.closest?.(".row")) : chosen;
  const next = at < 0 ? null : all.slice(at).find((row) => !row.querySelector('input[name="uid"]').checked);
  after = event.detail.requestConfig?.verb === "post" && at >= 0 ? { next: next?.id, first: all[at].id, pressed: pressed?.value } : null;
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (!after || event.detail.target?.id !== "messages") return;
  const { next, first, pressed } = after;
  after = null;
  if (document.activeElement && document.activeElement !== document.body) return;
  if (document.getElementById(first)) {
    const button = [...document.querySelectorAll(".bulk > [name=do]")].find((one) => one.value === pressed && one.checkVisibility());
    (button ?? document.getElementById(first).querySelector("a.open")).focus();
    return;
  }
  const row = (next && document.getElementById(next)) || rows().at(-1);
  (row?.querySelector("a.open") ?? document.getElementById("list-title"))?.focus();
});

// Rows onto folders: the selected ones, or the one that is dragged.
let dragged = false;
document.addEventListener("dragstart", (event) => {
  const row = event.target.closest?.(".row");
  if (!row || !form()) return;
  const box = row.querySelector('input[name="uid"]');
  if (!box.checked) {
    for (const other of document.querySelectorAll('#messages input:is([name="uid"], [name="all"]):checked')) other.checked = false;
    box.checked = true;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
  dragged = true;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", row.querySelector(".subject")?.textContent ?? "");
  const count = document.querySelector("[data-selected]");
  if (count?.textContent) event.dataTransfer.setDragImage(count, -12, -12);
});
document.addEventListener("dragend", () => {
  dragged = false;
  for (const place of document.querySelectorAll(".folder.is-over")) place.classList.remove("is-over");
});
document.addEventListener("dragover", (event) => {
  const place = dragged && event.target.closest?.("a.folder[data-name]");
  for (const other of document.querySelectorAll(".folder.is-over")) if (other !== place) other.classList.remove("is-over");
  if (!place || place.hasAttribute("aria-current")) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
  place.classList.add("is-over");
});
document.addEventListener("drop", (event) => {
  const place = dragged && event.target.closest?.("a.folder[data-name]");
  if (!place) return;
  event.preventDefault();
  dragged = false;
  htmx.ajax("POST", form().action, { source: form(), target: "#messages", swap: "outerHTML", values: { do: "move", to: place.dataset.name } });
});
