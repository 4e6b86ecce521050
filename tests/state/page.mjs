// The page that performs the battery in Chromium: hands cases to a few workers, which are replaced
// after some cases and when one hangs. `battery(cases, seconds)` gives results by the place of a case.
const WORKERS = 2;
const CASES_OF_A_WORKER = 4;

const bytes = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());

async function setup() {
  const distribution = await (await fetch('/current.json')).json();
  const base = new URL('/dist/', location.href).href;
  const { files, wheels } = distribution;
  return {
    base,
    lock: await (await fetch(base + files.lock)).text(),
    snapshot: await bytes('/snapshot'),
    wheels: await Promise.all(wheels.map(({ file }) => bytes(base + file))),
    wasm: await WebAssembly.compileStreaming(fetch(base + files.wasm)),
    driver: await (await fetch('/state/driver.py')).text(),
  };
}

function answer(worker, message, seconds) {
  return new Promise((done, failed) => {
    const late = setTimeout(() => failed(new Error('it took too long')), seconds * 1000);
    worker.onmessage = ({ data }) => {
      clearTimeout(late);
      done(data);
    };
    worker.onerror = (event) => {
      clearTimeout(late);
      failed(new Error(event.message));
    };
    worker.postMessage(message);
  });
}

async function work(next, given, results, seconds) {
  let worker = null;
  let left = 0;
  for (let job = next(); job; job = next()) {
    if (!left) {
      worker?.terminate();
      worker = new Worker('/state/worker.mjs', { type: 'module' });
      await answer(worker, { setup: given }, 60);
      left = CASES_OF_A_WORKER;
    }
    try {
      results[job.id] = (await answer(worker, job, seconds)).results;
      left -= 1;
    } catch (error) {
      results[job.id] = { failure: String(error) };
      left = 0;
    }
  }
  worker?.terminate();
}

let kept;

globalThis.battery = async (cases, seconds) => {
  kept ??= setup();
  const given = await kept;
  const results = {};
  let place = 0;
  const next = () => (place < cases.length ? { id: place, scripts: cases[place++] } : null);
  await Promise.all(Array.from({ length: WORKERS }, () => work(next, given, results, seconds)));
  return cases.map((_, i) => results[i]);
};
