import { printResult, valueJson } from './print.js';
import { readTemplate } from './render.js';
import { readShapes, typedValue } from './shape.js';

const SHAPES = readShapes(`
Net network.Inspect
  ID string Id
  Created time
  Subnets []Subnet
  Labels map[string]
  Owner *Owner
  Peers []string ?
Subnet
  Subnet string ?
  Gateway string ?
Owner
  Name string
`);

const LAB = { Id: 'abc', Created: '2024-01-01T00:00:05.25Z', Subnets: [{ Subnet: '10.0.0.0/24' }], Labels: null };

function tell(source: string): string {
  const template = readTemplate(source);
  if ('flaw' in template) return template.flaw;
  const rendered = template.render(typedValue(SHAPES, 'Net', LAB));
  return 'flaw' in rendered ? rendered.flaw : rendered.text;
}

describe('the typed view of an answer', () => {
  it("has Go's names, and a zero value for what was not sent", () => {
    expect(tell('{{.ID}}{{range .Subnets}} {{.Subnet}} [{{.Gateway}}]{{end}}')).toBe('abc 10.0.0.0/24 []');
    expect(tell('{{.Id}}')).toBe(
      'template: :1:2: executing "" at <.Id>: can\'t evaluate field Id in type network.Inspect',
    );
  });

  it('prints structs, times and pointers as Go does', () => {
    expect(printResult(typedValue(SHAPES, 'Net', LAB))).toBe(
      '{abc 2024-01-01 00:00:05.25 +0000 UTC [{10.0.0.0/24 }] map[] <nil> []}',
    );
    expect(tell('{{.Owner.Name}}')).toBe(
      'template: :1:8: executing "" at <.Owner.Name>: nil pointer evaluating *Owner.Name',
    );
  });

  it('follows a key that is not there to nothing', () => {
    expect(tell('{{.Labels.team}} [{{index .Labels "team"}}]')).toBe('<no value> []');
  });

  it('becomes JSON again in the order of its fields', () => {
    expect(JSON.stringify(valueJson(typedValue(SHAPES, 'Net', LAB)))).toBe(
      '{"Id":"abc","Created":"2024-01-01T00:00:05.25Z","Subnets":[{"Subnet":"10.0.0.0/24"}],"Labels":null,' +
      '"Owner":null}',
    );
  });
});
