/** The lesson wall of a class. */
import { mount } from 'svelte';

import Wall from '../classroom/Wall.svelte';

const target = document.querySelector<HTMLElement>('#wall');
const text = document.querySelector('#page-data')?.textContent;
if (target && text) mount(Wall, { target, props: JSON.parse(text) as { socket: string } });
