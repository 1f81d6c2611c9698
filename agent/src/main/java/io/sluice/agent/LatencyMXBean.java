package io.sluice.agent;

import io.sluice.manage.Action;
import io.sluice.manage.Description;
import io.sluice.manage.Unit;

/** {@code sluice:type=Latency,liberator=…,stage=…} and, for one kind of stream, {@code …,kind=…}. */
@Description("How long one stage takes for the streams of one Liberator. Percentiles are of a rolling window.")
public interface LatencyMXBean {
    @Description("What is timed, and whose time it is.")
    String getMeaning();

    @Description("Name of the Liberator in the configuration.")
    String getLiberator();

    @Description("Name of the stage.")
    String getStage();

    @Description("The kind of stream; empty for all kinds together.")
    String getKind();

    @Description("How long the rolling window is.")
    @Unit("seconds")
    int getWindowSeconds();

    @Description("How many were timed in the window.")
    @Unit("times")
    long getCount();

    @Description("Half of those in the window took no longer.")
    @Unit("microseconds")
    double getP50Micros();

    @Description("90 of 100 in the window took no longer.")
    @Unit("microseconds")
    double getP90Micros();

    @Description("99 of 100 in the window took no longer.")
    @Unit("microseconds")
    double getP99Micros();

    @Description("999 of 1000 in the window took no longer.")
    @Unit("microseconds")
    double getP999Micros();

    @Description("The longest in the window.")
    @Unit("microseconds")
    double getMaxMicros();

    @Description("The mean of the window.")
    @Unit("microseconds")
    double getMeanMicros();

    @Description("All times in the window added up. Of a wait stage: time lost to full sockets.")
    @Unit("milliseconds")
    double getSumMillis();

    @Description("Share of the window's time in which a collector had stopped the process; times under 1 ms count 0.")
    @Unit("percent")
    double getCollectorPercent();

    @Description("Share of the window's time in which the JVM had stopped all threads at most, collections included.")
    @Unit("percent")
    double getStoppedPercentAtMost();

    @Description("How many were timed since the last reset.")
    @Unit("times")
    long getCountTotal();

    @Description("All times since the last reset added up.")
    @Unit("milliseconds")
    double getSumMillisTotal();

    @Description("A line for each kind of stream: how many in the window, percentiles in microseconds.")
    String[] getKinds();

    @Description("The figures at this moment as one line, instead of some that are up to a second old.")
    String snapshot();

    @Action
    @Description("Forgets all times of this stage, or of its one kind.")
    void reset();
}
