// Whether this browser tells of new mail while nobody looks at Ekorn, and how much. Asked for by a click, never by itself.

const ON = "ekorn-notify";
const BARE = "ekorn-notify-bare";
const section = document.getElementById("notify");
const button = section.querySelector("button");
const names = section.querySelector("input");
const said = section.querySelector("[role=status]");

function show(words = "") {
  const on = Notification.permission === "granted" && localStorage.getItem(ON) === "on";
  button.textContent = on ? button.dataset.off : button.dataset.on;
  button.dataset.now = on ? "on" : "off";
  names.checked = localStorage.getItem(BARE) !== "on";
  names.closest("p").hidden = !on;
  said.textContent = words;
}

button.addEventListener("click", async () => {
  if (button.dataset.now === "on") {
    localStorage.setItem(ON, "off");
    show(said.dataset.stopped);
    return;
  }
  let answer = await Notification.requestPermission();
  try {
    // The first one says that it works; some browsers on phones have the word for it and nothing behind it.
    if (answer === "granted") new Notification(said.dataset.allowed, { tag: "ekorn-new" });
  } catch {
    answer = "";
  }
  localStorage.setItem(ON, answer === "granted" ? "on" : "off");
  show(answer === "granted" ? said.dataset.allowed : said.dataset.refused);
});
names.addEventListener("change", () => localStorage.setItem(BARE, names.checked ? "off" : "on"));

if ("Notification" in window) {
  section.hidden = false;
  show();
}
