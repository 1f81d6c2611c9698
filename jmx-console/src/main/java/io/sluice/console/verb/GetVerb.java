package io.sluice.console.verb;

import static io.sluice.console.show.Table.column;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Values;
import io.sluice.console.show.Table;
import java.util.Arrays;
import java.util.List;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sluicectl get}. */
@Command(
        name = "get",
        description = "Attributes of MBeans as they are: for what no other command shows.",
        footer = {
            "%nExamples:",
            "  sluicectl get                                  # which MBeans there are",
            "  sluicectl get Liberator,name=lib-a             # all its attributes",
            "  sluicectl get Appliance StreamsActive TableVersion",
            "  sluicectl get java.lang:type=Memory HeapMemoryUsage"
        })
final class GetVerb extends ReadVerb {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MBEAN",
            description = "Its type and name within the domain sluice, or its whole name; * matches several.")
    private @Nullable String mbean;

    @Parameters(index = "1..*", paramLabel = "ATTRIBUTE", description = "All where none is given.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<String> attributes = List.of();

    @Override
    Table read(Appliance appliance) throws Failure {
        String wanted = mbean;
        if (wanted == null) {
            Table table = new Table(column("mbean"), column("description"));
            for (Bean each : appliance.beans("sluice:*")) {
                table.row(each.objectName().toString(), each.info().getDescription());
            }
            return table;
        }
        Table table = new Table(column("mbean"), column("attribute"), column("value"));
        List<Bean> beans = appliance.beans(name(wanted));
        if (beans.isEmpty()) {
            throw new Failure(Exit.REFUSED, "there is no MBean " + name(wanted) + " (try: sluicectl get)");
        }
        for (Bean each : beans) {
            add(table, each);
        }
        return table;
    }

    /** Short names are of the domain {@code sluice}. */
    static String name(String text) {
        return text.indexOf(':') >= 0 ? text : "sluice:type=" + text;
    }

    private void add(Table table, Bean bean) throws Failure {
        Values values = attributes.isEmpty() ? bean.readAll() : bean.read(attributes.toArray(String[]::new));
        for (String each : attributes) {
            if (values.raw(each) == null) {
                throw new Failure(
                        Exit.REFUSED,
                        bean.objectName() + " has no attribute '" + each + "' (it has "
                                + String.join(", ", bean.readAll().names()) + ")");
            }
        }
        for (String each : values.names()) {
            add(table, bean, each, values.raw(each));
        }
    }

    private static void add(Table table, Bean bean, String attribute, @Nullable Object value) {
        if (value instanceof CompositeData data) {
            for (String key : data.getCompositeType().keySet()) {
                table.row(bean.objectName().toString(), attribute + "." + key, plain(data.get(key)));
            }
        } else if (value instanceof CompositeData[] all) {
            for (int i = 0; i < all.length; i++) {
                for (String key : all[i].getCompositeType().keySet()) {
                    table.row(bean.objectName().toString(), attribute + "." + i + "." + key, plain(all[i].get(key)));
                }
            }
        } else if (value instanceof String[] lines) {
            for (String line : Values.printable(lines)) {
                table.row(bean.objectName().toString(), attribute, line);
            }
        } else {
            table.row(bean.objectName().toString(), attribute, plain(value));
        }
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Object[] list) {
            return Arrays.stream(list).map(String::valueOf).toList();
        }
        return value instanceof Number || value instanceof Boolean || value == null
                ? value
                : String.join(" ", Values.printable(value.toString()));
    }
}
