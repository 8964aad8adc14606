package dev.holdfast.composites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.holdfast.desired.DesiredCompiler;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.DesiredResource;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Composites own every field that security depends on, so that Holdfast repairs a change of the field. Each field that
 * some part does not own is named here with the reason; a new field fails the test until it is owned or named.
 */
class OwnedByDefaultTest {
    /** Fields that are the same for all kinds. */
    private static final Set<String> EVERYWHERE = Set.of("tags");

    private static final String NAME = "generated";
    private static final String IMMUTABLE = "cannot change without a replacement";
    private static final String OTHER_FORM = "belongs to another form of the resource";
    private static final String NO_SECURITY = "gives nobody access and stops no protection";
    private static final String VERSION = "a version does not change";
    private static final String ABSENT = "the value is absent, and AWS has no value for absence";

    private static final Map<String, Map<String, String>> UNOWNED = Map.ofEntries(
            Map.entry(
                    "Alarm",
                    Map.ofEntries(
                            Map.entry("alarmName", NAME),
                            Map.entry("datapointsToAlarm", NO_SECURITY),
                            Map.entry("dimensions", OTHER_FORM),
                            Map.entry("evaluateLowSampleCountPercentile", OTHER_FORM),
                            Map.entry("extendedStatistic", OTHER_FORM),
                            Map.entry("insufficientDataActions", NO_SECURITY),
                            Map.entry("metricName", OTHER_FORM),
                            Map.entry("metrics", OTHER_FORM),
                            Map.entry("namespace", OTHER_FORM),
                            Map.entry("period", OTHER_FORM),
                            Map.entry("statistic", OTHER_FORM),
                            Map.entry("thresholdMetricId", OTHER_FORM),
                            Map.entry("unit", NO_SECURITY),
                            Map.entry("warmUpConfiguration", ABSENT))),
            Map.entry("CacheParameterGroup", Map.of("cacheParameterGroupName", NAME)),
            Map.entry("CacheSubnetGroup", Map.of("cacheSubnetGroupName", NAME, "vpcId", IMMUTABLE)),
            Map.entry("Certificate", Map.of("certificateAuthorityArn", IMMUTABLE, "certificateExport", IMMUTABLE)),
            Map.entry(
                    "DbInstance",
                    Map.ofEntries(
                            Map.entry("allowMajorVersionUpgrade", "it is sent only together with a change"),
                            Map.entry("applyImmediately", "it sets the time of changes"),
                            Map.entry("availabilityZone", OTHER_FORM),
                            Map.entry("caCertificateIdentifier", "AWS replaces certificates that expire"),
                            Map.entry("databaseInsightsMode", NO_SECURITY),
                            Map.entry("dbClusterIdentifier", OTHER_FORM),
                            Map.entry("dbSnapshotIdentifier", IMMUTABLE),
                            Map.entry("enablePerformanceInsights", NO_SECURITY),
                            Map.entry("engineLifecycleSupport", IMMUTABLE),
                            Map.entry("finalSnapshot", "the default is a final snapshot"),
                            Map.entry("iops", OTHER_FORM),
                            Map.entry("kmsKeyId", IMMUTABLE),
                            Map.entry("masterUserSecretKmsKeyId", IMMUTABLE),
                            Map.entry("monitoringInterval", NO_SECURITY),
                            Map.entry("monitoringRoleArn", NO_SECURITY),
                            Map.entry("networkType", NO_SECURITY),
                            Map.entry("performanceInsightsKMSKeyId", IMMUTABLE),
                            Map.entry("performanceInsightsRetentionPeriod", NO_SECURITY),
                            Map.entry("promotionTier", OTHER_FORM),
                            Map.entry("rebootOnPending", "the default requests approval"),
                            Map.entry("storageThroughput", OTHER_FORM))),
            Map.entry("DbParameterGroup", Map.of("dbParameterGroupName", NAME)),
            Map.entry("DbSubnetGroup", Map.of("dbSubnetGroupName", NAME, "vpcId", IMMUTABLE)),
            Map.entry(
                    "Distribution",
                    Map.of("logging", NO_SECURITY, "webACLId", "AWS itself sets a web ACL for some plans")),
            Map.entry(
                    "EcsService",
                    Map.of(
                            "availabilityZoneRebalancing", NO_SECURITY,
                            "capacityProviderStrategy", OTHER_FORM,
                            "deploymentController", "a controller that nobody declared makes the service Delegated",
                            "enableECSManagedTags", NO_SECURITY,
                            "platformVersion", "AWS raises the version",
                            "schedulingStrategy", IMMUTABLE,
                            "serviceName", NAME,
                            "serviceRegistries", NO_SECURITY)),
            Map.entry("ElasticIp", Map.of("networkBorderGroup", IMMUTABLE, "publicIpv4Pool", IMMUTABLE)),
            Map.entry(
                    "Function",
                    Map.of(
                            "deadLetterConfig", NO_SECURITY,
                            "ephemeralStorage", NO_SECURITY,
                            "handler", OTHER_FORM,
                            "kmsKeyArn", ABSENT,
                            "layers", OTHER_FORM,
                            "loggingConfig", NO_SECURITY,
                            "reservedConcurrentExecutions", NO_SECURITY,
                            "runtime", OTHER_FORM,
                            "snapStart", NO_SECURITY,
                            "tracingConfig", NO_SECURITY)),
            Map.entry(
                    "FunctionPermission",
                    Map.of(
                            "eventSourceToken", OTHER_FORM,
                            "functionUrlAuthType", OTHER_FORM,
                            "invokedViaFunctionUrl", OTHER_FORM,
                            "principalOrgID", OTHER_FORM,
                            "sourceArn", "sourceAccount limits the access, and the secret's ARN needs the secret first",
                            "statementId", NAME)),
            Map.entry(
                    "Listener",
                    Map.of(
                            "alpnPolicy", OTHER_FORM,
                            "certificates", OTHER_FORM,
                            "listenerAttributes", NO_SECURITY,
                            "listenerCertificates", "users add further certificates outside the composite",
                            "mutualAuthentication", "it only requires more of clients",
                            "sslPolicy", OTHER_FORM)),
            Map.entry(
                    "LoadBalancer",
                    Map.of(
                            "name",
                            NAME,
                            "webAclArn",
                            "AWS Firewall Manager may associate a web ACL with each load balancer of an account")),
            Map.entry(
                    "LogGroup",
                    Map.of(
                            "deletionProtectionEnabled", "a deletion of the stack would be refused",
                            "kmsKeyId", ABSENT,
                            "logGroupClass", IMMUTABLE)),
            Map.entry("OriginAccessControl", Map.of("name", NAME)),
            Map.entry(
                    "RecordSet",
                    Map.ofEntries(
                            Map.entry("aliasTarget", OTHER_FORM),
                            Map.entry("cidrRoutingConfig", OTHER_FORM),
                            Map.entry("failover", OTHER_FORM),
                            Map.entry("geoLocation", OTHER_FORM),
                            Map.entry("geoProximityLocation", OTHER_FORM),
                            Map.entry("healthCheckId", "a health check can only take an answer away"),
                            Map.entry("multiValueAnswer", OTHER_FORM),
                            Map.entry("region", OTHER_FORM),
                            Map.entry("resourceRecords", OTHER_FORM),
                            Map.entry("setIdentifier", OTHER_FORM),
                            Map.entry("ttl", OTHER_FORM),
                            Map.entry("weight", OTHER_FORM))),
            Map.entry(
                    "ReplicationGroup",
                    Map.ofEntries(
                            Map.entry("applyImmediately", "it sets the time of changes"),
                            Map.entry("authToken", OTHER_FORM),
                            Map.entry("authTokenUpdateStrategy", OTHER_FORM),
                            Map.entry("clusterMode", OTHER_FORM),
                            Map.entry("dataTieringEnabled", IMMUTABLE),
                            Map.entry("finalSnapshot", "the default is a final snapshot"),
                            Map.entry("ipDiscovery", NO_SECURITY),
                            Map.entry("kmsKeyId", IMMUTABLE),
                            Map.entry("logDeliveryConfigurations", NO_SECURITY),
                            Map.entry("networkType", IMMUTABLE),
                            Map.entry("notificationTopicArn", NO_SECURITY),
                            Map.entry("numNodeGroups", OTHER_FORM),
                            Map.entry("preferredCacheClusterAZs", IMMUTABLE),
                            Map.entry("replicasPerNodeGroup", OTHER_FORM),
                            Map.entry("replicationGroupId", NAME),
                            Map.entry("snapshotArns", IMMUTABLE),
                            Map.entry("snapshotName", IMMUTABLE))),
            Map.entry(
                    "Repository",
                    Map.of(
                            "encryptionConfiguration", IMMUTABLE,
                            "imageTagMutability", "delivery may move a tag",
                            "imageTagMutabilityExclusionFilters", "delivery may move a tag")),
            Map.entry(
                    "Role",
                    Map.of(
                            "description", NO_SECURITY,
                            "maxSessionDuration", NO_SECURITY,
                            "path", IMMUTABLE,
                            "permissionsBoundary", ABSENT,
                            "roleName", NAME)),
            Map.entry("RouteTable", Map.of("exclusiveRoutes", "the default deletes undeclared routes")),
            Map.entry(
                    "ScalingPolicy",
                    Map.of(
                            "policyName", NAME,
                            "predictiveScalingPolicyConfiguration", OTHER_FORM,
                            "stepScalingPolicyConfiguration", OTHER_FORM)),
            Map.entry(
                    "Secret",
                    Map.of(
                            "kmsKeyId", ABSENT,
                            "recoveryWindowInDays", "it applies only to a deletion",
                            "resourcePolicy", "it needs a request per secret, and AWS's own key rejects other accounts",
                            "secretString", "the value belongs to Secrets Manager")),
            Map.entry("SecurityGroup", Map.of("groupName", NAME)),
            Map.entry(
                    "Subnet",
                    Map.of(
                            "enableResourceNameDnsARecordOnLaunch", NO_SECURITY,
                            "privateDnsHostnameTypeOnLaunch", NO_SECURITY)),
            Map.entry(
                    "TargetGroup",
                    Map.of(
                            "healthCheckPort", NO_SECURITY,
                            "ipAddressType", IMMUTABLE,
                            "name", NAME,
                            "protocolVersion", IMMUTABLE)),
            Map.entry(
                    "TaskDefinition",
                    Map.of(
                            "enableFaultInjection", VERSION,
                            "ephemeralStorage", NO_SECURITY,
                            "family", NAME,
                            "pidMode", VERSION,
                            "volumes", VERSION)),
            Map.entry("Vpc", Map.of("instanceTenancy", IMMUTABLE)),
            Map.entry(
                    "VpcEndpoint",
                    Map.of(
                            "privateDnsEnabled", OTHER_FORM,
                            "routeTableIds", OTHER_FORM,
                            "securityGroupIds", OTHER_FORM,
                            "subnetIds", OTHER_FORM)));

    @TestFactory
    Stream<DynamicTest> kinds() {
        Map<String, Set<String>> unowned = new TreeMap<>();
        for (LoadResult loaded : new DesiredCompiler(TestKinds.all())
                .compile(Path.of("desired-state"))
                .values()) {
            LoadResult.ValidRevision valid = (LoadResult.ValidRevision) loaded;
            valid.revision().resources().values().stream()
                    .filter(r -> r.owner() != null)
                    .forEach(r -> unowned.computeIfAbsent(r.id().kind(), k -> new TreeSet<>())
                            .addAll(without(r)));
        }
        assertThat(unowned).hasSizeGreaterThan(15);
        return unowned.entrySet().stream()
                .map(e -> dynamicTest(e.getKey(), () -> {
                    Set<String> named = new TreeSet<>(
                            UNOWNED.getOrDefault(e.getKey(), Map.of()).keySet());
                    assertThat(e.getValue()).isSubsetOf(named);
                }));
    }

    private static Set<String> without(DesiredResource resource) {
        Set<String> fields = new TreeSet<>();
        SpecModel.of(TestKinds.all().all().get(resource.id().kind()).info().spec()).fields().stream()
                .filter(f -> !resource.spec().has(f.name()) && !EVERYWHERE.contains(f.name()))
                .forEach(f -> fields.add(f.name()));
        return fields;
    }
}
