package dev.holdfast.engine;

import dev.holdfast.aws.AccountCheck;
import dev.holdfast.aws.ClientFactory;
import dev.holdfast.aws.Fork;
import dev.holdfast.aws.RateLimits;
import dev.holdfast.aws.TestClients;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.Event;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

/**
 * The first user's dev stack with many services, under AWS's quotas and without AWS's delays. Quotas, twin and engine
 * use one clock, which may run faster than the machine's clock. The engine's constants are those of production.
 */
final class BusyWorld implements AutoCloseable {
    private static final String KEY = "BUSY-" + World.ACCOUNT;

    final ScaledClock clock;
    final TwinServer twin;
    final List<Event> events = new CopyOnWriteArrayList<>();
    private final ClientFactory clients;
    private final MemoryDesired documents = new MemoryDesired();
    private final StackReconciler reconciler;
    private final int services;

    BusyWorld(int services, double speed) {
        this.services = services;
        clock = new ScaledClock(speed, Instant.parse("2026-01-01T00:00:00Z"));
        TwinSettings settings = new TwinSettings().speed(1_000_000);
        for (Delay delay : Delay.values()) {
            settings.delay(delay, Duration.ZERO);
        }
        try {
            twin = TwinServer.start(TwinOptions.defaults()
                    .withClock(clock)
                    .withSettings(settings)
                    .withSeed(42));
            Path root = Path.of("desired-state");
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    documents.put(root.relativize(file).toString(), Files.readString(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        desire("app:1.0.0");
        clients = new ClientFactory(
                TestClients.config(twin.endpoint(), KEY, "inst", RateLimits.ofAws(clock::nanos, clock::pause)));
        EngineContext context = new EngineContext(
                "inst",
                "test-1",
                TestKinds.all(),
                s -> clients.of(s.account(), s.region(), s.roleArn()),
                new AccountCheck(clock),
                new MemoryStore(),
                new Fork(EngineConstants.PARALLELISM),
                clock,
                new Random(42),
                events::add,
                Traces.NONE,
                () -> GuardrailsState.NONE);
        reconciler = new StackReconciler(context, "dev", documents, () -> () -> true);
    }

    /** @param image the image of every service */
    private void desire(String image) {
        documents.put("base/services/all.json", SkinClub.services(services, image));
        for (String service : SkinClub.SERVICES) {
            documents.put("base/services/" + service + ".json", null);
        }
        documents.put("base/monitoring.json", SkinClub.monitoring());
        String stack = String.valueOf(documents.text("dev/stack.json"));
        documents.put("dev/stack.json", stack.contains("maxRollouts") ? stack : World.unlimited(stack));
    }

    /** Desires other images, as if the engine had noticed another revision. */
    void desireInstead(String image) {
        desire(image);
        reconciler.requestFull();
    }

    /**
     * Runs all due work until the condition is true.
     *
     * @return the time that this took
     */
    Duration runUntil(BooleanSupplier done) {
        Instant start = clock.instant();
        Instant end = start.plus(Duration.ofHours(2));
        while (!done.getAsBoolean()) {
            if (clock.instant().isAfter(end)) {
                throw new AssertionError("not done in two hours: " + view().status());
            }
            reconciler.pass();
            Duration wait = Duration.between(clock.instant(), reconciler.nextLookAt());
            if (wait.isPositive()) {
                clock.pause(wait.compareTo(Duration.ofSeconds(1)) < 0 ? wait : Duration.ofSeconds(1));
            }
        }
        return Duration.between(start, clock.instant());
    }

    StackView view() {
        return reconciler.view();
    }

    boolean isConverged() {
        return view().converged() && !view().resources().isEmpty();
    }

    /** The number of calls that the engine made, by operation. */
    Map<String, Long> calls(boolean writes) {
        return twin.log().counts(c -> c.caller().equals(KEY) && c.write() == writes);
    }

    Ec2Client somebody() {
        return twin.account(World.ACCOUNT).service(World.REGION, Ec2Client.class);
    }

    /** A security group of ours, or null while there is none. */
    @org.jspecify.annotations.Nullable
    SecurityGroup group() {
        return somebody().describeSecurityGroups().securityGroups().stream()
                .filter(g -> g.tags().stream().anyMatch(t -> t.key().equals("holdfast:stack")))
                .findFirst()
                .orElse(null);
    }

    static boolean isOpen(SecurityGroup group) {
        return group.ipPermissions().stream()
                .anyMatch(p -> Integer.valueOf(22).equals(p.fromPort())
                        && p.ipRanges().stream().anyMatch(r -> r.cidrIp().equals("0.0.0.0/0")));
    }

    @Override
    public void close() {
        clients.close();
        twin.close();
    }
}
