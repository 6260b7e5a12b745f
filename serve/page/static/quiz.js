// Spot the lures: every word is a switch; what was switched on is compared with what we marked. Offsets of the service are code points.
const box = document.getElementById("quiz");
const text = box.querySelector(".words");
const source = text.textContent;
const marks = JSON.parse(box.dataset.spans); // [start, end, number], code points
const places = []; // UTF-16 place of every code point
for (let i = 0; i <= source.length; i += (source.codePointAt(i) ?? 0) > 0xffff ? 2 : 1) places.push(i);
const spans = marks.map(([start, end, number]) => [places[start], places[end], number]);
const words = [];

text.textContent = "";
for (const { segment, index, isWordLike } of new Intl.Segmenter(text.lang || undefined, { granularity: "word" }).segment(source)) {
  if (!isWordLike) {
    text.append(segment);
    continue;
  }
  const word = document.createElement("span");
  word.textContent = segment;
  word.setAttribute("role", "button");
  word.setAttribute("aria-pressed", "false");
  word.tabIndex = words.length ? -1 : 0;
  words.push({ word, start: index, end: index + segment.length });
  text.append(word);
}

const find = (node) => words.findIndex(({ word }) => word === node);
const press = (word, on = word.getAttribute("aria-pressed") !== "true") => word.setAttribute("aria-pressed", String(on));

function go(to) {
  if (!words[to]) return;
  for (const { word } of words) word.tabIndex = -1;
  words[to].word.tabIndex = 0;
  words[to].word.focus();
}

text.addEventListener("click", (event) => {
  const chosen = getSelection();
  if (!chosen.isCollapsed) {
    for (const { word } of words) if (chosen.containsNode(word, true)) press(word, true);
    chosen.removeAllRanges();
  } else if (find(event.target) >= 0) press(event.target);
});
text.addEventListener("keydown", (event) => {
  const here = find(event.target);
  if (here < 0) return;
  const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  if (event.key === " " || event.key === "Enter") press(event.target);
  else if (event.key === "ArrowLeft" || event.key === "ArrowRight") go(here + (event.key === forward ? 1 : -1));
  else if (event.key === "Home" || event.key === "End") go(event.key === "Home" ? 0 : words.length - 1);
  else return;
  event.preventDefault();
});

const meets = (word, [start, end]) => word.start < end && word.end > start;

document.getElementById("compare").addEventListener("click", () => {
  const picked = words.filter(({ word }) => word.getAttribute("aria-pressed") === "true");
  const found = spans.filter((span) => picked.some((word) => meets(word, span))).length;
  const extra = picked.filter((word) => !spans.some((span) => meets(word, span))).length;
  const says = box.dataset.found.replace("{found}", found).replace("{all}", spans.length);
  document.getElementById("score").textContent = `${says} ${box.dataset.extra.replace("{count}", extra)}`;
  document.getElementById("answer").hidden = false;
});
document.getElementById("again").addEventListener("click", () => {
  for (const { word } of words) press(word, false);
  document.getElementById("score").textContent = "";
  document.getElementById("answer").hidden = true;
  go(0);
});
