// The seconds that are left to undo a sending, counted down where they stand.

const ends = new WeakMap();

function count() {
  for (const place of document.querySelectorAll("[data-countdown]")) {
    const seconds = Number(place.dataset.countdown);
    if (!ends.has(place)) ends.set(place, performance.now() + seconds * 1000);
    const left = Math.max(0, Math.ceil((ends.get(place) - performance.now()) / 1000));
    place.textContent = place.textContent.replace(/\d+/, String(left));
  }
}

setInterval(count, 250);
