package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Values;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl invoke}. */
@Command(
        name = "invoke",
        description =
                "Invokes an operation of an MBean: for what no other command does. One that changes something asks"
                        + " first.",
        footer = {"%nExamples:", "  sluicectl invoke Streams queryHelp", "  sluicectl invoke Appliance reload"})
final class InvokeVerb implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Steering steering;

    @Parameters(index = "0", paramLabel = "MBEAN", description = "Its type and name within sluice, or its whole name.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String mbean;

    @Parameters(index = "1", paramLabel = "OPERATION", description = "The name of the operation.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String operation;

    @Parameters(index = "2..*", paramLabel = "ARGUMENT", description = "Its arguments in order.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws Failure {
        try (Appliance appliance = console.connect()) {
            Bean bean = bean(appliance);
            MBeanOperationInfo found = find(bean);
            String what = bean.objectName() + " " + operation + "(" + String.join(", ", arguments) + ")";
            if (found.getImpact() == MBeanOperationInfo.INFO
                    || steering.isWanted(console, what + " would be invoked: " + found.getDescription())) {
                Object result = bean.invoke(
                        operation,
                        converted(found),
                        Arrays.stream(found.getSignature())
                                .map(MBeanParameterInfo::getType)
                                .toArray(String[]::new));
                List<String> said = Values.records(result).isEmpty()
                        ? Values.printable(result)
                        : Values.records(result).stream()
                                .map(each -> each.names().stream()
                                        .map(name -> name + "=" + each.text(name))
                                        .collect(Collectors.joining(" ")))
                                .toList();
                console.printer().print(said);
            }
        }
        return Exit.DONE.code();
    }

    private Bean bean(Appliance appliance) throws Failure {
        Bean bean;
        try {
            bean = appliance.named(GetVerb.name(mbean));
        } catch (IllegalArgumentException bad) {
            throw new Failure(Exit.USAGE, String.valueOf(bad.getMessage()), bad);
        }
        if (!bean.isThere()) {
            throw new Failure(Exit.REFUSED, "there is no MBean " + bean.objectName() + " (try: sluicectl get)");
        }
        return bean;
    }

    private MBeanOperationInfo find(Bean bean) throws Failure {
        MBeanOperationInfo[] all = bean.info().getOperations();
        return Arrays.stream(all)
                .filter(each -> each.getName().equals(operation) && each.getSignature().length == arguments.size())
                .findFirst()
                .orElseThrow(() -> new Failure(
                        Exit.USAGE,
                        bean.objectName() + " has no " + operation + " with " + arguments.size()
                                + " arguments (it has "
                                + Arrays.stream(all).map(InvokeVerb::signature).collect(Collectors.joining(", "))
                                + ")"));
    }

    private static String signature(MBeanOperationInfo operation) {
        return operation.getName()
                + Arrays.stream(operation.getSignature())
                        .map(MBeanParameterInfo::getName)
                        .collect(Collectors.joining(" ", "(", ")"));
    }

    private Object[] converted(MBeanOperationInfo found) throws Failure {
        Object[] converted = new Object[arguments.size()];
        for (int i = 0; i < converted.length; i++) {
            String text = arguments.get(i);
            MBeanParameterInfo parameter = found.getSignature()[i];
            try {
                converted[i] = switch (parameter.getType()) {
                    case "int" -> (Object) Integer.valueOf(text);
                    case "long" -> Long.valueOf(text);
                    case "double" -> Double.valueOf(text);
                    case "boolean" -> truth(text);
                    case "java.lang.String" -> text;
                    default ->
                        throw new Failure(
                                Exit.REFUSED,
                                operation + " takes a " + parameter.getType() + ", which cannot be given here");
                };
            } catch (IllegalArgumentException wrong) {
                throw new Failure(
                        Exit.USAGE,
                        parameter.getName() + " is '" + text + "' (expected a " + parameter.getType() + ")",
                        wrong);
            }
        }
        return converted;
    }

    private static Boolean truth(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(text);
        }
        return Boolean.valueOf(text);
    }
}
