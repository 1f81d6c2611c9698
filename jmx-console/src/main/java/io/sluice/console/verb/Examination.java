package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Values;
import io.sluice.console.show.Form;
import io.sluice.console.sight.Particulars;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The doctor's round: each subject leaves a finding, also where nothing is wrong. */
final class Examination {
    private static final Pattern LOOPBACK = Pattern.compile("^(?:service:jmx:rmi://)?(?:127\\.|localhost[:/]|\\[::1])");
    private static final int MOST_SKEW_SECONDS = 2;
    private static final int HUNDRED = 100;
    private static final int WARNING_PERCENT = 80;
    private static final int WARNING_COLLECTOR_PERCENT = 5;
    private static final int DESCRIPTORS_PER_STREAM = 2;

    private final Appliance appliance;
    private final List<Finding> findings = new ArrayList<>();

    Examination(Appliance appliance) {
        this.appliance = appliance;
    }

    List<Finding> findings() throws Failure {
        clock();
        Values sluice = appliance.bean("Appliance").readAll();
        stickiness(sluice);
        descriptors(sluice);
        accepting(sluice);
        for (Bean each : appliance.beans("sluice:type=Listener,*")) {
            listener(each);
        }
        for (Bean each : appliance.beans("sluice:type=Liberator,*")) {
            liberator(each);
        }
        certificates();
        heap();
        collectors(sluice.number("UptimeSeconds"));
        log(sluice);
        management();
        agent();
        process();
        return findings;
    }

    /** By the appliance's clock it is its start and how long it runs; both are its JVM's. */
    private void clock() throws Failure {
        long asked = System.currentTimeMillis();
        Values runtime = appliance.named("java.lang:type=Runtime").read("StartTime", "Uptime");
        long answered = System.currentTimeMillis();
        long theirs = runtime.number("StartTime") + runtime.number("Uptime");
        double skew = (theirs - (asked + answered) / 2.0) / 1000;
        String text = String.format(Locale.ROOT, "%+.1f s against this host", skew);
        findings.add(
                Math.abs(skew) <= MOST_SKEW_SECONDS
                        ? Finding.ok("clock", text)
                        : Finding.warning(
                                "clock",
                                text,
                                "certificates and logs need the right time: is chrony or timesyncd running on both hosts?"
                                        + " A clock that was set after the start of the appliance shows here too."));
    }

    private void stickiness(Values sluice) {
        long violations = sluice.number("StickinessViolationsTotal");
        String text = violations + " violations in " + sluice.number("StickinessChecksTotal") + " checks";
        findings.add(
                violations == 0
                        ? Finding.ok("stickiness", text)
                        : Finding.bad(
                                "stickiness",
                                text,
                                "a defect of Sluice: keep the log, sluicectl support-bundle, report it"));
    }

    private void descriptors(Values sluice) {
        long limit = sluice.number("DescriptorsLimit");
        long active = sluice.number("DescriptorsActive");
        String text = active + " of " + limit + " in use";
        String raise = "LimitNOFILE= of the unit, or ulimit -n, to 1048576";
        if (sluice.is("DescriptorsLow")) {
            findings.add(Finding.bad("descriptors", text + ", accepting is paused", raise));
        } else if (active * HUNDRED > limit * WARNING_PERCENT) {
            findings.add(Finding.warning("descriptors", text, raise));
        } else if (sluice.number("DescriptorsLowTotal") > 0) {
            findings.add(Finding.warning(
                    "descriptors",
                    text + ", but they ran out " + sluice.number("DescriptorsLowTotal") + " times, last at "
                            + sluice.text("DescriptorsLowAt"),
                    raise));
        } else {
            findings.add(Finding.ok("descriptors", text));
        }
        long connections = sluice.number("ConnectionsLimit");
        if (connections > 0 && connections * DESCRIPTORS_PER_STREAM > limit) {
            findings.add(Finding.warning(
                    "connections limit",
                    connections + " connections need " + connections * DESCRIPTORS_PER_STREAM
                            + " descriptors, there are " + limit,
                    raise + ", or lower limits.connections"));
        } else {
            findings.add(Finding.ok(
                    "connections limit",
                    sluice.number("ConnectionsActive") + " of " + (connections == 0 ? "no limit" : connections)
                            + ", most " + sluice.number("ConnectionsPeak")));
        }
    }

    private void accepting(Values sluice) {
        long dropped = sluice.number("ListenOverflowsTotal");
        findings.add(
                dropped == 0
                        ? Finding.ok("accept queue", "the kernel dropped no connection")
                        : Finding.warning(
                                "accept queue",
                                "the kernel dropped " + dropped + " connections, of any process of this host",
                                "raise net.core.somaxconn (dist/service/sluice.sysctl)"));
    }

    private void listener(Bean bean) throws Failure {
        String subject = "listener " + bean.key("name");
        Values now = bean.read("Listening", "Bind", "Address", "ConnectionsActive", "ConnectionsLimit");
        if (!now.is("Listening")) {
            findings.add(
                    Finding.bad(
                            subject,
                            "does not listen on " + now.text("Bind"),
                            "with onDown: refuse that is so while its Liberator is down; else look for the address in the log"));
        } else if (now.number("ConnectionsLimit") > 0
                && now.number("ConnectionsActive") * HUNDRED > now.number("ConnectionsLimit") * WARNING_PERCENT) {
            findings.add(Finding.warning(
                    subject,
                    now.number("ConnectionsActive") + " of " + now.number("ConnectionsLimit") + " connections",
                    "raise limits.connections of the listener"));
        } else {
            findings.add(Finding.ok(subject, "listens on " + now.text("Address")));
        }
    }

    private void liberator(Bean bean) throws Failure {
        String subject = "liberator " + bean.key("name");
        Values now = bean.read(
                "State",
                "StateReason",
                "StateSince",
                "Address",
                "Tls",
                "ConnectMicrosP99",
                "ConnectUnresolvedTotal",
                "StateChangesLastHourTotal",
                "Flapping");
        String since = " since " + now.text("StateSince");
        switch (now.text("State")) {
            case "UP" ->
                findings.add(
                        now.is("Flapping")
                                ? Finding.warning(
                                        subject,
                                        "UP, but changed " + now.number("StateChangesLastHourTotal")
                                                + " times in an hour",
                                        "sluicectl events shows when; is the network between stable?")
                                : Finding.ok(
                                        subject,
                                        "UP at " + now.text("Address") + ", connect p99 "
                                                + Form.micros(now.decimal("ConnectMicrosP99"))));
            case "DOWN" ->
                findings.add(Finding.bad(
                        subject,
                        "DOWN" + since + ": " + now.text("StateReason"),
                        "from the appliance's host: nc -vz "
                                + now.text("Address").replace(':', ' ')
                                + " - is it started, does a firewall stand between?"));
            case "UNKNOWN" -> findings.add(Finding.ok(subject, "not probed (health: off), or not yet"));
            default ->
                findings.add(Finding.warning(
                        subject,
                        now.text("State") + since + ": " + now.text("StateReason"),
                        "sluicectl enable when it may serve"));
        }
        if (now.text("Tls").equals("UNVERIFIED")) {
            findings.add(Finding.bad(
                    subject,
                    "TLS with anybody: its certificate is not checked",
                    "set liberators[].tls.verify and trust"));
        }
        if (now.number("ConnectUnresolvedTotal") > 0) {
            findings.add(Finding.warning(
                    subject,
                    "its name had no address " + now.number("ConnectUnresolvedTotal") + " times",
                    "name it by address, or mend DNS"));
        }
    }

    private void certificates() throws Failure {
        Values now = appliance.bean("Certificates").read("LeftDays", "LastError", "ExpiredActive");
        long days = now.number("LeftDays");
        if (!now.text("LastError").isEmpty()) {
            findings.add(Finding.bad(
                    "certificates",
                    "files as they are now are not in use: " + now.text("LastError"),
                    "mend the files, then sluicectl reload --certificates"));
        }
        if (days >= Particulars.NO_CERTIFICATE) {
            findings.add(Finding.ok("certificates", "no listener speaks TLS"));
        } else if (days < Particulars.CRITICAL_DAYS) {
            findings.add(Finding.bad(
                    "certificates",
                    days < 0 ? "one has expired" : "one ends in " + days + " days",
                    "renew it and put it in its place: it is taken up by itself (sluicectl certificates)"));
        } else {
            findings.add(
                    days < Particulars.WARNING_DAYS
                            ? Finding.warning("certificates", "one ends in " + days + " days", "renew it")
                            : Finding.ok("certificates", "the first ends in " + days + " days"));
        }
    }

    private void heap() throws Failure {
        Heap heap = Heap.of(appliance);
        String text = Form.bytes(heap.livingBytes()) + " alive of " + Form.bytes(heap.maxBytes());
        findings.add(
                heap.percentAfterCollection() < WARNING_PERCENT
                        ? Finding.ok("heap", text)
                        : Finding.warning("heap", text, "raise -Xmx (SLUICE_JAVA_OPTS), or lower limits.connections"));
    }

    private void collectors(long uptimeSeconds) throws Failure {
        long millis = 0;
        long times = 0;
        StringBuilder names = new StringBuilder();
        for (Bean each : appliance.beans("java.lang:type=GarbageCollector,*")) {
            Values now = each.read("CollectionTime", "CollectionCount");
            millis += now.number("CollectionTime");
            times += now.number("CollectionCount");
            names.append(names.isEmpty() ? "" : ", ").append(each.key("name"));
        }
        double percent = millis / 10.0 / Math.max(1, uptimeSeconds);
        String text = String.format(Locale.ROOT, "%s: %d collections, %.2f %% of the time", names, times, percent);
        findings.add(
                percent < WARNING_COLLECTOR_PERCENT
                        ? Finding.ok("collector", text)
                        : Finding.warning("collector", text, "the heap is too small for the load: raise -Xmx"));
    }

    private void log(Values sluice) {
        if (sluice.is("LogFailing")) {
            findings.add(Finding.bad(
                    "log", "cannot be written since " + sluice.text("LogFailedAt"), "is the disk full? df -h"));
        } else {
            long dropped = sluice.number("LogLinesDroppedTotal");
            findings.add(
                    dropped == 0
                            ? Finding.ok("log", "complete")
                            : Finding.warning("log", dropped + " lines were dropped", "was the disk full or slow?"));
        }
    }

    private void management() throws Failure {
        Values now =
                appliance.bean("Management").read("Address", "Protection", "AuditDroppedTotal", "LoginsRefusedTotal");
        String address = now.text("Address");
        boolean loopback = address.isEmpty() || LOOPBACK.matcher(address).find();
        if (loopback || now.text("Protection").contains("TLS")) {
            findings.add(Finding.ok(
                    "management", address.isEmpty() ? "remote JMX is off" : address + ", " + now.text("Protection")));
        } else {
            findings.add(Finding.bad(
                    "management",
                    address + " without TLS: " + now.text("Protection"),
                    "bind it to 127.0.0.1, or give it tls and users"));
        }
        if (now.number("AuditDroppedTotal") > 0) {
            findings.add(Finding.bad(
                    "audit", now.number("AuditDroppedTotal") + " lines were lost", "is the disk of log.audit full?"));
        }
    }

    private void agent() throws Failure {
        Bean bean = appliance.bean("Agent");
        if (!bean.isThere()) {
            findings.add(Finding.ok("agent", "not loaded"));
            return;
        }
        Values now = bean.read("State", "Level", "MissingJoinPoints", "FaultsTotal", "LastFault");
        if (!now.lines("MissingJoinPoints").isEmpty()) {
            findings.add(Finding.warning(
                    "agent",
                    "lacks " + String.join(", ", now.lines("MissingJoinPoints")),
                    "agent and appliance are of different versions: use the one that came with it"));
        } else if (now.number("FaultsTotal") > 0) {
            findings.add(Finding.warning(
                    "agent", now.number("FaultsTotal") + " faults, last: " + now.text("LastFault"), "report it"));
        } else {
            findings.add(Finding.ok("agent", now.text("State") + ", level " + now.text("Level")));
        }
    }

    private void process() throws Failure {
        Values runtime = appliance.named("java.lang:type=Runtime").read("SpecVersion", "VmVersion", "Uptime");
        findings.add(Finding.ok(
                "java", runtime.text("VmVersion") + ", up " + Form.time(Duration.ofMillis(runtime.number("Uptime")))));
    }
}
