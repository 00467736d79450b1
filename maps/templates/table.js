// The same numbers as a table: sorted by its headings, walked with the arrow keys.
var COLUMNS = [
  ["name", null], ["status", null], ["children", 0], ["children_uncovered", 0], ["covered_share", 1],
  ["access_m2_per_child", 2], ["play_area_m2", 0], ["shortfall_m2", 0], ["survey_rank", 0]
];
var order = { column: null, down: true };
var current = 0;

function cellValue(column, i) {
  if (column === "name") { return data.communes.name[i]; }
  if (column === "status") { return Object.keys(data.style.status).indexOf(status(i)); }
  return value(column, i);
}

function tableColumns() {
  return COLUMNS.filter(function (c) { return c[1] === null || data.communes.id.some(function (id, i) { return value(c[0], i) !== null; }); });
}

function sorted() {
  var collator = new Intl.Collator("vi");
  return data.communes.id.map(function (id, i) { return i; }).sort(function (a, b) {
    var x = cellValue(order.column, a), y = cellValue(order.column, b);
    if (x === null || y === null) { return (x === null) - (y === null) || a - b; }
    var sign = order.column === "name" ? collator.compare(x, y) : x - y;
    return (order.down ? -sign : sign) || a - b;
  });
}

function sortBy(column) {
  order.down = order.column === column ? !order.down : column !== "name" && column !== "status" && column !== "survey_rank";
  order.column = column;
  current = 0;
  buildTable();
  var button = byId("table").querySelector('button[data-column="' + column + '"]');
  if (button) { button.focus(); }
}

function headCell(column) {
  var mine = order.column === column[0];
  var button = make("button", { type: "button", "data-column": column[0] }, w("c_" + column[0]), make("span", { "aria-hidden": "true" }, mine ? (order.down ? " ▼" : " ▲") : " ⇅"));
  button.addEventListener("click", function () { sortBy(column[0]); });
  return make("th", { scope: "col", class: column[1] === null ? "text" : "number", "aria-sort": mine ? (order.down ? "descending" : "ascending") : "none" }, button);
}

function bodyCell(column, i) {
  if (column[0] === "status") { return make("td", null, tag(status(i))); }
  var found = value(column[0], i);
  var young = column[0] === "children" || column[0] === "children_uncovered";
  var text = found === null ? "–" : column[0] === "covered_share" ? perCent(found, 1) : young ? people(found) : num(found, column[1]);
  var cell = make("td", { class: "number" }, text);
  if (found === null) { cell.setAttribute("title", w("unknown_value")); cell.setAttribute("aria-label", w("unknown_value")); }
  return cell;
}

function buildTable() {
  var columns = tableColumns(), table = byId("table");
  if (order.column === null || !columns.some(function (c) { return c[0] === order.column; })) {
    order.column = columns.some(function (c) { return c[0] === "children_uncovered"; }) ? "children_uncovered" : "children";
    order.down = true;
  }
  var head = make("tr", null), body = make("tbody", null);
  columns.forEach(function (c) { head.appendChild(headCell(c)); });
  sorted().forEach(function (i, k) {
    var button = make("button", { type: "button", class: "link", "data-row": k, tabindex: k === current ? "0" : "-1" }, data.communes.name[i]);
    var line = make("tr", { "data-i": i, class: i === state.commune ? "chosen" : null }, make("th", { scope: "row" }, button));
    columns.slice(1).forEach(function (c) { line.appendChild(bodyCell(c, i)); });
    line.addEventListener("click", function () { current = k; chooseCommune(i, true); });
    body.appendChild(line);
  });
  replace(table, make("caption", null, w("table") + " · " + bandName(state.band)), make("thead", null, head), body);
}

function markRow() {
  byId("table").querySelectorAll("tbody tr").forEach(function (line) {
    line.classList.toggle("chosen", Number(line.getAttribute("data-i")) === state.commune);
  });
}

function walkRows(event) {
  var button = event.target.closest ? event.target.closest("button[data-row]") : null;
  if (!button) { return; }
  var all = byId("table").querySelectorAll("button[data-row]");
  var to = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: all.length - 1, PageDown: current + 10, PageUp: current - 10 }[event.key];
  if (to === undefined) { return; }
  event.preventDefault();
  focusRow(Math.max(0, Math.min(all.length - 1, to)));
}

function focusRow(k) {
  var all = byId("table").querySelectorAll("button[data-row]");
  if (all[current]) { all[current].setAttribute("tabindex", "-1"); }
  current = k;
  if (all[k]) { all[k].setAttribute("tabindex", "0"); all[k].focus(); }
}
