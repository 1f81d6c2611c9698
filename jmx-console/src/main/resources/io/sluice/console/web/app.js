"use strict";
/* The page of sluicectl web. It keeps readings and draws what follows from them; only text is ever put into it. */

const $ = (id) => document.getElementById(id);
const KEEP = 1800;
const COLOURS = ["#0b9a92", "#d9822b", "#7a5fd0", "#2f7fd6", "#c2417c", "#6a9a1f", "#b0563b", "#5b6b7b"];
const ALL = "all";
let names = []; // of the appliances, as they were given
let appliance = 0; // the number of the one that is shown; ALL: they stand side by side
let page = 0; // counts each choice of another, so that no late answer is shown as that of the next
let role = "";
let readings = [];
let routes = [];
const charts = {};

// ------------------------------------------------------------------ words

const brief = (n) => {
  const units = ["", "k", "M", "G", "T"];
  let i = 0;
  while (Math.abs(n) >= 1000 && i < units.length - 1) { n /= 1000; i++; }
  return (i === 0 ? (n % 1 ? n.toFixed(1) : String(n)) : n.toFixed(n < 100 ? 1 : 0)) + units[i];
};
const bytes = (n) => {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let i = 0;
  while (Math.abs(n) >= 1024 && i < units.length - 1) { n /= 1024; i++; }
  return (i === 0 ? Math.round(n) : n.toFixed(n < 100 ? 1 : 0)) + " " + units[i];
};
const time = (ms) => {
  if (ms < 1000) return Math.round(ms) + "ms";
  const s = Math.floor(ms / 1000), two = (n) => String(n).padStart(2, "0");
  if (s < 60) return s + "s";
  if (s < 3600) return Math.floor(s / 60) + "m" + two(s % 60) + "s";
  if (s < 86400) return Math.floor(s / 3600) + "h" + two(Math.floor(s / 60) % 60) + "m";
  return Math.floor(s / 86400) + "d" + two(Math.floor(s / 3600) % 24) + "h";
};
/** The time of day, with seconds where a step is shorter than a minute. */
const clock = (seconds, step) => new Date(seconds * 1000).toTimeString().slice(0, step < 60 ? 8 : 5);
const micros = (n) => n <= 0 ? "–" : n < 1000 ? Math.round(n) + "µs" : n < 1e6 ? (n / 1000).toFixed(n < 1e4 ? 1 : 0) + "ms" : (n / 1e6).toFixed(1) + "s";
const tone = (state) => ({ UP: "good", DOWN: "bad" }[state] || "care");

const element = (tag, text, classes) => {
  const e = document.createElement(tag);
  if (text !== undefined) e.textContent = text;
  if (classes) e.className = classes;
  return e;
};
const cell = (text, classes) => element("td", text, classes);
const empty = (body, columns, text) => {
  const row = element("tr"), only = cell(text, "empty");
  only.colSpan = columns;
  row.append(only);
  body.replaceChildren(row);
};

// ------------------------------------------------------------------ asking

/** Of the appliance that is shown; never answered when another one is shown by then. */
async function ask(path, parameters = {}) {
  const asked = page;
  const response = await fetch(path + "?" + new URLSearchParams({ appliance: appliance === ALL ? 0 : appliance, ...parameters }));
  const answer = response.headers.get("Content-Type").startsWith("application/json") ? await response.json() : { error: await response.text() };
  if (asked !== page) return new Promise(() => {});
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

/** pace: of a drain, its perSecond and deadlineSeconds; what is left out is as usual. */
async function act(appliance, name, target, pace, dryRun) {
  const response = await fetch("/api/act", {
    method: "POST",
    headers: { "X-Sluicectl": "1", "Content-Type": "application/json" },
    body: JSON.stringify({ appliance, act: name, target, ...pace, dryRun }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

let toastTimer;
function toast(text) {
  $("toast").textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $("toast").textContent = ""; }, 8000);
}

/** Says what would be done and on which appliance, asks, does it there. The pace of a drain can be chosen before. */
async function steer(name, target, title) {
  const at = appliance, dialog = $("confirm");
  let pace = {}; // of what is said
  let asked = 0; // for a pace, so that no late answer is shown as that to the next one
  try {
    const would = await act(at, name, target, pace, true);
    $("confirm-title").textContent = title + " on " + would.on;
    $("confirm-text").textContent = would.said;
    $("confirm-rate").value = would.perSecond;
    $("confirm-deadline").value = would.deadlineSeconds;
    $("confirm-pace").hidden = name !== "drain";
    $("confirm-pace").oninput = async () => {
      const now = ++asked, chosen = { perSecond: $("confirm-rate").value, deadlineSeconds: $("confirm-deadline").value };
      $("confirm-yes").disabled = true; // until it says what would be done at this pace
      let said, good = true;
      try { said = (await act(at, name, target, chosen, true)).said; } catch (refused) { said = refused.message; good = false; }
      if (now !== asked) return;
      pace = chosen;
      $("confirm-text").textContent = said;
      $("confirm-yes").disabled = !good;
    };
    $("confirm-yes").disabled = false;
    $("confirm-yes").onclick = () => dialog.close("yes");
    $("confirm-no").onclick = () => dialog.close("no");
    dialog.onclose = async () => {
      asked++;
      if (dialog.returnValue !== "yes") return;
      try {
        const done = await act(at, name, target, pace, false);
        toast(done.on + ": " + done.said);
      } catch (refused) { toast(refused.message); }
      refreshTables();
    };
    dialog.returnValue = "";
    dialog.showModal();
    $("confirm-no").focus();
  } catch (refused) { toast(refused.message); }
}

function acts(row, list) {
  const last = cell("", "act");
  if (role === "operator") {
    for (const [name, target, label, title, danger] of list) {
      const button = element("button", label, "small" + (danger ? " danger" : ""));
      button.type = "button";
      button.setAttribute("aria-label", title);
      button.onclick = () => steer(name, target, title);
      last.append(button);
    }
  }
  row.append(last);
}

/**
 * Puts other rows into a table; a button of theirs that has the focus keeps it. While one is being pressed the rows stay
 * until the next round: let go of, it would be another one, and nothing would have been clicked.
 */
function replaceRows(body, rows) {
  if (body.matches(":active")) return;
  const focused = body.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
  body.replaceChildren(...rows);
  if (!focused) return;
  const again = [...body.querySelectorAll("button")].find((each) => each.getAttribute("aria-label") === focused);
  if (again) again.focus();
}

// ------------------------------------------------------------------ figures over time

const last = () => readings[readings.length - 1];
const liberator = (reading, name) => reading.liberators.find((each) => each.name === name);
const liberatorNames = () => [...new Set((last() ? last().liberators : []).map((each) => each.name))];

/** How fast a counter grew between readings; null before the first. */
function rates(figure) {
  return readings.map((reading, i) => {
    if (i === 0) return null;
    const before = readings[i - 1];
    const now = figure(reading), then = figure(before);
    return now == null || then == null ? null : Math.max(0, (now - then) * 1000 / (reading.t - before.t));
  });
}
const lastRate = (figure) => {
  const all = rates(figure);
  return all.length > 1 ? all[all.length - 1] || 0 : 0;
};
const sum = (reading, key) => reading.liberators.reduce((total, each) => total + (each[key] || 0), 0);

function drawFigures() {
  const now = last();
  const list = [
    ["in service", now.inService + " of " + now.liberators.length, now.inService === now.liberators.length ? "good" : now.inService ? "care" : "bad"],
    ["streams", now.streamsActive.toLocaleString("en")],
    ["new streams/s", brief(Math.round(lastRate((r) => r.streamsTotal) * 10) / 10)],
    ["to clients/s", bytes(lastRate((r) => sum(r, "toClientBytes")))],
    ["wait for slow clients", bytes(sum(now, "heldForClientsBytes")), sum(now, "heldForClientsBytes") ? "care" : ""],
    ["connections", brief(now.connectionsActive) + " / " + brief(now.connectionsLimit)],
    ["refused", brief(now.refusedTotal)],
    ["violations", String(now.stickinessViolationsTotal), now.stickinessViolationsTotal ? "bad" : "good"],
  ];
  showFigures($("figures"), list);
}

function showFigures(box, list) {
  box.replaceChildren(...list.map(([label, value, classes]) => {
    const figure = element("div", undefined, "figure " + (classes || ""));
    figure.append(element("b", value), element("span", label));
    return figure;
  }));
}

// ------------------------------------------------------------------ the picture

const SVG = "http://www.w3.org/2000/svg";
function svg(tag, attributes, text) {
  const e = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  if (text !== undefined) e.textContent = text;
  return e;
}

function drawPicture() {
  const now = last();
  const listeners = now.listeners, liberators = now.liberators;
  const rows = routes.map((each, i) => ({ ...each, key: "r" + i }));
  const step = 58, width = 1180, box = 190, high = 44;
  const most = Math.max(listeners.length, rows.length, liberators.length, 1);
  const height = most * step + 34;
  const x = { clients: 10, listeners: 230, routes: 570, liberators: 970 };
  const y = (index, count) => 34 + (most * step) * (index + .5) / count - step / 2 + (step - high) / 2;
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "Which clients reach which Liberator" });
  for (const [label, at] of [["CLIENTS", x.clients], ["LISTENERS", x.listeners], ["ROUTES", x.routes], ["LIBERATORS", x.liberators]]) {
    root.append(svg("text", { x: at, y: 14, class: "head" }, label));
  }
  const largest = Math.max(1, ...listeners.map((each) => each.connectionsActive || 0), ...liberators.map((each) => each.streamsActive || 0));
  const link = (x1, y1, x2, y2, count) => {
    const middle = (x1 + x2) / 2;
    const path = svg("path", { d: `M${x1},${y1} C${middle},${y1} ${middle},${y2} ${x2},${y2}`, class: count ? "" : "idle" });
    path.setAttribute("stroke-width", count ? String(1.5 + 10 * Math.sqrt(count / largest)) : "1.5");
    root.append(path);
  };
  const middle = 34 + most * step / 2;
  const nodes = [];
  const node = (at, top, wide, title, sub, classes) => nodes.push(() => {
    root.append(svg("rect", { x: at, y: top, width: wide, height: high, rx: 8, class: "node " + (classes || "") }));
    root.append(svg("text", { x: at + 12, y: top + 19 }, title.length > wide / 8 ? title.slice(0, wide / 8 - 1) + "…" : title));
    root.append(svg("text", { x: at + 12, y: top + 35, class: "sub" }, sub.length > wide / 6.3 ? sub.slice(0, wide / 6.3 - 1) + "…" : sub));
  });
  node(x.clients, middle - high / 2, 130, brief(now.connectionsActive), "connections");
  listeners.forEach((each, i) => {
    const top = y(i, listeners.length);
    link(x.clients + 130, middle, x.listeners, top + high / 2, each.connectionsActive);
    node(x.listeners, top, box, each.name, (each.listening ? each.address : "not listening") + " · " + brief(each.connectionsActive), each.listening ? "" : "bad");
  });
  rows.forEach((each, i) => {
    const top = y(i, rows.length);
    const count = Object.values(each.streams || {}).reduce((total, n) => total + n, 0);
    each.listeners.forEach((name) => {
      const at = listeners.findIndex((one) => one.name === name);
      if (at >= 0) link(x.listeners + box, y(at, listeners.length) + high / 2, x.routes, top + high / 2, (each.streams || {})[name] || 0);
    });
    const to = liberators.findIndex((one) => one.name === each.liberator);
    if (to >= 0) link(x.routes + 250, top + high / 2, x.liberators, y(to, liberators.length) + high / 2, count);
    node(x.routes, top, 250, each.host === "*" ? "every host of " + each.listeners.join(", ") : each.host, brief(count) + " streams · when down: " + each.onDown);
  });
  liberators.forEach((each, i) => node(x.liberators, y(i, liberators.length), box, each.name, each.state + " · " + brief(each.streamsActive) + " streams", tone(each.state)));
  nodes.forEach((draw) => draw());
  $("picture").replaceChildren(root);
}

// ------------------------------------------------------------------ charts

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function chart(id, series, format) {
  const labels = series.map((each) => each.label).join("|");
  const data = [readings.map((each) => each.t / 1000), ...series.map((each) => each.values)];
  const key = labels + document.documentElement.dataset.theme;
  const box = $(id);
  if (charts[id] && charts[id].key === key) {
    charts[id].plot.setData(data);
    return;
  }
  if (charts[id]) charts[id].plot.destroy();
  const axis = { stroke: css("--faint"), grid: { stroke: css("--line"), width: 1 }, ticks: { stroke: css("--line"), width: 1 }, font: "11px system-ui" };
  const plot = new uPlot({
    width: box.clientWidth, height: 158,
    cursor: { y: false },
    scales: { y: { range: (u, low, high) => [0, high > 0 ? high * 1.1 : 1] } },
    axes: [{ ...axis, space: 80, size: 34, values: (u, ticks, i, space, step) => ticks.map((each) => clock(each, step)) }, { ...axis, size: 64, values: (u, ticks) => ticks.map(format) }],
    series: [{ label: "Time", value: (u, v) => v == null ? "–" : clock(v, 1) }, ...series.map((each, i) => ({
      label: each.label, stroke: COLOURS[i % COLOURS.length], width: 1.8, fill: series.length < 3 ? COLOURS[i % COLOURS.length] + "18" : undefined,
      points: { show: false }, value: (u, v) => v == null ? "–" : format(v),
    }))],
  }, data, box);
  charts[id] = { key, plot };
}

/** To the width that there is; none is there while appliances stand side by side. */
function fitCharts() {
  if (appliance === ALL) return;
  for (const [id, each] of Object.entries(charts)) each.plot.setSize({ width: $(id).clientWidth, height: 158 });
}

function drawCharts() {
  const all = liberatorNames();
  chart("chart-streams", all.map((name) => ({ label: name, values: readings.map((r) => (liberator(r, name) || {}).streamsActive ?? null) })), brief);
  chart("chart-bytes", all.map((name) => ({ label: name, values: rates((r) => (liberator(r, name) || {}).toClientBytes) })), bytes);
  const message = last().liberators.some((each) => each.latencyOf === "message");
  $("latency-title").textContent = message ? "Latency of a message, Liberator to client" : "Time to connect to the Liberator (without the agent)";
  chart("chart-latency", all.flatMap((name) => [["p50", "p50"], ["p99", "p99"]].map(([label, key]) => ({ label: name + " " + label, values: readings.map((r) => (liberator(r, name) || {})[key] ?? null) }))), micros);
  const causes = [...new Set(last().liberators.flatMap((each) => Object.keys(each.ends)))];
  chart("chart-ends", (causes.length ? causes : ["none"]).map((cause) => ({ label: cause, values: rates((r) => r.liberators.reduce((total, each) => total + (each.ends[cause] || 0), 0)) })), (n) => brief(Math.round(n * 10) / 10));
}

// ------------------------------------------------------------------ tables

const kindWords = (kinds) => Object.entries(kinds).filter(([, n]) => n > 0).map(([kind, n]) => kind + " " + brief(n)).join(", ");

function drawLiberators() {
  replaceRows($("liberator-rows"), last().liberators.map((each) => {
    const row = element("tr");
    const state = cell("");
    state.append(element("span", each.state, "pill " + tone(each.state)));
    const kinds = kindWords(each.kinds);
    const left = each.drainRemainingActive ? each.drainRemainingActive + " to end, about " + each.drainEtaSeconds + " s" : each.stateReason;
    row.append(
      cell(each.name), state, cell(brief(each.streamsActive), "n"), cell(kinds, "faint"),
      cell(brief(Math.round(lastRate((r) => (liberator(r, each.name) || {}).streamsTotal) * 10) / 10), "n"),
      cell(bytes(lastRate((r) => (liberator(r, each.name) || {}).toClientBytes)), "n"),
      cell(bytes(each.heldForClientsBytes || 0), "n" + (each.heldForClientsBytes ? " care" : "")),
      cell(micros(each.p99), "n"), cell(left || "", "faint"));
    const inService = each.state === "UP" || each.state === "UNKNOWN";
    acts(row, [
      inService ? ["drain", each.name, "Drain", "Drain " + each.name] : ["undrain", each.name, "Undrain", "Undrain " + each.name],
      ["killLiberator", each.name, "Kill", "Kill all streams of " + each.name, true],
    ]);
    return row;
  }));
}

async function drawStreams() {
  try {
    const list = await ask("/api/streams", { query: $("query").value });
    $("stream-error").textContent = "";
    $("stream-count").textContent = list.length + (list.length === 500 ? " shown" : "");
    if (!list.length) return empty($("stream-rows"), 11, "no open stream matches");
    replaceRows($("stream-rows"), list.map((each) => {
      const row = element("tr");
      row.append(
        cell(each.id, "mono"), cell(each.kind), cell(each.liberator), cell(each.client, "mono"), cell(each.host),
        cell(time(each.openMillis), "n"), cell(time(Math.min(each.fromClientQuietMillis, each.fromLiberatorQuietMillis)), "n"),
        cell(bytes(each.toClientBytes), "n"), cell(bytes(each.fromClientBytes), "n"),
        cell(each.clientBehindBytes ? bytes(each.clientBehindBytes) : "0", "n" + (each.clientBehindBytes ? " care" : "")));
      acts(row, [["kill", each.id, "Kill", "Kill stream " + each.id, true]]);
      return row;
    }));
  } catch (refused) {
    $("stream-error").textContent = refused.message;
  }
}

async function drawAudit() {
  const list = await ask("/api/audit");
  if (!list.length) return empty($("audit-rows"), 5, "nobody has changed anything");
  $("audit-rows").replaceChildren(...list.map((each) => {
    const row = element("tr");
    row.append(
      cell(String(each.at).replace("T", " ").replace(/\.\d+Z/, ""), "mono"), cell(each.user), cell(each.operation),
      cell((each.arguments || []).join(", "), "faint"), cell(each.result, each.result === "ok" ? "" : "care"));
    return row;
  }));
}

function refreshTables() {
  drawStreams();
  drawAudit().catch(() => {});
}

// ------------------------------------------------------------------ several appliances

const WARNING_DAYS = 30, CRITICAL_DAYS = 7;
const daysTone = (days) => days < CRITICAL_DAYS ? "bad" : days < WARNING_DAYS ? "care" : "";

function drawFleetFigures(all) {
  const there = all.filter((each) => each.connected);
  const total = (key) => there.reduce((sum, each) => sum + (each[key] || 0), 0);
  const days = Math.min(...there.map((each) => each.certificateDays ?? Infinity));
  const violations = total("stickinessViolationsTotal");
  showFigures($("fleet-figures"), [
    ["appliances", there.length + " of " + all.length, there.length === all.length ? "good" : "bad"],
    ["streams", total("streamsActive").toLocaleString("en")],
    ["new streams/s", brief(Math.round(total("newPerSecond") * 10) / 10)],
    ["to clients/s", bytes(total("toClientsPerSecond"))],
    ["from clients/s", bytes(total("fromClientsPerSecond"))],
    ["wait for slow clients", bytes(total("behindBytes")), total("behindBytes") ? "care" : ""],
    ["violations", String(violations), violations ? "bad" : "good"],
    ["first certificate ends", days === Infinity ? "–" : days + " days", daysTone(days)],
  ]);
}

function drawDifferences(state) {
  const there = state.appliances.filter((each) => each.connected).length;
  const line = (subject, classes, sentence, advice) => {
    const item = element("li"), text = element("span", sentence);
    if (advice) text.append(element("small", advice));
    item.append(element("span", subject, "pill " + classes), text);
    return item;
  };
  let before = "";
  const lines = state.differences.map((each) => {
    const again = each.subject === before;
    before = each.subject;
    return line(each.subject, each.grave ? "bad" : "care", each.sentence, again ? "" : each.advice);
  });
  if (!lines.length) {
    lines.push(there > 1
      ? line("nothing", "good", "Same software, same routing table, same sticky keys, same settings, same states of Liberators.")
      : line("nothing", "", "There is nothing to compare: fewer than two are connected."));
  }
  const text = lines.map((each) => each.textContent).join("\n");
  if ($("differences").dataset.text === text) return; // nothing is read aloud again
  $("differences").dataset.text = text;
  $("differences").replaceChildren(...lines);
}

/** The last of them, a pixel each. */
function spark(all) {
  const wide = 90, high = 22, values = all.slice(-90), most = Math.max(...values, 1);
  const root = svg("svg", { viewBox: `0 0 ${wide} ${high}`, class: "spark", "aria-hidden": "true" });
  if (values.length < 2) return root;
  const at = (value, i) => `${(wide - (values.length - 1 - i)).toFixed(1)},${(high - 1 - value / most * (high - 3)).toFixed(1)}`;
  const line = values.map(at).join(" L");
  root.append(svg("path", { d: `M${line} L${wide},${high} L${wide - values.length + 1},${high} Z`, class: "area" }), svg("path", { d: "M" + line }));
  return root;
}

function drawFleet(state) {
  drawFleetFigures(state.appliances);
  drawDifferences(state);
  const tables = new Set(state.appliances.filter((each) => each.connected).map((each) => each.fingerprint));
  replaceRows($("fleet-rows"), state.appliances.map((each, i) => {
    const row = element("tr"), name = cell(""), stateCell = cell(""), graph = cell("");
    const button = element("button", each.name, "link");
    button.type = "button";
    button.setAttribute("aria-label", "Show " + each.name);
    button.onclick = () => choose(i);
    name.append(button);
    if (each.connected) name.append(element("small", (each.role ? each.role + ", " : "") + each.version));
    stateCell.append(
      element("span", each.connected ? "connected" : "lost", "pill " + (each.connected ? "good" : "bad")),
      element("small", "for " + time(Math.max(0, state.now - each.sinceMillis))));
    if (!each.connected) {
      const trouble = cell(each.trouble || "not read yet", "trouble");
      trouble.colSpan = 11;
      row.append(name, stateCell, trouble);
      return row;
    }
    graph.append(spark(each.series));
    row.append(
      name, stateCell,
      cell(each.tableVersion + (each.fingerprint ? " · " + each.fingerprint.slice(0, 8) : ""), "mono" + (tables.size > 1 ? " care" : "")),
      cell(each.inService + " of " + each.liberators, each.inService === each.liberators ? "" : "care"),
      cell(brief(each.streamsActive), "n"), cell(kindWords(each.kinds), "faint kinds"),
      cell(brief(Math.round(each.newPerSecond * 10) / 10), "n"),
      cell(bytes(each.fromClientsPerSecond), "n"), cell(bytes(each.toClientsPerSecond), "n"), graph,
      cell(bytes(each.behindBytes), "n" + (each.behindBytes ? " care" : "")),
      cell(String(each.stickinessViolationsTotal), "n" + (each.stickinessViolationsTotal ? " bad" : "")),
      cell(each.certificateDays === undefined ? "–" : each.certificateDays + " days", "n " + (each.certificateDays === undefined ? "" : daysTone(each.certificateDays))));
    return row;
  }));
}

async function fleetRound() {
  const state = await ask("/api/fleet");
  const there = state.appliances.filter((each) => each.connected);
  $("trouble").hidden = true;
  $("name").textContent = "All appliances";
  $("about").textContent = there.length + " of " + state.appliances.length + " connected";
  const amiss = there.length < state.appliances.length || state.differences.length > 0;
  document.title = (amiss ? "! " : "") + brief(there.reduce((sum, each) => sum + each.streamsActive, 0)) + " streams – all appliances";
  drawFleet(state);
}

/** Shows one appliance by its number, or ALL of them side by side. */
function show(which) {
  page++;
  appliance = which;
  readings = [];
  routes = [];
  role = "";
  const all = which === ALL;
  $("fleet").hidden = !all;
  $("one").hidden = all;
  $("sections").hidden = all;
  $("role").hidden = all;
  $("appliance").value = String(which);
  if (!all) {
    $("name").textContent = names[which];
    $("about").textContent = "";
    for (const each of ["figures", "picture", "liberator-rows", "stream-rows", "audit-rows"]) $(each).replaceChildren();
    $("explanation").textContent = "";
    fitCharts();
  }
  scrollTo(0, 0);
  return slowRound().then(round);
}

/** The same as a step that the browser goes back from. */
function choose(which) {
  history.pushState({ appliance: which }, "", "/");
  $("appliance").focus();
  show(which);
}

// ------------------------------------------------------------------ the round

async function round() {
  try {
    if (appliance === ALL) return await fleetRound();
    const since = readings.length ? last().t : 0;
    const state = await ask("/api/readings", { since });
    $("name").textContent = state.name;
    $("trouble").hidden = !state.trouble;
    $("trouble").textContent = state.trouble;
    for (const each of state.readings) {
      if (readings.length && each.startedAt !== last().startedAt) readings = [];
      readings.push(each);
    }
    readings = readings.slice(-KEEP);
    if (!state.readings.length || !last()) return;
    const now = last();
    document.title = (state.trouble ? "! " : "") + brief(now.streamsActive) + " streams – " + state.name;
    $("about").textContent = "Sluice " + now.version + " · up " + time(now.uptimeSeconds * 1000) + " · table " + now.tableVersion;
    drawFigures();
    drawPicture();
    drawCharts();
    drawLiberators();
    const listeners = now.listeners.map((each) => each.name);
    const select = $("explain-listener");
    if ([...select.options].map((each) => each.value).join() !== listeners.join()) {
      const http = now.listeners.findIndex((each) => each.kind === "http" && !each.liberator);
      select.replaceChildren(...listeners.map((each) => new Option(each)));
      select.selectedIndex = Math.max(0, http);
    }
  } catch (gone) {
    $("trouble").hidden = false;
    $("trouble").textContent = "sluicectl web has ended: " + gone.message;
  }
}

async function slowRound() {
  if (appliance === ALL) return;
  try {
    role = (await ask("/api/role")).role || "viewer";
    $("role").textContent = role;
    routes = await ask("/api/routes");
    refreshTables();
  } catch (gone) { /* the round says so */ }
}

function theme(which) {
  document.documentElement.dataset.theme = which;
  try { localStorage.setItem("theme", which); } catch (none) { /* private */ }
  if (last() && appliance !== ALL) drawCharts();
}

async function start() {
  let chosen = null;
  try { chosen = localStorage.getItem("theme"); } catch (none) { /* private */ }
  theme(chosen || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  $("theme").onclick = () => theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  $("stream-form").onsubmit = (event) => { event.preventDefault(); drawStreams(); };
  $("explain-form").onsubmit = async (event) => {
    event.preventDefault();
    try {
      $("explanation").textContent = (await ask("/api/explain", {
        listener: $("explain-listener").value, host: $("explain-host").value, path: $("explain-path").value, sni: $("explain-sni").value,
        client: $("explain-client").value.trim(),
      })).join("\n");
    } catch (refused) { $("explanation").textContent = refused.message; }
  };
  names = await ask("/api/appliances");
  $("choose").hidden = names.length < 2;
  $("appliance").replaceChildren(new Option("All side by side", ALL), ...names.map((each, i) => new Option(each, i)));
  $("appliance").onchange = () => choose($("appliance").value === ALL ? ALL : Number($("appliance").value));
  addEventListener("popstate", (event) => { if (event.state) show(event.state.appliance); });
  addEventListener("resize", fitCharts);
  setInterval(round, 1000);
  setInterval(slowRound, 3000);
  const first = names.length > 1 ? ALL : 0;
  history.replaceState({ appliance: first }, "", "/");
  await show(first);
}
start();
