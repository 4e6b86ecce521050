// Performs scripts of the battery in Pyodide, each in an interpreter of its own, inside a worker.
// First message: what to boot from (see page.mjs). Then `{id, scripts: [[name, script], ...]}`, which
// is answered by `{id, results: {name: [...]}}`.
const GROWTH_STEP = 4 * 1024 * 1024;
const WHEELS = '/lib/wheels';

let loadPyodide;
let create;
let setup;

/** Boots from the distribution's memory snapshot, as the product's boot.ts does. */
async function boot() {
  const { base, lock, snapshot, wheels, driver } = setup;
  const createPyodideModule = async (settings) => {
    const module = await create(settings);
    const header = new DataView(snapshot.buffer, snapshot.byteOffset).getUint32(4, true);
    const needed = snapshot.length - header;
    while (module.HEAP8.length < needed) module._malloc(Math.min(GROWTH_STEP, needed));
    module.HEAP8.fill(0, needed);
    return module;
  };
  const pyodide = await loadPyodide({
    indexURL: base,
    lockFileContents: lock,
    createPyodideModule,
    _loadSnapshot: snapshot,
    stdout: () => undefined,
    stderr: () => undefined,
  });
  pyodide.FS.mkdirTree(WHEELS);
  for (const [i, wheel] of wheels.entries()) pyodide.FS.writeFile(`${WHEELS}/wheel${i}.whl`, wheel);
  pyodide.globals.set('source', driver);
  pyodide.runPython(`
import json, sys, types
sys.dont_write_bytecode = True
for _place in range(${wheels.length}):
    if f"${WHEELS}/wheel{_place}.whl" not in sys.path:
        sys.path.append(f"${WHEELS}/wheel{_place}.whl")
_driver = types.ModuleType("battery_driver")
exec(source, _driver.__dict__)
async def perform(text, store, _driver=_driver, _dumps=json.dumps, _loads=json.loads):
    from pyodide.ffi import to_js
    kept = {key: value.to_bytes() for key, value in store.items()}
    results = await _driver.perform(_loads(text), "/home/pyodide", kept)
    for key, value in kept.items():
        store.set(key, to_js(value))
    return _dumps(results)
`);
  return pyodide;
}

async function perform(script, store) {
  const pyodide = await boot();
  try {
    return JSON.parse(await pyodide.globals.get('perform')(JSON.stringify(script), store));
  } catch (error) {
    return [{ lost: String(error).slice(-2000) }];
  }
}

async function begin(given) {
  setup = given;
  // The module is compiled once, by the page, for all workers.
  WebAssembly.instantiateStreaming = async (_, imports) => ({
    module: setup.wasm,
    instance: await WebAssembly.instantiate(setup.wasm, imports),
  });
  ({ loadPyodide } = await import(`${setup.base}pyodide.mjs`));
  ({ default: create } = await import(`${setup.base}pyodide.asm.mjs`));
}

self.onmessage = async ({ data }) => {
  if (data.setup) {
    await begin(data.setup);
    self.postMessage({ ready: true });
    return;
  }
  const store = new Map();
  const results = {};
  for (const [name, script] of data.scripts) results[name] = await perform(script, store);
  self.postMessage({ id: data.id, results });
};
