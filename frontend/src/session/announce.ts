/** Tells listeners of `window.playground.on` what operations and new states mean. */
import type { AnyOperation, Person, SessionState } from '../protocol.gen';
import type { EventHub } from './events';

export function announce(events: EventHub, operation: AnyOperation, state: SessionState): void {
  switch (operation.type) {
    case 'start_execution':
      events.emit('execution', { number: operation.number, status: 'running' });
      break;
    case 'finish_execution':
      events.emit('execution', { number: operation.number, status: operation.status });
      break;
    case 'append_output':
      for (const output of operation.outputs)
        events.emit('output', { number: operation.number, output });
      break;
    case 'set_variables':
      events.emit('variables', [...state.variables]);
      break;
    default:
      break;
  }
}

/** The state was replaced as a whole: tells what is different now. */
export function announceChange(events: EventHub, before: SessionState, after: SessionState): void {
  const earlier = new Map(before.entries.map(({ number, status }) => [number, status]));
  for (const { number, status } of after.entries)
    if (earlier.get(number) !== status) events.emit('execution', { number, status });
  events.emit('variables', [...after.variables]);
}

/** Who is here now. */
export function announcePresence(events: EventHub, people: readonly Person[]): void {
  events.emit(
    'presence',
    people.map(({ name, role }) => ({ name, role })),
  );
}
