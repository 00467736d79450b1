// SHA-256 (FIPS 180-4) of a text in UTF-8: an old browser has none for pages from a disk.
function utf8(text) {
  if (window.TextEncoder) return new TextEncoder().encode(text);
  var plain = unescape(encodeURIComponent(text)), out = new Uint8Array(plain.length);
  for (var i = 0; i < plain.length; i++) out[i] = plain.charCodeAt(i);
  return out;
}
function sha256(text) {
  var bytes = utf8(text), n = bytes.length, blocks = Math.ceil((n + 9) / 64), data = new Uint8Array(blocks * 64), w = new Int32Array(64);
  var h = [], k = [], prime = 2, i;
  function part(x) { return ((x - Math.floor(x)) * 4294967296) | 0; }
  while (k.length < 64) {
    var yes = true;
    for (i = 2; i * i <= prime; i++) if (prime % i === 0) { yes = false; break; }
    if (yes) {
      if (h.length < 8) h.push(part(Math.sqrt(prime)));
      k.push(part(Math.cbrt(prime)));
    }
    prime++;
  }
  data.set(bytes);
  data[n] = 128;
  var view32 = new DataView(data.buffer);
  view32.setUint32(blocks * 64 - 8, Math.floor(n / 536870912));
  view32.setUint32(blocks * 64 - 4, (n << 3) >>> 0);
  function r(x, s) { return (x >>> s) | (x << (32 - s)); }
  for (var at = 0; at < data.length; at += 64) {
    for (i = 0; i < 16; i++) w[i] = view32.getInt32(at + 4 * i);
    for (i = 16; i < 64; i++) {
      var p = w[i - 15], q = w[i - 2];
      w[i] = (w[i - 16] + (r(p, 7) ^ r(p, 18) ^ (p >>> 3)) + w[i - 7] + (r(q, 17) ^ r(q, 19) ^ (q >>> 10))) | 0;
    }
    var v = h.slice();
    for (i = 0; i < 64; i++) {
      var t = (v[7] + (r(v[4], 6) ^ r(v[4], 11) ^ r(v[4], 25)) + ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[i] + w[i]) | 0;
      var u = ((r(v[0], 2) ^ r(v[0], 13) ^ r(v[0], 22)) + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]))) | 0;
      v = [(t + u) | 0, v[0], v[1], v[2], (v[3] + t) | 0, v[4], v[5], v[6]];
    }
    for (i = 0; i < 8; i++) h[i] = (h[i] + v[i]) | 0;
  }
  return h.map(function (x) { return ("0000000" + (x >>> 0).toString(16)).slice(-8); }).join("");
}
