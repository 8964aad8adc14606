package dev.holdfast.kinds.ecs;

import dev.holdfast.aws.FaultRule;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Key;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.TagMap;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterField;

/** A cluster: the name under which services run. */
@Singleton
public final class EcsClusterKind implements Kind<EcsClusterKind.Spec> {
    private static final int DESCRIBED_A_CALL = 100;

    /** @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html">CreateCluster</a> */
    public record Spec(
            @Doc("Its name.") @PhysicalName(max = 255, also = "_") @Nullable
            String clusterName,

            @Doc("Settings of the cluster: containerInsights is disabled, enabled or enhanced.") @Key("name") @Nullable
            List<Setting> settings,

            @Doc("How commands in containers are run, encrypted and recorded.") @Nullable
            Configuration configuration,

            @Doc("The capacity providers that services may use: FARGATE, FARGATE_SPOT.") @Nullable
            Set<String> capacityProviders,

            @Doc("What a service runs on that says neither launch type nor strategy.")
            @Key("capacityProvider")
            @Nullable
            List<StrategyItem> defaultCapacityProviderStrategy,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {
        public Spec {
            settings = settings == null ? null : Ecs.sorted(settings, Setting::name);
            capacityProviders = capacityProviders == null ? null : Ecs.set(capacityProviders);
            defaultCapacityProviderStrategy = StrategyItem.sorted(defaultCapacityProviderStrategy);
        }
    }

    public record Setting(
            @Doc("containerInsights.") @Required @Nullable String name,

            @Doc("disabled, enabled or enhanced.") @Required @Nullable
            String value) {}

    public record Configuration(
            @Doc("Of ECS Exec.") @Nullable ExecuteCommandConfiguration executeCommandConfiguration) {}

    public record ExecuteCommandConfiguration(
            @Doc("The key that encrypts the session.") @Nullable
            String kmsKeyId,

            @Doc("NONE, DEFAULT (to the task's own log) or OVERRIDE (to logConfiguration).") @Nullable
            ExecuteCommandLogging logging) {}

    public enum ExecuteCommandLogging {
        NONE,
        DEFAULT,
        OVERRIDE
    }

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("EcsCluster", Spec.class, OwnershipForm.TAG)
                .description("A cluster of Amazon ECS: what services and their tasks run in.")
                .output("arn", "Its ARN.")
                .output("name", "Its name.")
                .page("https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html")
                .leavesOut("serviceConnectDefaults", "Service Connect is not managed here")
                .leavesOut("configuration.managedStorageConfiguration", "tasks keep nothing on their storage")
                .leavesOut(
                        "configuration.executeCommandConfiguration.logConfiguration",
                        "sessions go to the tasks' own logs")
                .fault(FaultRule.of("ClientException", "inconsistent with arguments", Fault.Category.EXISTS))
                .permissions(Permissions.on("ecs:{region}:{account}:cluster/*")
                        .lists("ecs:ListClusters", "ecs:DescribeClusters")
                        .creates("ecs:CreateCluster")
                        .tags("ecs:TagResource", "ecs:UntagResource")
                        .changes("ecs:DeleteCluster")
                        .changesFor("settings", "ecs:UpdateCluster")
                        .changesFor("configuration", "ecs:UpdateCluster")
                        .changesFor("capacityProviders", "ecs:PutClusterCapacityProviders")
                        .changesFor("defaultCapacityProviderStrategy", "ecs:PutClusterCapacityProviders")
                        .needsServiceRole("ecs.amazonaws.com"))
                .build();
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        EcsClient ecs = scope.client(EcsClient.class);
        Set<String> asked = new TreeSet<>(Ecs.idsAndNames(scope));
        if (scope.sweep()) {
            asked.addAll(
                    ecs.listClustersPaginator(r -> {}).clusterArns().stream().toList());
        }
        Map<String, Cluster> found = Ecs.byName(describe(ecs, scope, asked), Cluster::clusterArn);
        List<Cluster> ours = found.values().stream()
                .filter(c -> !"INACTIVE".equals(c.status()) && Ecs.concerns(scope, identify(c)))
                .toList();
        return scope.each(ours, EcsClusterKind::identify, EcsClusterKind::observed);
    }

    /** What does not exist is listed among the answer's failures, and so is absent. */
    private static List<Cluster> describe(EcsClient ecs, Scope<Spec> scope, Collection<String> idsOrNames) {
        List<List<String>> batches = idsOrNames.stream()
                .gather(Gatherers.windowFixed(DESCRIBED_A_CALL))
                .toList();
        return scope
                .parallel(
                        batches,
                        batch -> ecs.describeClusters(r -> r.clusters(batch)
                                        .include(ClusterField.TAGS, ClusterField.SETTINGS, ClusterField.CONFIGURATIONS))
                                .clusters())
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private static Identity identify(Cluster cluster) {
        return Ecs.identity(cluster.clusterArn(), cluster.clusterName(), cluster.tags());
    }

    private static Known<Spec> observed(Cluster cluster, Identity identity) {
        Spec spec = new Spec(
                cluster.clusterName(),
                cluster.settings().stream()
                        .map(s -> new Setting(s.nameAsString(), s.value()))
                        .toList(),
                configuration(cluster),
                Set.copyOf(cluster.capacityProviders()),
                StrategyItem.from(cluster.defaultCapacityProviderStrategy()),
                identity.tags());
        return health(cluster, Known.of(identity, spec))
                .output("arn", cluster.clusterArn())
                .output("name", cluster.clusterName());
    }

    private static Known<Spec> health(Cluster cluster, Known<Spec> known) {
        return switch (String.valueOf(cluster.status())) {
            case "ACTIVE" ->
                "UPDATE_IN_PROGRESS".equals(cluster.attachmentsStatus()) ? known.phase(Phase.Updating) : known;
            case "PROVISIONING" -> known.phase(Phase.Creating).health(Health.notReady("Provisioning", null));
            case "DEPROVISIONING" -> known.phase(Phase.Deleting).health(Health.notReady("Deprovisioning", null));
            default -> known.health(Health.notReady("Failed", "the cluster is " + cluster.status()));
        };
    }

    private static @Nullable Configuration configuration(Cluster cluster) {
        if (cluster.configuration() == null || cluster.configuration().executeCommandConfiguration() == null) {
            return null;
        }
        var exec = cluster.configuration().executeCommandConfiguration();
        return new Configuration(new ExecuteCommandConfiguration(
                exec.kmsKeyId(), Ecs.parse(ExecuteCommandLogging.class, exec.loggingAsString())));
    }

    /**
     * CreateCluster gives back an existing cluster of the name instead of refusing; that none is there was read before.
     */
    @Override
    public String create(Desired<Spec> desired, String token) {
        Spec spec = desired.spec();
        return desired.client(EcsClient.class)
                .createCluster(r -> r.clusterName(spec.clusterName())
                        .settings(settings(spec))
                        .configuration(configuration(spec))
                        .capacityProviders(spec.capacityProviders())
                        .defaultCapacityProviderStrategy(StrategyItem.sdk(spec.defaultCapacityProviderStrategy()))
                        .tags(Ecs.tags(spec.tags())))
                .cluster()
                .clusterArn();
    }

    @Override
    public void update(Change<Spec> change) {
        EcsClient ecs = change.client(EcsClient.class);
        String arn = change.physicalId();
        Spec spec = change.spec();
        if (change.touches(Spec::settings, Spec::configuration)) {
            ecs.updateCluster(r -> r.cluster(arn)
                    .settings(change.touches(Spec::settings) ? settings(spec) : null)
                    .configuration(change.touches(Spec::configuration) ? configuration(spec) : null));
        }
        if (change.touches(Spec::capacityProviders, Spec::defaultCapacityProviderStrategy)) {
            // One call replaces both lists; the one that is not owned stays as it was read.
            Spec old = change.observed().spec();
            ecs.putClusterCapacityProviders(r -> r.cluster(arn)
                    .capacityProviders(Ecs.orElse(spec.capacityProviders(), Ecs.set(old.capacityProviders())))
                    .defaultCapacityProviderStrategy(StrategyItem.sdk(Ecs.orElse(
                            spec.defaultCapacityProviderStrategy(), Ecs.list(old.defaultCapacityProviderStrategy())))));
        }
        Ecs.updateTags(ecs, change, Spec::tags);
    }

    @Override
    public void delete(Observed<Spec> observed) {
        if (observed.known().phase() != Phase.Deleting) {
            observed.client(EcsClient.class).deleteCluster(r -> r.cluster(observed.physicalId()));
        }
    }

    private static @Nullable List<software.amazon.awssdk.services.ecs.model.ClusterSetting> settings(Spec spec) {
        return spec.settings() == null
                ? null
                : spec.settings().stream()
                        .map(s -> software.amazon.awssdk.services.ecs.model.ClusterSetting.builder()
                                .name(s.name())
                                .value(s.value())
                                .build())
                        .toList();
    }

    private static software.amazon.awssdk.services.ecs.model.@Nullable ClusterConfiguration configuration(Spec spec) {
        Configuration configuration = spec.configuration();
        if (configuration == null || configuration.executeCommandConfiguration() == null) {
            return null;
        }
        ExecuteCommandConfiguration exec = configuration.executeCommandConfiguration();
        return software.amazon.awssdk.services.ecs.model.ClusterConfiguration.builder()
                .executeCommandConfiguration(e -> e.kmsKeyId(exec.kmsKeyId()).logging(Ecs.wire(exec.logging())))
                .build();
    }
}
