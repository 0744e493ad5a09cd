export { World } from './world.js';
export type { BecomeNode, CommitSink, Ending, WorldOptions } from './world.js';
export { WindowPlanner } from './window.js';
export type { Window } from './window.js';
export { isAnswer, isLastAnswer } from './operator.js';
export type { Operator, Order } from './operator.js';
export { RecordedOperator } from './recorded-operator.js';
export { ForkedOperator } from './forked-operator.js';
export type { ForkPoint } from './forked-operator.js';
export { ScenarioOperator } from './scenario/scenario-operator.js';
export { openSession } from './scenario/session.js';
export { MemoryFiles, type ClientFiles } from '@netreel/docker-cli';
export type { Session, PendingCall, CommandResult } from './scenario/session.js';
export { complaintsAbout } from './scenario/expect.js';
export type { AlwaysCheck, CommandStep, Expectation, FaultStep, LiftStep, Scenario, Step, StepResult, TextMatch,
  WaitStep } from './scenario/spec.js';
export { LiveOperator } from './live-operator.js';
export type { Heard } from './live-operator.js';
