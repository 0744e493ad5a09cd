// What redis-server remembers, and its commands. Answers and errors of Redis 7.0.

import { matchesPattern } from '../../shell/glob.js';
import { MILLISECOND, SECOND, type SimTime } from '@netreel/sim';
import { NIL, OK, type Reply, bulk, error, list, number } from './resp.js';

type Value = { readonly kind: 'string'; text: string } | { readonly kind: 'list'; readonly items: string[] }
  | { readonly kind: 'hash'; readonly fields: Map<string, string> } | { readonly kind: 'set';
    readonly members: Set<string> };
interface Entry { readonly value: Value; until: SimTime | undefined }

const WRONG_TYPE = error('WRONGTYPE Operation against a key holding the wrong kind of value');
const NO_INTEGER = error('ERR value is not an integer or out of range');
const SYNTAX = error('ERR syntax error');

/** How many words a command has, itself included: from and to. */
type Command = readonly [least: number, most: number, run: (words: readonly string[]) => Reply];
const MANY = Number.MAX_SAFE_INTEGER;

export class RedisStore {
  private readonly entries = new Map<string, Entry>();
  private readonly commands: ReadonlyMap<string, Command>;

  constructor(private readonly now: () => SimTime, private readonly info: () => string) {
    this.commands = new Map<string, Command>([...this.generalCommands(), ...this.stringCommands(),
      ...this.listCommands(), ...this.hashCommands(), ...this.setCommands()]);
  }

  run(words: readonly string[]): Reply {
    const name = words[0]!;
    const command = this.commands.get(name.toLowerCase());
    if (command === undefined) {
      const args = words.slice(1).map((word) => `'${word}' `).join('');
      return error(`ERR unknown command '${name}', with args beginning with: ${args}`);
    }
    const [least, most, run] = command;
    if (words.length < least || words.length > most) {
      return error(`ERR wrong number of arguments for '${name.toLowerCase()}' command`);
    }
    return run(words.slice(1));
  }

  get size(): number {
    return this.keys().length;
  }

  private keys(): string[] {
    return [...this.entries.keys()].filter((key) => this.entry(key) !== undefined);
  }

  private entry(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (entry?.until === undefined || entry.until > this.now()) return entry;
    this.entries.delete(key);
    return undefined;
  }

  private valueOf<K extends Value['kind']>(key: string, kind: K): Extract<Value, { kind: K }> | undefined | 'wrong' {
    const value = this.entry(key)?.value;
    return value === undefined ? undefined : value.kind === kind ? value as Extract<Value, { kind: K }> : 'wrong';
  }

  private generalCommands(): (readonly [string, Command])[] {
    const expire = (unitNs: number): Command => [3, 4, ([key, amount]) => {
      if (!/^-?\d+$/.test(amount!)) return NO_INTEGER;
      const entry = this.entry(key!);
      if (entry === undefined) return number(0);
      entry.until = this.now() + Number(amount) * unitNs;
      return number(1);
    }];
    const timeLeft = (unitNs: number): Command => [2, 2, ([key]) => {
      const entry = this.entry(key!);
      if (entry === undefined) return number(-2);
      return number(entry.until === undefined ? -1 : Math.floor((entry.until - this.now() + unitNs - 1) / unitNs));
    }];
    return [
      ['ping', [1, 2, ([text]) => (text === undefined ? { kind: 'status', text: 'PONG' } : bulk(text))]],
      ['echo', [2, 2, ([text]) => bulk(text!)]],
      ['select', [2, 2, ([index]) => (index === '0' ? OK : error('ERR DB index is out of range'))]],
      ['auth', [2, 3, () => error('ERR AUTH <password> called without any password configured for the default user. '
        + 'Are you sure your configuration is correct?')]],
      ['command', [1, MANY, () => list([])]],
      ['client', [2, MANY, () => OK]],
      ['config', [2, MANY, () => list([])]],
      ['dbsize', [1, 1, () => number(this.size)]],
      ['flushall', [1, 2, () => {
        this.entries.clear();
        return OK;
      }]],
      ['flushdb', [1, 2, () => {
        this.entries.clear();
        return OK;
      }]],
      ['info', [1, MANY, () => bulk(this.info())]],
      ['save', [1, 1, () => OK]],
      ['time', [1, 1, () => list([String(1_704_067_200 + Math.floor(this.now() / SECOND)),
        String(Math.floor((this.now() % SECOND) / 1000))])]],
      ['keys', [2, 2, ([pattern]) => list(this.keys().filter((key) => matchesPattern(pattern!, key)))]],
      ['exists', [2, MANY, (keys) => number(keys.filter((key) => this.entry(key) !== undefined).length)]],
      ['del', [2, MANY, (keys) => number(keys.filter((key) => this.entry(key) !== undefined
        && this.entries.delete(key)).length)]],
      ['unlink', [2, MANY, (keys) => number(keys.filter((key) => this.entries.delete(key)).length)]],
      ['type', [2, 2, ([key]) => ({ kind: 'status', text: this.entry(key!)?.value.kind ?? 'none' })]],
      ['rename', [3, 3, ([from, to]) => {
        const entry = this.entry(from!);
        if (entry === undefined) return error('ERR no such key');
        this.entries.delete(from!);
        this.entries.set(to!, entry);
        return OK;
      }]],
      ['expire', expire(SECOND)], ['pexpire', expire(MILLISECOND)], ['ttl', timeLeft(SECOND)],
      ['pttl', timeLeft(MILLISECOND)],
      ['persist', [2, 2, ([key]) => {
        const entry = this.entry(key!);
        if (entry?.until === undefined) return number(0);
        entry.until = undefined;
        return number(1);
      }]],
    ];
  }

  private put(key: string, text: string): void {
    this.entries.set(key, { value: { kind: 'string', text }, until: undefined });
  }

  private stringCommands(): (readonly [string, Command])[] {
    const add = (key: string, amount: string): Reply => {
      const value = this.valueOf(key, 'string');
      if (value === 'wrong') return WRONG_TYPE;
      if (!/^-?\d+$/.test(amount) || !/^-?\d+$/.test(value?.text ?? '0')) return NO_INTEGER;
      const sum = Number(value?.text ?? 0) + Number(amount);
      if (!Number.isSafeInteger(sum)) return error('ERR increment or decrement would overflow');
      if (value === undefined) this.put(key, String(sum));
      else value.text = String(sum);
      return number(sum);
    };
    const get = (key: string): Reply => {
      const value = this.valueOf(key, 'string');
      return value === 'wrong' ? WRONG_TYPE : value === undefined ? NIL : bulk(value.text);
    };
    return [
      ['get', [2, 2, ([key]) => get(key!)]],
      ['set', [3, MANY, ([key, text, ...options]) => this.set(key!, text!, options)]],
      ['setnx', [3, 3, ([key, text]) => {
        if (this.entry(key!) !== undefined) return number(0);
        this.put(key!, text!);
        return number(1);
      }]],
      ['setex', [4, 4, ([key, seconds, text]) => this.set(key!, text!, ['EX', seconds!])]],
      ['getset', [3, 3, ([key, text]) => {
        const before = get(key!);
        if (before !== WRONG_TYPE) this.put(key!, text!);
        return before;
      }]],
      ['getdel', [2, 2, ([key]) => {
        const before = get(key!);
        if (before !== WRONG_TYPE) this.entries.delete(key!);
        return before;
      }]],
      ['mget', [2, MANY, (keys) => ({ kind: 'list', items: keys.map((key) => {
        const value = this.valueOf(key, 'string');
        return value === undefined || value === 'wrong' ? NIL : bulk(value.text);
      }) })]],
      ['mset', [3, MANY, (words) => {
        if (words.length % 2 !== 0) return error("ERR wrong number of arguments for 'mset' command");
        for (let at = 0; at < words.length; at += 2) this.put(words[at]!, words[at + 1]!);
        return OK;
      }]],
      ['append', [3, 3, ([key, text]) => {
        const value = this.valueOf(key!, 'string');
        if (value === 'wrong') return WRONG_TYPE;
        if (value === undefined) this.put(key!, text!);
        else value.text += text!;
        return number((value?.text ?? text!).length);
      }]],
      ['strlen', [2, 2, ([key]) => {
        const value = this.valueOf(key!, 'string');
        return value === 'wrong' ? WRONG_TYPE : number(value?.text.length ?? 0);
      }]],
      ['incr', [2, 2, ([key]) => add(key!, '1')]], ['decr', [2, 2, ([key]) => add(key!, '-1')]],
      ['incrby', [3, 3, ([key, amount]) => add(key!, amount!)]],
      ['decrby', [3, 3, ([key, amount]) => add(key!, amount!.startsWith('-') ? amount!.slice(1) : `-${amount!}`)]],
    ];
  }

  private set(key: string, text: string, options: readonly string[]): Reply {
    let until: SimTime | undefined;
    const before = this.entry(key);
    let answersOld = false;
    for (let at = 0; at < options.length; at++) {
      const option = options[at]!.toUpperCase();
      if (option === 'EX' || option === 'PX') {
        const amount = options[++at] ?? '';
        if (!/^\d+$/.test(amount)) return NO_INTEGER;
        if (Number(amount) === 0) return error("ERR invalid expire time in 'set' command");
        until = this.now() + Number(amount) * (option === 'EX' ? SECOND : MILLISECOND);
      } else if (option === 'NX' || option === 'XX') {
        if ((before === undefined) !== (option === 'NX')) return NIL;
      } else if (option === 'KEEPTTL') {
        until = before?.until;
      } else if (option === 'GET') {
        answersOld = true;
      } else {
        return SYNTAX;
      }
    }
    if (answersOld && before !== undefined && before.value.kind !== 'string') return WRONG_TYPE;
    this.entries.set(key, { value: { kind: 'string', text }, until });
    return !answersOld ? OK : before?.value.kind === 'string' ? bulk(before.value.text) : NIL;
  }

  private make<K extends 'list' | 'hash' | 'set'>(key: string, kind: K, fresh: Extract<Value, { kind: K }>):
    Extract<Value, { kind: K }> | 'wrong' {
    const value = this.valueOf(key, kind);
    if (value !== undefined) return value;
    this.entries.set(key, { value: fresh, until: undefined });
    return fresh;
  }

  private emptied(key: string, left: number): void {
    if (left === 0) this.entries.delete(key);
  }

  private listCommands(): (readonly [string, Command])[] {
    const push = (front: boolean): Command => [3, MANY, ([key, ...texts]) => {
      const value = this.make(key!, 'list', { kind: 'list', items: [] });
      if (value === 'wrong') return WRONG_TYPE;
      for (const text of texts) {
        if (front) value.items.unshift(text);
        else value.items.push(text);
      }
      return number(value.items.length);
    }];
    const pop = (front: boolean): Command => [2, 2, ([key]) => {
      const value = this.valueOf(key!, 'list');
      if (value === 'wrong') return WRONG_TYPE;
      const text = front ? value?.items.shift() : value?.items.pop();
      if (value !== undefined) this.emptied(key!, value.items.length);
      return text === undefined ? NIL : bulk(text);
    }];
    return [
      ['lpush', push(true)], ['rpush', push(false)], ['lpop', pop(true)], ['rpop', pop(false)],
      ['llen', [2, 2, ([key]) => {
        const value = this.valueOf(key!, 'list');
        return value === 'wrong' ? WRONG_TYPE : number(value?.items.length ?? 0);
      }]],
      ['lrange', [4, 4, ([key, from, to]) => {
        const value = this.valueOf(key!, 'list');
        if (value === 'wrong') return WRONG_TYPE;
        const items = value?.items ?? [];
        const place = (text: string): number => (Number(text) < 0 ? items.length + Number(text) : Number(text));
        return list(items.slice(place(from!) < 0 ? 0 : place(from!), place(to!) + 1));
      }]],
    ];
  }

  private hashCommands(): (readonly [string, Command])[] {
    const hash = (key: string): Map<string, string> | 'wrong' => {
      const value = this.valueOf(key, 'hash');
      return value === 'wrong' ? value : value?.fields ?? new Map<string, string>();
    };
    const ofHash = (read: (fields: Map<string, string>, words: readonly string[]) => Reply) =>
      ([key, ...words]: readonly string[]): Reply => {
        const fields = hash(key!);
        return fields === 'wrong' ? WRONG_TYPE : read(fields, words);
      };
    return [
      ['hset', [4, MANY, ([key, ...pairs]) => {
        if (pairs.length % 2 !== 0) return error("ERR wrong number of arguments for 'hset' command");
        const value = this.make(key!, 'hash', { kind: 'hash', fields: new Map() });
        if (value === 'wrong') return WRONG_TYPE;
        const before = value.fields.size;
        for (let at = 0; at < pairs.length; at += 2) value.fields.set(pairs[at]!, pairs[at + 1]!);
        return number(value.fields.size - before);
      }]],
      ['hget', [3, 3, ofHash((fields, [name]) => (fields.has(name!) ? bulk(fields.get(name!)!) : NIL))]],
      ['hgetall', [2, 2, ofHash((fields) => list([...fields].flat()))]],
      ['hkeys', [2, 2, ofHash((fields) => list([...fields.keys()]))]],
      ['hvals', [2, 2, ofHash((fields) => list([...fields.values()]))]],
      ['hlen', [2, 2, ofHash((fields) => number(fields.size))]],
      ['hexists', [3, 3, ofHash((fields, [name]) => number(fields.has(name!) ? 1 : 0))]],
      ['hdel', [3, MANY, ([key, ...names]) => ofHash((fields) => {
        const gone = names.filter((name) => fields.delete(name)).length;
        this.emptied(key!, fields.size);
        return number(gone);
      })([key!])]],
    ];
  }

  private setCommands(): (readonly [string, Command])[] {
    const set = (key: string): Set<string> | 'wrong' => {
      const value = this.valueOf(key, 'set');
      return value === 'wrong' ? value : value?.members ?? new Set<string>();
    };
    const ofSet = (read: (members: Set<string>, words: readonly string[]) => Reply) =>
      ([key, ...words]: readonly string[]): Reply => {
        const members = set(key!);
        return members === 'wrong' ? WRONG_TYPE : read(members, words);
      };
    return [
      ['sadd', [3, MANY, ([key, ...members]) => {
        const value = this.make(key!, 'set', { kind: 'set', members: new Set() });
        if (value === 'wrong') return WRONG_TYPE;
        const before = value.members.size;
        for (const member of members) value.members.add(member);
        return number(value.members.size - before);
      }]],
      ['smembers', [2, 2, ofSet((members) => list([...members]))]],
      ['scard', [2, 2, ofSet((members) => number(members.size))]],
      ['sismember', [3, 3, ofSet((members, [member]) => number(members.has(member!) ? 1 : 0))]],
      ['srem', [3, MANY, ([key, ...names]) => ofSet((members) => {
        const gone = names.filter((name) => members.delete(name)).length;
        this.emptied(key!, members.size);
        return number(gone);
      })([key!])]],
    ];
  }
}
