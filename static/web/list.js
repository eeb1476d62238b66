// Selecting rows: all, ranges, and how many. Without script each row's own box still works.

const boxes = () => [...document.querySelectorAll('#messages input[name="uid"]')];
let last = null;

function count() {
  const all = boxes();
  const chosen = all.filter((box) => box.checked).length;
  const everything = document.querySelector("[data-select-all]");
  if (everything) {
    everything.checked = chosen > 0 && chosen === all.length;
    everything.indeterminate = chosen > 0 && chosen < all.length;
  }
  const label = document.querySelector("[data-selected]");
  const words = chosen === 1 ? label?.dataset.one : label?.dataset.selected.replace("{count}", chosen);
  if (label) label.textContent = chosen ? words : "";
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-select-all]")) {
    for (const box of boxes()) box.checked = event.target.checked;
  }
  if (event.target.matches('[data-select-all], input[name="uid"]')) count();
});

// Shift and a click on a box chooses everything between it and the one before.
document.addEventListener("click", (event) => {
  const box = event.target.closest('input[name="uid"]');
  if (!box) return;
  if (event.shiftKey && last?.isConnected) {
    const all = boxes();
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const between of all.slice(from, to + 1)) between.checked = box.checked;
    count();
  }
  last = box;
});

document.addEventListener("htmx:afterSettle", count);
document.addEventListener("ekorn:rows", count);
window.addEventListener("pageshow", count);
