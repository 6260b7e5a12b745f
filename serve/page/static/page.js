// Forms of one ad or many: files by drop, answers without leaving the page, what was typed stays. Without a script the form is posted.
document.documentElement.classList.add("scripted");
const form = document.getElementById("form");
const change = document.getElementById("change");
change.hidden = true;
document.getElementById("lang").addEventListener("change", () => change.click());
for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;

export function say(text) {
  const message = document.getElementById("message");
  message.textContent = text;
  message.hidden = !text;
}

function show(page) {
  const found = page.getElementById("result");
  const fresh = document.importNode(found, true);
  document.getElementById("result").replaceWith(fresh);
  say(page.getElementById("message")?.textContent ?? "");
  const text = document.getElementById("text");
  const file = document.getElementById("file");
  if (file.value && page.getElementById("text").value) text.value = page.getElementById("text").value;
  file.value = "";
  document.dispatchEvent(new CustomEvent("shown"));
  fresh.querySelector("h2")?.focus();
}

async function judge(button) {
  const [chosen] = document.getElementById("file").files;
  if (chosen?.size > form.dataset.largest) {
    document.getElementById("file").value = "";
    say(form.dataset.tooLarge);
    return;
  }
  const label = button.textContent;
  button.setAttribute("aria-disabled", "true");
  button.textContent = form.dataset.working;
  const sent = new FormData(form);
  sent.set("do", "check");
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent });
    const kind = answer.headers.get("content-type") ?? "";
    if (kind.startsWith("text/html")) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    else say(answer.status === 413 ? form.dataset.tooLarge : form.dataset.busy);
  } catch {
    say(form.dataset.offline);
  }
  button.textContent = label;
  button.removeAttribute("aria-disabled");
}

if (form?.hasAttribute("data-live")) {
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value === "language") return;
    event.preventDefault();
    const button = form.querySelector("button.main");
    if (!button.hasAttribute("aria-disabled")) judge(button);
  });
  const area = form.querySelector("[data-drop]");
  const file = document.getElementById("file");
  const over = (on) => (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    area.classList.toggle("over", on);
  };
  area.addEventListener("dragover", over(true));
  area.addEventListener("dragleave", over(false));
  area.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    over(false)(event);
    file.files = event.dataTransfer.files;
    form.requestSubmit(form.querySelector("button.main"));
  });
  file.addEventListener("change", () => file.value && form.requestSubmit(form.querySelector("button.main")));
}
