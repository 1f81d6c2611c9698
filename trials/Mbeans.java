import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Scanner;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Answers lines: "get NAME ATTRIBUTE", "call NAME OPERATION INT…", "names PATTERN", "can NAME OPERATION",
 * "all PATTERN" (reads every attribute, answers with their number), "query NAME OPERATION QUERY OFFSET LIMIT" (answers
 * with the number of lines).
 */
class Mbeans {
    /** Asked for once, as consoles do. */
    private static final Map<ObjectName, String[]> ATTRIBUTES = new HashMap<>();

    public static void main(String[] arguments) throws Exception {
        String at = arguments[0];
        try (var connector = JMXConnectorFactory.connect(
                new JMXServiceURL("service:jmx:rmi://" + at + "/jndi/rmi://" + at + "/jmxrmi"))) {
            MBeanServerConnection beans = connector.getMBeanServerConnection();
            Scanner lines = new Scanner(System.in);
            while (lines.hasNextLine()) {
                String[] words = lines.nextLine().split(" ");
                System.out.println(answer(beans, words).replace('\n', ' '));
            }
        }
    }

    private static String answer(MBeanServerConnection beans, String[] words) {
        try {
            ObjectName name = new ObjectName(words[1]);
            return switch (words[0]) {
                case "get" -> text(beans.getAttribute(name, words[2]));
                case "call" -> {
                    Object[] values = Arrays.stream(words).skip(3).map(Integer::valueOf).toArray();
                    String[] types = Arrays.stream(values).map(each -> "int").toArray(String[]::new);
                    yield text(beans.invoke(name, words[2], values, types));
                }
                case "names" -> String.join(" ", beans.queryNames(name, null).stream().map(ObjectName::toString).sorted().toList());
                case "can" -> String.valueOf(Arrays.stream(beans.getMBeanInfo(name).getOperations())
                        .anyMatch(each -> each.getName().equals(words[2])));
                case "all" -> {
                    int read = 0;
                    for (ObjectName each : beans.queryNames(name, null)) {
                        if (!ATTRIBUTES.containsKey(each)) {
                            ATTRIBUTES.put(each, attributes(beans, each));
                        }
                        read += beans.getAttributes(each, ATTRIBUTES.get(each)).size();
                    }
                    yield String.valueOf(read);
                }
                case "query" -> {
                    Object[] values = {words[3], Integer.valueOf(words[4]), Integer.valueOf(words[5])};
                    String[] types = {"java.lang.String", "int", "int"};
                    yield String.valueOf(((Object[]) beans.invoke(name, words[2], values, types)).length);
                }
                default -> "?";
            };
        } catch (Exception failed) {
            return "!" + failed;
        }
    }

    private static String[] attributes(MBeanServerConnection beans, ObjectName name) throws Exception {
        return Arrays.stream(beans.getMBeanInfo(name).getAttributes())
                .map(MBeanAttributeInfo::getName)
                .toArray(String[]::new);
    }

    private static String text(Object value) {
        if (value instanceof javax.management.openmbean.CompositeData data) {
            return data.values().toString();
        }
        return value instanceof Object[] many ? Arrays.deepToString(many) : String.valueOf(value);
    }
}
