// A folder is put in its place by dragging it among its siblings; the arrows beside each do the same.

const placing = document.getElementById("placing");
let dragged = null;

const among = (line) => dragged && line && line !== dragged && line.dataset.siblings === dragged.dataset.siblings;

for (const line of placing ? document.querySelectorAll(".one") : []) line.draggable = true;

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".one") ?? null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.folder);
  dragged.classList.add("dragged");
});
document.addEventListener("dragover", (event) => {
  const line = event.target.closest?.(".one");
  document.querySelector(".one.target")?.classList.remove("target");
  if (!among(line)) return;
  event.preventDefault();
  line.classList.add("target");
});
document.addEventListener("dragend", () => {
  for (const line of document.querySelectorAll(".one.target, .one.dragged")) line.classList.remove("target", "dragged");
  dragged = null;
});
document.addEventListener("drop", (event) => {
  const line = event.target.closest?.(".one");
  if (!among(line)) return;
  event.preventDefault();
  placing.elements.folder.value = dragged.dataset.folder;
  placing.elements.before.value = line.dataset.folder;
  placing.requestSubmit();
});
