import { atLeast, type Command } from '../command.js';
import { filterQuery } from '../filters.js';
import { dig, textOf } from '../json.js';
import { TASK_FLAGS } from '../service/tasks.js';
import { listTasks, writeTasks } from '../task/table.js';
import { findNode } from './inspect.js';

export const nodePs: Command = {
  paths: ['node ps'],
  usage: '[OPTIONS] [NODE...]',
  about: 'List tasks running on one or more nodes, defaults to current node',
  flags: TASK_FLAGS,
  words: atLeast(0),
  *run({ flags, words, context, output }) {
    const tasks = [];
    for (const name of words.length === 0 ? ['self'] : words) {
      const id = textOf(dig((yield* findNode(name)).body, 'ID'));
      tasks.push(...yield* listTasks(filterQuery([...flags.list('filter'), `node=${id}`])));
    }
    yield* writeTasks(output, flags, tasks, context.now);
    return 0;
  },
};
