// Asks the browser to open mailto: links here. Only browsers that can be asked show the button.

const section = document.getElementById("mail-program");
const button = section.querySelector("button");
const said = section.querySelector("[role=status]");

section.hidden = !("registerProtocolHandler" in navigator);
button.addEventListener("click", () => {
  try {
    navigator.registerProtocolHandler("mailto", location.origin + button.dataset.mailto);
    said.textContent = said.dataset.asked;
  } catch {
    said.textContent = said.dataset.refused;
  }
});
