// Tools: what a touch of the map means. Everything they do can be typed in the forms below the map too.
"use strict";
(function () {
  var map = WhatIf.map, words = WhatIf.start.words;
  var mode = "look", points = [];
  var sketch = L.layerGroup().addTo(map);
  var DRAWS = { outline: true, footbridge: true, crossing: true };

  function tools() { return document.querySelectorAll("button[data-mode]"); }

  function choose(next) {
    mode = next;
    points = [];
    draw();
    tools().forEach(function (each) { each.setAttribute("aria-pressed", String(each.dataset.mode === mode)); });
    WhatIf.by("drawing").hidden = !DRAWS[mode];
    WhatIf.by("map").dataset.mode = mode;
    WhatIf.tell(words["hint_" + mode]);
  }

  function area() {
    var found = WhatIf.read(WhatIf.by("size").value);
    if (isNaN(found)) { WhatIf.tell(words.need_area); WhatIf.by("size").focus(); }
    return found;
  }

  function draw() {
    sketch.clearLayers();
    if (!points.length) { return; }
    L.polyline(points, { interactive: false, color: "#8a2f00", weight: 4, dashArray: mode === "outline" ? "6 6" : null }).addTo(sketch);
    points.forEach(function (point, k) {
      WhatIf.handle(point, "wi-corner", WhatIf.say("corner", { n: k + 1 }), function (to) {
        points[k] = to;
        draw();
      }, function () { if (k === 0 && mode === "outline" && points.length > 2) { finish(); } }).addTo(sketch);
    });
  }

  function finish() {
    var outline = mode === "outline", pairs = points.map(WhatIf.round);
    if (pairs.length < (outline ? 3 : 2)) { WhatIf.tell(words[outline ? "need_corners" : "need_ends"]); return; }
    var change = outline
      ? { action: "add", geometry: { type: "Polygon", coordinates: [pairs.concat([pairs[0]])] } }
      : { action: "crossing", geometry: { type: "LineString", coordinates: pairs }, kind: mode };
    choose("look");
    WhatIf.add(change);
  }

  map.on("click", function (event) {
    if (mode === "point") {
      var ground = area();
      if (isNaN(ground)) { return; }
      choose("look");
      WhatIf.add({ action: "add", geometry: { type: "Point", coordinates: WhatIf.round(event.latlng) }, area_m2: ground });
    } else if (DRAWS[mode]) {
      points.push(event.latlng);
      draw();
    }
  });

  WhatIf.siteTouched = function (site) {
    if (mode === "close") {
      choose("look");
      WhatIf.add({ action: "close", play_area_id: site.play_area_id });
    } else if (mode === "enlarge") {
      var ground = area();
      if (isNaN(ground)) { return true; }
      choose("look");
      WhatIf.add({ action: "enlarge", play_area_id: site.play_area_id, area_m2: ground });
    } else { return false; }
    return true;
  };

  tools().forEach(function (each) {
    each.addEventListener("click", function () { choose(mode === each.dataset.mode ? "look" : each.dataset.mode); });
  });
  WhatIf.by("done").addEventListener("click", finish);
  WhatIf.by("undo").addEventListener("click", function () { points.pop(); draw(); });
  WhatIf.by("stop").addEventListener("click", function () { choose("look"); });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape" && mode !== "look") { choose("look"); } });
  WhatIf.by("tools").hidden = WhatIf.by("key").hidden = false;
  choose("look");
})();
