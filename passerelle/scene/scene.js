// One SVG scene of the network: islands, known links, numbered missing bridges, actors, names. No library, no request.
// Every text is written as a text node. `data` is the Scene of scene.py; a click sends the trigger "picked".

const NS = "http://www.w3.org/2000/svg";
const PHONE = 560; // narrower than this many CSS pixels, the picture stands upright: x and y change places

const disc = (r) => `M${-r},0A${r},${r} 0 1 0 ${r},0A${r},${r} 0 1 0 ${-r},0Z`;
const polygon = (points) => (r) => "M" + points.map(([x, y]) => `${x * r},${y * r}`).join("L") + "Z";
const GLYPHS = {
  company: disc,
  research: polygon([[-0.88, -0.88], [0.88, -0.88], [0.88, 0.88], [-0.88, 0.88]]),
  public: polygon([[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]]),
  care: polygon([[0, -1.25], [1.25, 1], [-1.25, 1]]),
};

// Where a title may go: half widths to the side, lines up or down; the nearest place first.
const NEARBY = [0, 0.4, -0.4, 0.8, -0.8, 1.2, -1.2]
  .flatMap((dx) => [0, -1, 1, 2, -2, 3, 4, 5].map((dy) => [dx, dy]))
  .sort((p, q) => Math.hypot(p[0] * 2.5, p[1]) - Math.hypot(q[0] * 2.5, q[1]));

function make(tag, attributes, parent) {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  parent?.append(element);
  return element;
}

function text(content, attributes, parent) {
  const element = make("text", attributes, parent);
  element.textContent = content;
  return element;
}

// A known or missing link bends a little, so that parallel ones can be told apart.
function bend([ax, ay], [bx, by], curve) {
  const mx = (ax + bx) / 2 - (by - ay) * curve;
  const my = (ay + by) / 2 + (bx - ax) * curve;
  const along = (t, a, m, b) => (1 - t) ** 2 * a + 2 * t * (1 - t) * m + t * t * b;
  return { d: `M${ax},${ay}Q${mx},${my} ${bx},${by}`, point: (t) => [along(t, ax, mx, bx), along(t, ay, my, by)] };
}

// Room that is taken on the picture: a label that finds none is left out, unless it must be there.
function board() {
  const taken = [];
  const hits = (box) => taken.some((b) => box[0] < b[2] && box[2] > b[0] && box[1] < b[3] && box[3] > b[1]);
  return { hits, take: (box) => taken.push(box) };
}

function measure(data, root) {
  const tall = root.clientWidth > 0 && root.clientWidth < PHONE;
  const width = tall ? data.height : data.width;
  const height = tall ? data.width : data.height;
  return {
    tall, width, height,
    px: width / (root.clientWidth || width), // one CSS pixel in scene units: keeps text at reading size
    at: (dot) => (tall ? [dot.y, dot.x] : [dot.x, dot.y]),
    grow: tall ? 1.25 : 1,
  };
}

function drawIslands(layer, data, frame) {
  for (const island of data.islands) {
    if (!island.lone) make("path", { d: frame.tall ? island.turned : island.outline, class: "island" }, layer);
  }
}

// The name of an island stands above it, or as near to that place as the other names allow.
function drawTitles(layer, islands, frame, room) {
  const size = (frame.tall ? 11.5 : 13) * frame.px, step = size * 1.15;
  for (const island of islands) {
    const lines = island.name, [a, b, c, d] = island.box;
    const [left, top, right] = frame.tall ? [b, a, d] : [a, b, c];
    const high = lines.length * step, half = (Math.max(...lines.map((line) => line.length)) * size * 0.56) / 2;
    const middle = Math.max(half + 4, Math.min((left + right) / 2, frame.width - half - 4)), above = Math.max(high + size * 0.3, top - 12);
    const free = ([dx, dy]) => {
      const x = middle + dx * half, y = above + dy * step;
      return x - half > 0 && x + half < frame.width && y > high && y < frame.height && !room.hits([x - half, y - high, x + half, y + size * 0.3]);
    };
    const [dx, dy] = NEARBY.find(free) || NEARBY[0];
    lines.forEach((line, i) => {
      writeLabel(layer, line, { x: middle + dx * half, y: above + dy * step - (lines.length - 1 - i) * step, size, name: "title", force: true }, frame, room);
    });
  }
}

// Write a label inside the frame; false when there is no room for it.
function writeLabel(layer, content, { x, y, size, name, force, id }, frame, room) {
  const wide = content.length * size * 0.56;
  const right = !frame.tall && y < 140 * frame.px ? frame.width - 54 * frame.px : frame.width - 4; // the zoom buttons
  const left = Math.max(4, Math.min(x - wide / 2, right - wide));
  const box = [left, y - size, left + wide, y + size * 0.3];
  if (!force && room.hits(box)) return false;
  room.take(box);
  const element = text(content, { x: left + wide / 2, y, "font-size": size, class: name }, layer);
  if (id) element.dataset.id = id;
  return true;
}

function drawNames(layer, data, frame, room) {
  const size = 11 * frame.px;
  for (const dot of [...data.dots].sort((a, b) => b.r - a.r)) {
    if (!dot.name || (frame.tall && dot.r < 12)) continue;
    const [x, y] = frame.at(dot);
    writeLabel(layer, dot.name, { x, y: y + dot.r * frame.grow + 12 * frame.px, size, name: "name", id: dot.id }, frame, room);
  }
}

// The number of a bridge stands on its line, where nothing else is.
function freePlace(curve, radius, room) {
  for (const t of [0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72, 0.2, 0.8, 0.14, 0.86]) {
    const [x, y] = curve.point(t);
    if (!room.hits([x - radius, y - radius, x + radius, y + radius])) return [x, y];
  }
  return curve.point(0.5);
}

function drawMark(layer, bridge, curve, frame, room, act) {
  const radius = 10.5 * frame.px;
  const [x, y] = freePlace(curve, radius, room);
  room.take([x - radius, y - radius, x + radius, y + radius]);
  const mark = make("g", { class: "mark", tabindex: 0, role: "button", "aria-label": bridge.title, transform: `translate(${x},${y})` }, layer);
  make("circle", { r: radius }, mark);
  text(bridge.number, { y: 4 * frame.px, "font-size": 12 * frame.px }, mark);
  mark.dataset.link = bridge.id;
  const open = (event) => { event.stopPropagation(); act.choose("link:" + bridge.id); };
  mark.onclick = open;
  mark.onkeydown = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    open(event);
  };
  mark.onmouseenter = (event) => act.hint(event, bridge.title);
  mark.onmouseleave = act.unhint;
}

function drawDot(layer, dot, frame, act) {
  const [x, y] = frame.at(dot);
  const shape = (GLYPHS[dot.family] || disc)(dot.r * frame.grow);
  const kind = `dot ${dot.family}${dot.quiet ? " quiet" : ""}`;
  const glyph = make("path", { d: shape, transform: `translate(${x},${y})`, class: kind }, layer);
  glyph.dataset.id = dot.id;
  glyph.onclick = (event) => { event.stopPropagation(); act.choose("node:" + dot.id); };
  glyph.onmouseenter = (event) => { act.hint(event, dot.title); act.lift("node:" + dot.id); };
  glyph.onmouseleave = () => { act.unhint(); act.lift(); };
  return glyph;
}

// Keep what belongs to an actor or to a bridge, fade the rest; write the names of the ends.
function lift(scene, target) {
  const { root, frame, layers, lines, glyphs, byId } = scene;
  root.classList.toggle("lifted", Boolean(target));
  layers.focus.replaceChildren();
  const kind = target?.slice(0, 4), id = target?.slice(5);
  const mine = new Set(lines.filter(([l]) => (kind === "link" ? l.id === id : kind === "node" && (l.a === id || l.b === id))));
  const ends = new Set([...mine].flatMap(([l]) => [l.a, l.b]));
  if (kind === "node") ends.add(id);
  for (const [key, glyph] of glyphs) glyph.classList.toggle("on", ends.has(key));
  for (const line of lines) line[1].classList.toggle("on", mine.has(line));
  const numbers = new Set([...mine].map(([l]) => l.id));
  for (const mark of layers.marks.children) mark.classList.toggle("on", numbers.has(mark.dataset.link));
  const named = new Set();
  for (const label of layers.names.querySelectorAll(".name")) {
    label.classList.toggle("on", ends.has(label.dataset.id));
    named.add(label.dataset.id);
  }
  for (const key of kind === "link" ? ends : kind === "node" ? [id] : []) {
    const dot = byId.get(key);
    if (!dot || named.has(key)) continue;
    const [x, y] = frame.at(dot), half = dot.short.length * 3.4 * frame.px;
    const place = { x: Math.max(half, Math.min(x, frame.width - half)), y: y + 16 * frame.px };
    text(dot.short, { ...place, "font-size": 11.5 * frame.px, class: "name on" }, layers.focus);
  }
}

// Zoom and move: buttons, keyboard, Ctrl + wheel, dragging. The view outlives a redraw.
function navigation(svg, root, frame, data, act) {
  const whole = [0, 0, frame.width, frame.height];
  let view = root.passerelleView?.tall === frame.tall ? root.passerelleView.box : whole;
  const show = () => { root.passerelleView = { tall: frame.tall, box: view }; svg.setAttribute("viewBox", view.join(" ")); };
  const all = () => { view = whole; show(); };
  const zoom = (factor, cx = 0.5, cy = 0.5) => {
    const [x, y, w, h] = view;
    const wide = Math.min(frame.width, Math.max(frame.width / 8, w * factor)), high = (wide * frame.height) / frame.width;
    view = wide >= frame.width ? whole : [x + (w - wide) * cx, y + (h - high) * cy, wide, high];
    show();
  };
  const move = (dx, dy) => { view = [view[0] + dx * view[2], view[1] + dy * view[3], view[2], view[3]]; show(); };
  const keys = {
    "+": () => zoom(0.7), "=": () => zoom(0.7), "-": () => zoom(1.4), 0: all,
    ArrowLeft: () => move(-0.1, 0), ArrowRight: () => move(0.1, 0), ArrowUp: () => move(0, -0.1), ArrowDown: () => move(0, 0.1),
    Escape: () => act.choose(null),
  };
  svg.onkeydown = (event) => {
    const run = keys[event.key];
    if (run) { event.preventDefault(); run(); }
  };
  svg.onwheel = (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = svg.getBoundingClientRect();
    zoom(event.deltaY > 0 ? 1.15 : 0.87, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  };
  // The smallest actors are smaller than a finger: the nearest one counts, when it is near enough.
  const nearest = (event) => {
    const box = svg.getBoundingClientRect(), unit = view[2] / box.width, reach = (event.pointerType === "touch" ? 16 : 6) * unit;
    const here = [view[0] + (event.clientX - box.left) * unit, view[1] + (event.clientY - box.top) * unit];
    const gap = (dot) => Math.hypot(frame.at(dot)[0] - here[0], frame.at(dot)[1] - here[1]) - dot.r;
    const best = data.dots.reduce((a, b) => (gap(b) < gap(a) ? b : a), data.dots[0]);
    return best && gap(best) < reach ? "node:" + best.id : null;
  };
  dragging(svg, move, (event) => act.choose(nearest(event)));
  const buttons = [["+", () => zoom(0.7)], ["−", () => zoom(1.4)], ["↺", all]];
  root.querySelector(".tools").replaceChildren(...buttons.map(([sign, run], i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.setAttribute("aria-label", data.zoom[i]);
    button.onclick = run;
    return button;
  }));
  show();
}

function dragging(svg, move, click) {
  let from = null, dragged = false;
  svg.onpointerdown = (event) => { from = [event.clientX, event.clientY]; dragged = false; };
  svg.onpointermove = (event) => {
    if (!from || !event.buttons) return;
    const dx = event.clientX - from[0], dy = event.clientY - from[1], box = svg.getBoundingClientRect();
    if (!dragged && Math.hypot(dx, dy) < 4) return;
    dragged = true;
    move(-dx / box.width, -dy / box.height);
    from = [event.clientX, event.clientY];
  };
  svg.onpointerup = () => { from = null; };
  svg.onclick = (event) => { if (!dragged) click(event); };
}

// What clicks and hovers do. `mark` shows a choice, `choose` also tells the page about it.
function actions(scene, data, send) {
  const { root, layers, glyphs, byId } = scene, tip = root.querySelector(".tip"), live = root.querySelector(".live");
  let chosen = null;
  const mark = (target) => {
    chosen = target;
    lift(scene, target);
    for (const [key, glyph] of glyphs) glyph.classList.toggle("chosen", "node:" + key === target);
    for (const number of layers.marks.children) number.classList.toggle("chosen", "link:" + number.dataset.link === target);
    live.textContent = (target && (byId.get(target.slice(5)) || data.bridges.find((b) => "link:" + b.id === target))?.title) || "";
  };
  return {
    mark,
    lift: (target = chosen) => lift(scene, target),
    choose: (target) => { tip.hidden = true; if (target || chosen) { mark(target); send(target || "none"); } },
    unhint: () => { tip.hidden = true; },
    hint: (event, words) => {
      const box = root.getBoundingClientRect();
      tip.textContent = words;
      tip.hidden = false;
      const x = Math.max(4, Math.min(event.clientX - box.left + 12, box.width - tip.offsetWidth - 8));
      tip.style.transform = `translate(${x}px,${event.clientY - box.top + 14}px)`;
    },
  };
}

function drawLinks(scene, data, room, act) {
  const { frame, layers, lines, byId } = scene;
  const curve = (link, by) => bend(frame.at(byId.get(link.a)), frame.at(byId.get(link.b)), by);
  for (const line of data.lines) {
    const kind = (line.far ? "far " : "") + (line.tie ? "tie" : "");
    lines.push([line, make("path", { d: curve(line, 0.06).d, class: kind }, layers.known)]);
  }
  for (const bridge of data.bridges) {
    const path = curve(bridge, 0.18);
    lines.push([bridge, make("path", { d: path.d }, layers.missing)]);
    drawMark(layers.marks, bridge, path, frame, room, act);
  }
}

// Draw everything; returns the function that shows what is chosen.
function build(root, data, send) {
  root.querySelector("svg")?.remove();
  const frame = measure(data, root), room = board();
  root.classList.toggle("tall", frame.tall);
  const svg = make("svg", { tabindex: 0, role: "group", "aria-label": data.label, style: `aspect-ratio: ${frame.width} / ${frame.height}` });
  root.prepend(svg);
  const layers = {};
  for (const name of ["ground", "known", "missing", "dots", "names", "marks", "focus"]) layers[name] = make("g", { class: name }, svg);
  const scene = { root, frame, layers, lines: [], glyphs: new Map(), byId: new Map(data.dots.map((dot) => [dot.id, dot])) };
  const act = actions(scene, data, send);
  if (!frame.tall) room.take([frame.width - 52 * frame.px, 0, frame.width, 130 * frame.px]); // the zoom buttons
  drawIslands(layers.ground, data, frame);
  drawTitles(layers.names, data.islands.filter((island) => !island.lone), frame, room);
  drawLinks(scene, data, room, act);
  for (const dot of data.dots) scene.glyphs.set(dot.id, drawDot(layers.dots, dot, frame, act));
  drawTitles(layers.names, data.islands.filter((island) => island.lone), frame, room);
  drawNames(layers.names, data, frame, room);
  navigation(svg, root, frame, data, act);
  if (data.chosen) act.mark(data.chosen);
  return act.mark;
}

// Streamlit calls this at every run of the page. What did not change stays as it is, with zoom and focus; nothing is
// redrawn under a finger that is pressed.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".scene");
  const { chosen, ...drawn } = data;
  const content = JSON.stringify(drawn);
  const state = (root.passerelle ??= { watcher: null, held: false });
  state.send = (target) => setTriggerValue("picked", target);
  state.redraw = () => {
    const focused = parentElement.activeElement;
    state.wide = root.clientWidth;
    state.content = content;
    state.mark = build(root, data, (target) => state.send(target));
    if (focused?.closest?.("svg")) root.querySelector("svg").focus({ preventScroll: true });
  };
  state.waiting = content === state.content ? () => state.mark(chosen) : () => state.redraw();
  const settle = () => { state.waiting?.(); state.waiting = null; };
  root.onpointerdown = () => { state.held = true; };
  root.onpointerup = root.onpointercancel = root.onpointerleave = () => { state.held = false; setTimeout(settle); };
  if (!state.held) settle();
  state.watcher?.disconnect();
  state.watcher = new ResizeObserver(() => { if (Math.abs(root.clientWidth - state.wide) > 24) state.redraw(); });
  state.watcher.observe(root);
  return () => state.watcher.disconnect();
}
