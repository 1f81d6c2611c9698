package io.sluice.console.sheet;

import io.sluice.console.reach.Values;
import io.sluice.console.show.Form;
import io.sluice.console.sight.History;
import io.sluice.console.sight.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The few figures of an appliance that stand above its tables. */
public final class Figures {
    private static final int SERIES = 200;

    private Figures() {}

    /**
     * One of them.
     *
     * @param series what its graph shows, the oldest first; null: it has none
     */
    @SuppressWarnings("ArrayRecordComponent") // painted, never compared
    public record Figure(String name, String text, Tone tone, double @Nullable [] series) {
        private Figure(String name, String text, Tone tone) {
            this(name, text, tone, null);
        }
    }

    /** What flows through it. */
    public static List<Figure> flow(History history, Reading now) {
        double opened = history.perSecond(each -> each.appliance().decimal("StreamsTotal"));
        double toClients = history.perSecond(each -> each.sum("ToClientBytes"));
        return List.of(
                new Figure(
                        "streams",
                        Form.NUMBER.write(now.appliance().number("StreamsActive")),
                        Tone.PLAIN,
                        history.values(each -> each.appliance().decimal("StreamsActive"), SERIES)),
                new Figure("new/s", Form.brief(Math.round(opened * 10) / 10.0), Tone.PLAIN),
                new Figure(
                        "to clients/s",
                        Cell.bytes(toClients).text(),
                        Tone.PLAIN,
                        history.ratesPerSecond(each -> each.sum("ToClientBytes"), SERIES)));
    }

    /** How well it is. */
    public static List<Figure> condition(Reading now) {
        Values whole = now.appliance();
        long inService = now.inService();
        int all = now.liberators().size();
        long violations = whole.number("StickinessViolationsTotal");
        double behind = now.sum("HeldForClientsBytes");
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure(
                "in service",
                inService + "/" + all,
                inService == all ? Tone.GOOD : inService == 0 ? Tone.BAD : Tone.CARE));
        figures.add(new Figure("violations", Long.toString(violations), violations > 0 ? Tone.BAD : Tone.GOOD));
        figures.add(new Figure("conns", share(whole, "Connections"), Tone.PLAIN));
        figures.add(new Figure("behind", Cell.bytes(behind).text(), behind > 0 ? Tone.CARE : Tone.PLAIN));
        figures.add(new Figure("refused", Form.brief(whole.decimal("RefusedTotal")), Tone.PLAIN));
        figures.add(new Figure("fds", share(whole, "Descriptors"), whole.is("DescriptorsLow") ? Tone.BAD : Tone.PLAIN));
        if (whole.is("LogFailing")) {
            figures.add(new Figure("", "LOG FAILING", Tone.BAD));
        }
        return figures;
    }

    private static String share(Values whole, String of) {
        return Form.brief(whole.decimal(of + "Active")) + "/" + Form.brief(whole.decimal(of + "Limit"));
    }

    /** For how long it has run. */
    public static String uptime(Reading now) {
        return Form.time(Duration.ofSeconds(now.appliance().number("UptimeSeconds")));
    }
}
