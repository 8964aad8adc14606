package dev.holdfast.engine;

import static org.awaitility.Awaitility.await;

import dev.holdfast.api.ViewKeeper;
import dev.holdfast.aws.AccountCheck;
import dev.holdfast.aws.ClientFactory;
import dev.holdfast.aws.Fork;
import dev.holdfast.aws.OwnCalls;
import dev.holdfast.aws.TestClients;
import dev.holdfast.desired.CompiledStack;
import dev.holdfast.desired.DesiredCompiler;
import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.desired.Problem;
import dev.holdfast.events.ChangeEvents;
import dev.holdfast.events.EngineStacks;
import dev.holdfast.events.EventRoute;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.Event;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.state.Leases;
import dev.holdfast.store.ObjectStore;
import dev.holdfast.store.ObjectStores;
import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.LoggedRequest;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Several processes of the operator with one desired state of two stacks, {@code one} and {@code two}, each with one
 * alarm. A process works only within {@link Replica#tick}: the test decides which process works when.
 */
final class Replicas implements AutoCloseable {
    private static final String BUCKET = "operator-state";

    final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"));
    /** The clock of the processes. */
    final Clock wall = new WallClock();

    final TwinServer twin;
    private final List<ClientFactory> factories = new ArrayList<>();
    private final Map<String, LoadResult> desired = new ConcurrentHashMap<>();
    private volatile Consumer<String> beforeRead = stack -> {};
    private String more = "";
    private volatile Duration wentBack = Duration.ZERO;

    Replicas() {
        try {
            twin = TwinServer.start(TwinOptions.defaults().withClock(clock).withSeed(5));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        twin.account(World.ACCOUNT)
                .service(World.REGION, S3Client.class)
                .createBucket(r -> r.bucket(BUCKET).createBucketConfiguration(c -> c.locationConstraint(World.REGION)));
        desire(1);
    }

    /** Sets the interval of the passes to a day. */
    Replicas daily() {
        more = "'interval':'PT24H',";
        desire(1);
        return this;
    }

    /** From now on both stacks desire three alarms each, with this threshold. */
    void desire(int threshold) {
        desired.putAll(compiled(threshold, World.REGION));
    }

    /** Both stacks with three alarms each in this region, with this threshold. */
    Map<String, LoadResult> compiled(int threshold, String region) {
        Map<String, byte[]> files = new TreeMap<>();
        for (String stack : List.of("one", "two")) {
            files.put(stack + "/stack.json", text("""
                {'apiVersion':'holdfast.dev/v1','kind':'Stack','metadata':{'name':'%s'},
                 'spec':{'account':'%s','region':'%s',%s'include':['docs.json']}}
                """.formatted(stack, World.ACCOUNT, region, more)));
            files.put(stack + "/docs.json", text(Docs.of(Docs.alarms(3, threshold))));
        }
        return new DesiredCompiler(TestKinds.all()).compile(files);
    }

    /** From now on each read of the desired state of the stack has this result. */
    void desire(String stack, LoadResult read) {
        desired.put(stack, read);
    }

    /** From now on the desired state of the stack does not validate. */
    void refuse(String stack, String why) {
        desire(
                stack,
                new LoadResult.RefusedRevision(
                        null, List.of(new Problem("docs.json", 1, 1, "", why, "something else"))));
    }

    /** The desired revision of a stack. */
    String revision(String stack) {
        return CompiledStack.valid(desired.get(stack)).sha256();
    }

    /** The hook receives each stack before its desired state is read, and {@code *} before the stacks are listed. */
    void beforeRead(Consumer<String> hook) {
        beforeRead = hook;
    }

    private static byte[] text(String singleQuoted) {
        return singleQuoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    /** One process of the operator. */
    final class Replica {
        final String key;
        final Engine engine;
        private final EngineContext context;
        private final OwnCalls ownCalls;
        final List<Event> events = new CopyOnWriteArrayList<>();
        private volatile Consumer<String> beforePut = key -> {};
        private volatile Consumer<String> beforeGet = key -> {};
        private volatile Consumer<String> afterPass = stack -> {};
        private volatile boolean keepsViews;

        private Replica(String name, boolean atOnce) {
            key = name + "-" + World.ACCOUNT;
            ClientFactory.Config config = TestClients.quick(twin.endpoint(), key, "inst");
            ClientFactory clients = new ClientFactory(config, new OwnCalls(wall));
            ClientFactory states = new ClientFactory(config.forState());
            factories.add(clients);
            factories.add(states);
            ownCalls = clients.ownCalls();
            context = new EngineContext(
                    "inst",
                    "test-1",
                    TestKinds.all(),
                    s -> clients.of(s.account(), s.region(), s.roleArn()),
                    new AccountCheck(wall),
                    hooked(ObjectStores.open(
                            "s3://" + BUCKET + "/state",
                            () -> states.of(World.ACCOUNT, World.REGION, null).client(S3Client.class))),
                    // The calls run one after the other, so that the lease can end between two of them.
                    new Fork(1),
                    wall,
                    new Random(name.hashCode()),
                    events::add,
                    Traces.NONE,
                    () -> GuardrailsState.NONE);
            Leases leases = new Leases(
                    context.store(),
                    name,
                    Duration.ofSeconds(5),
                    wall,
                    () -> Duration.between(Instant.EPOCH, clock.instant()).toNanos());
            ViewKeeper views = new ViewKeeper(
                    context.store(), "memory", stack -> leases.of(stack).isHeld(), wall);
            Engine made = new Engine(context, new Source(), Set.of(), leases, (stack, report) -> {
                if (keepsViews) {
                    views.passed(stack);
                }
                afterPass.accept(stack.stack());
            });
            engine = atOnce ? made.on(new AtOnce()) : made;
        }

        /** Reads the queue of events for this process. From now on this process keeps its views for other replicas. */
        ChangeEvents reader(EventRoute route) {
            keepsViews = true;
            return new ChangeEvents(
                    route.origin(),
                    new EngineStacks(engine, context.store(), clock),
                    new ChangeEvents.EventParts(TestKinds.all(), context.store(), ownCalls, clock, true));
        }

        /** The hook receives each key before this process writes an object of the state unconditionally. */
        void beforePut(Consumer<String> hook) {
            beforePut = hook;
        }

        /** The hook receives each key before this process reads an object of the state. */
        void beforeGet(Consumer<String> hook) {
            beforeGet = hook;
        }

        /** The hook receives each stack after each pass over the stack. */
        void afterPass(Consumer<String> hook) {
            afterPass = hook;
        }

        private ObjectStore hooked(ObjectStore store) {
            return (ObjectStore) Proxy.newProxyInstance(
                    ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, method, args) -> {
                        switch (method.getName()) {
                            case "put" -> beforePut.accept((String) args[0]);
                            case "get" -> beforeGet.accept((String) args[0]);
                            default -> {}
                        }
                        try {
                            return method.invoke(store, args);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        void tick() {
            engine.tick();
        }

        Set<String> holds() {
            Set<String> held = new java.util.TreeSet<>();
            engine.stacks().keySet().stream().filter(engine::holds).forEach(held::add);
            return held;
        }

        StackView view(String stack) {
            return engine.stacks().get(stack).view();
        }
    }

    Replica start(String name) {
        return new Replica(name, true);
    }

    /** Starts a process and runs it alone for a minute: it holds both stacks, which have converged. */
    Replica holder(String name) {
        Replica holder = start(name);
        run(Duration.ofMinutes(1), holder);
        return holder;
    }

    /** Starts a process whose ticks run the due work on separate threads, as in production. */
    Replica startWithThreads(String name) {
        return new Replica(name, false);
    }

    /**
     * The number of reads of state objects, leases excluded; in a converged stack these reads are checks for requests.
     */
    long requestLooks() {
        return twin.log().requests().stream()
                .filter(r -> r.operation().equals("s3:GetObject"))
                .count();
    }

    /** The content of a stack's lease object. */
    String lease(String stack) {
        return twin.account(World.ACCOUNT)
                .service(World.REGION, S3Client.class)
                .getObjectAsBytes(r -> r.bucket(BUCKET).key("state/stacks/" + stack + "/lease.json"))
                .asUtf8String();
    }

    /** Ticks a process with threads, while the clock advances, until the condition is true. */
    void until(Replica replica, BooleanSupplier done) {
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofMinutes(2))
                .until(() -> {
                    replica.tick();
                    clock.advance(Duration.ofMillis(100));
                    return done.getAsBoolean();
                });
    }

    /** Sets the wall clock of the processes back. AWS's clock and the monotonic clock go on. */
    void setBack(Duration by) {
        wentBack = wentBack.plus(by);
    }

    private final class WallClock extends UtcClock {
        @Override
        public Instant instant() {
            return clock.instant().minus(wentBack);
        }
    }

    /** Ticks each process every second. */
    void run(Duration time, Replica... replicas) {
        Instant end = clock.instant().plus(time);
        while (clock.instant().isBefore(end)) {
            for (Replica replica : replicas) {
                replica.tick();
            }
            clock.advance(Duration.ofSeconds(1));
        }
    }

    /** Deletes an alarm of a stack, so that a pass has something to write. */
    void disturb(String stack) {
        CloudWatchClient cloudWatch = twin.account(World.ACCOUNT).service(World.REGION, CloudWatchClient.class);
        cloudWatch.describeAlarms().metricAlarms().stream()
                .map(a -> a.alarmName())
                .filter(name -> name.startsWith(stack + "-"))
                .findFirst()
                .ifPresent(name -> cloudWatch.deleteAlarms(r -> r.alarmNames(name)));
    }

    long alarms(String stack) {
        return twin
                .account(World.ACCOUNT)
                .service(World.REGION, CloudWatchClient.class)
                .describeAlarms()
                .metricAlarms()
                .stream()
                .filter(a -> a.alarmName().startsWith(stack + "-"))
                .count();
    }

    /** The writes to AWS that took effect, without those to the operator's own state. */
    List<LoggedRequest> writes() {
        return twin.log().writes().stream()
                .filter(r -> "holdfast".equals(r.app()) && r.tookEffect())
                .toList();
    }

    private final class Source implements DesiredSource {
        @Override
        public LoadResult read(String stack) {
            beforeRead.accept(stack);
            return desired.getOrDefault(stack, new LoadResult.NoDesiredState("there is no stack " + stack));
        }

        @Override
        public List<String> stacks() {
            beforeRead.accept("*");
            return List.copyOf(desired.keySet());
        }

        @Override
        public String location() {
            return "memory";
        }
    }

    /** Runs each task before the method returns. */
    private static final class AtOnce extends AbstractExecutorService {
        private volatile boolean shut;

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void shutdown() {
            shut = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            shut = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return shut;
        }

        @Override
        public boolean isTerminated() {
            return shut;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return shut;
        }
    }

    @Override
    public void close() {
        factories.forEach(ClientFactory::close);
        twin.close();
    }
}
