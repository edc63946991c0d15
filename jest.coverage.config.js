import base from './jest.config.js';

/** The folders of layers 0-3: all that the root entry point is made of. */
const core = ['protocol', 'backpressure', 'scheduling', 'correlation', 'server', 'client', 'in-process', 'transports'];

/** @type {import('jest').Config} */
export default {
  ...base,
  // The layers are measured by their own specs and those of the design's rules, which run in virtual time: what only an
  // end-to-end test runs through counts as not covered.
  testMatch: [...core, 'rules'].map((folder) => `<rootDir>/spec/${folder}/**/*.spec.ts`),
  collectCoverage: true,
  collectCoverageFrom: core.flatMap((folder) => [`src/${folder}/**/*.ts`, `!src/${folder}/**/index.ts`]),
  coverageDirectory: 'coverage',
  coverageReporters: ['text', 'lcovonly'],
  coverageThreshold: { global: { branches: 95, functions: 95, lines: 95 } },
};
