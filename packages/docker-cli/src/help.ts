// Usage lines, help pages and complaints about how a command was typed.

import type { ArgumentRule, Command } from './command.js';

/** `docker run [OPTIONS] IMAGE`. */
export function usageLine(command: Command, title: string): string {
  return `${title}${command.usage === '' ? '' : ` ${command.usage}`}`;
}

/** What follows a complaint about flags or arguments. */
export function usageAdvice(command: Command, title: string, verb = 'Run'): string {
  return `\n\nUsage:  ${usageLine(command, title)}\n\n${verb} '${title} --help' for more information`;
}

/** The help page of a command. */
export function helpPage(command: Command, title: string): string {
  const names = [...new Set([...command.paths, ...(command.synonyms?.keys() ?? [])])].sort(byFormThenText);
  const aliases = names.length > 1 ? `\nAliases:\n  ${names.map((name) => `docker ${name}`).join(', ')}\n` : '';
  const options = command.flags.help === '' ? '' : `\nOptions:\n${command.flags.help}\n`;
  return `Usage:  ${usageLine(command, title)}\n\n${command.about}\n${aliases}${options}`;
}

/** Two-word names before one-word names; the main spelling first. */
function byFormThenText(one: string, other: string): number {
  return other.split(' ').length - one.split(' ').length;
}

/** What is wrong with the number of arguments; undefined when nothing is. */
export function argumentFlaw(rule: ArgumentRule, count: number, command: Command, title: string): string | undefined {
  const counted = (number: number): string => `${number} argument${number === 1 ? '' : 's'}`;
  const complain = (text: string, verb?: string): string =>
    `docker: '${title}' ${text}${usageAdvice(command, title, verb)}`;
  switch (rule.kind) {
    case 'exactly':
      if (count === rule.count) return undefined;
      return complain(rule.count === 0 ? 'accepts no arguments' : `requires ${counted(rule.count)}`);
    case 'atLeast':
      return count >= rule.count ? undefined : complain(`requires at least ${counted(rule.count)}`, 'See');
    case 'atMost':
      // The real client says SRun here.
      return count <= rule.count ? undefined : complain(`requires at most ${counted(rule.count)}`, 'SRun');
    case 'between':
      return count >= rule.fewest && count <= rule.most ? undefined
        : complain(`requires at least ${rule.fewest} and at most ${counted(rule.most)}`);
    default: {
      const unknown: never = rule;
      return unknown;
    }
  }
}
