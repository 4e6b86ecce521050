"""Code that has taken the worker's own port from it: everything that the page hears is forged.

The port is reached through what user code may replace in its worker. Whatever is then answered in
the place of Python falsifies at most its own session: the page lives, shows no error of its own
and runs Python again.
"""

from __future__ import annotations

import json

from tests.e2e.person import Person

#: Calls ``forge(port, message)`` for each message that the worker receives, then for ever.
STEAL = """
(() => {
  const { get } = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data');
  const seen = new WeakSet();
  const forge = %s;
  Object.defineProperty(MessageEvent.prototype, 'data', {
    configurable: true,
    get() {
      const data = get.call(this);
      if (data && data.type === 'call' && !seen.has(this)) {
        seen.add(this);
        forge(this.currentTarget, data);
      }
      return data;
    },
  });
})();
"""

LOAD = """
import js
from pyodide.ffi import to_js
js.importScripts(js.URL.createObjectURL(js.Blob.new(to_js([SOURCE]))))
"""

FORGERIES = {
    "answers of every shape": """(port, { id }) => {
  const shapes = ['', 'null', '[]', '{}', '1e999', '{"units":1,"new":{}}', '[[1]]', '"x"',
    '{"status":"ok"}', '{"status":"ok","durationMs":-1}', '{"__proto__":{"status":"ok"}}'];
  self.turn = ((self.turn ?? -1) + 1) % shapes.length;
  port.postMessage({ type: 'reply', id, json: shapes[self.turn], buffers: [] });
}""",
    "answers that are no text": """(port, { id }) => {
  for (const json of [1, null, {}, [], new Date(), new Map()])
    port.postMessage({ type: 'reply', id, json, buffers: [] });
  for (const buffers of [null, 1, [1], [new Uint8Array(3)], { length: 2 }])
    port.postMessage({ type: 'reply', id, json: '[]', buffers });
  for (const wrong of [null, 0, 'x', [], {}, { type: 'constructor' }, { type: '__proto__' }])
    port.postMessage(wrong);
  port.postMessage({ type: 'refusal', id, json: '{"code":"__proto__","message":7}' });
}""",
    "brackets without end": """(port, { id }) => {
  port.postMessage({ type: 'reply', id, json: '['.repeat(2e7), buffers: [] });
}""",
    "strings without end": """(port, { id }) => {
  port.postMessage({ type: 'reply', id, json: '["' + '\\\\"'.repeat(1e7), buffers: [] });
}""",
    "a capture of nonsense": """(port, { id, call }) => {
  const names = ['__proto__', 'constructor', '\\ud800', 'x'.repeat(299)];
  const far = '../../../etc/passwd';
  const row = { name: '__proto__', type: '<b>', sizeBytes: 2 ** 53 - 1, preview: '<img src=x>' };
  const capture = { units: [{ names, blob: 9999, size: 2 ** 53 - 1 }], new: [0], directories: [],
    files: call.limits ? [{ path: 'a', blob: 7, size: 1, modifiedAt: 0 }] : [{ path: far }],
    unsaved: [{ name: '__proto__', reason: '' }], variables: [row, row], captureMs: 1e11 };
  const json = call.name === 'variables' ? [row, row] : call.name === 'capture' ? capture
    : { status: 'ok', durationMs: 1e11, restored: names, failed: [], variables: [row] };
  const buffers = call.name === 'capture' ? [new ArrayBuffer(1e6)] : [];
  port.postMessage({ type: 'reply', id, json: JSON.stringify(json), buffers });
}""",
    "words that start and end": """(port, { id }) => {
  setInterval(() => { for (let i = 0; i < 2000; i += 1)
    port.postMessage({ type: 'started', id }); }, 1);
  port.postMessage({ type: 'booted', start: { kind: 'plain', bootMs: 1 } });
}""",
    "questions without end": """(port, { id }) => {
  setInterval(() => { for (let i = 0; i < 2000; i += 1)
    port.postMessage({ type: 'input', id, prompt: '<b>' + i, password: true }); }, 1);
}""",
    "tiny outputs without end": """(port, { id }) => {
  const texts = Array(1000).fill('[]');
  setInterval(() => { for (let i = 0; i < 100; i += 1)
    port.postMessage({ type: 'outputs', id, texts }); }, 1);
}""",
    "its own death": """(port) => {
  port.postMessage({ type: 'dead', reason: '<img src=x onerror=window.stolen=1>'.repeat(9e4) });
}""",
}

#: Runs code and gives up on its end after two seconds; says how long the page was not there.
ATTACK = """async (sources) => {
  let [late, last] = [0, performance.now()];
  const beat = setInterval(() => {
    late = Math.max(late, performance.now() - last);
    last = performance.now();
  }, 20);
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  for (const source of sources)
    await Promise.race([playground.execute(source).catch(() => null), pause(1200)]);
  await Promise.race([playground.variables().catch(() => null), pause(1000)]);
  await Promise.race([playground.interrupt().catch(() => null), pause(5000)]);
  clearInterval(beat);
  return late;
}"""


def test_forged_words_harm_no_page(ada: Person) -> None:
    for name, forgery in FORGERIES.items():
        load = f"SOURCE = {json.dumps(STEAL % forgery)}\n{LOAD}"
        late = ada.page.evaluate(ATTACK, [load, "1 + 1", "print('x'); 2"])
        assert late < 4_000, name
        assert ada.errors == [], name
        assert ada.page.evaluate("globalThis.stolen ?? null") is None, name
        assert ada.page.evaluate("Object.keys({}.__proto__).length") == 0, name
        ada.reload()
        assert ada.text("40 + 2") == "42", name
