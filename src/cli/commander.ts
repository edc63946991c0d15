/**
 * The argument library, by the one file that loads it: the build puts the library into this file, so that whoever
 * installs the package gets no dependency.
 */
export { Command, CommanderError, Option } from 'commander';
