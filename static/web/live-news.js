// How many are unread, in the picture of the tab; and new mail as a notification, where the person allowed it here.

const ON = "ekorn-notify";
const BARE = "ekorn-notify-bare";
const link = document.querySelector('link[rel="icon"]');
const plain = link?.href;

export class News {
  #shown = 0;

  get wanted() {
    return "Notification" in window && Notification.permission === "granted" && localStorage.getItem(ON) === "on";
  }

  // One for all that came together. It is made here from our own page: nobody else is told.
  show(rows) {
    const unread = rows.filter((row) => row.matches(".unread:not(.muted)"));
    if (!unread.length || !this.wanted) return;
    const text = (row, name) => row.querySelector(name)?.lastChild?.textContent.trim() ?? "";
    const from = (row) => text(row, ".people");
    const subject = (row) => row.querySelector(".subject")?.textContent.trim() ?? "";
    const one = unread.length === 1;
    const bare = localStorage.getItem(BARE) === "on";
    const count = one ? document.body.dataset.newOne : document.body.dataset.newMany.replace("{count}", unread.length);
    const lines = one ? [subject(unread[0])] : unread.slice(0, 4).map((row) => `${from(row)}: ${subject(row)}`);
    const notice = new Notification(one && !bare ? from(unread[0]) : count, { body: bare ? "" : lines.join("\n"), icon: plain, tag: "ekorn-new" });
    const address = one ? unread[0].querySelector("a.open").getAttribute("href") : "/folder/INBOX/";
    notice.onclick = () => {
      window.focus();
      notice.close();
      location.assign(address);
    };
  }

  count() {
    const words = document.querySelector('#folder-list a[data-role="inbox"] .count')?.textContent ?? "";
    const count = Number(words.replace(/\D/g, "")) || 0;
    if (!link || count === this.#shown) return;
    this.#shown = count;
    if (!count) {
      link.href = plain;
      return;
    }
    const picture = new Image();
    picture.onload = () => this.#shown === count && this.#draw(picture, count);
    picture.src = plain;
  }

  #draw(picture, count) {
    const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 64 });
    const pen = canvas.getContext("2d");
    pen.drawImage(picture, 0, 0, 64, 64);
    pen.fillStyle = "#c62828";
    pen.beginPath();
    pen.arc(42, 42, 22, 0, 2 * Math.PI);
    pen.fill();
    pen.fillStyle = "#fff";
    pen.font = `bold ${count > 99 ? 24 : 30}px system-ui, sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(count > 99 ? "99+" : String(count), 42, 44);
    link.type = "image/png";
    link.href = canvas.toDataURL();
  }
}
