// Parcels on canvas tiles: colour and pattern by verdict, shade by score.
var map = handles.map;
var FROM_ZOOM = 12, TILE = 256;
var S = data.style.verdict;
Object.assign(state, { position: -1, commune: -1, verdicts: [true, true, true], score: 0, when: "before" });

function parcelsShown() { return map.getZoom() >= FROM_ZOOM; }

function shadeOf(verdict, score) {
  var shades = S[P.verdicts[verdict]], k = 0;
  if (shades.length === 1) { return shades[0]; }
  while (k < P.breaks.length && score >= P.breaks[k] - 1e-9) { k += 1; }
  return shades[P.breaks.length ? Math.round(k * (shades.length - 1) / P.breaks.length) : shades.length - 1];
}

// A little picture that repeats: plain, stripes for "somebody must decide", crosses for "excluded".
var patternsMade = {};
function fillFor(context, verdict, colour) {
  if (verdict === 0) { return colour; }
  var key = verdict + colour;
  if (!patternsMade[key]) {
    var box = document.createElement("canvas"), ink = box.getContext("2d");
    box.width = box.height = 8;
    ink.fillStyle = colour;
    ink.fillRect(0, 0, 8, 8);
    ink.strokeStyle = verdict === 1 ? "rgba(60,25,0,.55)" : "#8f8c84";
    ink.lineWidth = verdict === 1 ? 1.4 : 1;
    ink.beginPath();
    ink.moveTo(-2, 6); ink.lineTo(6, -2); ink.moveTo(2, 10); ink.lineTo(10, 2);
    if (verdict === 2) { ink.moveTo(-2, 2); ink.lineTo(6, 10); ink.moveTo(2, -2); ink.lineTo(10, 6); }
    ink.stroke();
    patternsMade[key] = box;
  }
  return context.createPattern(patternsMade[key], "repeat");
}

function passes(verdict, score) { return state.verdicts[verdict] && (state.score === 0 || score / 1e4 >= state.score - 1e-9); }

function trace(context, block, i, west, north, unit) {
  for (var r = block.first[i]; r < block.first[i + 1]; r += 1) {
    for (var k = block.begin[r]; k < block.begin[r + 1]; k += 1) {
      var x = (block.x[k] - west) * unit, y = (block.y[k] - north) * unit;
      if (k === block.begin[r]) { context.moveTo(x, y); } else { context.lineTo(x, y); }
    }
    context.closePath();
  }
}

// Outlines run one way and holes the other, so that many parcels are one path and overlaps stay filled.
function paintTile(canvas, coords, blocks) {
  var context = canvas.getContext("2d"), sharp = canvas.width / TILE, unit = Math.pow(2, coords.z - P.zoom);
  var span = TILE / unit, west = coords.x * span, north = coords.y * span, styles = {}, margin = 2 / unit;
  context.setTransform(sharp, 0, 0, sharp, 0, 0);
  context.clearRect(0, 0, TILE, TILE);
  blocks.forEach(function (block) {
    for (var i = 0; i < block.n; i += 1) {
      var w0 = block.box[4 * i], n0 = block.box[4 * i + 1], e0 = block.box[4 * i + 2], s0 = block.box[4 * i + 3];
      if (!(w0 <= west + span + margin && e0 >= west - margin && n0 <= north + span + margin && s0 >= north - margin)) { continue; }
      var verdict = block.verdict[i];
      if (!passes(verdict, block.score[i])) { continue; }
      var tiny = Math.max(e0 - w0, s0 - n0) * unit < 3.5;
      var colour = shadeOf(verdict, block.score[i] / 1e4), key = (2 - verdict) + (tiny ? "t" : "s") + colour;
      (styles[key] = styles[key] || { verdict: verdict, tiny: tiny, colour: colour, items: [] }).items.push(block, i);
    }
  });
  Object.keys(styles).sort().forEach(function (key) {
    var s = styles[key];
    context.beginPath();
    for (var j = 0; j < s.items.length; j += 2) {
      var block = s.items[j], i = s.items[j + 1];
      if (s.tiny) {
        var wide = Math.max((block.box[4 * i + 2] - block.box[4 * i]) * unit, 1.2), high = Math.max((block.box[4 * i + 3] - block.box[4 * i + 1]) * unit, 1.2);
        context.rect((block.box[4 * i] - west) * unit, (block.box[4 * i + 1] - north) * unit, wide, high);
      } else { trace(context, block, i, west, north, unit); }
    }
    context.fillStyle = s.tiny ? s.colour : fillFor(context, s.verdict, s.colour);
    context.fill("nonzero");
    if (s.tiny) { return; }
    context.setLineDash(s.verdict === 1 ? [5, 3] : s.verdict === 2 ? [1, 3] : []);
    context.lineWidth = s.verdict === 2 ? 0.8 : 1.1;
    context.strokeStyle = ["#0b3c63", "#6b3000", "#77736a"][s.verdict];
    context.stroke();
  });
}

// A neighbour's outline may reach into the tile by the width of its line.
function blocksOf(coords) {
  var span = TILE * Math.pow(2, P.zoom - coords.z), margin = span / 64;
  return blocksIn(coords.x * span - margin, coords.y * span - margin, (coords.x + 1) * span + margin, (coords.y + 1) * span + margin);
}

var Tiles = L.GridLayer.extend({
  createTile: function (coords, done) {
    var canvas = document.createElement("canvas"), sharp = Math.min(window.devicePixelRatio || 1, 2), wanted = blocksOf(coords);
    canvas.width = canvas.height = TILE * sharp;
    Promise.all(wanted.map(shapeBlock)).then(function (blocks) { paintTile(canvas, coords, blocks); done(null, canvas); }, function (error) { done(error, canvas); });
    return canvas;
  },
  repaint: function () {
    Object.keys(this._tiles).forEach(function (key) {
      var tile = this._tiles[key], blocks = blocksOf(tile.coords).map(function (b) { return ready[b]; });
      if (blocks.every(Boolean)) { paintTile(tile.el, tile.coords, blocks); }
    }, this);
  }
});

var tilePane = map.createPane("parcels");
tilePane.style.zIndex = 420;
tilePane.style.pointerEvents = "none";
var tiles = new Tiles({ pane: "parcels", minZoom: FROM_ZOOM, maxZoom: 19, updateWhenZooming: false, keepBuffer: 1 });

function inside(block, i, x, y) {
  if (!(block.box[4 * i] <= x && x <= block.box[4 * i + 2] && block.box[4 * i + 1] <= y && y <= block.box[4 * i + 3])) { return false; }
  var odd = false;
  for (var r = block.first[i]; r < block.first[i + 1]; r += 1) {
    for (var k = block.begin[r], end = block.begin[r + 1], j = end - 1; k < end; j = k, k += 1) {
      if ((block.y[k] > y) !== (block.y[j] > y) && x < (block.x[j] - block.x[k]) * (y - block.y[k]) / (block.y[j] - block.y[k]) + block.x[k]) { odd = !odd; }
    }
  }
  return odd;
}

// The smallest parcel shown under a point, or beside it by less than a finger's width where there is none; −1 = none.
function parcelUnder(latlng) {
  var at = map.project(latlng, P.zoom), near = 6 * Math.pow(2, P.zoom - map.getZoom());
  var wanted = blocksIn(at.x - near, at.y - near, at.x + near, at.y + near);
  return Promise.all(wanted.map(shapeBlock)).then(function (blocks) {
    var found = -1, least = Infinity, beside = -1, closest = near;
    blocks.forEach(function (block, k) {
      for (var i = 0; i < block.n; i += 1) {
        if (!passes(block.verdict[i], block.score[i])) { continue; }
        var position = wanted[k] * P.size + i;
        if (inside(block, i, at.x, at.y)) {
          var size = (block.box[4 * i + 2] - block.box[4 * i]) * (block.box[4 * i + 3] - block.box[4 * i + 1]);
          if (size < least) { least = size; found = position; }
        }
        var away = Math.max(block.box[4 * i] - at.x, at.x - block.box[4 * i + 2], block.box[4 * i + 1] - at.y, at.y - block.box[4 * i + 3], 0);
        if (away > 0 && away < closest && away * 2 < near) { closest = away; beside = position; }
      }
    });
    return found >= 0 ? found : beside;
  });
}
