// Marked phrases tell their lures on hover, tap and focus; Escape closes. Without a script they lead to the reasons below.
let tip = null;
let at = null;

function close() {
  tip?.remove();
  at?.classList.remove("lit");
  at?.removeAttribute("aria-describedby");
  tip = at = null;
}

function told(number, into) {
  const reason = document.getElementById(`why-${number}`);
  if (!reason) return;
  for (const [name, from] of [["title", "h3"], ["because", ".because"]]) {
    const part = document.createElement("p");
    part.className = name;
    part.textContent = reason.querySelector(from)?.textContent ?? "";
    into.append(part);
  }
}

function open(mark) {
  if (at === mark) return;
  close();
  at = mark;
  tip = document.createElement("div");
  tip.className = "tip";
  tip.id = "tip";
  tip.setAttribute("role", "tooltip");
  for (const number of mark.dataset.marks.split(" ")) told(number, tip);
  document.getElementById("main").append(tip);
  mark.classList.add("lit");
  mark.setAttribute("aria-describedby", "tip");
  place(mark.getClientRects());
}

function place(boxes) {
  const box = boxes[boxes.length - 1];
  const width = document.documentElement.clientWidth;
  const left = Math.max(16, Math.min(box.left, width - tip.offsetWidth - 16));
  const below = box.bottom + tip.offsetHeight + 12 < innerHeight || boxes[0].top < tip.offsetHeight + 12;
  tip.style.left = `${left + scrollX}px`;
  tip.style.top = `${scrollY + (below ? box.bottom + 6 : boxes[0].top - tip.offsetHeight - 6)}px`;
}

const markOf = (event) => (event.target instanceof Element ? event.target.closest(".mark") : null);
document.addEventListener("focusin", (event) => (markOf(event) ? open(markOf(event)) : close()));
document.addEventListener("mouseover", (event) => {
  const mark = markOf(event);
  if (mark) open(mark);
  else if (tip && !tip.contains(event.target) && at !== document.activeElement) close();
});
document.addEventListener("click", (event) => {
  const mark = markOf(event);
  if (mark) {
    event.preventDefault();
    open(mark);
  } else if (tip && !tip.contains(event.target)) close();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
  if (event.key === "Enter" && markOf(event)) {
    event.preventDefault();
    document.querySelector(markOf(event).hash)?.focus();
  }
});
document.addEventListener("shown", close);
