package dev.holdfast.app;

import dev.holdfast.api.RunningRollbacks;
import dev.holdfast.api.StackMetrics;
import dev.holdfast.api.ViewKeeper;
import dev.holdfast.aws.AccountCheck;
import dev.holdfast.aws.ClientFactory;
import dev.holdfast.aws.Clients;
import dev.holdfast.aws.Fork;
import dev.holdfast.aws.RateLimits;
import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.DirectorySource;
import dev.holdfast.desired.GuardedSource;
import dev.holdfast.desired.GuardrailsFile;
import dev.holdfast.desired.PrefixSource;
import dev.holdfast.desired.SyncedSource;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineConstants;
import dev.holdfast.engine.EngineContext;
import dev.holdfast.engine.OtherInstallations;
import dev.holdfast.engine.StackReconciler;
import dev.holdfast.engine.Traces;
import dev.holdfast.events.ChangeEvents;
import dev.holdfast.events.EngineStacks;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.StackRef;
import dev.holdfast.model.Event;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.StackSettings;
import dev.holdfast.state.GatedStore;
import dev.holdfast.state.Lease;
import dev.holdfast.state.Leases;
import dev.holdfast.state.StackState;
import dev.holdfast.store.ObjectStore;
import dev.holdfast.store.ObjectStores;
import io.opentelemetry.api.GlobalOpenTelemetry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The parts of an installation, built from its configuration. */
final class Operator implements AutoCloseable {
    private final InstallationConfig environment;
    private final KindCatalog catalog;
    private final ClientFactory clients;
    private final ClientFactory stateClients;
    private final ObjectStore state;
    private final DesiredSource unguarded;
    private final DesiredSource source;
    private final Supplier<GuardrailsState> configured;
    private final @Nullable GuardrailsFile guardrailsFile;
    private final Supplier<GuardrailsState> guardrails;
    private final Clock clock = Clock.systemUTC();

    Operator(InstallationConfig environment, KindCatalog catalog, AwsCredentialsProvider credentials) {
        this(environment, catalog, credentials, UnaryOperator.identity());
    }

    /** @param lifted reduces the guardrails to the part that counts for the command */
    Operator(
            InstallationConfig environment,
            KindCatalog catalog,
            AwsCredentialsProvider credentials,
            UnaryOperator<GuardrailsState> lifted) {
        this.environment = environment;
        this.catalog = catalog;
        ClientFactory.Config config = ClientFactory.Config.of(
                environment.endpoint(), credentials, environment.installation(), RateLimits.ofAws());
        this.clients = new ClientFactory(config);
        this.stateClients = new ClientFactory(config.forState());
        ObjectStore kept = store(environment.state());
        // Calls to S3 check the permit of their pass themselves.
        this.state = InstallationConfig.isS3(environment.state()) ? kept : new GatedStore(kept);
        this.guardrailsFile = guardrails();
        this.configured = guardrailsFile == null ? () -> GuardrailsState.NONE : guardrailsFile;
        this.guardrails = () -> lifted.apply(configured.get());
        this.unguarded = source();
        this.source = new GuardedSource(unguarded, guardrails, catalog);
    }

    private @Nullable GuardrailsFile guardrails() {
        String location = InstallationConfig.guardrails();
        if (location == null) {
            return null;
        }
        if (environment.isInDesiredState(location)) {
            throw new CommandFailure("HOLDFAST_GUARDRAILS " + location + " lies inside the desired state "
                    + environment.desiredState() + ": a publisher could change it. Choose a location outside it.");
        }
        return GuardrailsLocation.open(location, this::store, catalog);
    }

    /**
     * Reads the guardrails, if they have changed. Passes use the guardrails that were read last, and never wait for a
     * read.
     */
    void refreshGuardrails() {
        if (guardrailsFile != null) {
            guardrailsFile.refresh();
        }
    }

    /** The guardrails as they were read last. */
    GuardrailsState guardrailsNow() {
        return configured.get();
    }

    private ObjectStore store(String location) {
        String region = InstallationConfig.isS3(location) ? region() : "";
        try {
            return ObjectStores.open(
                    location, () -> stateClients.of("", region, null).client(S3Client.class));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), ExitCodes.USAGE);
        }
    }

    /** @param region null for the region of the environment */
    KmsClient kms(@Nullable String region) {
        return stateClients.of("", region == null ? region() : region, null).client(KmsClient.class);
    }

    /** The region in which the operator itself runs, as the SDK determines it. */
    static String region() {
        try {
            return new DefaultAwsRegionProviderChain().getRegion().id();
        } catch (SdkClientException e) {
            throw new CommandFailure(
                    "no region is set: set AWS_REGION to the region of the operator's buckets and metrics");
        }
    }

    private DesiredSource source() {
        String location = environment.desiredState();
        if (InstallationConfig.isS3(location)) {
            return prefix(SyncedSource.SETTLES);
        }
        CommandContext.checkDirectory(Path.of(location));
        return new DirectorySource(Path.of(location), catalog);
    }

    private PrefixSource prefix(Duration settles) {
        return new PrefixSource(
                store(environment.desiredState()), catalog, clock, settles, environment.stateLiesInside());
    }

    /**
     * Checks the location of the state before the first write, and creates its directory.
     *
     * @throws CommandFailure if the state lies in a prefix to which the desired state is synced
     */
    private void checkState() {
        if (unguarded instanceof PrefixSource prefix && environment.stateLiesInside() && prefix.endangersState()) {
            throw new CommandFailure(prefix.danger());
        }
        ObjectStores.create(environment.state());
    }

    /** The desired state for a command that writes nothing: a synced prefix is read without a wait. */
    DesiredSource now() {
        return InstallationConfig.isS3(environment.desiredState())
                ? new GuardedSource(prefix(Duration.ZERO), guardrails, catalog)
                : source;
    }

    /** The store to which revisions are published. */
    ObjectStore published(String location) {
        if (!InstallationConfig.isS3(location)) {
            throw new CommandFailure(
                    "'" + location + "' is not of the form s3://bucket/prefix: revisions can be committed to S3 only",
                    ExitCodes.USAGE);
        }
        return store(location);
    }

    DesiredSource desired() {
        return source;
    }

    InstallationConfig environment() {
        return environment;
    }

    private EngineContext context(Consumer<Event> events, ObjectStore store) {
        return context(events, store, guardrails);
    }

    private EngineContext context(Consumer<Event> events, ObjectStore store, Supplier<GuardrailsState> counting) {
        return new EngineContext(
                environment.installation(),
                VersionProvider.version(),
                catalog,
                s -> clients.of(s.account(), s.region(), s.roleArn()),
                new AccountCheck(clock),
                store,
                new Fork(EngineConstants.PARALLELISM),
                clock,
                RandomGenerator.getDefault(),
                events,
                new Traces(GlobalOpenTelemetry.get()),
                counting);
    }

    /** A reconciler that plans one stack: it writes neither to AWS nor to the state. */
    StackReconciler planner(String stack) {
        return planner(stack, now());
    }

    /** A reconciler that plans this revision, which may come from any source. */
    StackReconciler planner(Revision revision) {
        return planner(
                revision.settings().name(),
                new GuardedSource(new OneRevision(revision, environment.desiredState()), guardrails, catalog));
    }

    /**
     * Plans rollbacks to former revisions. They count as drafts, because a revision is signed when it is published
     * again.
     */
    RunningRollbacks.RollbackPlanner rollbacks() {
        Supplier<GuardrailsState> ofDrafts = () -> guardrails.get().ofDrafts();
        return new RunningRollbacks.RollbackPlanner(
                former -> new StackReconciler(
                        context(event -> {}, new OverlayObjectStore(kept()), ofDrafts),
                        former.settings().name(),
                        new GuardedSource(new OneRevision(former, environment.desiredState()), ofDrafts, catalog),
                        () -> () -> false),
                environment.hasDefaultName() ? null : environment.installation(),
                environment.desiredState());
    }

    private StackReconciler planner(String stack, DesiredSource from) {
        return new StackReconciler(
                context(event -> {}, new OverlayObjectStore(kept())), stack, from, () -> () -> false);
    }

    /** The existing state; null if its directory does not exist. A command that writes nothing does not create it. */
    private @Nullable ObjectStore kept() {
        if (ObjectStores.isMissing(environment.state())) {
            return null;
        }
        if (!InstallationConfig.isS3(environment.state())) {
            CommandContext.checkDirectory(Path.of(environment.state()));
        }
        return state;
    }

    /** Whether the state has a record of the stack. */
    boolean remembers(String stack) {
        ObjectStore kept = kept();
        return kept != null && StackState.stacks(kept).contains(stack);
    }

    /** The other installations that own objects with the names of these resources of the stack. */
    Map<String, Set<ResourceId>> otherInstallations(StackSettings settings, Set<ResourceId> resources) {
        return OtherInstallations.find(
                clients.of(settings.account(), settings.region(), settings.roleArn()),
                new StackRef(environment.installation(), settings.name(), settings.account(), settings.region()),
                resources);
    }

    /** A reconciler for one stack. */
    StackReconciler reconciler(String stack, Consumer<Event> events, Lease lease) {
        return new StackReconciler(context(events, state), stack, source, lease::permit);
    }

    /** The lease of a stack, for a command that runs without the daemon. */
    Lease lease(String stack) {
        checkState();
        return leases().of(stack);
    }

    private Leases leases() {
        return new Leases(state, Lease.newHolder(), clients.callTimeout(), clock, System::nanoTime);
    }

    Notifications reporting(AlertSettings settings, Consumer<Event> events) {
        return new Notifications(
                settings,
                environment,
                state,
                new Notifications.NotificationClients(region -> stateClients.of("", region, null), Operator::region),
                events);
    }

    /** A reader of change events for an engine; null if no queue is configured. */
    @Nullable
    ChangeEvents changeEvents(ChangeEventSettings settings, Engine engine) {
        if (settings.queue() == null) {
            return null;
        }
        String region = settings.region() == null ? region() : settings.region();
        Clients home = stateClients.of("", region, null);
        return new ChangeEvents(
                new ChangeEvents.EventOrigin(
                        home.client(SqsClient.class), settings.queue(), home.client(CloudTrailClient.class)),
                new EngineStacks(engine, state, clock),
                new ChangeEvents.EventParts(catalog, state, clients.ownCalls(), clock, settings.names()));
    }

    /** Keeps the views of the stacks that this process holds. */
    ViewKeeper views(Predicate<String> held) {
        return new ViewKeeper(state, source.location(), held, clock);
    }

    Engine engine(Consumer<Event> events, Notifications reporting, @Nullable StackMetrics metrics) {
        checkState();
        Leases leases = leases();
        ViewKeeper views = views(stack -> leases.of(stack).isHeld());
        return new Engine(context(events, state), source, environment.stacks(), leases, (stack, report) -> {
            // Alerts come first: they must not depend on what only informs.
            long epoch = leases.of(stack.stack()).epoch();
            reporting.alerts().passed(stack.view(), stack.events(), epoch);
            views.passed(stack);
            if (metrics != null) {
                metrics.passed(stack, report);
            }
        });
    }

    @Override
    public void close() {
        clients.close();
        stateClients.close();
    }
}
