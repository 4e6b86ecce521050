// Runs hint_runner.py in the browser's Python, without a browser.
import { loadPyodide } from '../../frontend/node_modules/pyodide/pyodide.mjs';

const pyodide = await loadPyodide({ stdout: () => undefined, stderr: console.error });
for (const [name, folder] of [
  ['/tests', import.meta.dirname],
  ['/src', `${import.meta.dirname}/../../pyodide/src`],
]) {
  pyodide.FS.mkdir(name);
  pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: folder }, name);
}
const answers = pyodide.runPython(`
import json, os, sys
sys.path[:0] = ["/tests", "/src"]
sys.dont_write_bytecode = True
from hint_cases import CASES
from hint_runner import run_all
os.mkdir("/work")
json.dumps([sys.version_info[:2], run_all([source for source, _ in CASES], "/work")])
`);
process.stdout.write(answers);
