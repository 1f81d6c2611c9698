package io.sluice.agent;

import static io.sluice.agent.Reading.text;

import io.sluice.account.Kind;
import io.sluice.manage.TextTable;
import java.util.Locale;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The times of one stage at one Liberator, of one kind or of all together. */
final class LatencyBean implements LatencyMXBean {
    private final Figures.OfLiberator figures;
    private final Stage stage;
    private final @Nullable Kind kind;
    private final IntSupplier windowSeconds;

    /**
     * @param kind null for all together
     */
    LatencyBean(Figures.OfLiberator figures, Stage stage, @Nullable Kind kind, IntSupplier windowSeconds) {
        this.figures = figures;
        this.stage = stage;
        this.kind = kind;
        this.windowSeconds = windowSeconds;
    }

    private Reading reading() {
        return figures.reading(stage, kind);
    }

    @Override
    public String getMeaning() {
        return stage.sentence();
    }

    @Override
    public String getLiberator() {
        return figures.name();
    }

    @Override
    public String getStage() {
        return stage.label();
    }

    @Override
    public String getKind() {
        return kind == null ? "" : kind.label();
    }

    @Override
    public int getWindowSeconds() {
        return windowSeconds.getAsInt();
    }

    @Override
    public long getCount() {
        return reading().count();
    }

    @Override
    public double getP50Micros() {
        return reading().p50();
    }

    @Override
    public double getP90Micros() {
        return reading().p90();
    }

    @Override
    public double getP99Micros() {
        return reading().p99();
    }

    @Override
    public double getP999Micros() {
        return reading().p999();
    }

    @Override
    public double getMaxMicros() {
        return reading().max();
    }

    @Override
    public double getMeanMicros() {
        return reading().mean();
    }

    @Override
    public double getSumMillis() {
        return reading().sumMillis();
    }

    @Override
    public double getCollectorPercent() {
        return reading().collectorPercent();
    }

    @Override
    public double getStoppedPercentAtMost() {
        return reading().stoppedPercent();
    }

    @Override
    public long getCountTotal() {
        return reading().countTotal();
    }

    @Override
    public double getSumMillisTotal() {
        return reading().sumMillisTotal();
    }

    @Override
    public String[] getKinds() {
        TextTable table = new TextTable("<>>>>", "kind", "count", "p50", "p99", "max");
        for (Kind each : figures.timedKinds(stage)) {
            if (kind == null || kind == each) {
                Reading of = figures.reading(stage, each);
                table.row(each.label(), of.count(), text(of.p50()), text(of.p99()), text(of.max()));
            }
        }
        return table.lines();
    }

    @Override
    public String snapshot() {
        figures.refresh(stage);
        Reading now = reading();
        return String.format(
                Locale.ROOT,
                "count=%d p50_us=%.1f p90_us=%.1f p99_us=%.1f p999_us=%.1f max_us=%.1f mean_us=%.1f sum_ms=%.3f"
                        + " collector_percent=%.1f stopped_percent_at_most=%.1f count_total=%d sum_ms_total=%.3f",
                now.count(),
                now.p50(),
                now.p90(),
                now.p99(),
                now.p999(),
                now.max(),
                now.mean(),
                now.sumMillis(),
                now.collectorPercent(),
                now.stoppedPercent(),
                now.countTotal(),
                now.sumMillisTotal());
    }

    @Override
    public void reset() {
        figures.reset(stage, kind);
    }
}
