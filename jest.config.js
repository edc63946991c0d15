/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  // src holds no specs, but only files below a root are counted as uncovered when nothing loads them.
  roots: ['<rootDir>/src', '<rootDir>/spec'],
  testMatch: ['<rootDir>/spec/**/*.spec.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // tsconfig.spec.json has isolatedModules on: jest only strips types here, `npm run check` checks them.
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/tsconfig.spec.json' }] },
};
