package io.sluice.route;

import java.util.ArrayList;
import java.util.List;

/** Reads and prunes Cookie fields: pairs of name and value between semicolons (RFC 6265 §4.2.1). */
public final class Cookies {
    private Cookies() {}

    /** The values of the cookies called {@code name} in a field, in their order. */
    static List<String> values(String field, String name) {
        List<String> values = new ArrayList<>(1);
        int from = 0;
        while (from < field.length()) {
            int end = end(field, from);
            if (isCalled(field, from, end, name)) {
                values.add(field.substring(field.indexOf('=', from) + 1, end).strip());
            }
            from = end + 1;
        }
        return values;
    }

    /** The field without the cookies called {@code name}; empty when nothing is left. */
    public static String without(String field, String name) {
        StringBuilder left = new StringBuilder(field.length());
        int from = 0;
        while (from < field.length()) {
            int end = end(field, from);
            if (!isCalled(field, from, end, name)) {
                left.append(left.isEmpty() ? "" : ";").append(field, from, end);
            }
            from = end + 1;
        }
        return left.toString().strip();
    }

    private static int end(String field, int from) {
        int semicolon = field.indexOf(';', from);
        return semicolon < 0 ? field.length() : semicolon;
    }

    private static boolean isCalled(String field, int from, int end, String name) {
        int start = from;
        while (start < end && (field.charAt(start) == ' ' || field.charAt(start) == '\t')) {
            start++;
        }
        int equals = field.indexOf('=', start);
        if (equals < 0 || equals >= end) {
            return false;
        }
        return field.substring(start, equals).strip().equals(name);
    }
}
