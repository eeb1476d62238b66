// Passkeys: the browser asks the person, and the form takes the answer along in its field `passkey`.

const octets = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const base64url = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const known = (list) => (list ?? []).map((one) => ({ ...one, id: octets(one.id) }));

const ceremonies = {
  async get(options) {
    const { id, rawId, type, response } = await navigator.credentials.get({
      publicKey: { ...options, challenge: octets(options.challenge), allowCredentials: known(options.allowCredentials) },
    });
    const { authenticatorData, clientDataJSON, signature } = response;
    return { id, type, rawId: base64url(rawId), response: encoded({ authenticatorData, clientDataJSON, signature }) };
  },
  async create(options) {
    const { id, rawId, type, response } = await navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: octets(options.challenge),
        user: { ...options.user, id: octets(options.user.id) },
        excludeCredentials: known(options.excludeCredentials),
      },
    });
    const { attestationObject, clientDataJSON } = response;
    return { id, type, rawId: base64url(rawId), response: encoded({ attestationObject, clientDataJSON }) };
  },
};

function encoded(buffers) {
  return Object.fromEntries(Object.entries(buffers).map(([name, buffer]) => [name, base64url(buffer)]));
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  const said = button.parentElement.querySelector("[role=alert]");
  const say = (words) => {
    said.textContent = words;
    said.hidden = !words;
  };
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (!window.PublicKeyCredential) return say(button.dataset.missing);
    say("");
    button.disabled = true;
    try {
      const options = JSON.parse(button.form.querySelector('script[type="application/json"]').textContent);
      const answer = await ceremonies[button.dataset.passkey](options);
      button.form.elements.passkey.value = JSON.stringify(answer);
      button.form.submit();
    } catch (error) {
      console.info(error);
      say(error.name === "InvalidStateError" && button.dataset.there ? button.dataset.there : button.dataset.refused);
    } finally {
      button.disabled = false;
    }
  });
}
