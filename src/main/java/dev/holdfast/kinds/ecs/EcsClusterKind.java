package dev.holdfast.kinds.ecs;

import static dev.holdfast.kind.OwnershipForm.TAG;
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
            @Doc("Its name.") @PhysicalName(max = 255, also = "_") @Nullable
            String clusterName,

            @Doc("Settings of the cluster: containerInsights is disabled, enabled or enhanced.") @Key("name") @Nullable
            List<ClusterSetting> settings,

            @Doc("How commands in containers are run, encrypted and recorded.") @Nullable
            Configuration configuration,

            @Doc(
                    "The capacity providers that services may use: FARGATE, FARGATE_SPOT, and those of Auto Scaling groups; those"
                            + " of Managed Instances belong to one cluster anyway, and are not listed.")
            @Nullable
            Set<String> capacityProviders,

            @Doc("The capacity of a service that says neither launch type nor strategy.")
            @Key("capacityProvider")
            @Nullable
            List<StrategyItem> defaultCapacityProviderStrategy,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {
        public Spec {
            settings = settings == null ? null : Ecs.sorted(settings, ClusterSetting::name);
            capacityProviders = capacityProviders == null ? null : Ecs.sorted(capacityProviders);
            defaultCapacityProviderStrategy = defaultCapacityProviderStrategy == null
                    ? null
                    : Ecs.sorted(defaultCapacityProviderStrategy, StrategyItem::capacityProvider);
        }
    }

    public record ClusterSetting(
            @Doc("Which.") @Required @Offers("containerInsights") @Nullable
            String name,

            @Doc("disabled, enabled or enhanced.") @Required @Nullable
            String value) {}

    public record Configuration(
            @Doc("Of ECS Exec.") @Nullable ExecuteCommandConfiguration executeCommandConfiguration,

            @Doc("The keys that encrypt the storage of tasks.") @Nullable
            ManagedStorageConfiguration managedStorageConfiguration) {}

    public record ManagedStorageConfiguration(
            @Doc("The key for volumes of EBS that ECS makes.") @Nullable
            String kmsKeyId,

            @Doc("The key for the ephemeral storage of tasks on Fargate, for those that start from then on.") @Nullable
            String fargateEphemeralStorageKmsKeyId) {}

    public record ExecuteCommandConfiguration(
            @Doc("The key that encrypts the session.") @Nullable
            String kmsKeyId,

            @Doc("NONE, DEFAULT (to the task's own log) or OVERRIDE (to logConfiguration).") @Nullable
            ExecuteCommandLogging logging,

            @Doc("Where sessions are recorded, with OVERRIDE.")
            @OnlyWith(field = "logging", value = "OVERRIDE")
            @Nullable
            ExecuteCommandLogConfiguration logConfiguration) {}

    public record ExecuteCommandLogConfiguration(
            @Doc("The log group.") @Ref(value = "LogGroup", output = "name") @Nullable
            String cloudWatchLogGroupName,

            @Doc("Whether the log group has to be encrypted with a key of one's own.") @Nullable
            Boolean cloudWatchEncryptionEnabled,

            @Doc("The bucket.") @Ref(value = "Bucket", output = "name") @Nullable
            String s3BucketName,

            @Doc("Whether the bucket has to be encrypted.") @Nullable
            Boolean s3EncryptionEnabled,

            @Doc("What the keys in the bucket begin with.") @Needs("s3BucketName") @Nullable
            String s3KeyPrefix) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of(
                        "EcsCluster",
                        Spec.class,
                        EcsClient.class,
                        TAG,
                        "A cluster of Amazon ECS: services and their tasks run in it.")
                .<Cluster>finds(EcsClusterKind::find)
                .id(Cluster::clusterArn)
                .name(Cluster::clusterName)
                .tags(Ecs.TAGGING)
                .detail(EcsClusterKind::providers)
                // Gives back an existing cluster of the name instead of refusing; that none exists was read before.
                .creates(
                        CreateClusterRequest::builder,
                        EcsClient::createCluster,
                        made -> made.cluster().clusterArn())
                .patches(
                        UpdateClusterRequest::builder,
                        PointRead.of((ecs, arn) -> describe(ecs, List.of(arn)), ClusterNotFoundException.class),
                        (request, change) -> logged(request).cluster(change.physicalId()),
                        EcsClient::updateCluster)
                // One call replaces both lists; the one that the document does not own stays as it was observed.
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
                .output("arn", "Its ARN.", Cluster::clusterArn)
                .output("name", "Its name.", Cluster::clusterName)
                .leavesOut(
                        "serviceConnectDefaults",
                        "its namespace is one of Cloud Map, which is no kind yet; a cluster keeps it")
                .fault("ClientException", "inconsistent with arguments", EXISTS)
                .permissions(Permissions.on("ecs:{region}:{account}:cluster/*").needsServiceRole("ecs.amazonaws.com"))
                .page("https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html");
    }

    /** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ExecuteCommandConfiguration.html */
    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        ExecuteCommandConfiguration exec =
                spec.configuration() == null ? null : spec.configuration().executeCommandConfiguration();
        if (exec != null && exec.logging() == ExecuteCommandLogging.OVERRIDE && exec.logConfiguration() == null) {
            findings.wrong(
                    Spec::configuration,
                    "logging OVERRIDE needs a logConfiguration in executeCommandConfiguration",
                    "say the log group or the bucket, or use DEFAULT");
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
     * Without those of Managed Instances: no call puts them into a cluster or takes them out.
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

    /** A place for logs is of use only where it overrides the tasks' own. */
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
