// The tables of gaps by commune and band, and the pictures of the cells.
function value(column, i, band) {
  var columns = data.gaps[band || state.band];
  return columns[column] ? columns[column][i] : null;
}

function status(i, band) { return data.statuses[data.gaps[band || state.band].status[i]]; }

// The band that cells and rings are drawn for: its own, or under "all" the one with the shortest limit.
function drawnBand() {
  if (state.band !== "all") { return state.band; }
  return data.bands.filter(function (band) { return data.limits[band]; }).reduce(function (best, band) {
    return best === null || data.limits[band] < data.limits[best] ? band : best;
  }, null);
}

function limit() { var band = drawnBand(); return band === null ? null : data.limits[band] || null; }

function picture(question) {
  if (question === "children") { return handles.pictures["children:" + state.band] || null; }
  var band = drawnBand();
  if (band === null) { return null; }
  if (handles.pictures[question + ":" + band]) { return handles.pictures[question + ":" + band]; }
  var same = data.bands.filter(function (other) {
    return data.limits[other] === data.limits[band] && handles.pictures[question + ":" + other];
  });
  return question === "walk" && same.length ? handles.pictures["walk:" + same[0]] : null;
}
