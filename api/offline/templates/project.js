// Transverse Mercator after Krüger (1912), series of order 6 in n, and the Helmert transformation to WGS 84.
var projections = {};
function projection(zone) {
  if (projections[zone.epsg]) return projections[zone.epsg];
  var f = zone.f, n = f / (2 - f), n2 = n * n, n3 = n2 * n, n4 = n2 * n2, n5 = n4 * n, n6 = n3 * n3;
  return (projections[zone.epsg] = {
    e: Math.sqrt(f * (2 - f)),
    r: zone.a / (1 + n) * (1 + n2 / 4 + n4 / 64 + n6 / 256),
    to: [n / 2 - 2 * n2 / 3 + 5 * n3 / 16 + 41 * n4 / 180 - 127 * n5 / 288 + 7891 * n6 / 37800,
      13 * n2 / 48 - 3 * n3 / 5 + 557 * n4 / 1440 + 281 * n5 / 630 - 1983433 * n6 / 1935360,
      61 * n3 / 240 - 103 * n4 / 140 + 15061 * n5 / 26880 + 167603 * n6 / 181440,
      49561 * n4 / 161280 - 179 * n5 / 168 + 6601661 * n6 / 7257600,
      34729 * n5 / 80640 - 3418889 * n6 / 1995840, 212378941 * n6 / 319334400],
    back: [n / 2 - 2 * n2 / 3 + 37 * n3 / 96 - n4 / 360 - 81 * n5 / 512 + 96199 * n6 / 604800,
      n2 / 48 + n3 / 15 - 437 * n4 / 1440 + 46 * n5 / 105 - 1118711 * n6 / 3870720,
      17 * n3 / 480 - 37 * n4 / 840 - 209 * n5 / 4480 + 5569 * n6 / 90720,
      4397 * n4 / 161280 - 11 * n5 / 504 - 830251 * n6 / 7257600,
      4583 * n5 / 161280 - 108847 * n6 / 3991680, 20648693 * n6 / 638668800]
  });
}
// Metres east and north -> longitude and latitude in radians on the zone's own datum.
function unproject(zone, x, y) {
  var p = projection(zone), xi = (y - zone.y0) / (zone.k * p.r), eta = (x - zone.x0) / (zone.k * p.r), a = xi, b = eta, j;
  for (j = 1; j <= 6; j++) {
    a -= p.back[j - 1] * Math.sin(2 * j * xi) * Math.cosh(2 * j * eta);
    b -= p.back[j - 1] * Math.cos(2 * j * xi) * Math.sinh(2 * j * eta);
  }
  var s = Math.sin(a), c = Math.cos(a), sh = Math.sinh(b), conformal = s / Math.sqrt(sh * sh + c * c), t = conformal, i;
  // tan of the latitude from that of the conformal latitude, by Newton's method (Karney 2011)
  for (i = 0; i < 8; i++) {
    var root = Math.sqrt(1 + t * t), g = Math.sinh(p.e * Math.atanh(p.e * t / root));
    var now = t * Math.sqrt(1 + g * g) - g * root;
    var step = (conformal - now) / Math.sqrt(1 + now * now) * (1 + (1 - p.e * p.e) * t * t) / ((1 - p.e * p.e) * root);
    t += step;
    if (Math.abs(step) < 1e-16) break;
  }
  return [zone.lon0 * Math.PI / 180 + Math.atan2(sh, c), Math.atan(t)];
}
function project(zone, lon, lat) {
  var p = projection(zone), t = Math.tan(lat), root = Math.sqrt(1 + t * t), g = Math.sinh(p.e * Math.atanh(p.e * t / root));
  var conformal = t * Math.sqrt(1 + g * g) - g * root, l = lon - zone.lon0 * Math.PI / 180, j;
  var xi = Math.atan2(conformal, Math.cos(l)), eta = Math.asinh(Math.sin(l) / Math.sqrt(conformal * conformal + Math.cos(l) * Math.cos(l)));
  var a = xi, b = eta;
  for (j = 1; j <= 6; j++) {
    a += p.to[j - 1] * Math.sin(2 * j * xi) * Math.cosh(2 * j * eta);
    b += p.to[j - 1] * Math.cos(2 * j * xi) * Math.sinh(2 * j * eta);
  }
  return [zone.x0 + zone.k * p.r * b, zone.y0 + zone.k * p.r * a];
}
// From the zone's datum to WGS 84 at height 0; rotation by coordinate frame, as EPSG 9607.
function shifted(zone, lon, lat) {
  var h = zone.turn;
  if (!h) return [lon, lat];
  var e2 = zone.f * (2 - zone.f), v = zone.a / Math.sqrt(1 - e2 * Math.sin(lat) * Math.sin(lat)), sec = Math.PI / 648000;
  var X = v * Math.cos(lat) * Math.cos(lon), Y = v * Math.cos(lat) * Math.sin(lon), Z = v * (1 - e2) * Math.sin(lat);
  var m = 1 + h.s * 1e-6, rx = h.rx * sec, ry = h.ry * sec, rz = h.rz * sec;
  var x = h.x + m * (X + rz * Y - ry * Z), y = h.y + m * (-rz * X + Y + rx * Z), z = h.z + m * (ry * X - rx * Y + Z);
  var W = 6378137, w2 = (2 - 1 / 298.257223563) / 298.257223563, q = Math.sqrt(x * x + y * y), found = Math.atan2(z, q * (1 - w2)), i;
  for (i = 0; i < 8; i++) {
    var sin = Math.sin(found);
    found = Math.atan2(z + w2 * W / Math.sqrt(1 - w2 * sin * sin) * sin, q);
  }
  return [Math.atan2(y, x), found];
}
function degrees(zone, x, y) {
  var own = unproject(zone, x, y), there = shifted(zone, own[0], own[1]);
  return [there[0] * 180 / Math.PI, there[1] * 180 / Math.PI];
}
// From one zone to another of the same datum.
function rezoned(from, to, x, y) {
  if (from.epsg === to.epsg) return [x, y];
  var own = unproject(from, x, y);
  return project(to, own[0], own[1]);
}
