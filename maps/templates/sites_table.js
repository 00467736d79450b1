// The best parcels as a table that the keyboard can walk.
var current = 0;

function bestColumns() {
  var out = [["rank", "t_rank", function (v) { return num(v); }], ["score", "score", function (v, k) { return lowMark(k) + points(v); }], ["usable_m2", "t_usable", function (v) { return num(v); }],
    ["cost", "s_cost", inMillions], data.by_need ? ["children_reached", "c_reached", function (v) { return num(v); }] : ["children_gained", "c_gained", function (v) { return num(v); }],
    ["shortfall_relieved_m2", "c_relieved", function (v) { return num(v); }], ["in_best", "t_in_best", function (v, k) { return v === null ? w("unknown_value") : lowMark(k) + odds(v); }]];
  return out.filter(function (c) { return data.best[c[0]].some(function (v) { return v !== null; }); });
}

function lowMark(k) { return data.best.low[k] ? "≥ " : ""; }

function buildTable() {
  byId("table-from").textContent = (data.best.low.some(Boolean) ? w("table_low") + " " : "") + w("from_tables", { tables: "parcels", run: data.study.run_id });
  var columns = bestColumns(), head = make("tr", null, make("th", { scope: "col" }, w("s_parcel"))), body = make("tbody", null), best = data.best;
  columns.slice(0, 1).forEach(function (c) { head.appendChild(make("th", { scope: "col", class: "number" }, w(c[1]))); });
  head.appendChild(make("th", { scope: "col" }, w("c_name")));
  head.appendChild(make("th", { scope: "col" }, w("s_verdict")));
  columns.slice(1).forEach(function (c) { head.appendChild(make("th", { scope: "col", class: "number" }, w(c[1]))); });
  best.id.forEach(function (id, k) {
    var button = make("button", { type: "button", class: "link", "data-row": k, tabindex: k === current ? "0" : "-1" }, id);
    var line = make("tr", { "data-position": best.position[k], class: best.position[k] === state.position ? "chosen" : null },
      make("th", { scope: "row" }, button, best.build_order[k] === null ? null : smallPin(best.build_order[k], best.verdict[k])));
    columns.slice(0, 1).forEach(function (c) { line.appendChild(make("td", { class: "number" }, c[2](best[c[0]][k], k))); });
    line.appendChild(make("td", { class: "words" }, communeOf(best.commune[k])));
    line.appendChild(make("td", null, verdictTag(best.verdict[k])));
    columns.slice(1).forEach(function (c) { line.appendChild(make("td", { class: "number" }, c[2](best[c[0]][k], k))); });
    line.addEventListener("click", function () { current = k; chooseParcel(best.position[k], true); });
    body.appendChild(line);
  });
  if (!best.id.length) { body.appendChild(make("tr", null, make("td", { colspan: "9" }, w("no_ranked")))); }
  replace(byId("table"), make("caption", { class: "hidden" }, w("table")), make("thead", null, head), body);
}

function markRow() {
  byId("table").querySelectorAll("tbody tr").forEach(function (line) {
    line.classList.toggle("chosen", state.position >= 0 && Number(line.getAttribute("data-position")) === state.position);
  });
}

function walkRows(event) {
  var button = event.target.closest ? event.target.closest("button[data-row]") : null;
  if (!button) { return; }
  var all = byId("table").querySelectorAll("button[data-row]");
  var to = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: all.length - 1, PageDown: current + 10, PageUp: current - 10 }[event.key];
  if (to === undefined) { return; }
  event.preventDefault();
  all[current].setAttribute("tabindex", "-1");
  current = Math.max(0, Math.min(all.length - 1, to));
  all[current].setAttribute("tabindex", "0");
  all[current].focus();
}
