package io.sluice.manage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanNotificationInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.ArrayType;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenType;

/** The MBeans as a client sees them, one of each type, as the text that is checked in and as the page of the docs. */
public final class OutsideView {
    private static final Set<String> NUMBERS = Set.of("int", "long", "double");

    private final TreeMap<String, MBeanInfo> types;

    /** @param types by name, such as {@code sluice:type=Listener,name=NAME} */
    public OutsideView(Map<String, MBeanInfo> types) {
        this.types = new TreeMap<>(types);
    }

    static OutsideView of(MBeanServerConnection mbeans) throws Exception {
        Map<String, MBeanInfo> types = new TreeMap<>();
        for (ObjectName name : mbeans.queryNames(new ObjectName("sluice:*"), null)) {
            String type = name.getKeyProperty("type") + (name.getKeyProperty("name") == null ? "" : ",name=NAME");
            types.put("sluice:type=" + type, mbeans.getMBeanInfo(name));
        }
        return new OutsideView(types);
    }

    TreeMap<String, MBeanInfo> types() {
        return types;
    }

    public String text() {
        StringBuilder text = new StringBuilder(
                "# Every MBean as a client sees it. OutsideViewTest compares; to write it anew, see there.\n");
        types.forEach((name, info) -> {
            text.append('\n').append(name).append("\n  ").append(info.getDescription());
            text.append('\n');
            for (MBeanAttributeInfo each : info.getAttributes()) {
                text.append("  attribute ").append(each.getName()).append(" : ").append(type(each));
                text.append(unit(each).isEmpty() ? "" : " [" + unit(each) + "]");
                text.append(each.isWritable() ? " writable" : "").append('\n');
                text.append("    ").append(each.getDescription()).append('\n');
            }
            for (MBeanOperationInfo each : info.getOperations()) {
                text.append("  operation ").append(signature(each)).append(" : ");
                text.append(type(each)).append(' ').append(impact(each)).append('\n');
                text.append("    ").append(each.getDescription()).append('\n');
                for (MBeanParameterInfo parameter : each.getSignature()) {
                    text.append("    ").append(parameter.getName()).append(": ");
                    text.append(parameter.getDescription()).append('\n');
                }
            }
            for (MBeanNotificationInfo each : info.getNotifications()) {
                text.append("  notification ").append(types(each)).append('\n');
                text.append("    ").append(each.getDescription()).append('\n');
            }
        });
        return text.toString();
    }

    /** @param introduction what the page begins with */
    public String page(String introduction) {
        StringBuilder page = new StringBuilder(introduction);
        types.forEach((name, info) -> {
            page.append("\n## `").append(name.replace("NAME", "…")).append("`\n\n");
            page.append(info.getDescription()).append("\n\n");
            page.append("| attribute | type | unit | meaning |\n|---|---|---|---|\n");
            for (MBeanAttributeInfo each : info.getAttributes()) {
                page.append("| `").append(each.getName()).append("` | ").append(type(each));
                page.append(" | ").append(unit(each)).append(" | ");
                page.append(each.getDescription()).append(" |\n");
            }
            if (info.getOperations().length > 0) {
                page.append("\n| operation | impact | returns | what it does |\n|---|---|---|---|\n");
            }
            for (MBeanOperationInfo each : info.getOperations()) {
                page.append("| `").append(signature(each)).append("` | ").append(impact(each));
                page.append(" | ").append(type(each)).append(" | ").append(each.getDescription());
                for (MBeanParameterInfo parameter : each.getSignature()) {
                    page.append("<br>`").append(parameter.getName()).append("`: ");
                    page.append(parameter.getDescription());
                }
                page.append(" |\n");
            }
            if (info.getNotifications().length > 0) {
                page.append("\n| notification | what it says |\n|---|---|\n");
            }
            for (MBeanNotificationInfo each : info.getNotifications()) {
                page.append("| `").append(types(each)).append("` | ");
                page.append(each.getDescription()).append(" |\n");
            }
        });
        return page.toString();
    }

    /** Where a sentence, a unit or the name of a parameter is missing. */
    public List<String> missing() {
        List<String> missing = new ArrayList<>();
        types.forEach((type, info) -> {
            sentence(missing, type, info.getDescription());
            for (MBeanAttributeInfo each : info.getAttributes()) {
                sentence(missing, type + " " + each.getName(), each.getDescription());
                if (isNumber(each) == unit(each).isEmpty()) {
                    missing.add(type + " " + each.getName() + ": unit '" + unit(each) + "'");
                }
            }
            for (MBeanOperationInfo each : info.getOperations()) {
                sentence(missing, type + " " + each.getName(), each.getDescription());
                for (MBeanParameterInfo parameter : each.getSignature()) {
                    if (parameter.getName().matches("(p|arg)\\d+")
                            || parameter.getDescription().isBlank()
                            || parameter.getDescription().equals(parameter.getName())) {
                        missing.add(type + " " + each.getName() + " " + parameter.getName());
                    }
                }
            }
        });
        return missing;
    }

    private static void sentence(List<String> missing, String what, String description) {
        if (!description.contains(" ") || !description.endsWith(".")) {
            missing.add(what + ": '" + description + "'");
        }
    }

    static boolean isNumber(MBeanAttributeInfo attribute) {
        return NUMBERS.contains(attribute.getType());
    }

    private static String types(MBeanNotificationInfo notification) {
        return String.join(", ", notification.getNotifTypes());
    }

    static String unit(MBeanAttributeInfo attribute) {
        Object unit = attribute.getDescriptor().getFieldValue("units");
        return unit == null ? "" : unit.toString();
    }

    static String impact(MBeanOperationInfo operation) {
        return switch (operation.getImpact()) {
            case MBeanOperationInfo.INFO -> "INFO";
            case MBeanOperationInfo.ACTION -> "ACTION";
            default -> "impact " + operation.getImpact();
        };
    }

    private static String signature(MBeanOperationInfo operation) {
        return operation.getName()
                + Arrays.stream(operation.getSignature())
                        .map(each -> simple(each.getType()) + " " + each.getName())
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String type(MBeanAttributeInfo attribute) {
        return type((OpenType<?>) attribute.getDescriptor().getFieldValue("openType"));
    }

    private static String type(MBeanOperationInfo operation) {
        return type((OpenType<?>) operation.getDescriptor().getFieldValue("openType"));
    }

    private static String type(OpenType<?> type) {
        if (type instanceof ArrayType<?> array) {
            return type(array.getElementOpenType()) + "[]";
        }
        if (type instanceof CompositeType composite) {
            return composite.keySet().stream()
                    .map(key -> key + " " + type(composite.getType(key)))
                    .collect(Collectors.joining(", ", "CompositeData{", "}"));
        }
        return simple(type.getClassName());
    }

    private static String simple(String type) {
        String last = type.substring(type.lastIndexOf('.') + 1);
        return switch (last) {
            case "Integer" -> "int";
            case "Long" -> "long";
            case "Double" -> "double";
            case "Boolean" -> "boolean";
            default -> last;
        };
    }
}
