package dev.holdfast.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.state.LeaseWorld.Cut;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Three processes compete for one lease at random, with slow calls, lost answers, crashes, and clocks that drift and
 * jump. No process may begin a write while a write of another may be under way.
 */
class LeaseRaceTest {
    private static final Duration CALL = Duration.ofSeconds(10);
    private static final int PROCESSES = 3;
    private static final int ROUNDS = 300;

    private final class Process {
        final int place;
        Lease lease;
        String holder;

        /** When the last write of the process is certainly over; by the monotonic clock of the world. */
        long writingUntil = Long.MIN_VALUE;

        boolean calling;

        Process(int place) {
            this.place = place;
            start();
        }

        void start() {
            holder = "p" + place + "-" + ++started;
            double rate = 0.98 + random.nextDouble() * 0.04;
            lease = world.lease(holder, CALL, rate, random.nextLong() >> 8);
            world.wallOf(holder, Duration.ofSeconds(random.nextInt(100_000)));
        }
    }

    private LeaseWorld world;
    private Random random;
    private List<Process> processes;
    private int started;
    private long lastEpoch;
    private int writes;
    private int takeovers;
    private final Map<Cut, Integer> cuts = new EnumMap<>(Cut.class);
    private int crashes;
    private int releases;
    private String epochHolder;

    @Test
    void noTwoWriteAtOnce() {
        long base = Long.getLong("holdfast.seed", new Random().nextLong());
        for (int round = 0; round < ROUNDS; round++) {
            long seed = base + round;
            try {
                play(seed);
            } catch (AssertionError e) {
                throw new AssertionError("with -Dholdfast.seed=" + seed, e);
            }
        }
        System.out.println("lease race: " + ROUNDS + " rounds, seed " + base + ", " + crashes + " crashes, " + cuts);
        // Checked over all rounds: in a single round, perhaps no process crashes, hangs or releases the lease.
        assertThat(cuts).as("each way to cut a call, seed %d", base).containsOnlyKeys(Cut.values());
        assertThat(crashes).as("crashes, seed %d", base).isGreaterThan(ROUNDS);
        assertThat(releases).as("releases, seed %d", base).isGreaterThan(ROUNDS);
        assertThat(writes).as("somebody gets to write, seed %d", base).isGreaterThan(ROUNDS);
        assertThat(takeovers).as("it changes hands, seed %d", base).isGreaterThan(ROUNDS);
    }

    private void play(long seed) {
        random = new Random(seed);
        world = new LeaseWorld();
        world.onTheWay(this::onTheWay);
        started = 0;
        lastEpoch = 0;
        epochHolder = "";
        processes = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            processes.add(new Process(i));
        }
        for (int step = 0; step < 400; step++) {
            step();
        }
    }

    private void step() {
        world.pass(Duration.ofMillis(random.nextInt(4_000)));
        Process process = processes.get(random.nextInt(PROCESSES));
        if (process.calling) {
            return;
        }
        // Some processes hang for long: they are skipped, as if the machine had stopped them.
        switch (random.nextInt(40)) {
            case 0 -> crash(process);
            case 1 -> world.pass(Duration.ofSeconds(random.nextInt(60)));
            case 2 -> world.wallOf(process.holder, Duration.ofSeconds(random.nextInt(200_000)));
            case 3 -> release(process);
            default -> call(process);
        }
        processes.forEach(this::write);
    }

    private void crash(Process process) {
        crashes++;
        process.start();
    }

    private void release(Process process) {
        // Released only with no write under way, as the engine does.
        if (world.nanos() >= process.writingUntil) {
            releases++;
            called(process, process.lease::release);
        }
    }

    private void call(Process process) {
        world.cut(random.nextInt(6) == 0 ? Cut.values()[random.nextInt(3)] : null);
        called(process, () -> {
            boolean held = random.nextBoolean() ? process.lease.tryAcquire() : process.lease.renew();
            if (held) {
                heldBy(process);
            }
        });
    }

    private void heldBy(Process process) {
        long epoch = process.lease.epoch();
        if (epoch > lastEpoch) {
            takeovers += lastEpoch > 0 ? 1 : 0;
            lastEpoch = epoch;
            epochHolder = process.holder;
        } else if (epoch == lastEpoch) {
            assertThat(process.holder).as("one holder an epoch").isEqualTo(epochHolder);
        }
    }

    private void called(Process process, Runnable task) {
        process.calling = true;
        try {
            task.run();
        } catch (UncheckedIOException e) {
            // The connection was cut: the process continues with its last knowledge.
            assertThat(e.getCause()).isInstanceOf(LeaseWorld.CutException.class);
            cuts.merge(((LeaseWorld.CutException) e.getCause()).where, 1, Integer::sum);
        } finally {
            process.calling = false;
            world.cut(null);
        }
    }

    /** Lets time pass during a call, in which the other processes act. */
    private void onTheWay() {
        world.pass(Duration.ofMillis(random.nextInt(10) == 0 ? random.nextInt(40_000) : random.nextInt(200)));
        processes.forEach(this::write);
        List<Process> idle = processes.stream().filter(p -> !p.calling).toList();
        if (!idle.isEmpty() && random.nextInt(4) == 0) {
            call(idle.get(random.nextInt(idle.size())));
        }
    }

    private void write(Process process) {
        if (!process.lease.mayWrite()) {
            return;
        }
        writes++;
        for (Process other : processes) {
            if (other != process) {
                assertThat(other.lease.mayWrite())
                        .as("%s and %s both may write", process.holder, other.holder)
                        .isFalse();
                assertThat(world.nanos())
                        .as("%s begins a write while one of place %d is under way", process.holder, other.place)
                        .isGreaterThanOrEqualTo(other.writingUntil);
            }
        }
        process.writingUntil = world.nanos() + CALL.toNanos();
    }
}
