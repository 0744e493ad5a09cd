// A scenario as an operator: takes one step after the other, carries calls to hosts and answers back, judges what came.
// It sits one hop of the underlay away from every host: whatever it orders arrives no sooner than that.

import { type AnyRecord, NEVER, SECOND, type HistoryRecord, type SimTime, Underlay, assert } from '@netreel/sim';
import { type Operator, type Order, isLastAnswer } from '../operator.js';
import { MemoryFiles } from '@netreel/docker-cli';
import { complaintsAbout } from './expect.js';
import { type CommandResult, type Session, openSession } from './session.js';
import type { CommandStep, Scenario, Step, StepResult } from './spec.js';

interface Running {
  readonly step: CommandStep;
  readonly index: number;
  readonly node: number;
  readonly startedAt: SimTime;
  readonly firstAt: SimTime;
  readonly session: Session;
}

/** How long `within` waits before it asks again. */
const RETRY_NS = SECOND;

/** A background command nobody expects anything of may run for ever. */
const mustEnd = (step: CommandStep): boolean => !step.background || step.expect !== undefined;

export class ScenarioOperator implements Operator {
  /** In the order in which the steps ended. */
  readonly results: StepResult[] = [];
  /** Told of each result as soon as it is known. */
  onResult: ((result: StepResult) => void) | undefined;
  /** Of whoever types the commands. */
  private readonly files: MemoryFiles;
  private readonly distanceNs: number;
  private readonly orders: Order[] = [];
  /** Outputs that steps saved, by name. */
  private readonly saved = new Map<string, string>();
  private readonly running = new Map<number, Running>();
  private readonly sessionOfCall = new Map<number, Running>();
  private calls: number;
  private next = 0;
  /** When the next step may start; NEVER while a foreground step runs. */
  private freeAt: SimTime = 0;
  /** Until when the last wait lasts: a scenario that ends with one is lived to its end. */
  private restUntil: SimTime = 0;
  private livedUntil: SimTime = 0;
  private retry: { readonly running: Running; readonly at: SimTime } | undefined;
  private readonly nodeIndexes: ReadonlyMap<string, number>;

  /** `callsBefore`: its calls are numbered from behind that on, for an operator that acts beside another one. */
  constructor(readonly scenario: Scenario, callsBefore = 0) {
    const { lab } = scenario;
    this.files = new MemoryFiles(scenario.files);
    this.calls = callsBefore;
    this.distanceNs = new Underlay(lab).lookaheadNs;
    this.nodeIndexes = new Map(lab.nodes.map((node, index) => [node.name, index]));
    // Hosts boot at 0 and get a moment to do so.
    this.freeAt = scenario.thinkTimeNs;
  }

  nextAt(): SimTime {
    let at = this.orders.length > 0 ? this.orders[0]!.at : NEVER;
    // A wait gives no order: its beginning is no reason for a window.
    const stepAt = this.scenario.steps[this.next]?.kind === 'wait' ? NEVER : this.nextStepAt();
    if (stepAt < at) at = stepAt;
    return this.retry !== undefined && this.retry.at < at ? this.retry.at : at;
  }

  wakeAt(): SimTime {
    let at = this.limitAt();
    if (this.scenario.steps[this.next]?.kind === 'wait' && this.nextStepAt() < at) at = this.nextStepAt();
    return this.restUntil > this.livedUntil && this.restUntil < at ? this.restUntil : at;
  }

  wake(now: SimTime): void {
    this.windowEnded(now);
    this.giveUpOn(now + 1);
    while (this.scenario.steps[this.next]?.kind === 'wait' && this.nextStepAt() <= now) {
      this.startStep(this.scenario.steps[this.next]!, this.nextStepAt());
    }
  }

  take(until: SimTime): readonly Order[] {
    this.giveUpOn(until);
    if (this.retry !== undefined && this.retry.at < until) {
      const { running, at } = this.retry;
      this.retry = undefined;
      this.begin(running.step, running.index, at, running.firstAt);
    }
    // Instant steps (faults) free the way for the next one within the same window.
    while (this.nextStepAt() < until) this.startStep(this.scenario.steps[this.next]!, this.nextStepAt());
    const due = this.orders.filter((order) => order.at < until);
    const later = this.orders.filter((order) => order.at >= until);
    this.orders.length = 0;
    this.orders.push(...later);
    return due;
  }

  observe(_node: number, record: HistoryRecord): void {
    const { call } = record.body as unknown as { call: number };
    const running = this.sessionOfCall.get(call);
    if (running === undefined) return;
    if (isLastAnswer(record)) this.sessionOfCall.delete(call);
    const at = record.at + this.distanceNs;
    this.goOn(running, running.session.answered(record.body, at), at);
    if (running.session.result !== undefined) this.ended(running, running.session.result, record.at);
  }

  windowEnded(until: SimTime): void {
    if (until > this.livedUntil) this.livedUntil = until;
  }

  done(): boolean {
    return this.next === this.scenario.steps.length && this.retry === undefined && this.orders.length === 0
      && this.freeAt !== NEVER && this.livedUntil >= this.restUntil
        && ![...this.running.values()].some((running) => mustEnd(running.step));
  }

  /** Background commands without an expectation that were still running when the scenario was over. */
  abandon(now: SimTime): void {
    for (const { step, index, startedAt } of [...this.running.values()]) {
      this.report({ step, index, startedAt, endedAt: now, exit: -1, stdout: '', stderr: '', complaints: [] });
    }
    this.running.clear();
  }

  private nextStepAt(): SimTime {
    const step = this.scenario.steps[this.next];
    if (step === undefined || this.freeAt === NEVER) return NEVER;
    return step.at !== undefined && step.at > this.freeAt ? step.at : this.freeAt;
  }

  /** When the oldest running step that has to end has taken too long. */
  private limitAt(): SimTime {
    for (const running of this.running.values()) {
      if (mustEnd(running.step)) return running.startedAt + this.scenario.stepLimitNs;
    }
    return NEVER;
  }

  private giveUpOn(until: SimTime): void {
    const limitAt = this.limitAt();
    if (limitAt >= until) return;
    for (const running of [...this.running.values()]) {
      if (!mustEnd(running.step) || running.startedAt + this.scenario.stepLimitNs >= until) continue;
      for (const [call, owner] of this.sessionOfCall) if (owner === running) this.sessionOfCall.delete(call);
      this.ended(running, { exit: -1, stdout: '', stderr: 'the step did not end within its limit\n' }, limitAt);
    }
  }

  private startStep(step: Step, at: SimTime): void {
    const index = this.next++;
    if (step.kind === 'command') {
      this.freeAt = step.background ? at + this.scenario.thinkTimeNs : NEVER;
      this.begin(step, index, at, at);
      return;
    }
    let endedAt = at;
    if (step.kind === 'wait') {
      endedAt = at + step.ns;
      this.restUntil = endedAt;
    }
    if (step.kind === 'fault') {
      const until = step.forNs === undefined ? NEVER : at + step.forNs;
      for (const rule of step.rules) {
        this.orderEverybody(at,
          (node) => rule.from.length === 0 || rule.from.includes(this.scenario.lab.nodes[node]!.name),
          { type: 'FaultOrdered', rule: { ...rule, since: at, until } } as AnyRecord);
      }
    }
    if (step.kind === 'lift') {
      for (const id of step.ids) this.orderEverybody(at, () => true, { type: 'FaultLifted', id } as AnyRecord);
    }
    this.freeAt = endedAt + this.scenario.thinkTimeNs;
    this.report({ step, index, startedAt: at, endedAt, exit: 0, stdout: '', stderr: '', complaints: [] });
  }

  private orderEverybody(at: SimTime, applies: (node: number) => boolean, body: Order['body']): void {
    this.scenario.lab.nodes.forEach((_, node) => {
      if (applies(node)) this.order({ node, at, body });
    });
  }

  private begin(step: CommandStep, index: number, at: SimTime, firstAt: SimTime): void {
    const node = this.nodeIndexes.get(step.host);
    assert(node !== undefined, `the scenario was read with a host that it does not have: ${step.host}`);
    const line = withSaved(step.command, this.saved);
    const session = openSession(line, () => ++this.calls, true, this.scenario.lab.apiVersion, this.files);
    const running: Running = { step, index, node, startedAt: at, firstAt, session };
    this.running.set(index, running);
    this.goOn(running, session.start(at), at);
    if (session.result !== undefined) this.ended(running, session.result, at);
  }

  private goOn(running: Running, calls: ReturnType<Session['start']>, at: SimTime): void {
    calls.forEach(({ call, body, afterNs = 0 }, place) => {
      this.sessionOfCall.set(call, running);
      // Calls that one client makes at one moment arrive one after the other, as over one socket.
      this.order({ node: running.node, at: at + place + afterNs, body });
    });
  }

  private ended(running: Running, result: CommandResult, at: SimTime): void {
    const { step, index } = running;
    this.running.delete(index);
    const complaints = complaintsAbout(step.expect, result);
    const next = at + this.distanceNs + RETRY_NS;
    if (complaints.length > 0 && step.withinNs !== undefined && next <= running.firstAt + step.withinNs) {
      this.retry = { running, at: next };
      return;
    }
    if (step.save !== undefined) this.saved.set(step.save, result.stdout.replace(/\n+$/, ''));
    if (!step.background) this.freeAt = at + this.distanceNs + this.scenario.thinkTimeNs;
    this.report({ step, index, startedAt: running.firstAt, endedAt: at, ...result, complaints });
  }

  private report(result: StepResult): void {
    this.results.push(result);
    this.onResult?.(result);
  }

  /** Kept in order of time; equal moments in the order in which they were given. */
  private order(order: Order): void {
    let place = this.orders.length;
    while (place > 0 && this.orders[place - 1]!.at > order.at) place--;
    this.orders.splice(place, 0, order);
  }
}

/** The command with what was saved in the places that name it; other `${…}` are the shell's. */
function withSaved(command: string, saved: ReadonlyMap<string, string>): string {
  return command.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, name: string) => saved.get(name) ?? whole);
}
