// Every change of what one Docker engine keeps. Words as Docker's API and CNM use them. Numbers 150 to 249.
// Events marked REACT make the host's drivers act: links, addresses and processes follow from them.

import { defineRecords, type RecordOf } from '@netreel/sim';

export const engineEvents = defineRecords({
  /** REACT (bridge driver: make the bridge device; overlay: nothing yet). `ipam`: NetworkIpam. `options`, `labels`:
   * text to text. `vni` 0 unless overlay. */
  NetworkCreated: {
    number: 150,
    fields: { id: 'text', name: 'text', driver: 'text', scope: 'text', internal: 'flag', attachable: 'flag',
      ingress: 'flag', ipv6: 'flag', ipam: 'json', options: 'json', labels: 'json', bridge: 'text', vni: 'int',
      createdAt: 'ns', configOnly: 'flag', configFrom: 'text' },
  },
  /** REACT. */
  NetworkRemoved: { number: 151, fields: { id: 'text' } },
  /** `owner` is an endpoint's id, or `NETWORK-endpoint` for the address an engine takes for itself on an overlay. */
  AddressAssigned: { number: 152, fields: { network: 'text', address: 'ipv4', owner: 'text' } },
  AddressReleased: { number: 153, fields: { network: 'text', address: 'ipv4' } },

  /** `spec`: ContainerSpec, complete with the image's defaults. */
  ContainerCreated: { number: 160, fields: { id: 'text', name: 'text', spec: 'json', createdAt: 'ns' } },
  ContainerRenamed: { number: 161, fields: { id: 'text', name: 'text' } },
  ContainerRemoved: { number: 162, fields: { id: 'text' } },
  /** REACT: the namespace comes to be (host and container modes share another one). */
  SandboxCreated: { number: 163, fields: { container: 'text', netns: 'text', shared: 'flag' } },
  /** REACT: the namespace goes, unless `shared`: the host's, or another running container is still in it. */
  SandboxRemoved: { number: 164, fields: { container: 'text', netns: 'text', shared: 'flag' } },
  /** REACT: the first process starts. */
  ContainerStarted: { number: 165, fields: { id: 'text', pid: 'int', startedAt: 'ns' } },
  /** Also after a start that failed: then the container was never running, keeps its status and shows code and error.
   * `restarting`: its restart policy starts it again soon. */
  ContainerDied: {
    number: 166,
    fields: { id: 'text', exitCode: 'int', error: 'text', diedAt: 'ns', restarting: 'flag' },
  },
  /** REACT. */
  ContainerPaused: { number: 167, fields: { id: 'text' } },
  /** REACT. */
  ContainerUnpaused: { number: 168, fields: { id: 'text' } },
  ContainerUpdated: { number: 169, fields: { id: 'text', spec: 'json' } },

  /** A container is to be on a network: from create, or connect. `network` is the name that inspect lists it under,
   * the id is in `config` once it is known. `config`: EndpointConfig (aliases, wanted address …). */
  EndpointConfigured: { number: 175, fields: { container: 'text', network: 'text', config: 'json' } },
  EndpointForgotten: { number: 176, fields: { container: 'text', network: 'text' } },
  /** REACT: a veth pair with this address. `interface` is eth0, eth1 … inside the container. `gateway` 0 for none.
   * `names`: what DNS answers for it. `vip`, `vipNames`: of the service that it is a task of. */
  EndpointJoined: {
    number: 177,
    fields: { id: 'text', container: 'text', network: 'text', interface: 'text', mac: 'mac', address: 'ipv4',
      prefix: 'int', gateway: 'ipv4', mtu: 'int', names: 'texts', vip: 'ipv4', vipNames: 'texts' },
  },
  /** REACT: the veth pair goes. */
  EndpointLeft: { number: 178, fields: { id: 'text', container: 'text', network: 'text' } },
  /** REACT: the container's default route is now through `gateway` (0: none). */
  GatewayChosen: { number: 179, fields: { container: 'text', network: 'text', gateway: 'ipv4' } },
  /** What DNS answers for an endpoint changed (a rename). REACT: told to the other hosts of an overlay. */
  EndpointRenamed: { number: 180, fields: { id: 'text', container: 'text', network: 'text', names: 'texts' } },
  /** A file that the engine keeps in a container: /etc/hosts, /etc/resolv.conf, /etc/hostname. */
  FileWritten: { number: 181, fields: { container: 'text', path: 'text', content: 'text' } },

  /** A health check ended; `exitCode` may be -1. */
  HealthChecked: {
    number: 216,
    fields: { container: 'text', startedAt: 'ns', exitCode: 'text', output: 'text', streak: 'int', status: 'text' },
  },
  /** Something that `docker events` shows and no other event says. `attributes`: text to text. */
  NoticePosted: {
    number: 215,
    fields: { kind: 'text', action: 'text', actor: 'text', attributes: 'json', scope: 'text' },
  },

  /** Something is at a path of a tree from now on: a container's changes (`container/ID`), a volume (`volume/NAME`), a
   * tmpfs, the host's own files (`host`). `kind`: file, folder, link, or mode for permissions alone. `content`: a
   * file's text, a link's target. */
  FileStored: { number: 205, fields: { tree: 'text', path: 'text', kind: 'text', mode: 'int', content: 'json' } },
  FileGrown: { number: 206, fields: { tree: 'text', path: 'text', added: 'json' } },
  /** `hidden`: the image has it too, and does not show it any more. */
  FileRemoved: { number: 207, fields: { tree: 'text', path: 'text', hidden: 'flag' } },
  VolumeCreated: {
    number: 208,
    fields: { name: 'text', driver: 'text', labels: 'json', options: 'json', anonymous: 'flag' },
  },
  /** Its files go with it. */
  VolumeRemoved: { number: 209, fields: { name: 'text' } },
  /** `image`: ImageRow; of an image of the registry only its id, as all engines know the rest. */
  ImageStored: { number: 210, fields: { image: 'json' } },
  /** A name of an image: of `id` from now on, of none when `id` is empty. */
  ImageTagged: { number: 211, fields: { name: 'text', id: 'text' } },
  ImageRemoved: { number: 212, fields: { id: 'text' } },
  /** A layer that is no registry's: what `tree` changes over the layers `below`, or, with an empty `tree`, `entries`.
   * The tree of a step of a build goes with it. */
  LayerStored: { number: 213, fields: { digest: 'text', tree: 'text', below: 'texts', entries: 'json' } },
  /** A port of the host is a container's. `first` and `last`: the range that it is the next one of; 0 for none. */
  HostPortTaken: {
    number: 195,
    fields: { address: 'text', protocol: 'text', port: 'int', first: 'int', last: 'int' },
  },
  HostPortReleased: { number: 196, fields: { address: 'text', protocol: 'text', port: 'int' } },
  /** REACT: rules lead to the ports; their proxies listen already. `ports`: PublishedPort[]. `exposed`: what is listed
   * beside them. */
  PortsPublished: {
    number: 197,
    fields: { endpoint: 'text', container: 'text', network: 'text', exposed: 'texts', ports: 'json' },
  },
  /** REACT: rules and proxies go, and the ports of the host are free. What was exposed stays listed. */
  PortsWithdrawn: { number: 198, fields: { endpoint: 'text', container: 'text', network: 'text' } },

  ExecCreated: { number: 190, fields: { id: 'text', container: 'text', spec: 'json' } },
  /** REACT: the process starts in the container's namespace. */
  ExecStarted: { number: 191, fields: { id: 'text', container: 'text', pid: 'int' } },
  /** Nobody will ask about the exec any more. */
  ExecForgotten: { number: 217, fields: { id: 'text', container: 'text' } },
  ExecEnded: { number: 192, fields: { id: 'text', container: 'text', exitCode: 'int' } },
  /** A process wrote. `exec` is empty for the container's own process. `stream` is stdout or stderr. */
  OutputWritten: { number: 193, fields: { container: 'text', exec: 'text', stream: 'text', text: 'text' } },
});

export type EngineEvent = RecordOf<typeof engineEvents>;
