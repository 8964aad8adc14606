package dev.holdfast.kinds.elasticache;

import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.CreateServerlessCacheRequest;
import software.amazon.awssdk.services.elasticache.model.Endpoint;
import software.amazon.awssdk.services.elasticache.model.ModifyServerlessCacheRequest;
import software.amazon.awssdk.services.elasticache.model.NetworkType;
import software.amazon.awssdk.services.elasticache.model.ServerlessCache;
import software.amazon.awssdk.services.elasticache.model.ServerlessCacheNotFoundException;

/**
 * A cache without nodes, which grows and shrinks by itself. ElastiCache accepts one changed member in a request, and
 * only while the cache is available.
 *
 * @see <a href="https://github.com/hashicorp/terraform-provider-aws/issues/37499">the answer to several members</a>
 */
@Singleton
public final class ServerlessCacheKind extends DeclaredKind<ServerlessCacheKind.Spec> {
    private static final int PAGE = 50;

    /** @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateServerlessCache.html">CreateServerlessCache</a> */
    public record Spec(
            @Doc("The name, in lower case.") @PhysicalName(max = 40, lower = true, letterFirst = true)
            String serverlessCacheName,

            @Doc("The purpose of the cache.") @EmptyIsNone String description,

            @Doc("The engine; a cache changes from redis to valkey in place.") @Required @Offers({"redis", "valkey"})
            String engine,

            @Doc("The major version: 7 for redis, 7 or 8 for valkey. An upgrade cannot be undone.")
            @Required
            @VersionPrefix(major = 1)
            String majorEngineVersion,

            @Doc("The maximum that the cache may use, and the minimum that it keeps available and AWS charges for.")
            UsageLimits cacheUsageLimits,

            @Doc("The ARN of the key that encrypts the data. The default is ElastiCache's own key.") @Immutable
            String kmsKeyId,

            @Doc("The security groups of its endpoints.") @Required @Ref("SecurityGroup")
            Set<String> securityGroupIds,

            @Doc("The subnets of its endpoints, in two or three zones.") @Required @Immutable @Ref("Subnet")
            Set<String> subnetIds,

            @Doc("The addresses of its endpoints: ipv4, ipv6 or dual_stack.") @Immutable
            NetworkType networkType,

            @Doc("The user group whose users may use the cache; \"\": no user group.")
            @Ref("CacheUserGroup")
            @EmptyIsNone
            String userGroupId,

            @Doc("The days for which daily snapshots are kept; 0: no snapshots.") @Range(min = 0, max = 35)
            Integer snapshotRetentionLimit,

            @Doc("The time in UTC at which the daily snapshot is taken, such as 03:00.")
            String dailySnapshotTime,

            @Doc("The snapshots that the cache is filled from when it is created.") @InitialOnly
            List<String> snapshotArnsToRestore,

            @Doc("Whether a snapshot is taken before the cache is deleted; the default is true.") @DeleteOnly
            Boolean finalSnapshot,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {}

    /** The limits of the usage of a serverless cache. */
    public record UsageLimits(
            @Doc("The limits of the data.") Storage dataStorage,

            @Doc("The limits of the ElastiCache processing units per second.")
            Ecpu ecpuPerSecond) {}

    /** The limits of the data. */
    public record Storage(
            @Doc("The maximum, in GB.") @Range(min = 1, max = 5000)
            Integer maximum,

            @Doc("The minimum, in GB.") @Range(min = 1, max = 5000)
            Integer minimum,

            @Doc("The unit: GB.") @Offers({"GB"}) String unit) {
        public Storage {
            unit = unit == null ? "GB" : unit;
        }
    }

    /** The limits of the processing units per second. */
    public record Ecpu(
            @Doc("The maximum.") @Range(min = 1000, max = 15000000)
            Integer maximum,

            @Doc("The minimum.") @Range(min = 1000, max = 15000000)
            Integer minimum) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("ServerlessCache", Spec.class, ElastiCacheClient.class)
                .description("A cache of ElastiCache Serverless: Redis OSS or Valkey without nodes; TLS is required.")
                .lists(
                        cache -> cache.describeServerlessCachesPaginator(r -> r.maxResults(PAGE))
                                .serverlessCaches(),
                        PointRead.of(
                                (cache, name) -> cache.describeServerlessCaches(r -> r.serverlessCacheName(name))
                                        .serverlessCaches(),
                                ServerlessCacheNotFoundException.class))
                .named(ServerlessCache::serverlessCacheName)
                .arn(ServerlessCache::arn)
                .tags(CacheTags.indexed("serverlesscache"))
                .reads(Spec::userGroupId, cache -> Objects.requireNonNullElse(cache.userGroupId(), ""))
                .createsNamed(CreateServerlessCacheRequest::builder, ElastiCacheClient::createServerlessCache)
                .updates((cache, change) -> one(cache, change, "description"), Spec::description)
                .updates(
                        (cache, change) -> one(cache, change, "engine", "majorEngineVersion"),
                        Spec::engine,
                        Spec::majorEngineVersion)
                .updates((cache, change) -> one(cache, change, "cacheUsageLimits"), Spec::cacheUsageLimits)
                .updates((cache, change) -> one(cache, change, "securityGroupIds"), Spec::securityGroupIds)
                .updates(ServerlessCacheKind::admit, Spec::userGroupId)
                .updates((cache, change) -> one(cache, change, "snapshotRetentionLimit"), Spec::snapshotRetentionLimit)
                .updates((cache, change) -> one(cache, change, "dailySnapshotTime"), Spec::dailySnapshotTime)
                .deletesObserved(ServerlessCacheKind::delete)
                .state((known, cache) -> known.phase(CacheStatus.phase(cache.status()))
                        .health(CacheStatus.health(cache.status()))
                        .createdAt(cache.createTime())
                        .fact("Engine", cache.engine() + " " + cache.fullEngineVersion())
                        .fact("Status", cache.status())
                        .fact("Endpoint", Values.of(cache.endpoint(), Endpoint::address)))
                .output(
                        "endpoint",
                        "The host name to write to.",
                        cache -> Values.of(cache.endpoint(), Endpoint::address))
                .output(
                        "readerEndpoint",
                        "The host name to read from.",
                        cache -> Values.of(cache.readerEndpoint(), Endpoint::address))
                .output("port", "The port of the endpoint.", cache -> Values.of(cache.endpoint(), Endpoint::port))
                .output(
                        "readerPort",
                        "The port of the readerEndpoint, which differs from the port of the endpoint.",
                        cache -> Values.of(cache.readerEndpoint(), Endpoint::port))
                .output("arn", "Its ARN.", ServerlessCache::arn)
                .output("id", "Its name.", ServerlessCache::serverlessCacheName)
                .info(info -> info.stateful("its data, except for a final snapshot, unless finalSnapshot is false")
                        .stepwise())
                .leavesOut("ConnectionType", "AWS has not documented its effect yet")
                .fault("ServerlessCacheAlreadyExistsFault", EXISTS)
                .fault("InvalidServerlessCacheStateFault", CONFLICT)
                .fault("InvalidUserGroupState", CONFLICT)
                .fault("UserGroupNotFound", DEPENDENCY)
                .fault("ServerlessCacheQuotaForCustomerExceededFault", QUOTA)
                .permissions(Permissions.on("elasticache:{region}:{account}:serverlesscache:{name}")
                        .touches(
                                "elasticache:CreateServerlessCache",
                                "elasticache:{region}:{account}:serverlesscachesnapshot:*",
                                "elasticache:{region}:{account}:snapshot:*",
                                "elasticache:{region}:{account}:usergroup:*")
                        .touches("elasticache:ModifyServerlessCache", "elasticache:{region}:{account}:usergroup:*")
                        .touches(
                                "elasticache:DeleteServerlessCache",
                                "elasticache:{region}:{account}:serverlesscachesnapshot:*")
                        .needsServiceRole("elasticache.amazonaws.com"))
                .page(
                        "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateServerlessCache.html");
    }

    /** ElastiCache accepts the engine together with its version, and refuses any other two members in one request. */
    private static void one(ElastiCacheClient cache, Change<Spec> change, String... components) {
        cache.modifyServerlessCache(
                Wire.fill(ModifyServerlessCacheRequest.builder(), change.spec(), Set.of(components)::contains, true)
                        .serverlessCacheName(change.physicalId())
                        .build());
    }

    private static void admit(ElastiCacheClient cache, Change<Spec> change) {
        String group = change.spec().userGroupId();
        boolean none = group == null || group.isEmpty();
        cache.modifyServerlessCache(r -> r.serverlessCacheName(change.physicalId())
                .userGroupId(none ? null : group)
                .removeUserGroup(none ? Boolean.TRUE : null));
    }

    private static void delete(ElastiCacheClient cache, Observed<Spec> observed) {
        String snapshot = CacheStatus.finalSnapshot(observed, Spec::finalSnapshot);
        cache.deleteServerlessCache(
                r -> r.serverlessCacheName(observed.physicalId()).finalSnapshotName(snapshot));
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        findings.wantsKeyArn(Spec::kmsKeyId, spec.kmsKeyId());
    }

    @Override
    public Map<String, String> approvals(Spec desired, Spec observed) {
        String why = "another engine or major version: this change cannot be undone";
        return Map.of("engine", why, "majorEngineVersion", why);
    }
}
