package dev.holdfast.kinds.ecs;

import static dev.holdfast.model.Fault.Category.EXISTS;

import dev.holdfast.kind.*;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterConfiguration;
import software.amazon.awssdk.services.ecs.model.ClusterField;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.ExecuteCommandLogging;
import software.amazon.awssdk.services.ecs.model.PutClusterCapacityProvidersRequest;
import software.amazon.awssdk.services.ecs.model.UpdateClusterRequest;

/** A cluster: the name under which services run. */
@Singleton
public final class EcsClusterKind extends DeclaredKind<EcsClusterKind.Spec> {
    private static final int DESCRIBED_A_CALL = 100;

    /** @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html">CreateCluster</a> */
    public record Spec(
            @Doc("The name of the cluster.") @PhysicalName(max = 255, also = "_") @Nullable
            String clusterName,

            @Doc("Settings of the cluster: containerInsights is disabled, enabled or enhanced.") @Key("name") @Nullable
            List<ClusterSetting> settings,

            @Doc("The settings of ECS Exec, and the keys that encrypt the storage of tasks.") @Nullable
            Configuration configuration,

            @Doc("The capacity providers that services may use: FARGATE, FARGATE_SPOT, and those of Auto Scaling"
                    + " groups. Providers of Managed Instances always belong to one cluster and are not listed here.")
            @Nullable
            Set<String> capacityProviders,

            @Doc("The capacity of a service that sets neither launchType nor capacityProviderStrategy.")
            @Key("capacityProvider")
            @Nullable
            List<StrategyItem> defaultCapacityProviderStrategy,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {
        public Spec {
            settings = Values.of(settings, all -> Ecs.sorted(all, ClusterSetting::name));
            capacityProviders = capacityProviders == null ? null : Ecs.sorted(capacityProviders);
            defaultCapacityProviderStrategy =
                    Values.of(defaultCapacityProviderStrategy, all -> Ecs.sorted(all, StrategyItem::capacityProvider));
        }
    }

    public record ClusterSetting(
            @Doc("The name of the setting.") @Required @Offers("containerInsights") @Nullable
            String name,

            @Doc("The value: disabled, enabled or enhanced.") @Required @Nullable
            String value) {}

    public record Configuration(
            @Doc("The settings of ECS Exec (commands in running containers).") @Nullable
            ExecuteCommandConfiguration executeCommandConfiguration,

            @Doc("The keys that encrypt the storage of tasks.") @Nullable
            ManagedStorageConfiguration managedStorageConfiguration) {}

    public record ManagedStorageConfiguration(
            @Doc("The KMS key for EBS volumes that ECS creates.") @EmptyIsNone @Nullable
            String kmsKeyId,

            @Doc("The KMS key for the ephemeral storage of tasks on Fargate that start after the change.")
            @EmptyIsNone
            @Nullable
            String fargateEphemeralStorageKmsKeyId) {}

    public record ExecuteCommandConfiguration(
            @Doc("The KMS key that encrypts the session.") @EmptyIsNone @Nullable
            String kmsKeyId,

            @Doc("The log of sessions: NONE, DEFAULT (the task's own log) or OVERRIDE (logConfiguration).") @Nullable
            ExecuteCommandLogging logging,

            @Doc("The log group or the bucket that records sessions, with OVERRIDE.")
            @OnlyWith(field = "logging", value = "OVERRIDE")
            @Nullable
            ExecuteCommandLogConfiguration logConfiguration) {}

    public record ExecuteCommandLogConfiguration(
            @Doc("The log group that records sessions.")
            @Ref(value = "LogGroup", output = "name")
            @EmptyIsNone
            @Nullable
            String cloudWatchLogGroupName,

            @Doc("Whether the log group must be encrypted with a customer managed key.") @Nullable
            Boolean cloudWatchEncryptionEnabled,

            @Doc("The bucket that records sessions.") @Ref(value = "Bucket", output = "name") @EmptyIsNone @Nullable
            String s3BucketName,

            @Doc("Whether the bucket must be encrypted.") @Nullable
            Boolean s3EncryptionEnabled,

            @Doc("The prefix of the keys in the bucket.") @Needs("s3BucketName") @EmptyIsNone @Nullable
            String s3KeyPrefix) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("EcsCluster", Spec.class, EcsClient.class)
                .description("A cluster of Amazon ECS: services and their tasks run in it.")
                .<Cluster>finds(EcsClusterKind::find)
                .id(Cluster::clusterArn)
                .name(Cluster::clusterName)
                .tags(Ecs.TAGGING)
                .detail(EcsClusterKind::providers)
                // ECS returns an existing cluster of this name instead of rejecting the request. An earlier read has
                // shown that no such cluster exists.
                .creates(CreateClusterRequest::builder, EcsClient::createCluster)
                .patches(
                        UpdateClusterRequest::builder,
                        PointRead.of((ecs, arn) -> describe(ecs, List.of(arn)), ClusterNotFoundException.class),
                        (request, change) -> logged(request).cluster(change.physicalId()),
                        EcsClient::updateCluster)
                // One call replaces both lists: a list that the document does not own keeps its observed value.
                .updates(
                        (ecs, change) -> {
                            var request =
                                    PutClusterCapacityProvidersRequest.builder().cluster(change.physicalId());
                            Wire.fill(request, change.observed().spec());
                            ecs.putClusterCapacityProviders(
                                    Wire.fill(request, change.spec()).build());
                        },
                        Spec::capacityProviders,
                        Spec::defaultCapacityProviderStrategy)
                .deletes((ecs, arn) -> ecs.deleteCluster(r -> r.cluster(arn)))
                .state(EcsClusterKind::state)
                .output("arn", "The ARN of the cluster.", Cluster::clusterArn)
                .output("name", "The name of the cluster.", Cluster::clusterName)
                .leavesOut(
                        "serviceConnectDefaults",
                        "Holdfast does not manage namespaces of Cloud Map yet; a cluster keeps its setting")
                .fault("ClientException", "inconsistent with arguments", EXISTS)
                .permissions(Permissions.on("ecs:{region}:{account}:cluster/*").needsServiceRole("ecs.amazonaws.com"))
                .page("https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html");
    }

    /** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ExecuteCommandConfiguration.html */
    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        ExecuteCommandConfiguration exec = Values.of(spec.configuration(), Configuration::executeCommandConfiguration);
        if (exec != null && exec.logging() == ExecuteCommandLogging.OVERRIDE && exec.logConfiguration() == null) {
            findings.wrong(
                    Spec::configuration,
                    "logging OVERRIDE needs a logConfiguration in executeCommandConfiguration",
                    "add logConfiguration with a log group or a bucket, or set logging to DEFAULT");
        }
    }

    private static Collection<Cluster> find(Scope<?> scope, EcsClient ecs) {
        Set<String> asked = new TreeSet<>(Listings.idsElseNames(scope));
        if (scope.sweep()) {
            ecs.listClustersPaginator(r -> {}).clusterArns().forEach(asked::add);
        }
        return Listings.inBatches(scope, asked, DESCRIBED_A_CALL, some -> describe(ecs, some)).stream()
                .filter(cluster -> !"INACTIVE".equals(cluster.status()))
                .distinct()
                .toList();
    }

    /**
     * The providers without those of Managed Instances: no call adds such a provider to a cluster or removes it.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PutClusterCapacityProviders.html">
     *     PutClusterCapacityProviders</a>
     */
    private static Map<String, Set<String>> providers(Scope<Spec> scope, EcsClient ecs, Cluster cluster) {
        Set<String> all = new TreeSet<>(cluster.capacityProviders());
        List<String> made =
                all.stream().filter(name -> !name.startsWith("FARGATE")).toList();
        if (!made.isEmpty()) {
            ecs.describeCapacityProviders(r -> r.capacityProviders(made)).capacityProviders().stream()
                    .filter(provider -> provider.cluster() != null)
                    .forEach(provider -> all.remove(provider.name()));
        }
        return Map.of("capacityProviders", all);
    }

    /** A cluster that does not exist is listed among the failures of the answer. */
    private static List<Cluster> describe(EcsClient ecs, List<String> idsOrNames) {
        return ecs.describeClusters(r -> r.clusters(idsOrNames)
                        .include(ClusterField.TAGS, ClusterField.SETTINGS, ClusterField.CONFIGURATIONS))
                .clusters();
    }

    /** ECS accepts logConfiguration only together with logging OVERRIDE. */
    private static UpdateClusterRequest.Builder logged(UpdateClusterRequest.Builder request) {
        ClusterConfiguration configuration = request.build().configuration();
        var exec = configuration == null ? null : configuration.executeCommandConfiguration();
        return exec == null || exec.logging() == ExecuteCommandLogging.OVERRIDE
                ? request
                : request.configuration(configuration.toBuilder()
                        .executeCommandConfiguration(exec.toBuilder()
                                .logConfiguration(
                                        (software.amazon.awssdk.services.ecs.model.ExecuteCommandLogConfiguration) null)
                                .build())
                        .build());
    }

    private static Known<Spec> state(Known<Spec> known, Cluster cluster) {
        return switch (String.valueOf(cluster.status())) {
            case "ACTIVE" ->
                "UPDATE_IN_PROGRESS".equals(cluster.attachmentsStatus()) ? known.phase(Phase.Updating) : known;
            case "PROVISIONING" -> known.phase(Phase.Creating).health(Health.notReady("Provisioning", null));
            case "DEPROVISIONING" -> known.phase(Phase.Deleting).health(Health.notReady("Deprovisioning", null));
            default -> known.health(Health.notReady("Failed", "the cluster is " + cluster.status()));
        };
    }
}
