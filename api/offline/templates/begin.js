var study = JSON.parse(document.getElementById("study").textContent), words = study.words;
var language = "vi";
function $(id) { return document.getElementById(id); }
function W(key, values) {
  var text = words[key][language === "en" ? 1 : 0];
  return text.replace(/\{(\w+)\}/g, function (all, name) {
    return values && name in values ? values[name] : name === "crs" ? (own.vietnam ? "VN-2000" : own.vi) : all;
  });
}
function side(pair) { return pair[language === "en" ? 1 : 0]; }
function number(value, digits) {
  var parts = Math.abs(value).toFixed(digits || 0).split("."), vi = language !== "en";
  var whole = parts[0].replace(/\B(?=(\d{3})+(?!\d))/g, vi ? "." : ",");
  return (value < 0 ? "−" : "") + whole + (parts[1] ? (vi ? "," : ".") + parts[1] : "");
}
function say(id, text, bad) {
  $(id).textContent = text;
  $(id).classList.toggle("bad", Boolean(bad));
}
function element(name, text, className) {
  var made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}
function list(node, items) {
  while (node.firstChild) node.removeChild(node.firstChild);
  items.forEach(function (item) { node.appendChild(typeof item === "string" ? element("li", item) : element("li", item[0], item[1])); });
}
function random() {
  var bytes = new Uint8Array(16), text = "";
  crypto.getRandomValues(bytes);
  for (var i = 0; i < 16; i++) text += ("0" + bytes[i].toString(16)).slice(-2);
  return text;
}
var own = study.zones[0], x0 = study.origin[0], y0 = study.origin[1];
var communes = study.communes.map(function (each) {
  var rings = each.lines.map(unpack);
  var area = rings.reduce(function (sum, ring) { return sum + signed(ring); }, 0);
  return { id: each.id, name: each.name, rings: rings, area: area, box: rings.map(boxOf).reduce(function (a, b) {
    return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
  }) };
});
var parcels = !study.parcels ? [] : study.parcels.id.map(function (id, i) {
  var rings = study.parcels.lines[i].map(unpack);
  return { id: id, verdict: study.parcels.verdict.charAt(i), use: study.parcels.uses[study.parcels.use[i]], rings: rings, box: boxOf(rings[0]) };
});
var play = study.play.map(function (each) { return { name: each.name, at: unpack(each.at)[0] }; });
// What is being filled in. A corner: x, y metres from the origin; typed = the texts of X, Y and their zone, while they stand as typed.
var state = { id: random(), corners: [], zone: own.epsg, photos: [], saved: "" };
var FIELDS = ["name", "land_use", "owner", "backer", "cost", "note"];
function zoneOf(epsg) {
  return study.zones.filter(function (each) { return each.epsg === Number(epsg); })[0] || own;
}
function ring() { return state.corners.map(function (c) { return [c.x, c.y]; }); }
function metres(corner, zone) {
  var there = rezoned(own, zone, corner.x + x0, corner.y + y0);
  return { x: there[1], y: there[0] }; // X north, Y east
}
function shownCorner(corner) {
  if (corner.typed && corner.typed.epsg === state.zone) return [corner.typed.x, corner.typed.y];
  var m = metres(corner, zoneOf(state.zone));
  return [m.x.toFixed(3), m.y.toFixed(3)];
}
