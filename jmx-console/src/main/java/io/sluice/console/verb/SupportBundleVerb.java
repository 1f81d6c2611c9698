package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Reasons;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl support-bundle}. */
@Command(
        name = "support-bundle",
        description = "Writes a zip for a ticket: the configuration without secrets, every table and figure, what the"
                + " doctor says, a thread dump, a class histogram (attached only), the end of the log.",
        footer = {"%nExample:", "  sluicectl --service sluice support-bundle --log /var/log/sluice/sluice.log"})
final class SupportBundleVerb implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Where to (default: sluice-support-DATE.zip here); it must not exist.")
    private @Nullable Path file;

    @Option(
            names = "--log",
            paramLabel = "FILE",
            description = "The appliance's log on this host: its last 2 MiB go in.")
    private @Nullable Path log;

    @Override
    public Integer call() throws Failure {
        Path target = file != null
                ? file
                : Path.of("sluice-support-"
                        + DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
                                .withZone(ZoneOffset.UTC)
                                .format(Instant.now())
                        + ".zip");
        FileAttribute<?> forMeAlone =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (Appliance appliance = console.connect()) {
            try (ZipOutputStream zip =
                    new ZipOutputStream(java.nio.channels.Channels.newOutputStream(Files.newByteChannel(
                            target,
                            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            forMeAlone)))) {
                new SupportBundle(appliance, zip).write(log);
            }
        } catch (FileAlreadyExistsException there) {
            throw new Failure(Exit.USAGE, target + " exists: give another --file", there);
        } catch (IOException failed) {
            throw new Failure(Exit.REFUSED, "cannot write " + target + ": " + Reasons.of(failed), failed);
        }
        console.say(target.toString());
        console.say("read it before you send it: it names hosts, addresses and users, and the log says who came");
        return Exit.DONE.code();
    }
}
