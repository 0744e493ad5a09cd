// The only writer of the filter's tables. A namespace gets them with its first table, and loses them with itself.

import type { KernelEvent } from '../events.js';
import { parseRule } from './rule.js';
import { BUILT_IN_CHAINS, type ChainRow, type FilterRow, type RuleRow, type TableName } from './tables.js';

/** The events about chains, rules and flows. */
export type FilterEvent = Extract<KernelEvent, { readonly type: 'TableLoaded' | 'ChainCreated' | 'ChainDeleted'
  | 'PolicySet' | 'RuleAppended' | 'RuleInserted' | 'RuleDeleted' | 'FlowCreated' | 'FlowChanged' | 'FlowExpired' }>;

/** Applies one event. Total, as all evolving is. */
export function evolveFilter(filters: Map<string, FilterRow>, event: FilterEvent): void {
  if (event.type === 'TableLoaded') return load(filters, event.netns, event.table as TableName);
  const filter = filters.get(event.netns);
  if (filter === undefined) return;
  switch (event.type) {
    case 'FlowCreated': return addFlow(filter, event);
    case 'FlowChanged': {
      const flow = filter.flows.get(event.flow);
      if (flow === undefined) return;
      flow.state = event.state;
      flow.replied = event.replied;
      return;
    }
    case 'FlowExpired': filter.flows.delete(event.flow); return;
    default: evolveChains(filter, event);
  }
}

function load(filters: Map<string, FilterRow>, netns: string, table: TableName): void {
  let filter = filters.get(netns);
  if (filter === undefined) {
    filter = { tables: new Map(), flows: new Map() };
    filters.set(netns, filter);
  }
  const chains = new Map<string, ChainRow>();
  for (const name of BUILT_IN_CHAINS[table] ?? []) chains.set(name, { name, policy: 'ACCEPT', rules: [] });
  filter.tables.set(table, chains);
}

type ChainEvent = Exclude<FilterEvent, { readonly type: 'TableLoaded' | 'FlowCreated' | 'FlowChanged'
  | 'FlowExpired' }>;

function evolveChains(filter: FilterRow, event: ChainEvent): void {
  const chains = filter.tables.get(event.table as TableName);
  const chain = chains?.get(event.chain);
  switch (event.type) {
    case 'ChainCreated': chains?.set(event.chain, { name: event.chain, policy: '', rules: [] }); return;
    case 'ChainDeleted': chains?.delete(event.chain); return;
    case 'PolicySet': if (chain !== undefined) chain.policy = event.policy; return;
    case 'RuleAppended': chain?.rules.push(...ruleOf(event.rule)); return;
    case 'RuleInserted': chain?.rules.splice(event.place - 1, 0, ...ruleOf(event.rule)); return;
    case 'RuleDeleted': chain?.rules.splice(event.place - 1, 1); return;
  }
}

/** None for words that are no rule: whoever emits has read them before. */
function ruleOf(text: string): readonly RuleRow[] {
  const rule = parseRule(text);
  return typeof rule === 'string' ? [] : [rule];
}

function addFlow(filter: FilterRow, event: Extract<FilterEvent, { readonly type: 'FlowCreated' }>): void {
  const { flow, protocol, state } = event;
  filter.flows.set(flow, {
    flow, state, replied: false,
    original: { protocol, source: event.source, sourcePort: event.sourcePort, target: event.target,
      targetPort: event.targetPort },
    reply: { protocol, source: event.replySource, sourcePort: event.replySourcePort, target: event.replyTarget,
      targetPort: event.replyTargetPort },
  });
}
