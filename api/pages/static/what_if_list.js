// The list of changes, and how each is told in words. Words come translated from the server.
"use strict";
var WhatIf = {};

(function () {
  var start = JSON.parse(document.getElementById("start").textContent);
  var whole = new Intl.NumberFormat(start.language === "vi" ? "vi-VN" : "en-GB", { maximumFractionDigits: 0 });
  WhatIf.start = start;
  WhatIf.changes = start.changes;
  WhatIf.names = {};
  WhatIf.by = function (id) { return document.getElementById(id); };

  WhatIf.say = function (key, values) {
    return start.words[key].replace(/%\((\w+)\)s/g, function (blank, name) { return values[name]; });
  };
  WhatIf.number = function (value) {
    if (value === null || value === undefined) { return start.words.unknown; }
    return whole.format(Math.round(value) + 0);
  };

  // A figure as people write it: 1.500 or 1500 in Vietnamese, 1,500 or 1500 in English. NaN = none.
  WhatIf.read = function (text) {
    var bare = text.replace(/\s|m²|m2/g, "");
    var thousands = start.language === "vi" ? "." : ",";
    var grouped = start.language === "vi" ? /^\d{1,3}(\.\d{3})+(,\d+)?$/ : /^\d{1,3}(,\d{3})+(\.\d+)?$/;
    if (grouped.test(bare)) { bare = bare.split(thousands).join(""); }
    var found = /^\d+([.,]\d+)?$/.test(bare) ? parseFloat(bare.replace(",", ".")) : NaN;
    return found > 0 ? found : NaN;
  };

  WhatIf.describe = function (change) {
    var shape = change.geometry || {};
    var sized = typeof change.area_m2 === "number";
    var values = {
      m2: sized ? WhatIf.number(change.area_m2) : "", id: change.parcel_id,
      name: WhatIf.names[change.play_area_id] || change.play_area_id
    };
    if (change.action === "add" && change.parcel_id) { return WhatIf.say(sized ? "add_parcel_m2" : "add_parcel", values); }
    if (change.action === "add" && /Polygon$/.test(shape.type)) {
      values.n = (shape.type === "Polygon" ? shape.coordinates[0] : shape.coordinates[0][0]).length - 1;
      return WhatIf.say(sized ? "add_outline_m2" : "add_outline", values);
    }
    if (change.action === "add") { return WhatIf.say("add_point", values); }
    if (change.action === "close") { return WhatIf.say("close", values); }
    if (change.action === "enlarge") { return WhatIf.say(sized ? "enlarge" : "enlarge_as", values); }
    return WhatIf.say(change.kind === "crossing" ? "crossing" : "footbridge", values);
  };

  WhatIf.tell = function (text) { WhatIf.by("hint").textContent = text; };

  WhatIf.add = function (change) {
    if (WhatIf.changes.length >= start.most) { WhatIf.tell(WhatIf.say("most", { n: start.most })); return false; }
    WhatIf.changes.push(change);
    WhatIf.tell(WhatIf.say("added", { what: WhatIf.describe(change) }));
    WhatIf.changed();
    return true;
  };

  WhatIf.remove = function (at) {
    var gone = WhatIf.changes.splice(at, 1)[0];
    WhatIf.tell(WhatIf.say("removed", { what: WhatIf.describe(gone) }));
    WhatIf.changed();
    WhatIf.by("list-title").focus();
  };

  // The m² of a new point or of an enlarged play area can be written anew in its line.
  function size(change, at) {
    var label = document.createElement("label");
    var input = document.createElement("input");
    label.textContent = start.words.ground + " ";
    input.inputMode = "numeric";
    input.value = WhatIf.number(change.area_m2);
    input.addEventListener("change", function () {
      var area = WhatIf.read(input.value);
      if (isNaN(area)) { WhatIf.tell(start.words.need_area); input.value = WhatIf.number(change.area_m2); return; }
      change.area_m2 = area;
      WhatIf.changed(at);
    });
    label.appendChild(input);
    return label;
  }

  WhatIf.drawList = function (focused) {
    var list = WhatIf.by("list");
    list.textContent = "";
    WhatIf.changes.forEach(function (change, at) {
      var item = document.createElement("li");
      var text = document.createElement("span");
      var button = document.createElement("button");
      text.textContent = WhatIf.describe(change);
      item.appendChild(text);
      if (typeof change.area_m2 === "number" && (change.action === "enlarge" || (change.geometry || {}).type === "Point")) {
        item.appendChild(size(change, at));
        item.appendChild(document.createTextNode(" "));
      }
      button.type = "button";
      button.className = "pale";
      button.textContent = start.words.remove;
      button.setAttribute("aria-label", WhatIf.say("remove_what", { what: text.textContent }));
      button.addEventListener("click", function () { WhatIf.remove(at); });
      item.appendChild(button);
      list.appendChild(item);
      if (focused === at) { (item.querySelector("input") || button).focus(); }
    });
    WhatIf.by("empty").hidden = WhatIf.changes.length > 0;
  };
})();
