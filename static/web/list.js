// Selecting rows: all, ranges, and how many. Without script each row's own box still works.

const form = () => document.getElementById("messages");
const boxes = () => [...document.querySelectorAll('#messages input[name="uid"]')];
let last = null;

// The box of the thread that this one's message is unfolded from.
function threadOf(box) {
  let row = box.closest(".row");
  while (row.matches(".inner")) row = row.previousElementSibling;
  return row.querySelector('input[name="uid"]');
}

function count() {
  const all = boxes();
  const chosen = all.filter((box) => box.checked).length;
  // Those of a thread whose own box is ticked are told with it.
  const told = all.filter((box) => box.checked && !(box.closest(".inner") && threadOf(box).checked)).length;
  const everything = document.querySelector("[data-select-all]");
  if (everything) {
    everything.checked = chosen > 0 && chosen === all.length;
    everything.indeterminate = chosen > 0 && chosen < all.length;
  }
  const label = document.querySelector("[data-selected]");
  const words = told === 1 ? label?.dataset.one : label?.dataset.selected.replace("{count}", told);
  if (label) label.textContent = told ? words : "";
}

// A thread's own box stands for all its messages, also for those that are unfolded below it.
function together(box) {
  const row = box.closest(".row");
  if (row.matches(".thread")) {
    for (let one = row.nextElementSibling; one?.matches(".inner"); one = one.nextElementSibling) {
      one.querySelector('input[name="uid"]').checked = box.checked;
    }
  } else if (row.matches(".inner") && !box.checked) threadOf(box).checked = false;
}

// What is unfolded stays so when the list comes anew.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get" || event.detail.target.id !== "messages") return;
  const unfolded = [...document.querySelectorAll('#messages input[name="unfold"]')].map((input) => input.value);
  if (unfolded.length) event.detail.parameters.unfold = unfolded;
});

document.addEventListener("change", (event) => {
  if (event.target.matches('input[name="uid"]')) together(event.target);
  if (event.target.matches("[data-select-all]")) {
    for (const box of boxes()) box.checked = event.target.checked;
  }
  // All of the view is no longer meant once a row of it is taken out.
  const everything = document.querySelector('#messages input[name="all"]');
  if (everything?.checked && event.target !== everything && !event.target.checked) everything.checked = false;
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
