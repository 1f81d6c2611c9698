package io.sluice.config;

/**
 * One thing that is wrong with a configuration file, as the operator reads it.
 *
 * @param file the name as it was given to the loader
 * @param line from 1; 0 if the problem is the file as a whole
 * @param column from 1; 0 if the problem is the file as a whole
 * @param sentence what was read and what is allowed; one line
 */
public record Problem(String file, int line, int column, String sentence) {
    /** The operator line: {@code sluice.yaml:20:20: connectTimeout is '5' (expected …)}. */
    @Override
    public String toString() {
        return line == 0 ? file + ": " + sentence : file + ":" + line + ":" + column + ": " + sentence;
    }
}
