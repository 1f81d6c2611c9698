package io.sluice.manage;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.ReflectionException;
import javax.management.StandardMBean;
import org.jspecify.annotations.Nullable;

/**
 * An MXBean as consoles should see it: sentences, parameter names and impacts from the annotations of its
 * interface, everything in a stable order, operations that only read before those that change something.
 *
 * <p>Refuses an {@link Action} that gets the word {@code String} for a text, which is what JConsole fills in
 * before anyone has typed.
 *
 * <p><b>Threading:</b> any thread, as far as the bean behind it bears that.
 */
public class Described extends StandardMBean {
    private static final String PREFILLED = "String";

    private volatile @Nullable Audit audit;
    private volatile String name = "";

    public <T> Described(T bean, Class<T> type) {
        super(bean, type, true);
    }

    /**
     * Has every {@link Action} from now on noted, whoever calls it.
     *
     * @param mbean what it is called there
     */
    void auditedBy(Audit notes, String mbean) {
        name = mbean;
        audit = notes;
    }

    /** What it is called where its actions are noted; empty before. */
    final String mbean() {
        return name;
    }

    /** Whether {@code text} is what JConsole fills into a text field before anyone has typed. */
    static boolean isPrefilled(@Nullable String text) {
        return PREFILLED.equals(text);
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        MBeanInfo info = super.getMBeanInfo();
        MBeanAttributeInfo[] attributes = info.getAttributes();
        Arrays.sort(attributes, Comparator.comparing(MBeanAttributeInfo::getName));
        MBeanOperationInfo[] operations = info.getOperations();
        Arrays.sort(
                operations,
                Comparator.comparingInt(Described::rank)
                        .thenComparing(MBeanOperationInfo::getName)
                        .thenComparingInt(operation -> operation.getSignature().length));
        return new MBeanInfo(
                info.getClassName(),
                info.getDescription(),
                attributes,
                info.getConstructors(),
                operations,
                info.getNotifications(),
                info.getDescriptor());
    }

    private static int rank(MBeanOperationInfo operation) {
        return operation.getImpact() == MBeanOperationInfo.INFO ? 0 : 1;
    }

    @Override
    public @Nullable Object invoke(String name, @Nullable Object @Nullable [] arguments, String @Nullable [] signature)
            throws MBeanException, ReflectionException {
        Method method = method(name, arguments == null ? 0 : arguments.length);
        Audit notes = audit;
        if (method == null || notes == null || !method.isAnnotationPresent(Action.class)) {
            return checked(name, method, arguments, signature);
        }
        long started = System.nanoTime();
        String result = "failed";
        try {
            Object value = checked(name, method, arguments, signature);
            result = "ok";
            return value;
        } catch (MBeanException | ReflectionException | RuntimeException failed) {
            result = "failed: " + (failed.getCause() == null ? failed : failed.getCause()).getMessage();
            throw failed;
        } finally {
            notes.wrote(Caller.current(), this.name, name, arguments, result, System.nanoTime() - started);
        }
    }

    private @Nullable Object checked(
            String name,
            @Nullable Method method,
            @Nullable Object @Nullable [] arguments,
            String @Nullable [] signature)
            throws MBeanException, ReflectionException {
        if (method != null && arguments != null && method.isAnnotationPresent(Action.class)) {
            refusePrefilled(method, arguments);
        }
        try {
            return super.invoke(name, arguments, signature);
        } catch (RuntimeException failed) {
            throw forClients(failed);
        }
    }

    /** Its sentence alone: a cause may be of a class that the client has not, or that cannot be sent. */
    private static RuntimeException forClients(RuntimeException failed) {
        if (failed instanceof IllegalArgumentException) {
            return new IllegalArgumentException(failed.getMessage());
        }
        return new IllegalStateException(
                failed instanceof IllegalStateException ? failed.getMessage() : failed.toString());
    }

    private static void refusePrefilled(Method method, @Nullable Object[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (PREFILLED.equals(arguments[i])) {
                Parameter parameter = parameter(method, i);
                throw new IllegalArgumentException(
                        parameter.name() + " is 'String', which JConsole fills in (expected: " + parameter.description()
                                + "); nothing was changed");
            }
        }
    }

    @Override
    protected String getDescription(MBeanInfo info) {
        return Objects.requireNonNull(getMBeanInterface().getAnnotation(Description.class))
                .value();
    }

    @Override
    protected String getDescription(MBeanAttributeInfo info) {
        Method getter = method((info.isIs() ? "is" : "get") + info.getName(), 0);
        return sentence(Objects.requireNonNull(getter));
    }

    @Override
    protected String getDescription(MBeanOperationInfo info) {
        return sentence(method(info));
    }

    @Override
    protected int getImpact(MBeanOperationInfo info) {
        return method(info).isAnnotationPresent(Action.class) ? MBeanOperationInfo.ACTION : MBeanOperationInfo.INFO;
    }

    @Override
    protected String getParameterName(MBeanOperationInfo info, MBeanParameterInfo parameter, int at) {
        return parameter(method(info), at).name();
    }

    @Override
    protected String getDescription(MBeanOperationInfo info, MBeanParameterInfo parameter, int at) {
        return parameter(method(info), at).description();
    }

    private static String sentence(Method method) {
        return Objects.requireNonNull(method.getAnnotation(Description.class), () -> "no @Description: " + method)
                .value();
    }

    private static Parameter parameter(Method method, int at) {
        return Objects.requireNonNull(
                method.getParameters()[at].getAnnotation(Parameter.class), () -> "no @Parameter: " + method);
    }

    private Method method(MBeanOperationInfo info) {
        return Objects.requireNonNull(method(info.getName(), info.getSignature().length));
    }

    private @Nullable Method method(String name, int parameters) {
        for (Method method : getMBeanInterface().getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == parameters) {
                return method;
            }
        }
        return null;
    }
}
