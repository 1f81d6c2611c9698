package io.sluice.agent;

import static io.sluice.agent.Reading.text;

import io.sluice.manage.TextTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The agent as consoles see it. */
final class AgentBean implements AgentMXBean {
    private final Agent agent;

    AgentBean(Agent agent) {
        this.agent = agent;
    }

    @Override
    public String getLevel() {
        return agent.options().level().label();
    }

    @Override
    public String getState() {
        return agent.state();
    }

    @Override
    public String getOptions() {
        return agent.options().toString();
    }

    @Override
    public double getSlowMillis() {
        return agent.options().slowNanos() / 1e6;
    }

    @Override
    public String getSample() {
        return agent.options().sample();
    }

    @Override
    public int getWindowSeconds() {
        return agent.options().windowSeconds();
    }

    @Override
    public boolean isJfr() {
        return agent.options().jfr();
    }

    @Override
    public long getSpansTotal() {
        Spans spans = agent.spans();
        return spans == null ? 0 : spans.sent();
    }

    @Override
    public long getSpansLostTotal() {
        Spans spans = agent.spans();
        return spans == null ? 0 : spans.lost();
    }

    @Override
    public String getLastSpanFailure() {
        Spans spans = agent.spans();
        return spans == null ? "" : spans.lastFailure();
    }

    @Override
    public String[] getJoinPoints() {
        Map<JoinPoint, String> missing = agent.missing();
        TextTable table = new TextTable("<<<", "method", "once for a", "state");
        for (JoinPoint each : JoinPoint.values()) {
            String state = missing.containsKey(each) ? "missing" : agent.isWoven() ? "in use" : "not in use";
            table.row(each.shortName(), each.often().name().toLowerCase(Locale.ROOT), state);
        }
        return table.lines();
    }

    @Override
    public String[] getMissingJoinPoints() {
        List<String> lines = new ArrayList<>();
        agent.missing().forEach((point, why) -> lines.add(point.shortName() + ": " + why));
        return lines.toArray(new String[0]);
    }

    @Override
    public String[] getSummary() {
        TextTable table = new TextTable("<<>>>>", "liberator", "stage", "count", "p50", "p99", "max");
        agent.figures().liberators().stream()
                .sorted(Comparator.comparing(Figures.OfLiberator::name))
                .forEach(each -> {
                    for (Stage stage : Stage.values()) {
                        Reading of = each.reading(stage, null);
                        if (of.countTotal() > 0) {
                            table.row(
                                    each.name(),
                                    stage.label(),
                                    of.count(),
                                    text(of.p50()),
                                    text(of.p99()),
                                    text(of.max()));
                        }
                    }
                });
        return table.lines();
    }

    @Override
    public String[] getTraces() {
        return agent.traces().lines();
    }

    @Override
    public long getTracesTotal() {
        return agent.traces().total();
    }

    @Override
    public long getTracesDroppedTotal() {
        return agent.traces().dropped();
    }

    @Override
    public int getClientsWaitedForActive() {
        Observer observer = agent.observer();
        return observer == null ? 0 : observer.waits().clients();
    }

    @Override
    public double getClientWaitMillis() {
        Observer observer = agent.observer();
        return observer == null ? 0 : Math.round(observer.waits().longestForClientNanos() / 1e3) / 1e3;
    }

    @Override
    public long getCollectorPausesTotal() {
        return agent.pauses().count();
    }

    @Override
    public long getCollectorMillisTotal() {
        return agent.pauses().totalMillis();
    }

    @Override
    public long getCollectorMillisPeak() {
        return agent.pauses().longestMillis();
    }

    @Override
    public long getSafepointsTotal() {
        return agent.safepoints().count();
    }

    @Override
    public long getSafepointMillisTotal() {
        return agent.safepoints().totalMillis();
    }

    @Override
    public long getFaultsTotal() {
        return Faults.total();
    }

    @Override
    public String getLastFault() {
        return Faults.lastText();
    }

    @Override
    public String[] snapshot() {
        agent.refresh();
        return getSummary();
    }

    @Override
    public String on() {
        return change(each -> each.withLevel(Level.METRICS.label()));
    }

    @Override
    public String off() {
        return change(each -> each.withLevel(Level.OFF.label()));
    }

    @Override
    public String level(String level) {
        return change(each -> each.withLevel(level));
    }

    @Override
    public String slow(String time) {
        return change(each -> each.withSlow(time));
    }

    @Override
    public String sample(String share) {
        return change(each -> each.withSample(share));
    }

    @Override
    public String window(String time) {
        return change(each -> each.withWindow(time));
    }

    @Override
    public String jfr(String jfr) {
        return change(each -> each.withJfr(jfr));
    }

    @Override
    public String otlp(String collector) {
        return change(each -> each.withOtlp(collector));
    }

    @Override
    public String spans(String share) {
        return change(each -> each.withSpans(share));
    }

    @Override
    public String traceparent(String traceparent) {
        return change(each -> each.withTraceparent(traceparent));
    }

    private String change(UnaryOperator<Options> change) {
        agent.change(change);
        return agent.options().toString();
    }

    @Override
    public void reset() {
        agent.reset();
    }

    @Override
    public void detach() {
        agent.detach();
    }
}
