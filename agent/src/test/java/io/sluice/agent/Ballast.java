package io.sluice.agent;

/** A second agent: gives collectors something to do. Argument: how many MiB of small objects to keep, or
 * {@code collect}. */
public final class Ballast {
    private static Object[] kept = new Object[0];

    private Ballast() {}

    public static void agentmain(String mebibytes) {
        if (mebibytes.equals("collect")) {
            System.gc();
            return;
        }
        Object[] rows = new Object[Integer.parseInt(mebibytes) * 1024];
        for (int i = 0; i < rows.length; i++) {
            Object[] row = new Object[32];
            for (int j = 0; j < row.length; j++) {
                row[j] = new int[2];
            }
            rows[i] = row;
        }
        kept = rows;
    }

    static int rows() {
        return kept.length;
    }
}
