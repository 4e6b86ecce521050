/**
 * All words of the pages, by area. Components import the one area that they need; this joins them
 * for whoever looks at all: a translator, and the test that keeps their form.
 */
export { words as arrival } from './arrival';
export { words as classes } from './classes';
export { words as classroom } from './classroom';
export { words as commands } from './commands';
export { words as common } from './common';
export { words as compare } from './compare';
export { words as editor } from './editor';
export { words as ended } from './ended';
export { words as errors } from './errors';
export { words as exchange } from './exchange';
export { words as files } from './files';
export { words as first } from './first';
export { words as history } from './history';
export { words as outputs } from './outputs';
export { words as page } from './page';
export { words as remaking } from './remaking';
export { words as runtime } from './runtime';
export { words as saving } from './saving';
export { words as session } from './session';
export { words as sessions } from './sessions';
export { words as sharing } from './sharing';
export { words as variables } from './variables';
