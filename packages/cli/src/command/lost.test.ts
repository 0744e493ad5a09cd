// Packets that were lost, and captures of devices: a run lived again and watched.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileJournal } from '@netreel/runtime';
import { placesOf } from '../places.js';
import { runEmbedded } from '../running/embedded.js';
import { createRun } from '../running/manifest.js';
import { readScenario } from '../scenario/read.js';
import type { CommandContext } from './context.js';
import { type ExportChoice, exportCommand } from './transfer.js';
import { type WhyLostOptions, whyLostCommand } from './why-lost.js';

const folder = mkdtempSync(join(tmpdir(), 'netreel-lost-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const places = placesOf(folder, { NETREEL_HOME: folder });

const TEXT = `name: lost
hosts: { host1: {}, host2: {} }
steps:
  - host1: docker network create -d overlay --attachable ov
  - host1: docker run -d --name web --network ov busybox sleep 1000
  - host2: docker run -d --name box --network ov busybox sleep 1000
  - host1: docker run -d --name alone busybox sleep 1000
  - host1: docker exec alone ping -c 1 192.168.65.12
  - host2: docker exec box ping -c 1 web
  - host2: docker exec box ping -c 1 -W 1 203.0.113.99
  - fault: { partition: [[host1], [host2]], id: cut, for: 3s }
  - host2: docker exec box ping -c 1 -W 1 web
`;

let run: string;
beforeAll(async () => {
  const scenario = readScenario('lost.yaml', TEXT);
  const journal = fileJournal(places.runs);
  ({ run } = await createRun(journal, scenario, TEXT, 'embedded', new Date(0)));
  await runEmbedded(scenario, run, journal, () => undefined);
  await journal.close();
});

async function printed(command: (context: CommandContext) => Promise<void>): Promise<string> {
  let text = '';
  await command({ places, out: (more) => { text += more; }, err: () => undefined, colour: false,
    notice: () => undefined, exit: () => undefined });
  return text;
}
const whyLost = (packet: string, options: WhyLostOptions = {}): Promise<string> =>
  printed((context) => whyLostCommand(context, run, packet.split(' ').filter((word) => word !== ''), options));

describe('why a packet was lost', () => {
  it('is told hop by hop, through the tunnel to the fault that swallowed it, and who sent it', async () => {
    const story = (await whyLost('icmp and host 10.0.1.4')).trimEnd().split('\n');
    expect(story[0]).toMatch(/10\.0\.1\.4 > 10\.0\.1\.2: ICMP echo request/);
    expect(story.slice(1, -2).map((line) => line.trim().replace(/^\S+ +/, '').replace(/veth\w+/, 'veth'))).toEqual([
      'host2     out eth0 of box', 'host2     in  veth of network ov', 'host2     out vxlan0 of network ov',
      'host2     out eth0', 'host2     lost, on the wire to host1: fault cut/1-0']);
    expect(story[story.length - 2]).toMatch(/^ {2}because host2\/\d+ \$ docker exec box ping -c 1 -W 1 web/);
    expect(story[story.length - 1]).toBe('1 lost');
  });

  it('keeps to the span and to the hosts that were asked about', async () => {
    expect(await whyLost('', { to: '0.5s' })).toBe('no such packet was lost\n');
    expect(await whyLost('icmp and host 10.0.1.4', { host: ['host1'] })).toBe('no such packet was lost\n');
    await expect(whyLost('', { host: ['host7'] })).rejects.toThrow('no node host7');
    await expect(whyLost('quickly')).rejects.toThrow('syntax error');
  });

  it('comes as JSON as well', async () => {
    const [lost] = JSON.parse(await whyLost('icmp and host 10.0.1.4', { json: true })) as
      { hops: { node: string; reason: string }[] }[];
    expect(lost!.hops[lost!.hops.length - 1])
      .toMatchObject({ node: 'host2', direction: 'lost', reason: 'fault cut/1-0' });
  });
});

const hasTshark = spawnSync('tshark', ['--version']).status === 0;
if (!hasTshark) process.stderr.write('no tshark here: captures are not shown to it\n');

describe('a capture of devices', () => {
  const capture = async (name: string, choice: ExportChoice): Promise<string> => {
    const file = join(folder, name);
    await printed((context) => exportCommand(context, run, { pcapng: file, ...choice }));
    return file;
  };
  const tshark = (file: string, ...words: string[]): string[] => {
    const { status, stdout, stderr } = spawnSync('tshark', ['-r', file, ...words], { encoding: 'utf8' });
    // Whoever runs it as root is warned, and that is all it may say.
    expect([status, stderr.split('\n').filter((line) => line !== '' && !line.startsWith('Running as user'))])
      .toEqual([0, []]);
    return stdout.trimEnd().split('\n');
  };
  const withTshark = hasTshark ? it : it.skip;

  withTshark('is read without a complaint: tunnels, what is in them, names, nanoseconds, directions', async () => {
    const file = await capture('all.pcapng', { device: ['all'] });
    expect(tshark(file, '-Y', 'vxlan && icmp').length).toBeGreaterThanOrEqual(4);
    expect(tshark(file, '-Y', 'dns && dns.qry.name == "web"')[0]).toContain('Standard query');
    expect(tshark(file, '-Y', '_ws.malformed || _ws.expert.severity == "Error"')).toEqual(['']);
    const interfaces = new Set(tshark(file, '-T', 'fields', '-e', 'frame.interface_name'));
    for (const name of ['host1/eth0', 'host1/docker0', 'host1/eth0 of alone', 'host2/eth0 of box',
      'host2/vxlan0 of network ov']) expect(interfaces).toContain(name);
    expect(new Set(tshark(file, '-T', 'fields', '-e', 'frame.packet_flags_direction')))
      .toEqual(new Set(['0x00000001', '0x00000002']));
    const times = tshark(file, '-T', 'fields', '-e', 'frame.time_epoch');
    expect(times.every((time) => /^\d+\.\d{9}$/.test(time))).toBe(true);
    expect(times.map(Number)).toEqual([...times.map(Number)].sort((a, b) => a - b));
  });

  withTshark('says at a lost frame why', async () => {
    const file = await capture('lost.pcapng', { device: ['host2/*'] });
    const comments = tshark(file, '-Y', 'frame.comment contains "fault"', '-T', 'fields', '-e', 'frame.comment',
      '-e', 'frame.interface_name');
    expect(comments).toContain('lost on the wire to host1: fault cut/1-0\thost2/eth0');
  });

  withTshark('has the chosen devices and moments only', async () => {
    const file = await capture('some.pcapng', { device: ['*/eth0 of *'], from: '0.2s', to: '1s' });
    const seen = tshark(file, '-T', 'fields', '-e', 'frame.interface_name', '-e', 'frame.time_epoch')
      .map((line) => line.split('\t'));
    expect(new Set(seen.map(([name]) => name))).toEqual(new Set(['host1/eth0 of web', 'host1/eth0 of alone',
      'host2/eth0 of box'].filter((name) => seen.some(([other]) => other === name))));
    expect(seen.every(([name, at]) => / of /.test(name!) && Number(at) >= 0.2 && Number(at) <= 1)).toBe(true);
  });

  it('is none where no frame passed', async () => {
    await expect(capture('none.pcapng', { device: ['host9/*'] })).rejects.toThrow('no frame passed host9/*');
  });
});

it('a trace for Perfetto has a process for each node, and an arrow for each message', async () => {
  const file = join(folder, 'trace.json');
  await printed((context) => exportCommand(context, run, { perfetto: file }));
  const { traceEvents } = JSON.parse(readFileSync(file, 'utf8')) as { traceEvents: { ph: string; id?: string;
    name: string; ts?: number; args?: { name?: string } }[] };
  const named = traceEvents.filter((event) => event.name === 'process_name').map((event) => event.args!.name);
  expect(named).toEqual(['host1 (host)', 'host2 (host)', 'overlay (overlay)', 'router (router)']);
  const ids = (phase: string): (string | undefined)[] =>
    traceEvents.filter((event) => event.ph === phase).map((event) => event.id).sort();
  expect(ids('s').length).toBeGreaterThan(20);
  expect(ids('f')).toEqual(ids('s'));
  expect(ids('e')).toEqual(ids('b'));
});
