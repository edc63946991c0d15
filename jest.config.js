/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  // src holds no specs, but only files below a root are counted as uncovered when nothing loads them.
  roots: ['<rootDir>/src', '<rootDir>/spec'],
  // Nothing is proved by a time: this only ends what hangs, on a busy machine too.
  testTimeout: 60_000,
  testMatch: ['<rootDir>/spec/**/*.spec.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // tsconfig.spec.json has isolatedModules on: jest only strips types here, `npm run check` checks them.
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/tsconfig.spec.json' }] },
};
