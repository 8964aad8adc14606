package dev.holdfast.engine;

import dev.holdfast.aws.AccountCheck;
import dev.holdfast.aws.ClientFactory;
import dev.holdfast.aws.Clients;
import dev.holdfast.aws.Fork;
import dev.holdfast.aws.OwnCalls;
import dev.holdfast.aws.RateLimits;
import dev.holdfast.aws.TestClients;
import dev.holdfast.desired.CompiledStack;
import dev.holdfast.desired.GuardedSource;
import dev.holdfast.desired.PublishedSource;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.Revision;
import dev.holdfast.state.Lease;
import dev.holdfast.state.Leases;
import dev.holdfast.store.ObjectStore;
import dev.holdfast.store.ObjectStores;
import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.s3.S3Client;

/** An engine and a twin on one driven clock, which communicate over HTTP. */
public final class World extends RunningStack<World> implements AutoCloseable {
    public static final String ACCOUNT = "123456789012";
    public static final String REGION = "eu-west-2";
    private static final String STATE_BUCKET = "operator-state";

    public final TwinSettings settings = new TwinSettings();
    public final TwinServer twin;
    /** The writes of the running process. */
    public OwnCalls ownCalls = new OwnCalls(clock);

    public final MemoryStore store = new MemoryStore();
    private final MemoryDesired documents = new MemoryDesired();
    private final List<ClientFactory> factories = new ArrayList<>();
    private int incarnations;
    private @Nullable ObjectStore otherStore;
    private ObjectStore state = store;
    public Traces traces = Traces.NONE;
    /** The guardrails that the lease contains. */
    public volatile GuardrailsState guardrails = GuardrailsState.NONE;

    public volatile BooleanSupplier mayWrite = () -> true;

    private @Nullable RewritingProxy proxy;
    private KindCatalog catalog = TestKinds.all();
    private String version = "test-1";
    private String stack = "test";
    private String account = ACCOUNT;
    private boolean stateOnTwin;
    private StackReconciler reconciler;
    private @Nullable EngineContext context;

    public World() {
        this(42);
    }

    public World(long seed) {
        super(new DrivenClock(Instant.parse("2026-01-01T00:00:00Z")), seed);
        settings.delay(Delay.IAM_PROPAGATION, Duration.ofSeconds(2));
        try {
            twin = TwinServer.start(TwinOptions.defaults()
                    .withClock(clock)
                    .withSettings(settings)
                    .withSeed(seed));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reconciler = start();
    }

    /** Sets the documents of the stack {@code test}: an array, with single quotes instead of double ones. */
    public World desire(String documentArray) {
        return desire(documentArray, "");
    }

    /** @param stackSpec more members of the stack's spec, each followed by a comma */
    public World desire(String documentArray, String stackSpec) {
        file("test/stack.json", """
            {'apiVersion':'holdfast.dev/v1','kind':'Stack','metadata':{'name':'test'},
             'spec':{%s 'account':'%s','region':'%s','tags':{'Project':'Test'},'include':['docs.json']}}
            """.formatted(stackSpec, ACCOUNT, REGION));
        return file("test/docs.json", documentArray);
    }

    /** Sets the desired state to the files of the repository for a stack. */
    public World desireDirectory(Path root, String name) {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                documents.put(root.relativize(file).toString(), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        stack = name;
        return restart();
    }

    /** Removes the limits of this stack. */
    public World unlimited() {
        String path = stack + "/stack.json";
        return file(path, unlimited(java.util.Objects.requireNonNull(documents.text(path))));
    }

    /** The document of a stack, with limits that hold nothing. */
    static String unlimited(String document) {
        String spec = "\"spec\": { \"limits\": { \"maxDeletes\": 10000, \"maxReplaces\": 10000,"
                + " \"maxUpdates\": 10000, \"maxRollouts\": 10000 },";
        return document.replaceFirst("\"spec\": \\{", spec);
    }

    public World file(String path, @Nullable String text) {
        documents.put(path, text == null ? null : text.replace('\'', '"'));
        return this;
    }

    /** The store in which the running process keeps its state. */
    @Override
    public ObjectStore state() {
        return state;
    }

    /** The name of this world's stack. */
    @Override
    public String stack() {
        return stack;
    }

    /** The desired revision of this world's stack. */
    public Revision desired() {
        return CompiledStack.valid(documents.read(stack));
    }

    /** Sets whether another process is changing the desired state at the moment. */
    public World settling(boolean yes) {
        documents.settling(yes);
        return this;
    }

    private StackReconciler start() {
        incarnations++;
        ownCalls = new OwnCalls(clock);
        String key = key(incarnations);
        ClientFactory factory = new ClientFactory(
                TestClients.quick(proxy == null ? twin.endpoint() : proxy.endpoint(), key, "inst"), ownCalls);
        factories.add(factory);
        state = otherStore != null ? otherStore : store;
        if (stateOnTwin) {
            ClientFactory stateFactory = new ClientFactory(
                    TestClients.quick(twin.endpoint(), key, "inst").forState());
            factories.add(stateFactory);
            state = ObjectStores.open(
                    "s3://" + STATE_BUCKET + "/state",
                    () -> stateFactory.of(ACCOUNT, REGION, null).client(S3Client.class));
        }
        context = new EngineContext(
                "inst",
                version,
                catalog,
                s -> factory.of(s.account(), s.region(), s.roleArn()),
                new AccountCheck(clock),
                state,
                new Fork(EngineConstants.PARALLELISM),
                clock,
                new Random(seed),
                events::add,
                traces,
                () -> guardrails);
        return new StackReconciler(context, stack, documents, () -> () -> mayWrite.getAsBoolean());
    }

    /** Ends the process with everything in its memory, and starts another one on the same state. */
    public World restart() {
        reconciler = start();
        return this;
    }

    /** Restarts as another version of the operator. */
    public World upgrade(String to) {
        version = to;
        return restart();
    }

    /** Keeps the state in the twin's S3, so that a process that is cut off cannot reach its state either. */
    public World stateOnTwin() {
        somebody(S3Client.class)
                .createBucket(r -> r.bucket(STATE_BUCKET).createBucketConfiguration(c -> c.locationConstraint(REGION)));
        stateOnTwin = true;
        return restart();
    }

    /** The access key of the running process. */
    public String caller() {
        return key(incarnations);
    }

    /** An access key of the twin ends in the id of its account. */
    private String key(int incarnation) {
        return "AKIA" + incarnation + "-" + account;
    }

    /** Restarts the process with credentials of this account. */
    public World credentialsOf(String id) {
        account = id;
        return restart();
    }

    /** Restarts the operator behind a proxy that rewrites the answers of AWS. */
    World answeredThrough(UnaryOperator<String> rewritten) {
        return answeredThrough((service, body) -> rewritten.apply(body));
    }

    /** @param rewritten rewrites an answer; its arguments are the service's name in signatures and the body */
    World answeredThrough(BinaryOperator<String> rewritten) {
        proxy = new RewritingProxy(twin.endpoint(), rewritten);
        return restart();
    }

    /** From now on AWS refuses each call of the operation. */
    void refuse(String operation, int status, String code, String message) {
        twin.faults().add(operation, new TwinFault.Refuse(status, code, message));
    }

    /** Restarts the operator with these kinds. */
    World withKinds(KindCatalog kinds) {
        catalog = kinds;
        documents.checkedBy(kinds);
        return restart();
    }

    public World stateIn(ObjectStore elsewhere) {
        otherStore = elsewhere;
        return restart();
    }

    /** A whole engine on this world; the caller has to close the engine. */
    public Engine engine() {
        return new Engine(
                java.util.Objects.requireNonNull(context),
                documents,
                java.util.Set.of(),
                new Leases(store, Lease.newHolder(), Duration.ofSeconds(5), clock, System::nanoTime),
                (ran, report) -> {});
    }

    /** An operator that enforces the published revisions of this store if the guardrails allow them. */
    StackReconciler enforcing(ObjectStore published) {
        return new StackReconciler(
                engineContext(),
                stack,
                new GuardedSource(new PublishedSource(published, catalog), () -> guardrails, catalog),
                () -> () -> true);
    }

    EngineContext engineContext() {
        return java.util.Objects.requireNonNull(context);
    }

    @Override
    World self() {
        return this;
    }

    @Override
    public StackReconciler reconciler() {
        return reconciler;
    }

    /** A client of another principal, in process: for example a user of the console. */
    public <C extends SdkClient> C somebody(Class<C> type) {
        return twin.account(ACCOUNT).service(REGION, type);
    }

    /** Clients of another principal over HTTP. */
    public Clients strangerOverHttp() {
        ClientFactory factory = new ClientFactory(
                TestClients.config(twin.endpoint(), "STRANGER-" + ACCOUNT, "stranger", RateLimits.none()));
        factories.add(factory);
        return factory.of(ACCOUNT, REGION, null);
    }

    public TwinAccount account() {
        return twin.account(ACCOUNT);
    }

    /** The number of writes of the operator by operation; calls for its state do not count. */
    public Map<String, Long> writes() {
        return twin.log().counts(c -> c.write() && "holdfast".equals(c.app()));
    }

    /** The number of all writes of the operator. */
    public long writeCount() {
        return twin.log().count(c -> c.write() && "holdfast".equals(c.app()));
    }

    /** The number of all calls of an operation, those of other principals included. */
    public long calls(String operation) {
        return twin.log().count(c -> c.operation().equals(operation));
    }

    /** All existing objects of this stack, by their resource tag. */
    public Map<String, List<TwinItem>> owned() {
        Map<String, List<TwinItem>> owned = new TreeMap<>();
        for (TwinItem item : account().inventory()) {
            Map<String, String> ownership = Inventory.ownership(item);
            if (("inst/" + stack).equals(ownership.get("holdfast:stack"))) {
                owned.computeIfAbsent(ownership.get("holdfast:resource"), k -> new ArrayList<>())
                        .add(item);
            }
        }
        return owned;
    }

    /** Fails the test if a scripted fault never happened, or if the twin met a bug: such a test proves nothing. */
    @Override
    public void close() {
        factories.forEach(ClientFactory::close);
        if (proxy != null) {
            proxy.close();
        }
        twin.close();
        if (!twin.bugs().isEmpty()) {
            throw new AssertionError(
                    twin.bugs().size() + " requests or more met a bug of the twin, or of what this test put into it",
                    twin.bugs().getFirst());
        }
        if (!twin.faults().neverHappened().isEmpty()) {
            throw new AssertionError(
                    "these faults never happened: " + twin.faults().neverHappened());
        }
    }
}
