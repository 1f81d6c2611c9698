package io.sluice.manage;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.management.Attribute;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import javax.rmi.ssl.SslRMIClientSocketFactory;

/** A JMX client that tries what it should be let do, and everything it should not. */
final class JmxClient {
    /** Gone from Java 25; asked for all the same. */
    private static final String MLET = "javax.management.loading.MLet";

    private JmxClient() {}

    /** As a process of its own: {@code URL USER PASSWORD}; prints a line for each attempt. */
    public static void main(String[] arguments) throws Exception {
        try (JMXConnector connector = connect(arguments[0], arguments[1], arguments[2], true)) {
            attempts(connector.getMBeanServerConnection())
                    .forEach((what, result) -> System.out.println(what + " -> " + result));
        } catch (IOException | SecurityException refused) {
            System.out.println("login -> " + refused);
        }
    }

    static JMXConnector connect(String url, String user, String password, boolean tls) throws IOException {
        Map<String, Object> environment = new HashMap<>();
        if (!user.isEmpty()) {
            environment.put(JMXConnector.CREDENTIALS, new String[] {user, password});
        }
        if (tls) {
            environment.put("com.sun.jndi.rmi.factory.socket", new SslRMIClientSocketFactory());
        }
        return JMXConnectorFactory.connect(new JMXServiceURL(url), environment);
    }

    /** What was tried, and what came of it: {@code ok}, or the exception's class and sentence. */
    static Map<String, String> attempts(MBeanServerConnection mbeans) throws Exception {
        ObjectName appliance = new ObjectName("sluice:type=Appliance");
        ObjectName mine = new ObjectName("evil:type=Mine");
        ObjectName diagnostic = new ObjectName("com.sun.management:type=DiagnosticCommand");
        ObjectName hotspot = new ObjectName("com.sun.management:type=HotSpotDiagnostic");
        ObjectName recorder = new ObjectName("jdk.management.jfr:type=FlightRecorder");
        ObjectName memory = new ObjectName("java.lang:type=Memory");
        ObjectName threads = new ObjectName("java.lang:type=Threading");
        ObjectName logging = new ObjectName("java.util.logging:type=Logging");
        String string = String.class.getName();
        Map<String, String> results = new LinkedHashMap<>();
        attempt(results, "read", () -> mbeans.getAttribute(appliance, "Version"));
        attempt(
                results,
                "explain",
                () -> mbeans.invoke(
                        new ObjectName("sluice:type=RoutingTable"),
                        "explain",
                        new Object[] {"plain", "", "a.example.com", "/"},
                        new String[] {string, string, string, string}));
        attempt(results, "reload", () -> mbeans.invoke(appliance, "reload", new Object[0], new String[0]));
        attempt(
                results,
                "threads",
                () -> mbeans.invoke(threads, "getThreadInfo", new Object[] {1L}, new String[] {"long"}));
        attempt(results, "createMBean", () -> mbeans.createMBean("javax.management.timer.Timer", mine));
        attempt(results, "MLet", () -> mbeans.createMBean(MLET, mine));
        attempt(results, "createMBean with loader", () -> mbeans.createMBean(MLET, mine, appliance));
        attempt(results, "unregister", () -> {
            mbeans.unregisterMBean(appliance);
            return null;
        });
        attempt(
                results,
                "agent",
                () -> mbeans.invoke(
                        diagnostic, "jvmtiAgentLoad", new Object[] {new String[] {"/tmp/a.jar"}}, new String[] {
                            String[].class.getName()
                        }));
        attempt(
                results,
                "dumpHeap",
                () -> mbeans.invoke(
                        hotspot, "dumpHeap", new Object[] {"/tmp/a.hprof", true}, new String[] {string, "boolean"}));
        attempt(
                results,
                "setVMOption",
                () -> mbeans.invoke(
                        hotspot, "setVMOption", new Object[] {"HeapDumpPath", "/tmp"}, new String[] {string, string}));
        attempt(results, "read HotSpotDiagnostic", () -> mbeans.getAttribute(hotspot, "DiagnosticOptions"));
        attempt(results, "info of DiagnosticCommand", () -> mbeans.getMBeanInfo(diagnostic));
        attempt(results, "recording", () -> mbeans.invoke(recorder, "newRecording", new Object[0], new String[0]));
        attempt(results, "gc", () -> mbeans.invoke(memory, "gc", new Object[0], new String[0]));
        attempt(
                results,
                "logger",
                () -> mbeans.invoke(
                        logging, "setLoggerLevel", new Object[] {"", "ALL"}, new String[] {string, string}));
        attempt(results, "set verbose", () -> {
            mbeans.setAttribute(memory, new Attribute("Verbose", true));
            return null;
        });
        attempt(results, "listener MBean", () -> {
            mbeans.addNotificationListener(memory, appliance, null, null);
            return null;
        });
        attempt(results, "foreign class", () -> {
            mbeans.setAttribute(appliance, new Attribute("Version", new java.io.File("/etc/passwd")));
            return null;
        });
        attempt(results, "deep", () -> {
            Object[] deep = {"x"};
            for (int i = 0; i < 50; i++) {
                deep = new Object[] {deep};
            }
            mbeans.setAttribute(appliance, new Attribute("Version", deep));
            return null;
        });
        attempt(results, "large", () -> {
            mbeans.setAttribute(appliance, new Attribute("Version", new byte[5000]));
            return null;
        });
        results.put(
                "hidden",
                Boolean.toString(mbeans.queryNames(null, null).stream()
                                .noneMatch(each -> each.getDomain().matches("com.sun.management|jdk.management.jfr"))
                        && !mbeans.isRegistered(diagnostic)));
        return results;
    }

    private static void attempt(Map<String, String> results, String what, Callable<?> attempt) {
        try {
            attempt.call();
            results.put(what, "ok");
        } catch (Exception refused) {
            Throwable root = refused;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            results.put(what, root.getClass().getSimpleName() + ": " + root.getMessage());
        }
    }
}
