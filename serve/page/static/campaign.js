// Filter and export of the table of verdicts; both work without a connection.
import { save } from "./saving.js";

const $ = (id) => document.getElementById(id);
const rows = () => [...document.querySelectorAll("#table tbody tr")];

function filter() {
  const [level, lure] = [$("by-level").value, $("by-lure").value];
  for (const row of rows()) {
    row.hidden = !((!level || row.dataset.level === level) && (!lure || row.dataset.lures.split(" ").includes(lure)));
  }
  $("shown").textContent = rows().filter((row) => !row.hidden).length;
}

// A cell that a spreadsheet would take for a formula begins with an apostrophe.
const cell = (text) => `"${(/^[=+\-@\t]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

function line(row) {
  const text = row.querySelector("input[name=text]")?.value ?? "";
  const { level, probability = "", language = "", lures } = row.dataset;
  const error = row.classList.contains("bad") ? row.querySelector("td").textContent : "";
  return [row.querySelector("th").textContent, level, probability, language, lures, text, error].map(cell).join(",");
}

function ready() {
  if (!$("table")) return;
  document.querySelector(".filter").hidden = false;
  $("by-level").addEventListener("change", filter);
  $("by-lure").addEventListener("change", filter);
  $("save-csv").addEventListener("click", () => {
    const shown = rows().filter((row) => !row.hidden);
    const head = ["row", "level", "probability", "language", "lures", "text", "error"].join(",");
    const table = `\ufeff${[head, ...shown.map(line)].join("\r\n")}\r\n`;
    save("lurewatch.csv", new Blob([table], { type: "text/csv;charset=utf-8" }));
  });
}

ready();
document.addEventListener("shown", ready);
