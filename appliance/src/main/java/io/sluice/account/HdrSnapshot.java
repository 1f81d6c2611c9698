package io.sluice.account;

import com.codahale.metrics.Snapshot;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.stream.StreamSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** An HdrHistogram as Dropwizard's reporters read it; 0 throughout while it is empty. */
public final class HdrSnapshot extends Snapshot {
    private final Histogram histogram;
    private final double unit;

    /**
     * @param histogram not changed any more
     * @param unit what its 1 stands for
     */
    public HdrSnapshot(Histogram histogram, double unit) {
        this.histogram = histogram;
        this.unit = unit;
    }

    private boolean isEmpty() {
        return histogram.getTotalCount() == 0;
    }

    @Override
    public double getValue(double quantile) {
        return isEmpty() ? 0 : unit * histogram.getValueAtPercentile(quantile * 100);
    }

    /** Not the values themselves, which a histogram does not keep, but one per recorded bucket. */
    @Override
    public long[] getValues() {
        return StreamSupport.stream(histogram.recordedValues().spliterator(), false)
                .mapToLong(HistogramIterationValue::getValueIteratedTo)
                .map(this::whole)
                .toArray();
    }

    private long whole(long value) {
        return Math.round(unit * value);
    }

    @Override
    public int size() {
        return (int) Math.min(Integer.MAX_VALUE, histogram.getTotalCount());
    }

    @Override
    public long getMax() {
        return whole(histogram.getMaxValue());
    }

    @Override
    public double getMean() {
        return isEmpty() ? 0 : unit * histogram.getMean();
    }

    @Override
    public long getMin() {
        return isEmpty() ? 0 : whole(histogram.getMinValue());
    }

    @Override
    public double getStdDev() {
        return isEmpty() ? 0 : unit * histogram.getStdDeviation();
    }

    @Override
    public void dump(OutputStream output) {
        try (PrintWriter out = new PrintWriter(output, false, StandardCharsets.UTF_8)) {
            for (long value : getValues()) {
                out.println(value);
            }
        }
    }
}
