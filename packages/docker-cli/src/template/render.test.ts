import type { Json } from '@netreel/sim';
import { readTemplate } from './render.js';
import { rawValue } from './value.js';

function render(source: string, data: Json, raw = false): string {
  const template = readTemplate(source);
  if ('flaw' in template) return template.flaw;
  const rendered = template.render(rawValue(data), { raw });
  return 'flaw' in rendered ? rendered.flaw : rendered.text;
}

const BOX = {
  Name: '/box',
  Args: ['1', '2'],
  Networks: { zoo: { IPAddress: '10.0.0.2' }, bar: { IPAddress: '10.0.0.3' } },
  State: { Running: true, Paused: false, Status: 'running' },
  Ports: { '80/tcp': [{ HostPort: '8080' }] },
  Empty: [],
  Nothing: null,
};

describe('what templates say', () => {
  it.each([
    ['{{.Name}} is {{.State.Status}}', '/box is running'],
    ['{{range $k, $v := .Networks}}{{$k}}={{$v.IPAddress}} {{end}}', 'bar=10.0.0.3 zoo=10.0.0.2 '],
    ['{{range .Networks}}{{println .IPAddress}}{{end}}', '10.0.0.3\n10.0.0.2\n'],
    ['{{range $i, $a := .Args}}{{if $i}}, {{end}}{{$i}}:{{$a}}{{end}}', '0:1, 1:2'],
    ['{{range .Empty}}x{{else}}none{{end}}', 'none'],
    ['{{range $e := .Args}}{{$e}}{{break}}{{end}}', '1'],
    ['{{(index (index .Ports "80/tcp") 0).HostPort}}', '8080'],
    ['{{index .Args 1}}{{index .Ports "90/udp"}}', '2<no value>'],
    ['{{len .Args}} {{len .Networks}} {{len .Name}}', '2 2 4'],
    ['{{if .State.Paused}}a{{else if .State.Running}}b{{else}}c{{end}}', 'b'],
    ['{{if and .State.Running (not .State.Paused)}}up{{end}}', 'up'],
    ['{{with .State}}{{.Status}}{{$.Name}}{{end}}', 'running/box'],
    ['{{with .Nothing}}a{{else}}b{{end}}', 'b'],
    ['{{$x := .Name}}{{$x}}{{$x = "y"}}{{$x}}', '/boxy'],
    [
      '{{.State}} {{.Args}} {{.Nothing}} {{.Nope}}',
      'map[Paused:false Running:true Status:running] [1 2] <no value> <no value>',
    ],
    ['{{json .State}}{{json .Nothing}}', '{"Paused":false,"Running":true,"Status":"running"}null'],
    ['{{json "<a&b>"}}', '"<a&b>"'],
    ['{{upper .Name}}{{lower "ABC"}}{{title "ab cd"}}', '/BOXabcAb Cd'],
    ['{{join (split "a,b,c" ",") "-"}}', 'a-b-c'],
    ['{{truncate .Name 2}}{{slice .Name 1 3}}{{pad "x" 1 2}}|', '/bbo x  |'],
    [
      '{{printf "%-6s|%5d|%q|%v|%t|%x|%03d|%%" .Name 42 "a\\"b" .Args true 255 7}}',
      '/box  |   42|"a\\"b"|[1 2]|true|ff|007|%',
    ],
    ['{{printf "%s %d" "a"}}', 'a %!d(MISSING)'],
    ['{{printf "%d" "a"}}', '%!d(string=a)'],
    ['{{println .Name 0 true nil}}', '/box 0 true <nil>\n'],
    ['{{print 1 2 "x" "y" 3}}', '1 2xy3'],
    ['{{1.5}} {{0x10}} {{true}} {{"q"}} {{`raw`}}', '1.5 16 true q raw'],
    ['{{eq .State.Status "exited" "running"}}{{ne 1 2}}{{lt 1 2}}{{ge 2 3}}', 'truetruetruefalse'],
    ['{{.Name | printf "%s-%s" "a" | upper}}', 'A-/BOX'],
    ['a {{- " b " -}} c', 'a b c'],
    ['{{/* nothing */}}x{{- /* more */ -}} y', 'xy'],
    ['{{define "n"}}<{{.}}>{{end}}{{template "n" .Name}}', '</box>'],
    ['{{or .Nothing .Name}}{{and .Name 0}}', '/box0'],
    ['{{not .Nothing}}', 'true'],
    ['no action', 'no action'],
  ])('%s', (source, text) => {
    expect(render(source, BOX)).toBe(text);
  });
});

describe('what templates complain of before anything is known', () => {
  it.each([
    ['{{.ID', 'template: :1: unclosed action'],
    ['{{range}}', 'template: :1: missing value for range'],
    ['{{end}}', 'template: :1: unexpected {{end}}'],
    ['{{if .Name}}', 'template: :1: unexpected EOF'],
    ['{{nosuch}}', 'template: :1: function "nosuch" not defined'],
    ['{{.Name | nosuch}}', 'template: :1: function "nosuch" not defined'],
    ['{{"abc}}', 'template: :1: unterminated quoted string'],
    ['{{.Name}', "template: :1: bad character U+007D '}'"],
    ['{{$x}}', 'template: :1: undefined variable "$x"'],
    ['a\n{{end}}', 'template: :2: unexpected {{end}}'],
    ['{{(.Name}}', 'template: :1: unclosed left paren'],
    ['{{| .Name}}', 'template: :1: unexpected "|" in command'],
    ['{{.Name.}}', 'template: :1: unexpected <.> in operand'],
    ['{{$x, $y := .Name}}', 'template: :1: too many declarations in command'],
    ['{{range $x, $y, $z := .Args}}{{end}}', 'template: :1: too many declarations in range'],
    ['{{break}}', 'template: :1: {{break}} outside {{range}}'],
  ])('%s', (source, flaw) => {
    expect(render(source, BOX)).toBe(flaw);
  });
});

describe('what templates complain of about an answer', () => {
  it.each([
    ['{{.Nope}}', 'template: :1:2: executing "" at <.Nope>: map has no entry for key "Nope"'],
    [
      '{{.Networks.zoo.Nope}}',
      'template: :1:11: executing "" at <.Networks.zoo.Nope>: map has no entry for key "Nope"',
    ],
    ['{{.Name.Foo}}', 'template: :1:7: executing "" at <.Name.Foo>: can\'t evaluate field Foo in type interface {}'],
    ['x\n {{.Nope}}', 'template: :2:3: executing "" at <.Nope>: map has no entry for key "Nope"'],
    [
      '{{index .Args 9}}',
      'template: :1:2: executing "" at <index .Args 9>: error calling index: index out of range: 9',
    ],
    [
      '{{index .Networks "x" "y"}}',
      'template: :1:2: executing "" at <index .Networks "x" "y">: error calling index: index of nil pointer',
    ],
    ['{{eq 1 "a"}}', 'template: :1:2: executing "" at <eq 1 "a">: error calling eq: incompatible types for comparison'],
    [
      '{{join .Args ","}}',
      'template: :1:7: executing "" at <.Args>: wrong type for value; expected []string; got []interface {}',
    ],
    ['{{upper}}', 'template: :1:2: executing "" at <upper>: wrong number of args for upper: want 1 got 0'],
    ['{{.Nothing.X}}', 'template: :1:10: executing "" at <.Nothing.X>: nil pointer evaluating interface {}.X'],
  ])('%s', (source, flaw) => {
    expect(render(source, BOX, true)).toBe(flaw);
  });
});

it('keeps the numbers of an untyped answer as they were sent', () => {
  expect(render('{{.Count}} {{len .Count}}', { Count: 42 })).toBe('42 2');
});
