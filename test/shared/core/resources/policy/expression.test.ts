import { describe, expect, it } from 'vitest';
import { compileExpression, type Variable } from '../../../../../shared/core/resources/policy/expression.ts';
import { formatQuantity, parseQuantity } from '../../../../../shared/core/revision/quantity.ts';

/** The result for a value of the variable, or the sentence of the refusal. */
const result = (text: string, variable: Variable, value: string): string => {
  const compiled = compileExpression(text, variable);
  const quantity = parseQuantity(value);
  if (quantity === undefined) throw new Error(`${value} is no quantity`);
  return compiled.kind === 'malformed' ? compiled.message : formatQuantity(compiled.evaluate(quantity));
};

const cpu = (text: string, value = '1'): string => result(text, 'cpu', value);
const memory = (text: string, value = '1Gi'): string => result(text, 'memory', value);

describe('arithmetic', () => {
  it.each([
    ['+', 'cpu+500m', '1500m'],
    ['-', 'cpu-100m', '900m'],
    ['*', 'cpu*2', '2'],
    ['* from the left', '2*cpu', '2'],
    ['/', 'cpu/2', '500m'],
    ['the multiplication first', '1+2*3', '7'],
    ['parentheses first', '(1+2)*3', '9'],
    ['differences from the left', '10-4-3', '3'],
    ['quotients from the left', '100/10/2', '5'],
    ['quotients and products from the left', 'cpu/2*3', '1500m'],
    ['unary minus', '-cpu+3', '2'],
    ['a minus sign before the product', '-2*-3', '6'],
    ['two minus signs', '--cpu', '1'],
    ['a minus sign after an operator', '3--1', '4'],
    ['a minus sign before parentheses', '3-(-(1))', '4'],
    ['max', 'max(cpu*50%, 50m)', '500m'],
    ['max with a plain number', 'max(40m, 20)', '20'],
    ['min', 'min(cpu, 50m)', '50m'],
    ['min with a plain number', 'min(cpu, 0.2)', '200m'],
    ['functions in functions', 'max(min(10, 20), 15)', '15'],
    ['names in any case', 'MAX(CPU, Min(Cpu, 2))', '1'],
    ['no space', 'cpu*50%+1', '1500m'],
    ['any space', ' \tcpu\n *\r 50% ', '500m'],
  ])('takes %s: %s', (_, text, expected) => {
    expect(cpu(text)).toBe(expected);
  });

  it.each([
    ['1.5', 'max(min(2*cpu,-cpu+3.0),2*cpu-3.0)', '1500m'],
    ['3', 'max(min(2*cpu,-cpu+3.0),2*cpu-3.0)', '3'],
    ['200m', 'max(cpu * 50%, 50m)', '100m'],
    ['80m', 'max(cpu * 50%, 50m)', '50m'],
  ])('of cpu %s by %s gives %s', (value, text, expected) => {
    expect(cpu(text, value)).toBe(expected);
  });
});

describe('a number', () => {
  it.each([
    ['42', '42'],
    ['3.14', '3140m'],
    ['.5', '500m'],
    ['5.', '5'],
    ['007', '7'],
    ['1e3', '1k'],
    ['1E+3', '1k'],
    ['1.5e2', '150'],
    ['25e-2', '250m'],
    ['1e-2%*100', '10m'],
    ['50%', '500m'],
    ['100.5%', '1005m'],
    ['12.5%*8', '1'],
    ['1000', '1k'],
    ['1024', '1024'],
    ['1000000', '1M'],
    ['0', '0'],
    ['10 - 10', '0'],
  ])('%s alone counts as cores: %s', (text, expected) => {
    expect(cpu(text)).toBe(expected);
  });

  it.each([
    ['1000', '1k'],
    ['1.5', '1500m'],
    ['1e9', '1G'],
    ['1024*1024', '1048576'],
  ])('%s alone counts as bytes: %s', (text, expected) => {
    expect(memory(text)).toBe(expected);
  });

  it('is exact where doubles are not', () => {
    expect(cpu('cpu*57%', '100m')).toBe('57m');
    expect(cpu('0.1+0.2-0.3')).toBe('0');
    expect(memory('memory*1.1', '10000000000000001')).toBe('11000000000000001100m');
  });
});

describe('a quantity', () => {
  it.each([
    ['1m', '1m'],
    ['1k', '1k'],
    ['1M', '1M'],
    ['1G', '1G'],
    ['1T', '1T'],
    ['1P', '1P'],
    ['1Ki', '1Ki'],
    ['1Mi', '1Mi'],
    ['1Gi', '1Gi'],
    ['1Ti', '1Ti'],
    ['1Pi', '1Pi'],
    ['1.5Gi', '1536Mi'],
    ['.5Ki', '512'],
    ['100Mi - 50Mi', '50Mi'],
    ['0.0001m', '1m'],
  ])('%s is %s', (text, expected) => {
    expect(memory(text)).toBe(expected);
  });
});

describe('a result', () => {
  it.each([
    ['is cut to milli', 'cpu', 'cpu/3', '1', '333m'],
    ['is cut to milli at each step, as there', 'cpu', 'cpu/3*3', '1', '999m'],
    ['is cut towards zero', 'cpu', '1-cpu/3', '2', '334m'],
    ['is written in milli if it is no whole number of bytes', 'memory', 'memory*30%', '1Gi', '322122547200m'],
    ['keeps binary notation', 'memory', 'memory*50%', '1Gi', '512Mi'],
    ['keeps decimal notation', 'memory', 'memory*50%', '1G', '500M'],
    ['keeps exponents', 'memory', 'memory*50%', '1e9', '500e6'],
    ['has the notation of the left side', 'memory', 'memory+24Mi', '1000M', '1025165824'],
    ['has the notation of the right side if the left is zero', 'memory', 'memory+24Mi', '0', '24Mi'],
    ['below 1Ki is decimal', 'memory', 'memory/2', '1Ki', '512'],
    ['mixes', 'memory', '0.5 * memory + max(0, memory-2Gi)', '8Gi', '10Gi'],
    ['is of memory in capitals', 'memory', 'MEMORY*50%', '1Gi', '512Mi'],
    ['may be below zero', 'cpu', 'cpu-100m', '50m', '-50m'],
    ['is capped as Kubernetes caps', 'memory', 'memory*1e18', '8Pi', '9223372036854775807'],
    ['is capped below zero too', 'memory', '-memory*1e18', '8Pi', '-9223372036854775807'],
    ['of nothing is 0', 'memory', 'memory*50%', '0', '0'],
  ] as const)('%s', (_, variable, text, value, expected) => {
    expect(result(text, variable, value)).toBe(expected);
  });
});

describe('what OpenKruise finds out at the Pod, or never, is refused', () => {
  it.each([
    ['cpu*cpu', 'a quantity can not be multiplied by a quantity'],
    ['40m * 2m', 'a quantity can not be multiplied by a quantity'],
    ['cpu*(100m+1)', 'a quantity can not be multiplied by a quantity'],
    ['1/cpu', 'nothing can be divided by a quantity'],
    ['cpu/100m', 'nothing can be divided by a quantity'],
    ['cpu/0', 'division by zero'],
    ['10 / 0', 'division by zero'],
    ['cpu/(0.1+0.2-30%)', 'division by zero'],
    ['2cpu', '2cpu is not a number: write 2*cpu'],
    ['1.5MEMORY', '1.5MEMORY is not a number: write 1.5*memory'],
    ['200MB', '200MB is not a number or a quantity: units are m, k, M, G, T, P, Ki, Mi, Gi, Ti, Pi and %'],
    ['100K', '100K is not a number or a quantity: units are m, k, M, G, T, P, Ki, Mi, Gi, Ti, Pi and %'],
  ])('%s: %s', (text, message) => {
    expect(cpu(text)).toBe(message);
  });

  it.each([
    '1E',
    '1Ei',
    '5u',
    '5n',
    '5mi',
    '5_000',
    '1e3m',
    '1e',
    '1.2.3',
    '.',
    '.m',
    '1Kim',
  ])('%s, which is no number', (text) => {
    expect(cpu(text)).toContain(`${text} is not a number`);
  });
});

describe('a malformed expression', () => {
  it.each([
    ['', 'ends where a number, a quantity or a name should be'],
    ['   ', 'ends where a number, a quantity or a name should be'],
    ['cpu +', 'ends where a number, a quantity or a name should be'],
    ['()', '")" stands where a number, a quantity or a name should be'],
    ['+cpu', '"+" stands where a number, a quantity or a name should be'],
    ['cpu**2', '"*" stands where a number, a quantity or a name should be'],
    ['(2 + 3', 'ends where an operator or ")" should be'],
    ['(2, 3)', '"," stands where an operator or ")" should be'],
    ['cpu 2', '"2" stands where an operator should be'],
    ['cpu)', '")" stands where an operator should be'],
    ['max(1 2)', '"2" stands where an operator, "," or ")" should be'],
    ['50%%', 'unexpected "%"'],
    ['50 %', 'unexpected "%"'],
    ['2 + @', 'unexpected "@"'],
    ['cpu × 2', 'unexpected "×"'],
    ['cpu*😀', 'unexpected "😀"'],
    ['cpu\u00002', 'unexpected "\\u0000"'],
    ['memory', 'memory is not known here: the only name is cpu'],
    ['cpu1*50%', 'cpu1 is not known here: the only name is cpu'],
    ['max', 'max is not known here: the only name is cpu'],
    ['__proto__', 'unexpected "_"'],
    ['constructor', 'constructor is not known here: the only name is cpu'],
    ['cpu(1)', 'cpu is not a function: there are max and min'],
    ['avg(1, 2)', 'avg is not a function: there are max and min'],
    ['max()', '")" stands where a number, a quantity or a name should be'],
    ['max(1)', 'max takes 2 arguments, not 1'],
    ['min(1, 2, 3)', 'min takes 2 arguments, not 3'],
    ['1e19', '1e19: an exponent is between -18 and 18'],
    ['1e-999999999', '1e-999999999: an exponent is between -18 and 18'],
  ])('%j %s', (text, message) => {
    expect(cpu(text)).toBe(message);
  });
});
