// State, words and small helpers. Text from data enters the page through textContent only.
var data = JSON.parse(document.getElementById("record").textContent);
var N = data.communes.id.length;
var state = { language: data.language, band: "all", show: "status", commune: -1, site: -1 };

function byId(id) { return document.getElementById(id); }

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, function (blank, key) {
    return values && key in values ? String(values[key]) : blank;
  });
}

function w(key, values) {
  var text = data.words[state.language][key];
  return text === undefined ? key : fill(text, values);
}

function has(key) { return data.words[state.language][key] !== undefined; }

function num(value, digits) {
  if (value === null || value === undefined) { return w("unknown_value"); }
  return new Intl.NumberFormat(state.language === "vi" ? "vi-VN" : "en-GB", {
    maximumFractionDigits: digits || 0, minimumFractionDigits: 0
  }).format(value);
}

// A sentence about a number of things; of one alone English says it otherwise (KEY_one).
function counted(key, count, values) {
  return w(num(count) === num(1) && has(key + "_one") ? key + "_one" : key, Object.assign({ n: num(count) }, values));
}

// Whole children; some who are fewer than half a child are not none.
function people(value) { return value > 0 && value < 0.5 ? w("below", { b: num(1) }) : num(value); }

// Per cent, never rounded to none, to all or across the target: 79.96 under a target of 80 reads 79.9.
function perCent(share, digits) {
  if (share === null || share === undefined) { return w("unknown_value"); }
  var unit = Math.pow(10, digits || 0), said = Math.round(100 * share * unit) / unit;
  if (share > 0 && said === 0) { return w("below", { b: num(1 / unit, digits) }); }
  (data.norms ? [1, data.norms.target_share] : [1]).forEach(function (end) {
    if (share < end - 1e-9 && said >= 100 * end - 1e-9) { said = (Math.ceil(100 * end * unit - 1e-6) - 1) / unit; }
  });
  return num(said, digits);
}

// make("p", {class: "x"}, "text", node, ...): attributes are set as attributes, strings become text.
function make(tag, attributes) {
  var node = document.createElement(tag);
  Object.keys(attributes || {}).forEach(function (key) {
    if (attributes[key] === true) { node.setAttribute(key, ""); }
    else if (attributes[key] !== false && attributes[key] !== null) { node.setAttribute(key, attributes[key]); }
  });
  for (var k = 2; k < arguments.length; k += 1) {
    var child = arguments[k];
    if (child === null || child === undefined || child === "") { continue; }
    node.appendChild(typeof child === "object" ? child : document.createTextNode(String(child)));
  }
  return node;
}

function svg(tag, attributes) {
  var node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.keys(attributes || {}).forEach(function (key) { node.setAttribute(key, attributes[key]); });
  return node;
}

function replace(node) {
  while (node.firstChild) { node.removeChild(node.firstChild); }
  for (var k = 1; k < arguments.length; k += 1) { if (arguments[k]) { node.appendChild(arguments[k]); } }
  return node;
}

function bandName(band) { return band === "all" ? w("band_all") : w("band_ages", { band: band }); }

function swatch(name) {
  var box = svg("svg", { width: 24, height: 18, class: "swatch", "aria-hidden": "true", focusable: "false" });
  box.appendChild(svg("rect", { x: 0.5, y: 0.5, width: 23, height: 17, fill: name, stroke: "#555" }));
  return box;
}

function statusFill(name) { return "url(#p-" + name + ")"; }

function tag(name) { return make("span", { class: "status" }, swatch(statusFill(name)), make("span", null, w("t_" + name))); }

function kindWord(text, prefix) { return has(prefix + text) ? w(prefix + text) : text; }

// Of names on a map, first things first, those that would lie on an earlier one are hidden. `stays`: shown whatever lies there.
function apart(names) {
  var taken = [];
  names.forEach(function (name) {
    if (!name.node) { return; }
    var box = name.node.getBoundingClientRect();
    var clash = !name.stays && taken.some(function (other) {
      return box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom;
    });
    name.node.style.visibility = clash ? "hidden" : "visible";
    if (!clash) { taken.push(box); }
  });
}
