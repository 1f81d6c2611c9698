package io.sluice.console.reach;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.Attribute;
import javax.management.InstanceNotFoundException;
import javax.management.IntrospectionException;
import javax.management.JMException;
import javax.management.MBeanException;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.RuntimeErrorException;
import javax.management.RuntimeMBeanException;
import org.jspecify.annotations.Nullable;

/**
 * One MBean of an appliance.
 *
 * <p><b>Errors:</b> every call throws {@link Failure}, with the appliance's own sentence where it refused.
 */
public final class Bean {
    private final Appliance appliance;
    private final ObjectName name;

    Bean(Appliance appliance, ObjectName name) {
        this.appliance = appliance;
        this.name = name;
    }

    public ObjectName objectName() {
        return name;
    }

    /** The value of a key of its name, as in {@code name}; empty when it has none. */
    public String key(String key) {
        String value = name.getKeyProperty(key);
        if (value == null) {
            return "";
        }
        return value.startsWith("\"") ? ObjectName.unquote(value) : value;
    }

    /** Those of the attributes that it has, in one call. */
    public Values read(String... attributes) throws Failure {
        return on(() -> {
            Map<String, Object> values = new LinkedHashMap<>();
            for (Attribute each :
                    appliance.connection().getAttributes(name, attributes).asList()) {
                if (each.getValue() != null) {
                    values.put(each.getName(), each.getValue());
                }
            }
            return new Values(values);
        });
    }

    /** All its attributes. */
    public Values readAll() throws Failure {
        return read(Arrays.stream(info().getAttributes())
                .map(MBeanFeatureInfo::getName)
                .toArray(String[]::new));
    }

    public MBeanInfo info() throws Failure {
        return on(() -> appliance.connection().getMBeanInfo(name));
    }

    public boolean isThere() throws Failure {
        return on(() -> appliance.connection().isRegistered(name));
    }

    /** Whether it has an operation of this name, as newer and older appliances may not. */
    public boolean has(String operation) throws Failure {
        return isThere()
                && Arrays.stream(info().getOperations())
                        .anyMatch(each -> each.getName().equals(operation));
    }

    /**
     * Invokes an operation.
     *
     * @param arguments texts, numbers and truths, as the operation has them
     */
    public @Nullable Object invoke(String operation, Object... arguments) throws Failure {
        String[] signature = Arrays.stream(arguments).map(each -> type(each)).toArray(String[]::new);
        return invoke(operation, arguments, signature);
    }

    public @Nullable Object invoke(String operation, Object[] arguments, String[] signature) throws Failure {
        return on(() -> appliance.connection().invoke(name, operation, arguments, signature));
    }

    /** Has {@code listener} told of its notifications, on a thread of the connection's. */
    public void listen(NotificationListener listener) throws Failure {
        on(() -> {
            appliance.connection().addNotificationListener(name, listener, null, null);
            return "";
        });
    }

    /** What an operation says, safe for a terminal. */
    public List<String> say(String operation, Object... arguments) throws Failure {
        return Values.printable(invoke(operation, arguments));
    }

    private static String type(Object argument) {
        if (argument instanceof Integer) {
            return "int";
        } else if (argument instanceof Long) {
            return "long";
        } else if (argument instanceof Boolean) {
            return "boolean";
        }
        return argument.getClass().getName();
    }

    private interface Call<T extends @Nullable Object> {
        T make() throws JMException, IOException;
    }

    private <T extends @Nullable Object> T on(Call<T> call) throws Failure {
        try {
            return call.make();
        } catch (IOException lost) {
            throw new Failure(
                    Exit.NO_CONNECTION,
                    "the connection to " + appliance.where() + " is lost: " + Reasons.of(lost),
                    lost);
        } catch (SecurityException forbidden) {
            throw new Failure(
                    Exit.NOT_ALLOWED, "not allowed at " + appliance.where() + ": " + Reasons.of(forbidden), forbidden);
        } catch (RuntimeMBeanException | RuntimeErrorException | MBeanException refused) {
            throw new Failure(Exit.REFUSED, Reasons.of(refused), refused);
        } catch (InstanceNotFoundException | ReflectionException | IntrospectionException missing) {
            throw new Failure(
                    Exit.REFUSED,
                    "the appliance at " + appliance.where() + " cannot do this: it has no " + Reasons.of(missing)
                            + ". Is it an older version? try: sluicectl status",
                    missing);
        } catch (JMException | IllegalArgumentException failed) {
            throw new Failure(Exit.REFUSED, Reasons.of(failed), failed);
        }
    }
}
