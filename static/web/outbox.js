// The notice after sending: the seconds that are left to undo it, and "Sent" goes by itself.

const ends = new WeakMap();
let timer = 0;

function count() {
  const places = document.querySelectorAll("[data-countdown]");
  if (!places.length) timer = void clearInterval(timer);
  for (const place of places) {
    if (!ends.has(place)) ends.set(place, performance.now() + Number(place.dataset.countdown) * 1000);
    const left = Math.max(0, Math.ceil((ends.get(place) - performance.now()) / 1000));
    place.textContent = place.textContent.replace(/\d+/, String(left));
  }
}

function start() {
  if (document.querySelector("[data-countdown]")) timer ||= setInterval(count, 250);
  const done = document.querySelector("#outgoing-notice.success");
  if (done) setTimeout(() => done.remove(), 5000);
}

document.addEventListener("htmx:afterSettle", start);
start();
