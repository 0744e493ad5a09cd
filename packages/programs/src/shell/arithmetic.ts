// $((…)): whole numbers. POSIX section 2.6.4.

type Lookup = (name: string) => string | undefined;

/** Binary operators from the loosest to the tightest. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'], ['&&'], ['|'], ['^'], ['&'], ['==', '!='], ['<=', '>=', '<', '>'], ['<<', '>>'], ['+', '-'], ['*', '/', '%'],
];

/** A text is what is wrong. `assign` is told of `name = value` and its kin. */
export function evaluateArithmetic(source: string, lookup: Lookup, assign: (name: string, value: number) =>
  void): number | string {
  const calculation = new Calculation(source, lookup, assign);
  const value = calculation.whole();
  return calculation.flaw ?? value;
}

class Calculation {
  flaw: string | undefined = undefined;
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(source: string, private readonly lookup: Lookup,
    private readonly assign: (name: string, value: number) => void) {
    this.tokens = source.match(/\d+|[A-Za-z_]\w*|\|\||&&|==|!=|<=|>=|<<|>>|[-+*/%]=|[-+*/%<>()!~^|&?:=]|\S/g) ?? [];
  }

  whole(): number {
    if (this.tokens.length === 0) return 0;
    const value = this.choice();
    if (this.at < this.tokens.length) this.flaw ??= 'arithmetic syntax error';
    return value;
  }

  private choice(): number {
    const name = this.tokens[this.at] ?? '';
    const operator = this.tokens[this.at + 1] ?? '';
    if (/^[A-Za-z_]/.test(name) && /^[-+*/%]?=$/.test(operator)) {
      this.at += 2;
      const right = this.choice();
      const value = operator === '=' ? right : this.apply(operator[0]!, this.variable(name), right);
      this.assign(name, value);
      return value;
    }
    const condition = this.level(0);
    if (this.tokens[this.at] !== '?') return condition;
    this.at++;
    const yes = this.choice();
    if (this.tokens[this.at++] !== ':') this.flaw ??= 'arithmetic syntax error';
    const no = this.choice();
    return condition === 0 ? no : yes;
  }

  private level(depth: number): number {
    const operators = LEVELS[depth];
    if (operators === undefined) return this.unary();
    let value = this.level(depth + 1);
    while (operators.includes(this.tokens[this.at] ?? '')) {
      const operator = this.tokens[this.at++]!;
      value = this.apply(operator, value, this.level(depth + 1));
    }
    return value;
  }

  private unary(): number {
    const token = this.tokens[this.at++];
    if (token === undefined) {
      this.flaw ??= 'arithmetic syntax error';
      return 0;
    }
    if (token === '-') return -this.unary();
    if (token === '+') return this.unary();
    if (token === '!') return this.unary() === 0 ? 1 : 0;
    if (token === '~') return ~this.unary();
    if (token === '(') {
      const value = this.choice();
      if (this.tokens[this.at++] !== ')') this.flaw ??= 'arithmetic syntax error';
      return value;
    }
    if (/^\d/.test(token)) return Number.parseInt(token, 10);
    if (/^[A-Za-z_]/.test(token)) return this.variable(token);
    this.flaw ??= 'arithmetic syntax error';
    return 0;
  }

  private variable(name: string): number {
    const value = Number.parseInt(this.lookup(name) ?? '0', 10);
    return Number.isNaN(value) ? 0 : value;
  }

  private apply(operator: string, a: number, b: number): number {
    const truth = (value: boolean): number => (value ? 1 : 0);
    switch (operator) {
      case '||': return truth(a !== 0 || b !== 0);
      case '&&': return truth(a !== 0 && b !== 0);
      case '|': return a | b;
      case '^': return a ^ b;
      case '&': return a & b;
      case '==': return truth(a === b);
      case '!=': return truth(a !== b);
      case '<=': return truth(a <= b);
      case '>=': return truth(a >= b);
      case '<': return truth(a < b);
      case '>': return truth(a > b);
      case '<<': return a << b;
      case '>>': return a >> b;
      case '+': return a + b;
      case '-': return a - b;
      case '*': return a * b;
      default:
        if (b === 0) {
          this.flaw ??= 'divide by zero';
          return 0;
        }
        return operator === '/' ? Math.trunc(a / b) : a % b;
    }
  }
}
