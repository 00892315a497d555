import { expect, it } from 'vitest';
import { withoutUser } from '../../src/migration-hub/checks';

it.each([
  ['https://user:pass@host:4318/path', 'https://host:4318/path'],
  ['https://user:p@ss@host:4318/', 'https://host:4318/'],
  ['https://user:pa/ss@host', 'https://host'],
  ['https://user:pa ss@host:99999', 'https://host:99999'],
  ['user:p@ss@host:7233', 'host:7233'],
  ['http://127.0.0.1:4599', 'http://127.0.0.1:4599'],
  ['localhost:7233', 'localhost:7233'],
  ['http://host/a@b', 'http://host/a@b'],
])('of %s a log shows %s', (given, shown) => expect(withoutUser(given)).toBe(shown));
