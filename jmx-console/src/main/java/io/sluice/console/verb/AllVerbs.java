package io.sluice.console.verb;

import io.sluice.console.reach.Keyboard;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** {@code sluicectl} with every verb, in the order of its help; the completion and the man pages are made of it. */
@Command(
        subcommands = {
            StatusVerb.class,
            LiberatorsVerb.class,
            ListenersVerb.class,
            RoutesVerb.class,
            ExplainVerb.class,
            StreamsVerb.class,
            StreamVerb.class,
            EndsVerb.class,
            RefusalsVerb.class,
            LimitsVerb.class,
            CertificatesVerb.class,
            LatencyVerb.class,
            TraceVerb.class,
            KillVerb.class,
            DrainVerb.class,
            UndrainVerb.class,
            DisableVerb.class,
            EnableVerb.class,
            ReloadVerb.class,
            GenerationsVerb.class,
            CheckVerb.class,
            StageVerb.class,
            DiffVerb.class,
            CommitVerb.class,
            ConfirmVerb.class,
            RollbackVerb.class,
            SaveVerb.class,
            AuditVerb.class,
            SessionsVerb.class,
            EventsVerb.class,
            TopVerb.class,
            WebVerb.class,
            WatchVerb.class,
            HealthVerb.class,
            DoctorVerb.class,
            ExportVerb.class,
            SupportBundleVerb.class,
            GetVerb.class,
            InvokeVerb.class,
            ProcessesVerb.class,
            CompletionVerb.class,
            HelpCommand.class
        })
public final class AllVerbs extends Console {
    /** For what looks at it without running it. */
    public AllVerbs() {
        this(Map.of(), Keyboard.ofTerminal(), false);
    }

    AllVerbs(Map<String, String> environment, Keyboard keyboard, boolean colours) {
        super(environment, keyboard, colours);
    }
}
