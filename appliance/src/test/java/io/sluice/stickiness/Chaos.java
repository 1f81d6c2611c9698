package io.sluice.stickiness;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * What happens to the appliances and the Liberators while clients live, by a seed: configurations, Liberators,
 * appliances and drains each have their own course of events beside each other.
 *
 * <p><b>Threading:</b> a thread for each course; {@link #run} is that of the configurations.
 */
final class Chaos {
    private final World world;
    private final long seed;
    private final boolean clock;

    /** @param clock whether the appliances' clock can be set, by a file that they look at */
    Chaos(World world, long seed, boolean clock) {
        this.world = world;
        this.seed = seed;
        this.clock = clock;
    }

    private interface Course {
        void next(Random random) throws IOException, InterruptedException;
    }

    /** Returns when it is over, all courses with it. */
    void run() throws InterruptedException {
        Thread liberators = new Thread(() -> follow(this::restartLiberator, seed + 1, 4000), "chaos-liberators");
        Thread appliances = new Thread(() -> follow(this::restartAppliance, seed + 2, 6000), "chaos-appliances");
        liberators.start();
        Thread operator = new Thread(() -> follow(this::drain, seed + 3, 3000), "chaos-operator");
        appliances.start();
        operator.start();
        follow(this::change, seed, 1000);
        liberators.join();
        appliances.join();
        operator.join();
    }

    private void follow(Course course, long ownSeed, int pauseMillis) {
        Random random = new Random(ownSeed);
        try {
            while (world.goesOn()) {
                TimeUnit.MILLISECONDS.sleep(pauseMillis / 2 + random.nextInt(pauseMillis));
                course.next(random);
            }
        } catch (IOException failed) {
            world.tally().violated("it could not go on: " + failed.getMessage());
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    // ---------------------------------------------------------------- configurations

    private void change(Random random) throws IOException, InterruptedException {
        switch (random.nextInt(clock ? 5 : 4)) {
            case 0 -> reload("reloads");
            case 1 -> {
                world.newKey(random);
                world.tally().happened("key changes");
            }
            case 4 -> {
                Files.writeString(world.folder().resolve("clock"), random.nextBoolean() ? "+3600" : "-3600");
                world.tally().happened("clock jumps");
            }
            default -> changePool(random);
        }
    }

    private void reload(String what) throws IOException, InterruptedException {
        world.write();
        for (Host each : world.hosts()) {
            each.signal("HUP");
        }
        world.tally().happened(what);
    }

    /** A Liberator comes, goes, or gets another weight. Only lib-a stays for ever. */
    private void changePool(Random random) throws IOException, InterruptedException {
        String liberator =
                world.liberators().get(1 + random.nextInt(world.liberators().size() - 1));
        if (world.weights().containsKey(liberator) && random.nextBoolean()) {
            world.weights().remove(liberator);
        } else {
            world.weights().put(liberator, 1 + random.nextInt(5));
        }
        reload("pool changes");
    }

    // ---------------------------------------------------------------- Liberators and appliances

    /** It is away for a moment, so that its clients come back to it, or for so long that they are released. */
    private void restartLiberator(Random random) throws IOException, InterruptedException {
        SigningLiberator liberator = world.server(world.anyLiberator(random));
        boolean isLong = random.nextInt(3) == 0;
        liberator.kill();
        TimeUnit.MILLISECONDS.sleep(isLong ? 4000 : 300);
        liberator.start();
        world.tally().happened(isLong ? "Liberators gone for long" : "Liberators restarted");
    }

    private void restartAppliance(Random random) throws IOException, InterruptedException {
        Host host = world.anyHost(random);
        switch (random.nextInt(4)) {
            case 0 -> {
                host.kill();
                world.tally().happened("appliances killed");
                host.start();
            }
            case 1 -> {
                host.stop();
                world.tally().happened("appliances stopped");
                host.start();
            }
            default -> world.tally().happened(host.handOver() ? "handovers" : "handovers that came to nothing");
        }
    }

    /** A Liberator is emptied and comes back, sooner or later; the operator may find no appliance there. */
    private void drain(Random random) throws InterruptedException {
        String liberator = world.anyLiberator(random);
        Host host = world.anyHost(random);
        int pauseMillis = 200 + random.nextInt(2500);
        int perSecond = random.nextInt(3) * 200;
        try (Operator operator = new Operator(host)) {
            operator.drain(liberator, perSecond, 2);
            TimeUnit.MILLISECONDS.sleep(pauseMillis);
            operator.undrain(liberator);
            world.tally().happened("drains");
        } catch (IOException away) {
            world.tally().happened("drains of appliances that were away");
        }
    }
}
