// Whether this browser tells of new mail while Ekorn is in the background. Asked for by a click, never by itself.

const KEY = "ekorn-notify";
const section = document.getElementById("notify");
const button = section.querySelector("button");
const said = section.querySelector("[role=status]");

section.hidden = !("Notification" in window);

function show(words = "") {
  const on = Notification.permission === "granted" && localStorage.getItem(KEY) === "on";
  button.setAttribute("aria-pressed", String(on));
  button.textContent = on ? button.dataset.off : button.dataset.on;
  said.textContent = words;
}

button.addEventListener("click", async () => {
  if (button.getAttribute("aria-pressed") === "true") {
    localStorage.setItem(KEY, "off");
    show();
    return;
  }
  const answer = await Notification.requestPermission();
  localStorage.setItem(KEY, answer === "granted" ? "on" : "off");
  show(answer === "granted" ? said.dataset.allowed : said.dataset.refused);
});
if (!section.hidden) show();
