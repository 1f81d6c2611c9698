// The page of the Sluice demo: opens every kind of stream that a browser can make to each Liberator, through Sluice,
// and checks on every message which Liberator sent it. No framework, nothing from elsewhere.

const CONNECT_LIMIT_MS = 8000;    // from opening to the first line
const QUIET_MS = 3000;            // shown in amber; the Liberator sends a heartbeat every 2 s
const SILENT_LIMIT_MS = 10000;    // then the stream counts as lost, as StreamLink does it (5 s + 5 s)
const COMMAND_EVERY_MS = 5000;
const COMMAND_LIMIT_MS = 5000;
const POLL_EVERY_MS = 1000;
const BACKOFF_MS = [1000, 2000, 4000, 8000, 15000];
const RATES = [0, 1, 2, 5, 10, 20, 50, 100, 200];
const SPARK_POINTS = 32;

const whole = new Intl.NumberFormat('en-GB');
const $ = (id) => document.getElementById(id);
const setText = (element, text) => { if (element.textContent !== text) element.textContent = text; };
const setData = (element, name, value) => { if (element.dataset[name] !== value) element.dataset[name] = value; };

// ---- the kinds of connection --------------------------------------------------------------------------------------
// Each opens a stream at `base` and tells `on.line(text)` and, once, `on.lost(why)`. It returns how to close the stream
// and, where commands go over the same connection, how to say something on it.

function linesOf(text, on) {
  for (const line of text.split('\n')) if (line.trim() !== '') on.line(line);
}

function openWebSocket(base, on) {
  const socket = new WebSocket(base.replace(/^http/, 'ws') + '/RTTP-TYPE8');
  let opened = false;
  socket.onopen = () => { opened = true; };
  socket.onmessage = (event) => linesOf(event.data, on);
  socket.onclose = (event) => on.lost(!opened ? 'the WebSocket was refused'
    : event.code === 1006 ? 'the connection was cut (1006)'
      : event.code === 1001 ? 'closed by Sluice: going away (1001)' : `closed with code ${event.code}`);
  return { close: () => { socket.onclose = null; socket.close(); }, say: (line) => socket.send(line) };
}

function openEventSource(base, on) {
  const source = new EventSource(base + '/RTTP-TYPE9');
  source.onmessage = (event) => linesOf(event.data, on);
  source.onerror = () => { source.close(); on.lost('the event stream ended'); };
  return { close: () => source.close() };
}

function openHttpStream(base, on) {
  const abort = new AbortController();
  (async () => {
    const response = await fetch(base + '/RTTP-TYPE2?X-RTTP-Type2-Pad-Length=2048', { signal: abort.signal, cache: 'no-store' });
    if (!response.ok) throw new Error(`answered ${response.status}`);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new Error('the response ended');
      const end = value.lastIndexOf('\n');
      if (end < 0) { rest += value; continue; }
      linesOf(rest + value.slice(0, end), on);
      rest = value.slice(end + 1);
    }
  })().catch((error) => on.lost(error instanceof TypeError ? 'the connection was cut' : error.message));
  return { close: () => abort.abort() };
}

function openForeverFrame(base, on) {
  const frame = document.createElement('iframe');
  const origin = encodeURIComponent(location.origin);
  const heard = (event) => {
    if (event.source === frame.contentWindow && event.origin === base && typeof event.data?.rttp === 'string') {
      on.line(event.data.rttp);
    }
  };
  frame.hidden = true;
  frame.title = 'forever frame';
  frame.src = `${base}/RTTP-TYPE5?X-RTTP-Type5-Pad-Length=4096&origin=${origin}`;
  frame.onload = () => on.lost('the frame ended');    // a forever frame never finishes loading
  addEventListener('message', heard);
  document.body.append(frame);
  return { close: () => { removeEventListener('message', heard); frame.onload = null; frame.remove(); } };
}

function openPoll(base, on) {
  const abort = new AbortController();
  let timer = 0;
  const ask = async (session) => {
    try {
      const response = await fetch(base + '/RTTP-TYPE3', {
        method: session ? 'POST' : 'GET',
        body: session,
        cache: 'no-store',
        signal: AbortSignal.any([abort.signal, AbortSignal.timeout(SILENT_LIMIT_MS)]),
      });
      if (!response.ok) throw new Error(`the poll was answered with ${response.status}`);
      const text = await response.text();
      if (abort.signal.aborted) return;
      linesOf(text, on);
      timer = setTimeout(ask, POLL_EVERY_MS, text.slice(0, text.indexOf(' ')));
    } catch (error) {
      if (!abort.signal.aborted) on.lost(error instanceof TypeError ? 'the poll got no answer' : error.message);
    }
  };
  ask(undefined);
  return { close: () => { clearTimeout(timer); abort.abort(); } };
}

const KINDS = [
  { kind: 'websocket', name: 'WebSocket', path: '/RTTP-TYPE8', short: 'WebSocket', open: openWebSocket },
  { kind: 'sse', name: 'Server-sent events', path: '/RTTP-TYPE9', short: 'SSE', open: openEventSource },
  { kind: 'http-stream', name: 'HTTP stream', path: '/RTTP-TYPE2', short: 'HTTP stream', open: openHttpStream },
  { kind: 'forever-frame', name: 'Forever frame', path: '/RTTP-TYPE5', short: 'Frame', open: openForeverFrame },
  { kind: 'poll', name: 'Polling', path: '/RTTP-TYPE3', short: 'Poll', open: openPoll },
  { kind: 'direct', name: 'Direct', short: 'Direct' },
];
const BROWSER_KINDS = KINDS.filter((kind) => kind.open);

/** What stands behind a lost stream, found out by asking for StreamLink's liveness picture. */
async function whoIsMissing(base, liberator) {
  const url = `${base}/url-check.gif?${Date.now()}`;
  const ask = (mode) => fetch(url, { mode, cache: 'no-store', signal: AbortSignal.timeout(3000) });
  try {
    const response = await ask('cors');
    return response.ok ? '' : `url-check.gif is answered with ${response.status}`;
  } catch { /* no answer that this page may read */ }
  try {
    await ask('no-cors');
    return `Sluice answers, Liberator ${liberator} behind it does not`;
  } catch {
    return `${base.replace(/^https?:\/\//, '')} does not answer`;
  }
}

// ---- a panel: one kind of connection to one Liberator ---------------------------------------------------------------

class Tile {
  constructor(name) {
    this.element = $('tile').content.firstElementChild.cloneNode(true);
    this.sides = { Bid: this.element.querySelector('.bid'), Ask: this.element.querySelector('.ask') };
    this.line = this.element.querySelector('polyline');
    this.shown = {};
    this.latest = {};
    this.mids = [];
    const code = name.slice(name.indexOf('/') + 1);
    setText(this.element.querySelector('.name'), `${code.slice(0, 3)}/${code.slice(3)}`);
  }

  take(fields) {
    this.latest = fields;
    this.mids.push((Number(fields.Bid) + Number(fields.Ask)) / 2);
    if (this.mids.length > SPARK_POINTS) this.mids.shift();
  }

  render() {
    if (this.latest === this.drawn) return;
    this.drawn = this.latest;
    for (const [name, element] of Object.entries(this.sides)) this.renderPrice(name, element);
    const low = Math.min(...this.mids);
    const span = Math.max(...this.mids) - low || 1;
    const step = 100 / (SPARK_POINTS - 1);
    const first = SPARK_POINTS - this.mids.length;
    this.line.setAttribute('points', this.mids
      .map((mid, i) => `${((first + i) * step).toFixed(1)},${(18 - (mid - low) / span * 16).toFixed(1)}`).join(' '));
  }

  renderPrice(name, element) {
    const text = this.latest[name];
    const before = this.shown[name];
    if (text === before) return;
    this.shown[name] = text;
    const figure = element.querySelector('.figure');
    const strong = document.createElement('b');
    strong.textContent = text.slice(-2);
    figure.replaceChildren(text.slice(0, -2), strong);
    if (before === undefined) return;
    const went = Number(text) > Number(before) ? 'up' : 'down';
    setData(this.element, 'went', went);
    element.classList.remove('up', 'down');
    requestAnimationFrame(() => element.classList.add(went));
  }
}

class Panel {
  constructor(target, kind, index) {
    Object.assign(this, { target, kind, base: target.url, index });
    const element = $('panel').content.firstElementChild.cloneNode(true);
    const part = (selector) => element.querySelector(selector);
    this.element = element;
    this.parts = {
      state: part('.state-text'), reason: part('.reason'), tiles: part('.tiles'), badge: part('.badge'),
      always: part('.always'), rate: part('.rate-now'), age: part('.age'), latency: part('.latency'),
      command: part('.command'), count: part('.count'), pause: part('.pause'), reconnect: part('.reconnect'),
    };
    element.dataset.liberator = target.name;
    element.dataset.side = target.side;
    element.dataset.kind = kind.kind;
    setText(part('h3'), kind.name);
    setText(part('.where'), kind.path);
    const what = `${kind.name}, Liberator ${target.name}`;
    element.setAttribute('aria-label', what);
    this.parts.pause.setAttribute('aria-label', `Pause ${what}`);
    this.parts.reconnect.setAttribute('aria-label', `Reconnect ${what}`);
    this.parts.pause.onclick = () => (this.state === 'paused' ? this.connect() : this.pause());
    this.parts.reconnect.onclick = () => this.connect();
    this.tiles = new Map();
    this.state = 'connecting';
    this.messages = 0;       // price lines, over all connections of this panel
    this.wrong = 0;          // lines that another Liberator sent
    this.gaps = 0;
    this.tries = 0;
    this.rateMarks = [];     // [time, messages], the last five seconds
  }

  connect() {
    this.drop();
    this.state = 'connecting';
    this.session = undefined;
    this.sequence = undefined;
    this.openedMs = performance.now();
    this.heardMs = undefined;
    this.commandMs = undefined;
    this.commandSentMs = 0;
    this.commandAtMs = this.openedMs + 400 + this.index * 180;
    const attempt = {};
    this.attempt = attempt;
    const ifCurrent = (action) => (argument) => { if (this.attempt === attempt) action(argument); };
    try {
      this.connection = this.kind.open(this.base, {
        line: ifCurrent((line) => this.take(line)),
        lost: ifCurrent((why) => this.lose(why)),
      });
    } catch (error) {
      this.lose(error.message);
    }
  }

  drop() {
    clearTimeout(this.retryTimer);
    this.attempt = undefined;
    this.connection?.close();
    this.connection = undefined;
    this.retryAtMs = undefined;
    this.why = undefined;
  }

  pause() {
    this.drop();
    this.state = 'paused';
    this.tries = 0;
  }

  async lose(why) {
    this.drop();
    this.state = 'lost';
    this.why = why;
    const waitMs = BACKOFF_MS[Math.min(this.tries++, BACKOFF_MS.length - 1)] * (0.85 + Math.random() * 0.3);
    this.retryAtMs = performance.now() + waitMs;
    this.retryTimer = setTimeout(() => this.connect(), waitMs);
    const lostAtMs = this.retryAtMs;
    const missing = await whoIsMissing(this.base, this.target.name);
    if (this.state === 'lost' && this.retryAtMs === lostAtMs && missing) this.why = `${why}: ${missing}`;
  }

  take(line) {
    const words = line.split(' ');
    this.heardMs = performance.now();
    this.lastMs = this.heardMs;
    if (words[1] === 'OK') { this.answered(); return; }
    const [session, type, servedBy] = words;
    this.session ??= session;
    this.servedBy = servedBy;
    if (servedBy !== this.target.name) this.wrong++;
    if (this.state !== 'live') { this.state = 'live'; this.tries = 0; }
    if (type === '1') this.price(words);
  }

  price(words) {
    const fields = Object.fromEntries(words.slice(4).map((word) => word.split('=')));
    const sequence = Number(fields.Seq);
    if (this.sequence !== undefined && sequence !== this.sequence + 1) this.gaps++;
    this.sequence = sequence;
    this.latencyMs = Date.now() - Number(fields.At);
    this.messages++;
    let tile = this.tiles.get(words[3]);
    if (!tile) {
      tile = new Tile(words[3]);
      this.tiles.set(words[3], tile);
      this.parts.tiles.append(tile.element);
    }
    tile.take(fields);
  }

  // The command channel: for split kinds another connection, which must reach the same Liberator.
  async command() {
    this.commandAtMs = performance.now() + COMMAND_EVERY_MS;
    this.commandSentMs = performance.now();
    const line = `${this.session} NOOP`;
    if (this.connection.say) { this.connection.say(line); return; }
    const attempt = this.attempt;
    try {
      const response = await fetch(this.base + this.kind.path,
        { method: 'POST', body: line, cache: 'no-store', signal: AbortSignal.timeout(COMMAND_LIMIT_MS) });
      const text = await response.text();
      if (this.attempt !== attempt) return;
      if (response.ok && text.startsWith(`${this.session} OK`)) this.answered();
      else this.lose(response.status === 404 ? 'the command reached a Liberator that does not know this session' : `the command was answered with ${response.status}`);
    } catch {
      if (this.attempt === attempt) this.lose('the command got no answer');
    }
  }

  answered() {
    this.commandMs = performance.now() - this.commandSentMs;
  }

  /** Five times a second: what depends on time. */
  tick(nowMs) {
    this.rateMarks.push([nowMs, this.messages]);
    while (nowMs - this.rateMarks[0][0] > 5000) this.rateMarks.shift();
    const [sinceMs, since] = this.rateMarks[0];
    this.perSecond = nowMs > sinceMs ? (this.messages - since) * 1000 / (nowMs - sinceMs) : 0;
    if (document.hidden) return;    // browsers slow the timers of hidden pages down: nothing can be judged by them
    if (this.state === 'connecting' && nowMs - this.openedMs > CONNECT_LIMIT_MS) {
      this.lose(`no first line within ${CONNECT_LIMIT_MS / 1000} s`);
    } else if (this.state === 'live' && nowMs - this.heardMs > SILENT_LIMIT_MS) {
      this.lose(`nothing heard for ${SILENT_LIMIT_MS / 1000} s`);
    } else if (this.state === 'live' && (nowMs >= this.commandAtMs || (this.quiet && this.commandSentMs < this.heardMs))) {
      this.command();    // at once when a stream falls silent: browsers do not report a forever frame that was cut
    }
  }

  get quiet() {
    return this.state === 'live' && performance.now() - this.heardMs > QUIET_MS;
  }

  render(nowMs) {
    const { element, parts } = this;
    const ageMs = nowMs - (this.lastMs ?? nowMs);
    setData(element, 'state', this.state);
    setData(element, 'messages', String(this.messages));
    setData(element, 'servedBy', this.servedBy ?? '');
    element.toggleAttribute('data-quiet', this.quiet);
    setText(parts.state, this.quiet ? 'quiet' : this.state);
    setText(parts.pause, this.state === 'paused' ? 'Resume' : 'Pause');
    parts.reason.hidden = this.state !== 'lost';
    if (this.state === 'lost') {
      const seconds = Math.max(0, Math.ceil((this.retryAtMs - nowMs) / 1000));
      setText(parts.reason, `Lost: ${this.why}. Next try in ${seconds} s.`);
      parts.reason.title = parts.reason.textContent;
    }
    setText(parts.badge, this.servedBy ?? '–');
    setText(parts.always, this.wrong > 0 ? `${whole.format(this.wrong)} not from ${this.target.name}`
      : this.servedBy === undefined ? 'waiting' : `always ${this.target.name} ✓`);
    parts.always.classList.toggle('wrong', this.wrong > 0);
    parts.badge.classList.toggle('wrong', this.servedBy !== undefined && this.servedBy !== this.target.name);
    parts.always.classList.toggle('waiting', this.servedBy === undefined);
    setText(parts.rate, this.state === 'live' ? `${(this.perSecond ?? 0).toFixed(1)} / s` : '–');
    setText(parts.age, this.lastMs === undefined ? '–' : ageMs < 60000 ? `${(ageMs / 1000).toFixed(1)} s ago` : `${duration(ageMs)} ago`);
    setText(parts.latency, this.state === 'live' && this.latencyMs !== undefined ? `${Math.max(0, this.latencyMs)} ms` : '–');
    setText(parts.command, this.commandMs === undefined || this.state !== 'live' ? '–' : `${this.commandMs < 1 ? '<1' : Math.round(this.commandMs)} ms`);
    setText(parts.count, this.messages === 0 ? ''
      : `${whole.format(this.messages)} prices${this.gaps > 0 ? `, ${whole.format(this.gaps)} gaps` : ''}`);
    for (const tile of this.tiles.values()) tile.render();
  }
}

// ---- the appliance: picture, tables, figures -------------------------------------------------------------------------

function duration(ms) {
  const seconds = Math.floor(ms / 1000);
  const two = (number) => String(number).padStart(2, '0');
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${two(seconds % 60)} min`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)} h`;
  return `${Math.floor(seconds / 86400)} d ${Math.floor(seconds / 3600) % 24} h`;
}

function size(bytes) {
  for (const [unit, factor] of [['GiB', 2 ** 30], ['MiB', 2 ** 20], ['KiB', 2 ** 10]]) {
    if (bytes >= factor) return `${(bytes / factor).toFixed(1)} ${unit}`;
  }
  return `${bytes} B`;
}

function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

class Appliance {
  constructor(config) {
    this.targets = config.targets;
    this.heardMs = performance.now();
    this.cards = new Map();
    for (const target of this.targets) this.addTarget(target);
    this.draw('link-in');
    this.draw('link-out');
  }

  addTarget(target) {
    const side = make('li');
    side.dataset.side = target.side;
    const words = make('div');
    const streams = make('strong', '');
    const note = make('small', '');
    words.append(streams, note);
    side.append(make('span', target.name, 'badge'), words);
    $('browser-sides').append(side);

    const card = make('article', undefined, 'lib');
    card.dataset.side = target.side;
    const body = make('div', undefined, 'body');
    const heading = make('h2', `Liberator ${target.name}`);
    const address = make('p', '');
    const chips = make('ul', undefined, 'chips');
    body.append(heading, address, chips);
    card.append(make('span', target.name, 'badge large'), body);
    $('liberators').append(card);
    this.cards.set(target.liberator, { card, streams, note, address, chips });
  }

  /** Two streams of water that never cross. They flow as prices do, from the Liberator to the browser. */
  draw(id) {
    for (const target of this.targets) {
      const channel = make('div', undefined, 'channel');
      channel.dataset.side = target.side;
      channel.dataset.target = target.name;
      channel.append(make('span', undefined, 'flow'));
      $(id).append(channel);
    }
  }

  async refresh() {
    try {
      const response = await fetch('state.json', { cache: 'no-store', signal: AbortSignal.timeout(4000) });
      if (!response.ok) throw new Error(`answered ${response.status}`);
      this.show(await response.json());
      this.heardMs = performance.now();
    } catch { /* the alarm shows how long ago we heard */ }
    setTimeout(() => this.refresh(), 1000);
  }

  show(state) {
    setText($('fact-checks'), whole.format(state.stickiness.checks));
    setText($('fact-violations'), whole.format(state.stickiness.violations));
    mark($('fact-violations-box'), state.stickiness.violations === 0);
    setText($('fact-violations-note'), state.stickiness.violations === 0 ? 'as it must be' : 'must be 0');
    setText($('fact-uptime'), duration(state.uptimeMillis));
    setText($('fact-version'), state.version);
    setText($('table-version'), `routing table ${state.tableVersion}`);
    showRate(state.messagesPerSecond);
    $('listeners').replaceChildren(...state.listeners.map((listener) => {
      const item = make('li', `${listener.name} ${listener.address} `);
      item.title = `${listener.kind} listener`;
      item.append(make('b', whole.format(listener.openConnections)), ' open');
      return item;
    }));
    $('routes').replaceChildren(...state.routes.map((route) => this.row([
      route.listener, route.match, this.liberatorCell(route.liberator), route.onDown, [whole.format(route.openStreams)],
    ])));
    for (const liberator of state.liberators) this.showLiberator(liberator);
    $('recent').replaceChildren(...state.streams.map((stream) => {
      const row = this.row([
        stream.id, stream.kind, stream.client, stream.host, this.liberatorCell(stream.liberator),
        [duration(stream.openMillis)], [size(stream.toClientBytes)], stream.end ?? make('span', 'open', 'open-now'),
      ]);
      row.classList.toggle('ended', stream.end !== null);
      return row;
    }));
  }

  showLiberator(liberator) {
    const known = this.cards.get(liberator.name);
    if (!known) return;
    const open = liberator.openByKind;
    setText(known.address, `${liberator.address} · ${liberator.state} · ${whole.format(liberator.openedTotal)} opened · ${size(liberator.toClientBytes)} out`);
    known.card.classList.toggle('down', liberator.state === 'down');
    const extra = Object.keys(open).filter((kind) => !KINDS.some((one) => one.kind === kind))
      .map((kind) => ({ kind, short: kind }));
    known.chips.replaceChildren(...[...KINDS, ...extra].map(({ kind, short }) => {
      const count = open[kind] ?? 0;
      return make('li', `${short} ${whole.format(count)}`, count === 0 ? 'none' : '');
    }));
    const direct = document.querySelector(`[data-direct="${CSS.escape(liberator.name)}"]`);
    if (direct) setText(direct, `${whole.format(open.direct ?? 0)} open now`);
  }

  liberatorCell(name) {
    const target = this.targets.find((candidate) => candidate.liberator === name);
    const cell = make('span');
    const dot = make('span', undefined, 'dot-side');
    if (target) dot.dataset.side = target.side;
    cell.append(dot, name);
    return cell;
  }

  /** A cell in brackets is a number. */
  row(cells) {
    const row = make('tr');
    for (const cell of cells) {
      const data = make('td', undefined, Array.isArray(cell) ? 'number' : '');
      data.append(...[cell].flat());
      row.append(data);
    }
    return row;
  }

  render(nowMs, panels) {
    const silentMs = nowMs - this.heardMs;
    $('alarm').hidden = silentMs < 4000;
    if (silentMs >= 4000) {
      setText($('alarm'), `The demo has not answered for ${duration(silentMs)}: Sluice's figures and tables below are from before. Was it stopped?`);
    }
    for (const target of this.targets) {
      const own = panels.filter((panel) => panel.target === target);
      const live = own.filter((panel) => panel.state === 'live');
      const { streams, note } = this.cards.get(target.liberator);
      setText(streams, `${live.length} of ${own.length} streams`);
      setText(note, `${live.reduce((sum, panel) => sum + (panel.perSecond ?? 0), 0).toFixed(0)} messages / s from ${target.name}`);
      for (const flow of document.querySelectorAll(`[data-target="${CSS.escape(target.name)}"]`)) {
        setData(flow, 'flows', live.length > 0 ? 'yes' : 'no');
      }
    }
  }
}

function mark(box, good) {
  box.classList.toggle('good', good);
  box.classList.toggle('bad', !good);
}

// ---- the whole page --------------------------------------------------------------------------------------------------

let touchedRateMs = -10000;

function showRate(messagesPerSecond) {
  if (performance.now() - touchedRateMs < 2500) return;    // the reader's hand is on it
  let nearest = 0;
  RATES.forEach((rate, i) => {
    if (Math.abs(rate - messagesPerSecond) < Math.abs(RATES[nearest] - messagesPerSecond)) nearest = i;
  });
  $('rate').value = String(nearest);
  rateText(messagesPerSecond);
}

function rateText(messagesPerSecond) {
  const text = messagesPerSecond === 0 ? 'none' : `${messagesPerSecond} / s`;
  setText($('rate-text'), text);
  $('rate').setAttribute('aria-valuetext', text);
}

$('rate').oninput = () => {
  touchedRateMs = performance.now();
  const rate = RATES[Number($('rate').value)];
  rateText(rate);
  fetch('rate', { method: 'POST', body: String(rate) }).catch(() => { touchedRateMs = -10000; });
};

function health(panels) {
  const count = (state) => panels.filter((panel) => panel.state === state).length;
  const quiet = panels.filter((panel) => panel.quiet).length;
  const [live, lost, paused] = [count('live'), count('lost'), count('paused')];
  const state = lost > 0 ? 'lost' : quiet > 0 ? 'quiet' : live === panels.length ? 'live' : 'connecting';
  const words = [`${live} of ${panels.length} live`];
  if (lost > 0) words.push(`${lost} lost`);
  if (quiet > 0) words.push(`${quiet} quiet`);
  if (paused > 0) words.push(`${paused} paused`);
  setData($('health'), 'state', state);
  setText($('health-text'), words.join(', '));
  document.title = lost > 0 ? `${lost} lost – Sluice demo` : 'Sluice demo';
  setText($('fact-live'), String(live));
  setText($('fact-panels'), `of ${panels.length}`);
  setText($('fact-messages'), whole.format(panels.reduce((sum, panel) => sum + panel.messages, 0)));
  setText($('fact-rate'), `${panels.reduce((sum, panel) => sum + (panel.state === 'live' ? panel.perSecond ?? 0 : 0), 0).toFixed(0)} / s`);
  const wrong = panels.reduce((sum, panel) => sum + panel.wrong, 0);
  setText($('fact-wrong'), whole.format(wrong));
  setText($('fact-wrong-note'), wrong === 0 ? 'checked on every message' : 'messages');
  mark($('fact-wrong-box'), wrong === 0);
  setText($('pause-all'), paused === panels.length ? 'Resume all' : 'Pause all');
}

function directBox(target) {
  const box = make('aside', undefined, 'direct');
  box.dataset.side = target.side;
  if (!target.direct) return box;
  const command = `nc ${target.direct.replace(/:(\d+)$/, ' $1')}`;
  const copy = make('button', 'Copy');
  copy.type = 'button';
  copy.setAttribute('aria-label', `Copy ${command}`);
  copy.onclick = async () => {
    try {
      await navigator.clipboard.writeText(command);
      copy.textContent = 'Copied';
    } catch {
      copy.textContent = 'Not allowed';
    }
    setTimeout(() => { copy.textContent = 'Copy'; }, 1500);
  };
  const open = make('span', '', 'open');
  open.dataset.direct = target.liberator;
  box.append(make('b', 'Direct'), 'plain TCP, which a browser cannot open. Try', make('code', command), copy, open);
  return box;
}

async function start() {
  const config = await (await fetch('config.json', { cache: 'no-store' })).json();
  setText($('title'), config.title);
  setText($('stop'), config.stop);
  if (config.jmx) {
    $('jmx').hidden = false;
    setText($('jmx').querySelector('code'), config.jmx);
  }
  config.targets.forEach((target, i) => { target.side = i === 0 ? 'A' : 'B'; });    // the colour, not the name
  const appliance = new Appliance(config);
  const columns = config.targets.map((target) => {
    const head = make('header', undefined, 'column-head');
    head.dataset.side = target.side;
    head.append(make('span', target.name, 'badge'), make('h2', `Liberator ${target.name}`), make('code', target.url));
    const panels = BROWSER_KINDS.map((kind, i) => new Panel(target, kind, i));
    return { panels, cells: [head, ...panels.map((panel) => panel.element), directBox(target)] };
  });
  const narrow = matchMedia('(max-width: 900px)');
  const arrange = () => {
    // Side by side a row holds one kind of both Liberators; on a narrow screen one Liberator follows the other.
    const cells = narrow.matches ? columns.flatMap((column) => column.cells)
      : columns[0].cells.flatMap((_, row) => columns.map((column) => column.cells[row]));
    $('streams').append(...cells);
  };
  arrange();
  narrow.onchange = arrange;

  const panels = columns.flatMap((column) => column.panels);
  const render = () => {
    const nowMs = performance.now();
    for (const panel of panels) panel.render(nowMs);
    appliance.render(nowMs, panels);
    health(panels);
  };
  $('pause-all').onclick = () => {
    const resume = panels.every((panel) => panel.state === 'paused');
    for (const panel of panels) if (resume) panel.connect(); else panel.pause();
    render();
  };
  $('reconnect-all').onclick = () => { for (const panel of panels) panel.connect(); render(); };
  document.addEventListener('click', (event) => { if (event.target.closest('.panel button')) render(); });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) for (const panel of panels) panel.openedMs = panel.heardMs = performance.now();
  });
  addEventListener('pagehide', () => { for (const panel of panels) panel.drop(); });
  addEventListener('pageshow', (event) => { if (event.persisted) for (const panel of panels) panel.connect(); });

  for (const panel of panels) panel.connect();
  appliance.refresh();
  setInterval(() => {
    const nowMs = performance.now();
    for (const panel of panels) panel.tick(nowMs);
    render();
  }, 200);
}

// After the page has loaded, so that the endless frames do not keep it loading.
const begin = () => start().catch((error) => {
  $('alarm').hidden = false;
  setText($('alarm'), `The page could not start: ${error.message}`);
});
if (document.readyState === 'complete') begin();
else addEventListener('load', begin);
