// The panel of one commune, and the table of all.
// Lists leave out what is less than a thousandth: what lacks no more is all.
function percent(share) { return perCent(share > 0.999 ? 1 : share, share !== null && share < 0.01 ? 1 : 0); }

function row(list, key, value) { list.appendChild(make("dt", null, key)); list.appendChild(make("dd", null, value)); }

function buildPanel() {
  var box = byId("panel"), i = state.commune, c = data.communes;
  if (i < 0) {
    var counts = data.record.communes.change;
    var list = make("ul", { class: "counts" });
    data.classes.slice(0, 4).forEach(function (name) {
      if (counts[name]) { list.appendChild(make("li", null, swatch(classFill(name)), make("span", null, w("c_" + name)), make("b", null, num(counts[name])))); }
    });
    replace(box, make("h2", null, w("h_change")), list, make("p", { class: "hint" }, w("details_hint")));
    return;
  }
  var back = make("button", { type: "button", class: "back" }, "← " + w("close"));
  back.addEventListener("click", function () { chooseCommune(-1); });
  var facts = make("dl", null);
  row(facts, w("h_then"), w("s_" + c.status_then[i]));
  row(facts, w("h_now"), w("s_" + c.status_now[i]));
  row(facts, w("f_children") + ": " + w("first"), num(c.children_then[i]));
  row(facts, w("f_children") + ": " + w("second"), num(c.children_now[i]));
  row(facts, w("f_uncovered") + ": " + w("first"), num(c.uncovered_then[i]));
  row(facts, w("f_uncovered") + ": " + w("second"), num(c.uncovered_now[i]));
  var made = make("ul", { class: "made" });
  c.made_of[i].forEach(function (each) {
    var values = { name: each.first_name, id: each.first_id, area: percent(each.share_of_area), children: percent(each.share_of_children) };
    made.appendChild(make("li", null, w(each.share_of_children === null ? "made_row_area" : "made_row", values)));
  });
  replace(box, back, make("h2", null, c.name[i]), make("p", { class: "sub" }, c.id[i]), make("p", { class: "verdict" }, changeTag(c.change[i], "c_")),
    make("p", { class: "why" }, c["why_" + state.language][i]), facts, make("h3", null, w("made_of")), made);
}

function order() {
  var rank = { worse: 0, better: 1, not_comparable: 2, same: 3 };
  return data.communes.id.map(function (id, i) { return i; }).sort(function (a, b) {
    return rank[data.communes.change[a]] - rank[data.communes.change[b]]
      || Math.abs(data.communes.lost[b] - data.communes.gained[b]) - Math.abs(data.communes.lost[a] - data.communes.gained[a]) || a - b;
  });
}

function buildTable() {
  var head = make("tr", null), body = make("tbody", null), c = data.communes;
  [["h_name", ""], ["h_change", ""], ["h_then", ""], ["h_now", ""], ["h_children", "number"], ["h_gained", "number"], ["h_lost", "number"], ["h_why", ""]]
    .forEach(function (pair) { head.appendChild(make("th", { scope: "col", class: pair[1] || null }, w(pair[0]))); });
  order().forEach(function (i) {
    var pick = make("button", { type: "button", class: "link" }, c.name[i]);
    var line = make("tr", { "data-commune": i, class: i === state.commune ? "chosen" : null }, make("th", { scope: "row" }, pick),
      make("td", { class: "text" }, changeTag(c.change[i])), make("td", { class: "text" }, w("s_" + c.status_then[i])),
      make("td", { class: "text" }, w("s_" + c.status_now[i])), make("td", { class: "number" }, num(c.children_now[i])),
      make("td", { class: "number" }, num(c.gained[i])), make("td", { class: "number" }, num(c.lost[i])),
      make("td", { class: "why text" }, c["why_" + state.language][i]));
    line.addEventListener("click", function () { chooseCommune(i); showCommune(i); reveal(); });
    body.appendChild(line);
  });
  replace(byId("table"), make("thead", null, head), body);
}

function reveal() { if (window.innerWidth < 900) { byId("panel").scrollIntoView({ block: "start", behavior: still() ? "auto" : "smooth" }); } }
