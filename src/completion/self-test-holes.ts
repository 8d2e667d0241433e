/** Code with a piece taken out, in several languages; some pieces follow from another file. */
import type { PromptFile } from '../context/format.ts';

export interface KnownHole {
  readonly path: string;
  readonly language: string;
  readonly neighbours: readonly PromptFile[];
  readonly prefix: string;
  readonly middle: string;
  readonly suffix: string;
}

/** Raised when a hole changes: scores of other holes do not compare. */
export const holesVersion = 1;

export const knownHoles: readonly KnownHole[] = [
  {
    path: 'src/area.ts',
    language: 'typescript',
    neighbours: [{ path: 'src/config.ts', content: 'export const SCALE = 12;\n' }],
    prefix: 'export function multiply(width: number, height: number): number {\n  return width',
    middle: ' * height;',
    suffix: '\n}\n',
  },
  {
    path: 'total.py',
    language: 'python',
    neighbours: [{ path: 'config.py', content: 'LIMIT = 40\n' }],
    prefix: 'def total_price(price_list):\n    total = 0\n    for price in price_list:\n        total',
    middle: ' += price',
    suffix: '\n    return total\n',
  },
  {
    path: 'src/scale.ts',
    language: 'typescript',
    neighbours: [{ path: 'src/config.ts', content: 'export const FACTOR = 60;\n' }],
    prefix: "import { FACTOR } from './config';\n\nexport function scale(length: number): number {\n  return length * ",
    middle: 'FACTOR;',
    suffix: '\n}\n',
  },
  {
    path: 'src/price.ts',
    language: 'typescript',
    neighbours: [{ path: 'src/money.ts', content: 'export function roundToCents(amount: number): number {\n  return Math.round(amount * 100) / 100;\n}\n' }],
    prefix: "import { roundToCents } from './money';\n\nexport function withTax(net: number, rate: number): number {\n  return ",
    middle: 'roundToCents(net * (1 + rate));',
    suffix: '\n}\n',
  },
  {
    path: 'shapes.py',
    language: 'python',
    neighbours: [{ path: 'units.py', content: 'def to_metres(feet):\n    return feet * 0.3048\n' }],
    prefix: 'class Rectangle:\n    def __init__(self, width, height):\n        self.width = width\n        self.height = height\n\n    def area(self):\n        return ',
    middle: 'self.width * self.height',
    suffix: '\n\n    def perimeter(self):\n        return 2 * (self.width + self.height)\n',
  },
  {
    path: 'store/users.go',
    language: 'go',
    neighbours: [{ path: 'store/user.go', content: 'package store\n\ntype User struct {\n\tName  string\n\tEmail string\n}\n' }],
    prefix: 'package store\n\nfunc FindByEmail(users []User, email string) *User {\n\tfor i := range users {\n\t\tif ',
    middle: 'users[i].Email == email {\n\t\t\treturn &users[i]\n\t\t}',
    suffix: '\n\t}\n\treturn nil\n}\n',
  },
  {
    path: 'src/queue.js',
    language: 'javascript',
    neighbours: [{ path: 'src/log.js', content: 'export function warn(message) {\n  console.warn(message);\n}\n' }],
    prefix: "import { warn } from './log.js';\n\nexport class Queue {\n  items = [];\n\n  push(item) {\n    this.items.push(item);\n  }\n\n  pop() {\n    if (this.items.length === 0) ",
    middle: "warn('The queue is empty.');",
    suffix: '\n    return this.items.shift();\n  }\n}\n',
  },
  {
    path: 'src/stats.rs',
    language: 'rust',
    neighbours: [{ path: 'src/lib.rs', content: 'pub mod stats;\n' }],
    prefix: 'pub fn mean(values: &[f64]) -> Option<f64> {\n    if values.is_empty() {\n        return None;\n    }\n    let sum: f64 = ',
    middle: 'values.iter().sum();',
    suffix: '\n    Some(sum / values.len() as f64)\n}\n',
  },
];
