// The poster as SVG and PNG: what the browser laid out is drawn again, run by run, so lines break and scripts join as on the page.
import { save } from "./saving.js";

const poster = document.getElementById("poster");
const paper = document.getElementById("paper");
const SVG = "http://www.w3.org/2000/svg";
const WIDTHS = { a4: 2480, a3: 3508 }; // pixels at 300 an inch
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

// Smaller letters until all stands on one sheet.
function fit() {
  const unit = poster.getBoundingClientRect().width / 52.5;
  for (let scale = 1.12; scale > 0.4; scale -= 0.02) {
    poster.style.setProperty("--fit", scale);
    if (poster.getBoundingClientRect().height <= unit * 74.21) return;
  }
}

fit();
document.fonts?.ready.then(fit);
document.getElementById("resize").hidden = true;
paper.addEventListener("change", () => {
  poster.classList.remove("a4", "a3");
  poster.classList.add(paper.value);
});
document.getElementById("print").addEventListener("click", () => print());

function element(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

const round = (number) => Math.round(number * 100) / 100;
const seen = (color) => !/^rgba\(.*, 0\)$|^transparent$/.test(color);

function* boxes(node, origin) {
  const style = getComputedStyle(node);
  for (const box of node.getClientRects()) {
    const [x, y] = [box.left - origin.left, box.top - origin.top];
    if (seen(style.backgroundColor)) {
      yield element("rect", { x: round(x), y: round(y), width: round(box.width), height: round(box.height), rx: parseFloat(style.borderTopLeftRadius) || 0, fill: style.backgroundColor });
    }
    if (style.outlineStyle === "dashed") {
      yield element("rect", { x: round(x - 1), y: round(y - 1), width: round(box.width + 2), height: round(box.height + 2), fill: "none", stroke: style.outlineColor, "stroke-dasharray": "3 2" });
    }
    const [below, above] = [parseFloat(style.borderBottomWidth), parseFloat(style.borderTopWidth)];
    if (above > 0 && below > 0) {
      yield element("rect", { x: round(x + above / 2), y: round(y + above / 2), width: round(box.width - above), height: round(box.height - above), rx: parseFloat(style.borderTopLeftRadius) || 0, fill: "none", stroke: style.borderTopColor, "stroke-width": above });
    } else if (below > 0) {
      yield element("rect", { x: round(x), y: round(y + box.height - below), width: round(box.width), height: below, fill: style.borderBottomColor });
    }
  }
}

const backwards = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;
const turned = (text) => backwards.test(/\p{L}/u.exec(text)?.[0] ?? "");
const meets = (one, other) => Math.abs(one - other) < 1;

// Joins what stands side by side in one line and runs one way; `next` begins another run where it does not.
function joins(run, next) {
  if (Math.abs(next.top - run.box.top) > 2) return false;
  const rtl = meets(next.right, run.box.left);
  if (!(rtl || meets(next.left, run.box.right)) || (run.rtl ?? rtl) !== rtl) return false;
  run.rtl = rtl;
  return true;
}

// Stretches of a text node that stand in one line and run one way: words, and where a word is broken or turns, its pieces.
function* runs(node) {
  const range = document.createRange();
  const rects = (from, to) => {
    range.setStart(node, from);
    range.setEnd(node, to);
    return [...range.getClientRects()].filter((box) => box.width > 0);
  };
  for (const { 0: word, index } of node.data.matchAll(/\S+/gu)) {
    const whole = rects(index, index + word.length);
    if (whole.length === 1) yield { text: word, box: whole[0], rtl: turned(word) };
    if (whole.length < 2) continue;
    let run = null;
    for (const { segment, index: at } of graphemes.segment(word)) {
      const [next] = rects(index + at, index + at + segment.length);
      if (!next && run) run.text += segment;
      else if (next && run && joins(run, next)) {
        run.text += segment;
        const [left, right] = [Math.min(run.box.left, next.left), Math.max(run.box.right, next.right)];
        run.box = { left, right, top: run.box.top, bottom: run.box.bottom, width: right - left };
      } else if (next) {
        if (run) yield run;
        run = { text: segment, box: next };
      }
    }
    if (run) yield run;
  }
}

function ascent(style) {
  const context = document.createElement("canvas").getContext("2d");
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = context.measureText("x");
  return [up, up + down];
}

function* texts(node, origin) {
  const style = getComputedStyle(node.parentElement);
  const [up, high] = ascent(style);
  for (const { text, box, rtl } of runs(node)) {
    const y = box.top + (box.bottom - box.top - high) / 2 + up - origin.top;
    const x = (rtl ? box.right : box.left) - origin.left;
    yield element("text", { x: round(x), y: round(y), direction: rtl ? "rtl" : "ltr", "font-size": style.fontSize, "font-weight": style.fontWeight, fill: style.color, textLength: round(box.width), lengthAdjust: "spacingAndGlyphs" }, text);
  }
}

function icon(node, origin) {
  const box = node.getBoundingClientRect();
  const copy = element("g", { transform: `translate(${round(box.left - origin.left)} ${round(box.top - origin.top)}) scale(${round(box.width / 24)})` });
  for (const part of node.querySelectorAll("path, circle")) {
    const style = getComputedStyle(part);
    const clone = part.cloneNode();
    clone.removeAttribute("class");
    for (const key of ["fill", "stroke", "stroke-width"]) clone.setAttribute(key, style.getPropertyValue(key));
    copy.append(clone);
  }
  return copy;
}

export function drawn() {
  const origin = poster.getBoundingClientRect();
  const height = Math.max(origin.height, origin.width * Math.SQRT2);
  const svg = element("svg", { viewBox: `0 0 ${round(origin.width)} ${round(height)}`, width: paper.value === "a3" ? "297mm" : "210mm", "font-family": getComputedStyle(poster).fontFamily, lang: document.documentElement.lang });
  svg.append(element("title", {}, poster.querySelector("h2").textContent), element("rect", { width: "100%", height: "100%", fill: "#ffffff" }));
  const walker = document.createTreeWalker(poster, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
    node.nodeType === 1 && node.matches(".sr, svg *") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === 3) svg.append(...texts(node, origin));
    else if (node.matches("svg")) svg.append(icon(node, origin));
    else svg.append(...boxes(node, origin));
  }
  return new XMLSerializer().serializeToString(svg);
}

export async function painted(source) {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([source], { type: "image/svg+xml" }));
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = WIDTHS[paper.value];
  canvas.height = Math.round((canvas.width * image.naturalHeight) / image.naturalWidth);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

document.getElementById("save-svg").addEventListener("click", () => save("lurewatch.svg", new Blob([drawn()], { type: "image/svg+xml" })));
document.getElementById("save-png").addEventListener("click", async () => save("lurewatch.png", await painted(drawn())));
