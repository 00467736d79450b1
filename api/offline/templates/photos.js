// Photos: made small by drawing them anew, so that what a camera writes beside them (its place above all) does not come along.
var SIDE = 1600, MOST_BYTES = 8e6, MOST_PHOTOS = 10;
function photoBytes() { return state.photos.reduce(function (sum, p) { return sum + p.data.length * 0.75; }, 0); }
function shrink(file, done) {
  var address = URL.createObjectURL(file), image = new Image();
  image.onload = function () {
    var w = image.naturalWidth, h = image.naturalHeight, k = Math.min(1, SIDE / Math.max(w, h)), canvas = document.createElement("canvas");
    canvas.width = Math.max(Math.round(w * k), 1);
    canvas.height = Math.max(Math.round(h * k), 1);
    var c = canvas.getContext("2d");
    c.fillStyle = "#fff";
    c.fillRect(0, 0, canvas.width, canvas.height);
    c.drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(address);
    var told = canvas.toDataURL("image/jpeg", 0.8);
    done(told.indexOf("data:image/jpeg;base64,") === 0 ? { name: file.name.slice(0, 100), width: canvas.width, height: canvas.height, data: told.slice(23) } : null);
  };
  image.onerror = function () { URL.revokeObjectURL(address); done(null); };
  image.src = address;
}
function addPhotos(files) {
  var told = [], left = [].slice.call(files), mine = state.id;
  (function next() {
    var file = left.shift();
    if (!file) {
      pictures();
      photoSum(told);
      keep();
      return;
    }
    if (state.photos.length >= MOST_PHOTOS) { told.push(W("photo_many", { n: MOST_PHOTOS, name: file.name })); next(); return; }
    say("photo-said", W("photo_wait"));
    shrink(file, function (made) {
      if (state.id !== mine) return; // another proposal stands there meanwhile
      if (!made) told.push(W("photo_bad", { name: file.name }));
      else if (photoBytes() + made.data.length * 0.75 > MOST_BYTES) told.push(W("photo_full", { name: file.name }));
      else state.photos.push(made);
      next();
    });
  })();
}
function photoSum(told) {
  say("photo-said", told.concat(state.photos.length ? W("photo_sum", { n: state.photos.length, mb: number(photoBytes() / 1e6, 1) }) : []).join(" "), told.length);
}
function pictures() {
  var node = $("pictures");
  while (node.firstChild) node.removeChild(node.firstChild);
  state.photos.forEach(function (photo, i) {
    var item = element("li"), image = document.createElement("img"), gone = element("button", W("remove"));
    image.src = "data:image/jpeg;base64," + photo.data;
    image.alt = photo.name;
    gone.type = "button";
    gone.setAttribute("aria-label", W("photo_remove", { name: photo.name }));
    gone.addEventListener("click", function () { state.photos.splice(i, 1); pictures(); photoSum([]); keep(); $("photos").focus(); });
    item.appendChild(image);
    item.appendChild(element("span", photo.name));
    item.appendChild(document.createElement("br"));
    item.appendChild(gone);
    node.appendChild(item);
  });
}
