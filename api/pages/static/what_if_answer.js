// The answer in words and tables, as the server writes them for who has no script.
"use strict";
(function () {
  var start = WhatIf.start, words = start.words;
  var FEW = 0.5, NUMBERS = ["children_uncovered", "shortfall_m2"];

  function cell(row, kind, text) {
    var made = document.createElement(kind);
    if (kind === "th") { made.scope = "row"; }
    if (text !== undefined) { made.textContent = text; }
    row.appendChild(made);
    return made;
  }

  function number(row, value) {
    var made = cell(row, "td", WhatIf.number(value));
    made.className = "number";
    if (value === null) { made.classList.add("unknown"); }
    return made;
  }

  function children(answer) {
    var body = document.querySelector("#bands tbody");
    var shown = start.columns.filter(function (name) {
      return name === "newly_covered" || Object.values(answer[name]).some(function (value) { return value >= FEW; });
    });
    body.textContent = "";
    document.querySelectorAll("#bands [data-column]").forEach(function (each) { each.hidden = !shown.includes(each.dataset.column); });
    Object.keys(answer.newly_covered).forEach(function (band) {
      var row = document.createElement("tr");
      cell(row, "th", start.bands[band]);
      shown.forEach(function (name) {
        var blind = name === "newly_covered" && answer[name][band] < FEW && (answer.unsurveyed[band] >= FEW ||
          answer.uncounted.some(function (u) { return band === "all" || u.band === band; }));
        number(row, blind ? null : answer[name][band]);
      });
      body.appendChild(row);
    });
  }

  function status(name) { return document.querySelector("#key [data-status=" + name + "] .status").cloneNode(true); }

  function arrow(where, before, after) {
    where.appendChild(before);
    if (!after) { return; }
    var strong = document.createElement("b");
    strong.appendChild(after);
    where.appendChild(document.createTextNode(" → "));
    where.appendChild(strong);
  }

  function figures(row, before, after) {
    var made = cell(row, "td");
    made.className = "number";
    var texts = [before, after].map(function (value) { return document.createTextNode(WhatIf.number(value)); });
    arrow(made, texts[0], before === after ? null : texts[1]);
  }

  function same(each) { return each.before.status === each.after.status; }

  // One row a commune, changes of status first: all ages, or where only one age group changes, that.
  function rows(answer) {
    var found = new Map();
    answer.communes.forEach(function (each) {
      if (each.band === "all" || !found.has(each.commune_id)) { found.set(each.commune_id, each); }
    });
    return Array.from(found.values()).sort(function (a, b) {
      return same(a) - same(b) || (a.name || "").localeCompare(b.name || "", start.language);
    });
  }

  function communes(answer) {
    var body = document.querySelector("#changed tbody");
    body.textContent = "";
    rows(answer).forEach(function (each) {
      var row = document.createElement("tr"), why = document.createElement("tr");
      var head = cell(row, "th"), link = document.createElement("a");
      link.href = start.communes + encodeURIComponent(each.commune_id);
      link.textContent = each.name || each.commune_id;
      head.appendChild(link);
      if (each.band !== "all") { head.appendChild(document.createTextNode(" (" + start.bands[each.band] + ")")); }
      arrow(cell(row, "td"), status(each.before.status), same(each) ? null : status(each.after.status));
      NUMBERS.forEach(function (name) { figures(row, each.before[name], each.after[name]); });
      var told = cell(why, "td"), reason = "reason_" + start.language;
      told.colSpan = 4;
      told.appendChild(document.createElement("span")).textContent =
        (same(each) && each.before[reason] !== each.after[reason] && NUMBERS.every(function (name) {
          return each.before[name] === each.after[name]; }) ? words.only_reason + " " : "") + (each.after[reason] || "");
      why.className = "why";
      body.appendChild(row);
      body.appendChild(why);
    });
    if (!body.children.length) {
      var none = document.createElement("tr");
      cell(none, "td", words.nothing_changes).colSpan = 4;
      body.appendChild(none);
    }
  }

  WhatIf.showAnswer = function (answer) {
    WhatIf.by("answer").hidden = !answer;
    WhatIf.by("sentence").textContent = answer ? answer["sentence_" + start.language] : "";
    if (answer) { children(answer); communes(answer); }
    WhatIf.drawCells(answer);
  };

  WhatIf.showProblem = function (title, detail) {
    var box = WhatIf.by("problem");
    var parts = box.querySelectorAll("p");
    parts[0].firstChild.textContent = title || "";
    parts[1].textContent = detail || "";
    box.hidden = !title;
  };
})();
