// Packed parcels: inflated when they are drawn or asked about, and kept.
var P = data.parcels;
var shapeBlocks = [], detailBlocks = [], ready = [];

function inflate(k) {
  if (typeof DecompressionStream === "undefined") { return Promise.reject(new Error("no DecompressionStream")); }
  var text = document.getElementById("block-" + k).textContent, raw = atob(text);
  var bytes = new Uint8Array(raw.length);
  for (var i = 0; i < raw.length; i += 1) { bytes[i] = raw.charCodeAt(i); }
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();
}

// Columns of whole numbers, null as NaN; see pack in maps/blocks.py.
function unpack(buffer) {
  var head = new DataView(buffer), bytes = new Uint8Array(buffer), told = head.getUint32(0, true), n = head.getUint32(4, true);
  var at = 8 + 8 * n, columns = [], texts = told ? JSON.parse(new TextDecoder().decode(bytes.subarray(at, at + told))) : null;
  at += told;
  for (var c = 0; c < n; c += 1) {
    var length = head.getUint32(8 + 8 * c, true), planes = head.getUint32(12 + 8 * c, true), out = new Float64Array(length);
    for (var i = 0; i < length; i += 1) {
      var coded = 0, unit = 1;
      for (var p = 0; p < planes; p += 1) { coded += bytes[at + p * length + i] * unit; unit *= 256; }
      out[i] = coded === 0 ? NaN : coded % 2 ? (coded - 1) / 2 : -coded / 2;
    }
    at += planes * length;
    columns.push(out);
  }
  return { columns: columns, texts: texts };
}

// Rings a shape, vertices a ring, differences of x and y: where rings and vertices begin, coordinates, a box for each shape.
function shapesOf(perShape, perRing, dx, dy) {
  var n = perShape.length, first = new Int32Array(n + 1), begin = new Int32Array(perRing.length + 1);
  var x = new Float64Array(dx.length), y = new Float64Array(dx.length), box = new Float64Array(4 * n), i, k, sx = 0, sy = 0;
  for (i = 0; i < n; i += 1) { first[i + 1] = first[i] + perShape[i]; }
  for (i = 0; i < perRing.length; i += 1) { begin[i + 1] = begin[i] + perRing[i]; }
  for (k = 0; k < dx.length; k += 1) { sx += dx[k]; sy += dy[k]; x[k] = sx; y[k] = sy; }
  for (i = 0; i < n; i += 1) {
    var west = Infinity, north = Infinity, east = -Infinity, south = -Infinity;
    for (k = begin[first[i]]; k < begin[first[i + 1]]; k += 1) {
      if (x[k] < west) { west = x[k]; }
      if (x[k] > east) { east = x[k]; }
      if (y[k] < north) { north = y[k]; }
      if (y[k] > south) { south = y[k]; }
    }
    box[4 * i] = west; box[4 * i + 1] = north; box[4 * i + 2] = east; box[4 * i + 3] = south;
  }
  return { n: n, first: first, begin: begin, x: x, y: y, box: box };
}

function shapeBlock(b) {
  if (!shapeBlocks[b]) {
    shapeBlocks[b] = inflate(2 * b).then(function (buffer) {
      var c = unpack(buffer).columns, block = shapesOf(c[3], c[4], c[5], c[6]);
      block.verdict = c[0]; block.score = c[1]; block.commune = c[2];
      ready[b] = block;
      return block;
    });
  }
  return shapeBlocks[b];
}

function detailBlock(b) {
  if (!detailBlocks[b]) {
    detailBlocks[b] = inflate(2 * b + 1).then(function (buffer) {
      var found = unpack(buffer), out = { id: found.texts.id, texts: {}, columns: {} }, at = 0;
      P.texts.forEach(function (name) { out.texts[name] = { codes: found.columns[at], words: found.texts[name] }; at += 1; });
      P.columns.forEach(function (c) {
        var entry = { decimals: c[1], begin: null };
        if (c[2]) {
          var counts = found.columns[at], begin = new Int32Array(counts.length + 1);
          for (var i = 0; i < counts.length; i += 1) { begin[i + 1] = begin[i] + counts[i]; }
          entry.begin = begin;
          at += 1;
        }
        entry.values = found.columns[at];
        at += 1;
        out.columns[c[0]] = entry;
      });
      out.usable = shapesOf(found.columns[at], found.columns[at + 1], found.columns[at + 2], found.columns[at + 3]);
      return out;
    });
  }
  return detailBlocks[b];
}

// Blocks whose box meets a rectangle of the plane.
function blocksIn(west, north, east, south) {
  var out = [];
  P.boxes.forEach(function (box, b) {
    if (box && box[0] <= east && box[2] >= west && box[1] <= south && box[3] >= north) { out.push(b); }
  });
  return out;
}

// Decimals null: 3 k + tier, see tiered in maps/parcel_columns.py.
function unscale(value, decimals) {
  if (value !== value) { return null; }
  return decimals === null ? Math.floor(value / 3) / [100, 10, 1][value % 3] : value / Math.pow(10, decimals);
}

// All that is known of the parcel at a position: p.text(name), p.number(name), p.list(name).
function parcelAt(position) {
  var b = Math.floor(position / P.size), i = position - b * P.size;
  return Promise.all([shapeBlock(b), detailBlock(b)]).then(function (both) {
    var d = both[1];
    return {
      position: position, block: both[0], i: i, usable: d.usable, id: d.id[i],
      text: function (name) { var t = d.texts[name]; return t && t.words[t.codes[i]] || ""; },
      number: function (name) { var c = d.columns[name]; return c ? unscale(c.values[i], c.decimals) : null; },
      list: function (name) {
        var c = d.columns[name];
        return c ? Array.prototype.map.call(c.values.subarray(c.begin[i], c.begin[i + 1]), function (v) { return unscale(v, c.decimals); }) : [];
      }
    };
  });
}

var idsAsked = null;
function allIds() {
  if (!idsAsked && typeof DecompressionStream === "undefined") { idsAsked = Promise.resolve({ list: [], at: new Map() }); }
  if (!idsAsked) {
    idsAsked = inflate(2 * P.boxes.length).then(function (buffer) {
      var list = unpack(buffer).texts, at = new Map();
      list.forEach(function (id, position) { at.set(id, position); });
      return { list: list, at: at };
    });
  }
  return idsAsked;
}

var marksAsked = null;
function allMarks() {
  if (!marksAsked) {
    marksAsked = inflate(2 * P.boxes.length + 1).then(function (buffer) {
      var c = unpack(buffer).columns;
      return { verdict: c[0], score: c[1] };
    });
  }
  return marksAsked;
}
