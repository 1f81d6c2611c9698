package io.sluice.agent;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A second agent: writes down the class files that the JVM really runs. Arguments: {@code FOLDER;CLASS,CLASS,…}. */
public final class Witness implements ClassFileTransformer {
    private final Map<String, byte[]> seen = new ConcurrentHashMap<>();

    public static void agentmain(String arguments, Instrumentation instrumentation) throws Exception {
        String[] parts = arguments.split(";");
        Witness witness = new Witness();
        instrumentation.addTransformer(witness, true);
        try {
            for (String name : parts[1].split(",")) {
                instrumentation.retransformClasses(Class.forName(name));
            }
        } finally {
            instrumentation.removeTransformer(witness);
        }
        for (Map.Entry<String, byte[]> each : witness.seen.entrySet()) {
            Files.write(Path.of(parts[0], each.getKey()), each.getValue());
        }
    }

    @Override
    public byte[] transform(
            ClassLoader loader, String className, Class<?> redefined, ProtectionDomain domain, byte[] classFile) {
        if (redefined != null && className.startsWith("io/sluice/")) {
            seen.put(className.replace('/', '.'), classFile);
        }
        return null;
    }
}
