package io.sluice.agent;

import java.lang.instrument.Instrumentation;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.agent.builder.ResettableClassFileTransformer;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.implementation.bytecode.StackManipulation;
import net.bytebuddy.implementation.bytecode.member.MethodInvocation;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;
import net.bytebuddy.utility.JavaModule;
import org.jspecify.annotations.Nullable;

/**
 * Puts the advice into the appliance's classes and takes it out again, whether they are loaded already or not.
 *
 * <p>Classes keep their shape (no field, no method, no interface is added), so the JVM can exchange them while they
 * run, and back. Nothing goes to the bootstrap class path.
 *
 * <p>Both the advice and the classes it goes into are read as files, never as loaded classes: looking at a loaded class
 * loads those it names, among them the very one that is being loaded while its advice is put in.
 *
 * <p><b>Threading:</b> one call at a time; what it tells, to any thread.
 */
final class Weaver {
    /** A property of Byte Buddy's, renamed with it: it never reaches for Unsafe, of which newer JVMs warn. */
    private static final String WITHOUT_UNSAFE = "net.bytebuddy.safe";

    private final Instrumentation instrumentation;
    private final ClassLoader loader;
    private volatile @Nullable ResettableClassFileTransformer woven;
    private volatile Map<JoinPoint, String> missing = Map.of();

    /**
     * @param loader where the appliance's classes are found
     */
    Weaver(Instrumentation instrumentation, ClassLoader loader) {
        this.instrumentation = instrumentation;
        this.loader = loader;
    }

    /** The join points that were not found when the advice was last put in, and why. */
    Map<JoinPoint, String> missing() {
        return missing;
    }

    boolean isWoven() {
        return woven != null;
    }

    /** Which join points {@code pool} lacks, and why. */
    static Map<JoinPoint, String> missing(TypePool pool) {
        Map<JoinPoint, String> missing = new EnumMap<>(JoinPoint.class);
        for (JoinPoint each : JoinPoint.values()) {
            String why = each.missing(pool);
            if (why != null) {
                missing.put(each, why);
            }
        }
        return missing;
    }

    /** Puts the advice in; what is not there is left out and named by {@link #missing}. */
    void weave() {
        if (woven != null) {
            return;
        }
        ClassFileLocator classFiles = ClassFileLocator.ForClassLoader.of(loader);
        TypePool types = TypePool.Default.of(classFiles);
        Map<JoinPoint, String> absent = missing(types);
        Map<JoinPoint, Advice> advice = new EnumMap<>(JoinPoint.class);
        for (JoinPoint each : JoinPoint.values()) {
            if (!absent.containsKey(each)) {
                advice.put(each, advice(each, types, classFiles));
            }
        }
        Map<String, List<JoinPoint>> byType = advice.keySet().stream()
                .collect(Collectors.groupingBy(JoinPoint::type, LinkedHashMap::new, Collectors.toList()));
        Map<String, Throwable> failed = new ConcurrentHashMap<>();
        System.setProperty(WITHOUT_UNSAFE, "true");
        woven = builder(byType, advice, failed).installOn(instrumentation);
        byType.forEach((type, points) -> {
            Throwable why = failed.get(type);
            if (why != null) {
                points.forEach(point -> absent.put(point, "not instrumented: " + why));
            }
        });
        missing = absent;
    }

    /** @param failed gets the types that could not be exchanged, and why */
    private static AgentBuilder builder(
            Map<String, List<JoinPoint>> byType, Map<JoinPoint, Advice> advice, Map<String, Throwable> failed) {
        AgentBuilder builder = new AgentBuilder.Default()
                .disableClassFormatChanges()
                .with(AgentBuilder.RedefinitionStrategy.RETRANSFORMATION)
                .with(AgentBuilder.RedefinitionStrategy.DiscoveryStrategy.Reiterating.INSTANCE)
                .with(AgentBuilder.DescriptionStrategy.Default.POOL_ONLY)
                .with(new Failures(failed))
                .ignore(ElementMatchers.not(ElementMatchers.nameStartsWith("io.sluice.")));
        for (Map.Entry<String, List<JoinPoint>> each : byType.entrySet()) {
            List<JoinPoint> points = each.getValue();
            builder = builder.type(ElementMatchers.named(each.getKey()))
                    .transform((type, description, from, module, domain) -> {
                        var result = type;
                        for (JoinPoint point : points) {
                            result = result.visit(
                                    Objects.requireNonNull(advice.get(point)).on(target(point)));
                        }
                        return result;
                    });
        }
        return builder;
    }

    private static ElementMatcher<MethodDescription> target(JoinPoint point) {
        return ElementMatchers.named(point.method());
    }

    private static Advice advice(JoinPoint point, TypePool types, ClassFileLocator classFiles) {
        return Advice.to(types.describe(point.advice().getName()).resolve(), classFiles)
                .withExceptionHandler(new Advice.ExceptionHandler.Simple(caught()));
    }

    /**
     * What advice does with an exception of its own: hands it to {@link Faults}, and the appliance's method goes on.
     */
    private static StackManipulation caught() {
        try {
            return MethodInvocation.invoke(
                    new MethodDescription.ForLoadedMethod(Faults.class.getMethod("caught", Throwable.class)));
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Takes the advice out: the classes are the original ones again.
     *
     * @throws IllegalStateException when the JVM did not give all of them back
     */
    void unweave() {
        ResettableClassFileTransformer transformer = woven;
        if (transformer != null) {
            woven = null;
            boolean whole = transformer.reset(instrumentation, AgentBuilder.RedefinitionStrategy.RETRANSFORMATION);
            if (!whole) {
                throw new IllegalStateException("not all classes are the original ones again");
            }
        }
    }

    /** Notes which classes could not be instrumented. */
    private static final class Failures extends AgentBuilder.Listener.Adapter {
        private final Map<String, Throwable> failed;

        Failures(Map<String, Throwable> failed) {
            this.failed = failed;
        }

        @Override
        public void onError(
                String typeName,
                @Nullable ClassLoader from,
                @Nullable JavaModule module,
                boolean loaded,
                Throwable why) {
            failed.put(typeName, why);
        }
    }
}
