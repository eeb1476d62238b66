// A copy of what is being written in this browser, until the server has it. Gone with a confirmed save, a sending, a
// sign-out. What a crash left behind is offered, never put in by itself.

const PREFIX = "ekorn-writing:";
const OWN = new Set(["csrfmiddlewaretoken", "do", "accepted"]);

export function copies(desk) {
  const { form, words, fields } = desk;
  const owner = `${PREFIX}${fields.writer.value}:`;
  const key = owner + fields.message_id.value;
  let kept = false;
  let alone = true;

  // While a page is open it holds the lock of its message: a copy without one was left by a crash.
  const locks = navigator.locks;
  const mine = locks?.request(key, { ifAvailable: true }, (lock) => {
    alone = Boolean(lock);
    if (!lock) return undefined;
    return new Promise(() => {});
  });
  mine?.catch(() => {});

  function keep() {
    const pairs = [...desk.data().entries()].filter(([name, value]) => !OWN.has(name) && typeof value === "string");
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), pairs }));
      kept = true;
    } catch {
      kept = false;
    }
    return kept;
  }

  function forget(name = key) {
    try {
      localStorage.removeItem(name);
    } catch {
      // No storage, nothing to forget.
    }
    kept = false;
  }

  async function left() {
    const held = new Set(locks ? (await locks.query()).held.map((lock) => lock.name) : []);
    const found = [];
    for (let at = 0; at < localStorage.length; at += 1) {
      const name = localStorage.key(at);
      if (!name.startsWith(owner) || (held.has(name) && (name !== key || !alone))) continue;
      try {
        found.push({ name, ...JSON.parse(localStorage.getItem(name)) });
      } catch {
        forget(name);
      }
    }
    return found.sort((a, b) => b.at - a.at);
  }

  async function offer() {
    let found = [];
    try {
      found = await left();
    } catch {
      return;
    }
    if (!alone) say(words.otherWindow);
    const one = found.find(({ name }) => name === key) ?? found[0];
    if (!one || !Array.isArray(one.pairs)) return;
    const time = new Date(one.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
    const line = say(words.leftBehind.replace("{time}", time));
    line.append(
      button(words.goOn, () => resume(one)),
      button(words.throwAway, () => {
        forget(one.name);
        line.remove();
      }),
    );
  }

  function say(text) {
    const line = document.createElement("p");
    line.className = "compose-said";
    line.setAttribute("role", "status");
    line.append(Object.assign(document.createElement("span"), { textContent: text }));
    form.querySelector(".compose-fields").before(line);
    return line;
  }

  function button(text, press) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "text-button", textContent: text });
    made.addEventListener("click", press);
    return made;
  }

  // The server draws the page with what was kept; it knows best how.
  function resume({ name, pairs }) {
    const again = Object.assign(document.createElement("form"), { method: "post", action: form.action, hidden: true });
    const token = fields.csrfmiddlewaretoken.value;
    for (const [field, value] of [...pairs, ["csrfmiddlewaretoken", token], ["do", "resume"]]) {
      const area = Object.assign(document.createElement("textarea"), { name: field });
      area.value = value;
      again.append(area);
    }
    document.body.append(again);
    if (name !== key) forget(name);
    form.dispatchEvent(new CustomEvent("ekorn:leaving"));
    again.submit();
  }

  return { keep, forget, offer, kept: () => kept };
}
