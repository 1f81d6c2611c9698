import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Scanner;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Answers lines: "get NAME ATTRIBUTE", "call NAME OPERATION", "names PATTERN", "can NAME OPERATION". */
class Mbeans {
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
                case "call" -> text(beans.invoke(name, words[2], new Object[0], new String[0]));
                case "names" -> String.join(" ", beans.queryNames(name, null).stream().map(ObjectName::toString).sorted().toList());
                case "can" -> String.valueOf(Arrays.stream(beans.getMBeanInfo(name).getOperations())
                        .anyMatch(each -> each.getName().equals(words[2])));
                default -> "?";
            };
        } catch (Exception failed) {
            return "!" + failed;
        }
    }

    private static String text(Object value) {
        if (value instanceof javax.management.openmbean.CompositeData data) {
            return data.values().toString();
        }
        return value instanceof Object[] many ? Arrays.deepToString(many) : String.valueOf(value);
    }
}
