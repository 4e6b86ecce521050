// Run by snapshot.py under Deno: starts Pyodide, imports modules, writes the memory to a file.
// Reads a JSON request from standard input and answers with one line of JSON.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const request = JSON.parse(await new Response(Deno.stdin.readable).text());
if (!('Suspending' in WebAssembly))
  throw new Error('this Deno cannot suspend WebAssembly: its snapshot would lack run_sync');

const folder = `${request.folder}/`;
const { loadPyodide } = await import(pathToFileURL(`${folder}pyodide.mjs`).href);
const pyodide = await loadPyodide({
  indexURL: folder,
  lockFileContents: readFileSync(`${folder}pyodide-lock.json`, 'utf8'),
  _makeSnapshot: true,
});
// The places of the wheels in the file system, as boot.ts has them: no file is in the snapshot.
const places = request.wheels.map((_, i) => `/lib/wheels/wheel${i}.whl`);
pyodide.FS.mkdirTree('/lib/wheels');
for (const [i, wheel] of request.wheels.entries())
  pyodide.FS.writeFile(places[i], new Uint8Array(readFileSync(wheel)));
pyodide.runPython(`
def _prepare(names, places):
    import gc, importlib, sys
    sys.path += places
    for name in names:
        importlib.import_module(name)
    gc.collect()
_prepare(${JSON.stringify(request.imports)}, ${JSON.stringify(places)})
del _prepare
`);
const snapshot = pyodide.makeMemorySnapshot();
writeFileSync(request.target, snapshot);
// Bytes 4 to 8 hold the length of the header before the heap.
const header = new DataView(snapshot.buffer, snapshot.byteOffset).getUint32(4, true);
console.log(JSON.stringify({ heapBytes: snapshot.length - header }));
