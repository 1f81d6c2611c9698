package io.sluice.console.reach;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;

/** What was read of an MBean, or a record within it. What the appliance does not have is missing, never made up. */
public final class Values {
    private final Map<String, Object> values;

    Values(Map<String, Object> values) {
        this.values = values;
    }

    /** Of what was read elsewhere. */
    public static Values of(Map<String, Object> values) {
        return new Values(values);
    }

    static Values of(CompositeData data) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String each : data.getCompositeType().keySet()) {
            Object value = data.get(each);
            if (value != null) {
                values.put(each, value);
            }
        }
        return new Values(values);
    }

    /** A record, or each of an array of them, as an operation returns it; empty for anything else. */
    public static List<Values> records(@Nullable Object result) {
        if (result instanceof CompositeData[] all) {
            return Arrays.stream(all).map(Values::of).toList();
        }
        return result instanceof CompositeData one ? List.of(of(one)) : List.of();
    }

    public Collection<String> names() {
        return values.keySet();
    }

    /** As it came over JMX; null when it is missing. */
    public @Nullable Object raw(String name) {
        return values.get(name);
    }

    /** Empty when it is missing. */
    public String text(String name) {
        Object value = values.get(name);
        return value == null ? "" : Reasons.printable(value.toString());
    }

    /** 0 when it is missing. */
    public long number(String name) {
        return values.get(name) instanceof Number number ? number.longValue() : 0;
    }

    /** 0 when it is missing. */
    public double decimal(String name) {
        return values.get(name) instanceof Number number ? number.doubleValue() : 0;
    }

    /** False when it is missing. */
    public boolean is(String name) {
        return Boolean.TRUE.equals(values.get(name));
    }

    /** Empty when it is missing. */
    public List<String> lines(String name) {
        return values.get(name) instanceof String[] lines ? printable(lines) : List.of();
    }

    /** Empty when it is missing. */
    public List<Values> records(String name) {
        return records(values.get(name));
    }

    /** Lines as an operation returns them, or its one sentence; safe for a terminal. */
    public static List<String> printable(@Nullable Object result) {
        if (result instanceof String[] lines) {
            return Arrays.stream(lines).map(Values::line).toList();
        }
        return result == null
                ? List.of()
                : result.toString().lines().map(Values::line).toList();
    }

    private static String line(String text) {
        return Reasons.printable(text);
    }
}
