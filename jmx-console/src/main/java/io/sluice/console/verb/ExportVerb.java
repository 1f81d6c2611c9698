package io.sluice.console.verb;

import static io.sluice.console.show.Table.column;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Values;
import io.sluice.console.show.Format;
import io.sluice.console.show.Printer;
import io.sluice.console.show.Table;
import java.io.PrintWriter;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.MBeanAttributeInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code sluicectl export}. */
@Command(
        name = "export",
        description = "Every figure of the appliance at this moment, for another program.",
        footer = {
            "%nExamples:",
            "  sluicectl export prometheus > /var/lib/node_exporter/sluice.prom",
            "  sluicectl export json"
        })
final class ExportVerb implements Callable<Integer> {
    private static final Pattern WORD = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

    /** What it is written in. */
    enum Language {
        json,
        csv,
        prometheus
    }

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "FORMAT", description = "${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Language language;

    @Override
    public Integer call() throws Failure {
        PrintWriter out = spec.commandLine().getOut();
        try (Appliance appliance = console.connect()) {
            switch (language) {
                case json -> new Printer(out, Format.json, false).print(figures(appliance));
                case csv -> new Printer(out, Format.csv, false).print(figures(appliance));
                case prometheus -> prometheus(appliance).forEach((name, family) -> out.print(family));
            }
        }
        out.flush();
        return Exit.DONE.code();
    }

    private static Table figures(Appliance appliance) throws Failure {
        Table table = new Table(column("type"), column("name"), column("attribute"), column("value"), column("unit"));
        for (Bean bean : appliance.beans("sluice:*")) {
            Values values = bean.readAll();
            for (MBeanAttributeInfo each : bean.info().getAttributes()) {
                Object value = values.raw(each.getName());
                if (value instanceof Number || value instanceof Boolean) {
                    table.row(bean.key("type"), labels(bean), each.getName(), value, unit(each));
                }
            }
        }
        return table;
    }

    /** Its name, or all keys but the type where it has several. */
    private static String labels(Bean bean) {
        Map<String, String> keys = keys(bean);
        return keys.size() == 1 && keys.containsKey("name")
                ? bean.key("name")
                : keys.keySet().stream()
                        .map(each -> each + "=" + bean.key(each))
                        .collect(Collectors.joining(","));
    }

    private static Map<String, String> keys(Bean bean) {
        Hashtable<String, String> all = bean.objectName().getKeyPropertyList();
        Map<String, String> keys = new TreeMap<>(all);
        keys.remove("type");
        return keys;
    }

    private static String unit(MBeanAttributeInfo attribute) {
        Object unit = attribute.getDescriptor().getFieldValue("units");
        return unit == null ? "" : unit.toString();
    }

    /** A family for each attribute, in the text format 0.0.4: names in snake case, what only grows as a counter. */
    private static Map<String, StringBuilder> prometheus(Appliance appliance) throws Failure {
        Map<String, StringBuilder> families = new LinkedHashMap<>();
        for (Bean bean : appliance.beans("sluice:*")) {
            Values values = bean.readAll();
            for (MBeanAttributeInfo each : bean.info().getAttributes()) {
                Object value = values.raw(each.getName());
                if (value instanceof Number || value instanceof Boolean) {
                    String name = "sluice_" + snake(bean.key("type")) + "_" + snake(each.getName());
                    families.computeIfAbsent(name, key -> head(key, each))
                            .append(name)
                            .append(labelled(bean))
                            .append(' ')
                            .append(value instanceof Boolean truth ? (truth ? 1 : 0) : value)
                            .append('\n');
                }
            }
        }
        return families;
    }

    private static StringBuilder head(String name, MBeanAttributeInfo attribute) {
        boolean grows = attribute.getName().endsWith("Total")
                || (attribute.getName().endsWith("Bytes")
                        && !attribute.getName().startsWith("Held"));
        String help = attribute.getDescription().replace("\\", "\\\\").replace("\n", "\\n");
        return new StringBuilder(
                "# HELP " + name + " " + help + "\n# TYPE " + name + (grows ? " counter\n" : " gauge\n"));
    }

    private static String labelled(Bean bean) {
        Map<String, String> keys = keys(bean);
        return keys.isEmpty()
                ? ""
                : keys.keySet().stream()
                        .map(each -> each + "=\"" + escaped(bean.key(each)) + "\"")
                        .collect(Collectors.joining(",", "{", "}"));
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static String snake(String name) {
        return WORD.matcher(name).replaceAll("_").toLowerCase(java.util.Locale.ROOT);
    }
}
