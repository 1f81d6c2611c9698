package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Keyboard;
import io.sluice.console.reach.LocalProcess;
import io.sluice.console.reach.Profiles;
import io.sluice.console.reach.Way;
import io.sluice.console.show.Format;
import io.sluice.console.show.Printer;
import io.sluice.console.show.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code sluicectl} itself: which appliance, in which format. Its verbs are those of {@link AllVerbs}. */
@Command(
        name = "sluicectl",
        description = "Looks at a Sluice appliance and steers it.",
        mixinStandardHelpOptions = true,
        versionProvider = Console.VersionText.class,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        usageHelpAutoWidth = true,
        footerHeading = "%nWhich appliance:%n",
        footer = {
            "Without --url, --pid, --service or --profile, the one on this host: at 127.0.0.1:7199, or else the only"
                    + " process of Sluice that may be attached to. Profiles stand in ~/.config/sluice/sluicectl.yaml:",
            "",
            "  dmz-a: { url: \"10.0.0.5:7199\", user: alice, passwordFile: alice.pw, trust: jmx-ca.pem }",
            "",
            "Examples:",
            "  sluicectl status",
            "  sluicectl top",
            "  sluicectl streams kind=websocket 'idle>5m' sort=behind",
            "  sluicectl --profile dmz-a liberators -o json",
            "  sluicectl --all status",
            "  sluicectl kill --client 192.0.2.0/24 --dry-run",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the appliance refused, or could not do it",
            "2:the command line is wrong; nothing was tried",
            "3:no connection",
            "4:not allowed: the login failed, or the role does not suffice"
        })
class Console {
    private static final int MOST_AT_A_TIME = 8;
    private static final int MILLIS = 1000;

    private final Map<String, String> environment;
    private final Keyboard keyboard;
    private final boolean colours;

    @Option(
            names = "--url",
            scope = ScopeType.INHERIT,
            paramLabel = "HOST:PORT",
            description = "JMX address of the appliance; a JMX service URL is taken as well. TLS is spoken to every"
                    + " host but this one.")
    private @Nullable String url;

    @Option(names = "--pid", scope = ScopeType.INHERIT, paramLabel = "PID", description = "Attach to a process here.")
    private @Nullable Long pid;

    @Option(
            names = "--service",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            description = "Attach to the process of a systemd unit or pid file.")
    private @Nullable String service;

    @Option(
            names = {"-p", "--profile"},
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            description = "An appliance of the profiles.")
    private @Nullable String profile;

    @Option(
            names = "--all",
            scope = ScopeType.INHERIT,
            description = "All appliances of the profiles side by side, for commands that only read.")
    private boolean all;

    @Option(names = "--user", scope = ScopeType.INHERIT, paramLabel = "NAME", description = "Who logs in.")
    private @Nullable String user;

    @Option(
            names = "--password-file",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "The password, as the first line; it is asked for otherwise.")
    private @Nullable Path passwordFile;

    @Option(
            names = "--trust",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "Who vouches for the appliance's certificate (PEM).")
    private @Nullable Path trust;

    @Option(
            names = "--certificate",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "The certificate to show (PEM).")
    private @Nullable Path certificate;

    @Option(names = "--key", scope = ScopeType.INHERIT, paramLabel = "FILE", description = "Its key (PEM, PKCS #8).")
    private @Nullable Path key;

    @Option(names = "--tls", scope = ScopeType.INHERIT, description = "TLS also to loopback, as through a tunnel.")
    private boolean tls;

    @Option(
            names = "--timeout",
            scope = ScopeType.INHERIT,
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "How long connecting may take (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Option(
            names = {"-o", "--output"},
            scope = ScopeType.INHERIT,
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Format format;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    Console(Map<String, String> environment, Keyboard keyboard, boolean colours) {
        this.environment = environment;
        this.keyboard = keyboard;
        this.colours = colours;
    }

    /** What a command reads of one appliance. */
    interface Read<T> {
        T of(Appliance appliance) throws Failure;
    }

    /** Prints what is read of the appliance, or of all with {@code --all}. */
    int show(Read<Table> read) throws Failure {
        if (!all) {
            try (Appliance appliance = connect()) {
                printer().print(read.of(appliance));
            }
            return Exit.DONE.code();
        }
        Map<String, Table> tables = new LinkedHashMap<>();
        Exit worst = Exit.DONE;
        for (Map.Entry<String, Outcome<Table>> each : ofAll(read).entrySet()) {
            Table table = each.getValue().value();
            Failure failure = each.getValue().failure();
            if (table != null) {
                tables.put(each.getKey(), table);
            } else if (failure != null) {
                spec.commandLine().getErr().println("sluicectl: " + each.getKey() + ": " + failure.getMessage());
                worst = failure.exit();
            }
        }
        printer().print(Table.joined("appliance", tables));
        return worst.code();
    }

    /** What was read, or why it was not. */
    record Outcome<T>(@Nullable T value, @Nullable Failure failure) {}

    /** Reads each appliance of the profiles, several at a time. */
    <T> Map<String, Outcome<T>> ofAll(Read<T> read) throws Failure {
        List<Way> ways = Profiles.find(environment).all();
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(MOST_AT_A_TIME, ways.size()));
        try {
            Map<String, CompletableFuture<Outcome<T>>> under = new LinkedHashMap<>();
            for (Way way : ways) {
                under.put(way.name(), CompletableFuture.supplyAsync(() -> outcome(read, way), threads));
            }
            Map<String, Outcome<T>> outcomes = new LinkedHashMap<>();
            under.forEach((name, each) -> outcomes.put(name, each.join()));
            return outcomes;
        } finally {
            threads.shutdown();
        }
    }

    private <T> Outcome<T> outcome(Read<T> read, Way way) {
        try (Appliance appliance = Appliance.at(way, keyboard, timeoutSeconds * MILLIS)) {
            return new Outcome<>(read.of(appliance), null);
        } catch (Failure failure) {
            return new Outcome<>(null, failure);
        }
    }

    /** Whether all appliances of the profiles are meant. */
    boolean isOfAll() {
        return all;
    }

    /** The one appliance that the options name. */
    Appliance connect() throws Failure {
        if (all) {
            throw new Failure(Exit.USAGE, "--all is for commands that only read: name one appliance with --profile");
        }
        return Appliance.at(way(), keyboard, timeoutMillis());
    }

    /** The one process on this host that the options name. */
    LocalProcess process() throws Failure {
        if (all) {
            throw new Failure(Exit.USAGE, "--all is for commands that only read: name one appliance with --pid");
        }
        return LocalProcess.of(way());
    }

    int timeoutMillis() {
        return timeoutSeconds * MILLIS;
    }

    Keyboard keyboard() {
        return keyboard;
    }

    Map<String, String> environment() {
        return environment;
    }

    /** Those that the options name: all profiles, or one appliance. */
    List<Way> ways() throws Failure {
        return all ? Profiles.find(environment).all() : List.of(way());
    }

    private Way way() throws Failure {
        List<String> given = new ArrayList<>();
        if (url != null) {
            given.add("--url");
        }
        if (pid != null) {
            given.add("--pid");
        }
        if (service != null) {
            given.add("--service");
        }
        if (profile != null) {
            given.add("--profile");
        }
        if (given.size() > 1) {
            throw new Failure(Exit.USAGE, String.join(" and ", given) + " name different appliances: give one");
        }
        Way base = profile == null ? Way.local() : Profiles.find(environment).named(profile);
        return new Way(
                base.name(),
                url != null ? url : base.url(),
                pid != null ? pid : base.pid(),
                service != null ? service : base.service(),
                user != null ? user : base.user(),
                passwordFile != null ? passwordFile : base.passwordFile(),
                trust != null ? trust : base.trust(),
                certificate != null ? certificate : base.certificate(),
                key != null ? key : base.key(),
                tls || base.tls());
    }

    Printer printer() {
        return new Printer(spec.commandLine().getOut(), format, colours);
    }

    Format format() {
        return format;
    }

    boolean colours() {
        return colours;
    }

    void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }

    /** Version of the console and of Java. */
    static final class VersionText implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "sluicectl " + text(), "Java " + System.getProperty("java.version"),
            };
        }

        static String text() {
            String version = Console.class.getPackage().getImplementationVersion();
            return version == null ? "development" : version;
        }
    }
}
