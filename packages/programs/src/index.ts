export type { Program, Sys, Signal, ProcessSpec, ProcessIo, ProcessTable, FileTree, NetView, RunOptions } from './contract.js';
