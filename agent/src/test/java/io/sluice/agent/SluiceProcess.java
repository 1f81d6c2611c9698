package io.sluice.agent;

import static org.awaitility.Awaitility.await;

import com.sun.tools.attach.VirtualMachine;
import io.sluice.FreePort;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** A real Sluice in a JVM of its own, with or without the real agent's jar, seen over JMX. */
final class SluiceProcess implements AutoCloseable {
    static final String JAR = System.getProperty("sluice.agent.jar");
    static final ObjectName AGENT = name("sluice:type=Agent");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final URI metrics;
    private final Process process;
    private final Path output;
    private final JMXConnector connector;
    private final MBeanServerConnection mbeans;

    private SluiceProcess(Process process, Path output, JMXConnector connector, int metricsPort) throws IOException {
        this.metrics = URI.create("http://127.0.0.1:" + metricsPort + "/metrics");
        this.process = process;
        this.output = output;
        this.connector = connector;
        this.mbeans = connector.getMBeanServerConnection();
    }

    /**
     * Starts one with the listeners {@code http} and {@code direct} before {@code liberator}.
     *
     * @param flags of the JVM
     */
    static SluiceProcess run(Path folder, ScriptedLiberator liberator, String... flags) throws Exception {
        return run(folder, liberator, List.of(), flags);
    }

    /**
     * The same with listeners of its own.
     *
     * @param listeners as in the configuration, a line each
     */
    static SluiceProcess run(Path folder, ScriptedLiberator liberator, List<String> listeners, String... flags)
            throws Exception {
        int jmx = FreePort.find();
        int metrics = FreePort.find();
        Path config = Files.writeString(folder.resolve("sluice.yaml"), """
                listeners:
                  - { name: http, bind: "127.0.0.1:0" }
                  - { name: direct, bind: "127.0.0.1:0", kind: direct, liberator: lib-a }
                %s
                liberators:
                  - { name: lib-a, address: "127.0.0.1:%d", direct: "127.0.0.1:%d", health: off }
                routes:
                  - { host: a.example.com, liberator: lib-a }
                  - { host: localhost, liberator: lib-a }
                defaults: { socketSendBuffer: 16KiB, socketReceiveBuffer: 16KiB }
                management: { jmx: { bind: "127.0.0.1:%d" }, metrics: { bind: "127.0.0.1:%d" }, drainTime: 0 }
                """.formatted(
                        listeners.stream().map(each -> "  - " + each).collect(Collectors.joining("\n")),
                        liberator.port(),
                        liberator.port(),
                        jmx,
                        metrics));
        Path output = folder.resolve("output.txt");
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx128m", "-Djdk.attach.allowAttachSelf=false"));
        command.addAll(Arrays.asList(flags));
        command.addAll(List.of("-cp", appliance(), "io.sluice.Sluice", "run", "-c", config.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            return new SluiceProcess(process, output, connect(process, output, jmx), metrics);
        } catch (Throwable failed) {
            process.destroyForcibly();
            throw new AssertionError("not started: " + Files.readString(output), failed);
        }
    }

    private static JMXConnector connect(Process process, Path output, int port) {
        JMXConnector[] connected = new JMXConnector[1];
        await().atMost(PATIENCE).until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("it ended");
            }
            if (Files.readString(output).contains("management.open")) {
                connected[0] = JMXConnectorFactory.connect(
                        new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi"));
                return true;
            }
            return false;
        });
        return connected[0];
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The class path of the appliance, without anything of the agent. */
    static String appliance() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(each -> !each.contains("/agent/target/")
                        && !each.contains("byte-buddy")
                        && !each.contains("opentelemetry"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Attaches the agent while it runs. */
    void attach(String options) throws Exception {
        attach(JAR, options);
    }

    void attach(String jar, String options) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(process.pid()));
        try {
            machine.loadAgent(jar, options);
        } finally {
            machine.detach();
        }
    }

    int port(String listener) throws Exception {
        String address = (String) mbeans.getAttribute(name("sluice:type=Listener,name=" + listener), "Address");
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    Object agent(String attribute) throws Exception {
        return mbeans.getAttribute(AGENT, attribute);
    }

    String[] lines(String attribute) throws Exception {
        return (String[]) agent(attribute);
    }

    Object invoke(String operation, String... arguments) throws Exception {
        String[] types = new String[arguments.length];
        Arrays.fill(types, String.class.getName());
        return mbeans.invoke(AGENT, operation, arguments, types);
    }

    /** An attribute of the latency of a stage, all kinds together. */
    Object latency(String stage, String attribute) throws Exception {
        return mbeans.getAttribute(latencyName(stage), attribute);
    }

    Object latency(String stage, String kind, String attribute) throws Exception {
        return mbeans.getAttribute(name(latencyName(stage) + ",kind=" + kind), attribute);
    }

    /** How many were timed since the start, at this moment; 0 when there is no such MBean yet. */
    long timed(String stage, String kind) throws Exception {
        mbeans.invoke(AGENT, "snapshot", null, null);
        ObjectName name = name(latencyName(stage) + ",kind=" + kind);
        return mbeans.isRegistered(name) ? (long) mbeans.getAttribute(name, "CountTotal") : 0;
    }

    private static ObjectName latencyName(String stage) {
        return name("sluice:type=Latency,liberator=lib-a,stage=" + stage);
    }

    Set<ObjectName> beans(String pattern) throws Exception {
        return mbeans.queryNames(name(pattern), null);
    }

    /** The page of metrics, line by line. */
    List<String> metrics() throws IOException {
        try (InputStream page = metrics.toURL().openStream()) {
            return new String(page.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    MBeanServerConnection mbeans() {
        return mbeans;
    }

    long pid() {
        return process.pid();
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    static ObjectName name(String text) {
        try {
            return new ObjectName(text);
        } catch (javax.management.MalformedObjectNameException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            connector.close();
        } catch (IOException gone) {
            // It has ended already.
        }
        process.destroy();
        try {
            process.onExit().get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException stays) {
            process.destroyForcibly();
            throw new AssertionError("it did not end on TERM: " + output(), stays);
        }
    }
}
