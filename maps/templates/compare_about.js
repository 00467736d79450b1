// Below the map: the two results, what changed on the ground, in the data, by boundaries alone, and what the difference is made of.
function grid(heads, rows, foot, name) {
  var head = make("tr", null), body = make("tbody", null);
  heads.forEach(function (each) { head.appendChild(make("th", { scope: "col" }, each)); });
  rows.forEach(function (each) { body.appendChild(line(each)); });
  return make("div", { class: "wide" }, make("table", { class: name || null }, make("thead", null, head), body, foot ? make("tfoot", null, line(foot)) : null));
}

function line(values) {
  var out = make("tr", null);
  values.forEach(function (each, k) {
    out.appendChild(k === 0 ? make("th", { scope: "row" }, each) : make("td", { class: typeof each === "number" ? "number" : null }, typeof each === "number" ? num(each) : each));
  });
  return out;
}

function sides() {
  var r = data.record, keys = ["name", "date", "vintage", "communes", "surveyed", "children", "uncovered", "unsure", "play_areas", "run_id"];
  return grid([w("item"), w("first"), w("second")], keys.map(function (key) { return [w("f_" + key), written(r.first[key]), written(r.second[key])]; }), null, "sides");
}

function written(value) {
  var day = typeof value === "string" && /^(\d{4})-(\d\d)-(\d\d)$/.exec(value);
  return day ? day[3] + "/" + day[2] + "/" + day[1] : value;
}

function more(box, count, file) {
  if (count > data.most) { box.appendChild(make("p", { class: "hint" }, w("more_rows", { n: num(count - data.most), file: file }))); }
}

function ground(box) {
  var r = data.record;
  box.appendChild(make("h2", null, w("ground")));
  box.appendChild(make("p", null, w("ground_alone")));
  if (!data.places.length) { box.appendChild(make("p", null, w("no_places"))); }
  else {
    box.appendChild(grid([w("place"), w("change"), "m²"], data.places.slice(0, data.most).map(function (place) {
      return [placeName(place), place.changes.split(";").map(function (each) { return w("k_" + each); }).join(", "), sizes(place)];
    })));
    more(box, data.places.length, "play_areas");
  }
  box.appendChild(make("p", null, r.walks.cells ? counted("walks", r.walks.cells, { cells: num(r.walks.cells), shorter: people(r.walks.children_shorter), longer: people(r.walks.children_longer) }) : w(r.same_method && r.comparable.cells ? "no_walks" : "walks_apart")));
}

function changed(box) {
  box.appendChild(make("h2", null, w("data")));
  if (!data.inputs.length) { box.appendChild(make("p", null, w("no_data"))); return; }
  box.appendChild(grid([w("item"), w("first"), w("second")], data.inputs.slice(0, data.most).map(function (each) {
    return [w("w_" + each.what) + ": " + each["key_" + state.language], each["first_" + state.language], each["second_" + state.language]];
  })));
  more(box, data.inputs.length, "inputs");
}

function borders(box) {
  var c = data.communes, list = make("ul", null), any = false;
  box.appendChild(make("h2", null, w("boundaries")));
  c.id.forEach(function (id, i) {
    if (c.boundaries_alone[i]) { any = true; list.appendChild(make("li", null, make("b", null, c.name[i] + " (" + id + "): "), c["why_" + state.language][i])); }
  });
  box.appendChild(any ? folded(list) : make("p", null, w("no_boundaries")));
  box.appendChild(make("h2", null, w("codes")));
  var codes = data.record.communes.codes_reused;
  if (!codes.length) { box.appendChild(make("p", null, w("no_codes"))); return; }
  box.appendChild(make("p", { class: "hint" }, w("codes_hint")));
  var rows = make("ul", null);
  codes.slice(0, data.most).forEach(function (each) {
    rows.appendChild(make("li", null, w("code_row", { id: each.commune_id, one: each.first_name, two: each.second_name, p: percent(each.ground_shared) })));
  });
  box.appendChild(folded(rows));
}

function folded(list) {
  var box = make("details", null, make("summary", null, w("list", { n: num(list.childNodes.length) })), list);
  box.open = list.childNodes.length <= 8;
  return box;
}

function parts(box) {
  box.appendChild(make("h2", null, w("parts")));
  box.appendChild(make("p", { class: "hint" }, w("parts_hint")));
  ["uncovered", "lacking"].forEach(function (measure) {
    var rows = data.parts.filter(function (each) { return each.measure === measure; });
    if (!rows.length) { return; }
    var of = {};
    rows.forEach(function (each) { of[each.part] = each.shown; });
    var told = rows.filter(function (each) { return each.part === "first" || each.part === "second" || each.shown !== 0 || each.part === "ground"; });
    box.appendChild(make("h3", null, w("m_" + measure)));
    box.appendChild(grid([w("item"), w("f_children")], told.map(function (each) {
      return [w(each.word), signed(each.shown, each.part)];
    }), [w("difference"), signed(of.second - of.first, "")], "parts"));
  });
}

function signed(value, part) {
  var plain = part === "first" || part === "second";
  return make("span", { class: "signed" }, (plain || value < 0 ? "" : value > 0 ? "+" : "") + num(value).replace("-", "−"));
}

function buildAbout() {
  var box = make("div", null);
  box.appendChild(make("h2", null, w("sides")));
  box.appendChild(sides());
  ground(box);
  changed(box);
  borders(box);
  parts(box);
  box.appendChild(make("p", { class: "foot" }, w("files")));
  replace(byId("about"), box);
}
