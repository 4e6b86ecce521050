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
const extractDir = pyodide.runPython("__import__('sysconfig').get_path('purelib')");
for (const wheel of request.wheels)
  pyodide.unpackArchive(new Uint8Array(readFileSync(wheel)), 'wheel', { extractDir });
pyodide.runPython(`
def _prepare(names):
    import gc, importlib
    importlib.invalidate_caches()
    for name in names:
        importlib.import_module(name)
    gc.collect()
_prepare(${JSON.stringify(request.imports)})
del _prepare
`);
const snapshot = pyodide.makeMemorySnapshot();
writeFileSync(request.target, snapshot);
// Bytes 4 to 8 hold the length of the header before the heap.
const header = new DataView(snapshot.buffer, snapshot.byteOffset).getUint32(4, true);
console.log(JSON.stringify({ heapBytes: snapshot.length - header }));
