// Shapes on the plane of the study: [x, y] in metres from its origin.
var LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", LETTER = {};
(function () { for (var i = 0; i < 64; i++) LETTER[LETTERS.charAt(i)] = i; })();
function unpack(text) {
  var out = [], at = [0, 0], side = 0, value = 0, power = 1;
  for (var i = 0; i < text.length; i++) {
    var five = LETTER[text.charAt(i)];
    value += (five & 31) * power;
    power *= 32;
    if (five & 32) continue;
    at[side] += value % 2 ? -(value + 1) / 2 : value / 2;
    if (side) out.push([at[0] * study.grid, at[1] * study.grid]);
    side = 1 - side;
    value = 0;
    power = 1;
  }
  return out;
}
function signed(ring) {
  var sum = 0, o = ring[0];
  for (var i = 0, n = ring.length; i < n; i++) {
    var a = ring[i], b = ring[(i + 1) % n];
    sum += (a[0] - o[0]) * (b[1] - o[1]) - (b[0] - o[0]) * (a[1] - o[1]);
  }
  return sum / 2;
}
function within(rings, x, y) {
  var inside = false;
  rings.forEach(function (ring) {
    for (var i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      var a = ring[i], b = ring[j];
      if ((a[1] > y) !== (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]) inside = !inside;
    }
  });
  return inside;
}
function boxOf(ring) {
  var box = [Infinity, Infinity, -Infinity, -Infinity];
  ring.forEach(function (p) {
    box[0] = Math.min(box[0], p[0]); box[1] = Math.min(box[1], p[1]);
    box[2] = Math.max(box[2], p[0]); box[3] = Math.max(box[3], p[1]);
  });
  return box;
}
function meet(a, b) { return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]; }
function cross(a, b, c) { return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]); }
// A ring cut by a triangle that runs counter-clockwise (Sutherland & Hodgman 1974): its signed area is right for any ring.
function cut(ring, triangle) {
  var out = ring;
  for (var k = 0; k < 3 && out.length; k++) {
    var a = triangle[k], b = triangle[(k + 1) % 3], from = out;
    out = [];
    for (var i = 0; i < from.length; i++) {
      var p = from[i], q = from[(i + 1) % from.length], s = cross(a, b, p), t = cross(a, b, q);
      if (s >= 0) out.push(p);
      if ((s >= 0) !== (t >= 0)) out.push([p[0] + (q[0] - p[0]) * s / (s - t), p[1] + (q[1] - p[1]) * s / (s - t)]);
    }
  }
  return out;
}
// Area that a land (one ring) shares with rings (outer ones counter-clockwise, holes clockwise): the land is a sum of signed triangles.
function shared(land, rings) {
  var sum = 0;
  for (var i = 1; i + 1 < land.length; i++) {
    var t = [land[0], land[i], land[i + 1]], way = signed(t);
    if (!way) continue;
    if (way < 0) t.reverse();
    rings.forEach(function (ring) {
      var piece = cut(ring, t);
      if (piece.length > 2) sum += (way > 0 ? 1 : -1) * signed(piece);
    });
  }
  return Math.abs(sum);
}
function between(a, b, p) {
  return Math.min(a[0], b[0]) <= p[0] && p[0] <= Math.max(a[0], b[0]) && Math.min(a[1], b[1]) <= p[1] && p[1] <= Math.max(a[1], b[1]);
}
function touch(a, b, c, d) {
  var p = cross(a, b, c), q = cross(a, b, d), r = cross(c, d, a), s = cross(c, d, b);
  if (((p > 0 && q < 0) || (p < 0 && q > 0)) && ((r > 0 && s < 0) || (r < 0 && s > 0))) return true;
  return (p === 0 && between(a, b, c)) || (q === 0 && between(a, b, d)) || (r === 0 && between(c, d, a)) || (s === 0 && between(c, d, b));
}
// The first two edges of a ring that cross or touch, or null.
function crossing(ring) {
  var n = ring.length;
  for (var i = 0; i < n; i++) {
    var a = ring[i], b = ring[(i + 1) % n], c = ring[(i + 2) % n];
    if (n > 2 && cross(a, b, c) === 0 && (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0) return [i, (i + 1) % n];
    for (var j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue;
      if (touch(a, b, ring[j], ring[(j + 1) % n])) return [i, j];
    }
  }
  return null;
}
