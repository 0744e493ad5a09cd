import { HOUR } from '@netreel/sim';
import { docker, id, refused } from '../../test/scripted-api.js';

const IMAGES = [
  {
    Id: `sha256:${id('049')}`,
    Created: 1_704_067_200,
    RepoTags: ['mysql:5.7.8', 'mysql:latest'],
    RepoDigests: null,
    Size: 1_984_333,
    SharedSize: -1,
    Containers: -1,
  },
  { Id: `sha256:${id('3eb')}`, Created: 1_704_067_200, RepoTags: null, RepoDigests: [], Size: 64 },
];

describe('docker images', () => {
  it('has a row for every name', () => {
    expect(docker('images', [{ expect: 'GET /images/json', answer: IMAGES }], { now: 3 * HOUR }).stdout).toBe(
      [
        'REPOSITORY   TAG       IMAGE ID       CREATED       SIZE',
        'mysql        5.7.8     049000000000   3 hours ago   1.98MB',
        'mysql        latest    049000000000   3 hours ago   1.98MB',
        '<none>       <none>    3eb000000000   3 hours ago   64B',
        '',
      ].join('\n'),
    );
  });

  it('filters by name and prints ids', () => {
    expect(
      docker('image ls -aq mysql', [
        { expect: 'GET /images/json?all=1&filters={"reference":{"mysql":true}}', answer: [IMAGES[0]!] },
      ]).stdout,
    ).toBe('049000000000\n049000000000\n');
  });
});

it('docker images takes one name at most', () => {
  expect(docker('images a b')).toMatchObject({
    exit: 1,
    stderr:
      "docker: 'docker images' requires at most 1 argument\n\nUsage:  docker images [OPTIONS] [REPOSITORY[:TAG]]\n\n" +
      "SRun 'docker images --help' for more information\n",
  });
});

describe('docker pull', () => {
  it('names the tag it adds, and the image in full', () => {
    const answer = [
      { status: 'Pulling from library/busybox', id: 'latest' },
      { status: 'Downloading', progress: '[=> ]', id: 'abc' },
      { status: 'Status: Image is up to date for busybox:latest' },
    ];
    expect(
      docker('pull busybox', [
        { expect: 'POST /images/create?fromImage=docker.io/library/busybox&tag=latest', answer },
      ]),
    ).toMatchObject({
      exit: 0,
      stderr: '',
      stdout:
        'Using default tag: latest\nlatest: Pulling from library/busybox\nStatus: Image is up to date for ' +
        'busybox:latest\ndocker.io/library/busybox:latest\n',
    });
  });

  it("fails with the engine's text", () => {
    expect(
      docker('pull -q nosuch/thing:2', [
        refused('POST /images/create?fromImage=docker.io/nosuch/thing&tag=2', 500, 'no such host'),
      ]),
    ).toMatchObject({ exit: 1, stdout: '', stderr: 'Error response from daemon: no such host\n' });
    expect(docker('pull BAD').stderr).toBe(
      'invalid reference format: repository name (library/BAD) must be lowercase\n',
    );
  });
});

it('docker rmi tells what went', () => {
  expect(
    docker('rmi busybox', [
      { expect: 'DELETE /images/busybox', answer: [{ Untagged: 'busybox:latest' }, { Deleted: 'sha256:1' }] },
    ]).stdout,
  ).toBe('Untagged: busybox:latest\nDeleted: sha256:1\n');
  expect(
    docker('image rm nosuch', [refused('DELETE /images/nosuch', 404, 'No such image: nosuch:latest')]),
  ).toMatchObject({ exit: 1, stderr: 'Error response from daemon: No such image: nosuch:latest\n' });
});
