// A small table beside the box that corners are pasted into: each says what the other does.
"use strict";
(function () {
  var box = document.getElementById("table"), place = document.getElementById("grid"), start = Propose.start, words = start.words;
  if (!box || !place) { return; }
  var MOST = 40, body = null, given = place.closest("main").querySelector("#corner-form"), zone = document.getElementById("zone"), chosen = zone.value;

  // Lines of three numbers are shown; anything else stays in the box alone.
  function rows() {
    var lines = box.value.split(/\r?\n/).filter(function (line) { return line.trim(); });
    var found = lines.map(function (line) { return line.trim().split(/\t|;|\s+/).filter(Boolean); });
    if (found.length > MOST || found.some(function (row) { return row.length < 2 || row.length > 3 || !row.every(function (v) { return /\d/.test(v) || row.indexOf(v) === 0; }); })) { return null; }
    return found.map(function (row, k) { return row.length === 3 ? row : [String(k + 1)].concat(row); });
  }

  function write() {
    var lines = Array.from(body.rows).map(function (row) {
      return Array.from(row.querySelectorAll("input")).map(function (each) { return each.value.trim().replace(/\s+/g, ""); });
    }).filter(function (row) { return row[1] || row[2]; });
    box.value = lines.map(function (row) { return row.join("\t"); }).join("\n");
    doubt();
  }

  // What was understood of the table goes while the table says something else: it is read again before it is saved.
  function doubt() {
    var other = box.value.trim() !== box.defaultValue.trim() || zone.value !== chosen;
    document.querySelectorAll("[aria-labelledby=read-title], .pp-answer, #details").forEach(function (each) { each.hidden = other; });
  }

  // What was typed below is carried along.
  given.addEventListener("submit", function () {
    ["name", "land_use", "owner", "backer", "cost", "note"].forEach(function (name) {
      if (Propose.form) { given.elements[name].value = Propose.form.elements[name].value; }
    });
  });

  function add(values) {
    var row = body.insertRow(), n = body.rows.length;
    [words.corner_name, "X", "Y"].forEach(function (name, k) {
      var input = document.createElement("input");
      input.value = values ? values[k] : k ? "" : String(n);
      input.setAttribute("aria-label", name + ", " + Propose.say("row", { n: n }));
      input.autocomplete = "off";
      if (k) { input.inputMode = "decimal"; }
      input.addEventListener("input", function () {
        write();
        if (row === body.rows[body.rows.length - 1] && body.rows.length < MOST && k && input.value) { add(null); }
      });
      row.insertCell().appendChild(input);
    });
    var button = document.createElement("button");
    button.type = "button";
    button.className = "pale";
    button.textContent = words.remove;
    button.setAttribute("aria-label", words.remove + ", " + Propose.say("row", { n: n }));
    button.addEventListener("click", function () { row.remove(); write(); if (!body.rows.length) { add(null); } });
    row.insertCell().appendChild(button);
  }

  function show() {
    var found = rows();
    place.hidden = !found;
    if (!found) { return; }
    body.textContent = "";
    found.forEach(add);
    while (body.rows.length < 4) { add(null); }
    if (found.length > 3) { add(null); }
  }

  var table = document.createElement("table"), head = table.createTHead().insertRow();
  [words.corner_name, words.x_north, words.y_east, ""].forEach(function (text) {
    var cell = document.createElement(text ? "th" : "td");
    if (text) { cell.scope = "col"; }
    cell.textContent = text;
    head.appendChild(cell);
  });
  body = table.createTBody();
  var frame = document.createElement("div"), title = document.createElement("p");
  frame.className = "scroll pp-grid";
  title.textContent = words.or_type;
  frame.appendChild(table);
  place.appendChild(title);
  place.appendChild(frame);
  box.addEventListener("input", function () { show(); doubt(); });
  zone.addEventListener("change", doubt);
  show();
})();
