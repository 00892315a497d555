import { render } from 'preact';
import { App } from './app';
import { takeToken } from './feed';
import { TaskStore } from './task-store';

void takeToken().then(() => render(<App store={new TaskStore()} />, document.getElementById('board') as HTMLElement));
