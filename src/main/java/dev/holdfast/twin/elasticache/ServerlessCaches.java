package dev.holdfast.twin.elasticache;

import static dev.holdfast.twin.store.Identifiers.lower;
import static dev.holdfast.twin.store.Identifiers.selected;
import static dev.holdfast.twin.store.TwinErrors.combination;
import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.invalid;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.twin.ec2.TwinEc2;
import dev.holdfast.twin.elasticache.CacheEvents.CacheNews;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.Identifiers;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TimedWork;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticache.model.*;

/**
 * Serverless caches. A request may change only one member, and only while the cache is available.
 *
 * @see <a href="https://github.com/hashicorp/terraform-provider-aws/issues/37499">the refusal of several members</a>
 */
final class ServerlessCaches {
    /** The default version of each engine. */
    private static final Map<String, String> NEWEST = Map.of("redis", "7", "valkey", "8");

    private static final Map<String, String> FULL = Map.of("redis 7", "7.1", "valkey 7", "7.2", "valkey 8", "8.1");
    /** The attribute of a stored cache that contains its network interfaces. */
    private static final String INTERFACES = "interfaces";
    /** The attribute of a stored cache whose creation fails. */
    private static final String FAILS = "fails";

    private final TwinContext context;
    private final CacheUserGroups users;
    private final ResourceStore<ServerlessCache, ServerlessCache.Builder> store;
    private final TimedWork<ServerlessCache, ServerlessCache.Builder> work;
    private final Set<String> snapshots = new TreeSet<>();
    private final CacheEvents events;

    ServerlessCaches(TwinContext context, CacheUserGroups users) {
        this.context = context;
        this.users = users;
        this.events = new CacheEvents(context);
        this.store = context.store(ServerlessCache::builder, ServerlessCache::serverlessCacheName)
                .type("elasticache:serverlesscache")
                .arn(ServerlessCache::arn)
                .missing(name -> error(404, "ServerlessCacheNotFoundFault", "Serverless Cache " + name + " not found."))
                .pages(50)
                .tagRules(TwinElastiCache.TAG_RULES);
        this.work = new TimedWork<>(context, store, ServerlessCache.Builder::status, this::end);
        users.usedByServerless(this::having);
    }

    private List<String> having(String userGroup) {
        return store.stream()
                .filter(cache -> userGroup.equals(cache.userGroupId()))
                .map(ServerlessCache::serverlessCacheName)
                .toList();
    }

    Set<String> snapshots() {
        return Set.copyOf(snapshots);
    }

    List<TwinItem> items() {
        return work.items();
    }

    /** A cache that is available. ElastiCache refuses requests and access to tags in any other state. */
    StoredResource<ServerlessCache> available(@Nullable String name) {
        StoredResource<ServerlessCache> cache = work.seen(name);
        if (!cache.shape().status().equals("available")) {
            throw refused(
                    "InvalidServerlessCacheStateFault",
                    "Serverless cache " + name + " has status " + cache.shape().status()
                            + ", which is not valid for this operation.");
        }
        return cache;
    }

    DescribeServerlessCachesResponse page(DescribeServerlessCachesRequest r) {
        settle();
        return store.page(
                r, DescribeServerlessCachesResponse.builder(), store.visible(selected(r.serverlessCacheName())));
    }

    CreateServerlessCacheResponse create(CreateServerlessCacheRequest r) {
        settle();
        String name = lower(r.serverlessCacheName());
        if (store.has(name)) {
            throw refused("ServerlessCacheAlreadyExistsFault", "Serverless cache " + name + " already exists.");
        }
        Identifiers.check("ServerlessCacheName", name, 40);
        String engine = CacheUsers.engine(r.engine());
        String major = major(engine, r.majorEngineVersion());
        if (r.userGroupId() != null) {
            users.usable(r.userGroupId(), engine);
        }
        limits(r.cacheUsageLimits());
        if (!r.snapshotArnsToRestore().stream().allMatch(arn -> arn.contains("snapshot:"))) {
            throw invalid("SnapshotArnsToRestore must name snapshots.");
        }
        String vpc = vpc(r.subnetIds());
        List<String> groups = groups(vpc, r.securityGroupIds());
        ServerlessCache made = store.create(
                r,
                c -> c.serverlessCacheName(name)
                        .description(Objects.requireNonNullElse(r.description(), ""))
                        .engine(engine)
                        .majorEngineVersion(major)
                        .fullEngineVersion(FULL.get(engine + " " + major))
                        .status("creating")
                        .createTime(context.now())
                        .securityGroupIds(groups)
                        .subnetIds(new TreeSet<>(r.subnetIds()))
                        .networkType(Objects.requireNonNullElse(r.networkType(), NetworkType.IPV4))
                        .snapshotRetentionLimit(Objects.requireNonNullElse(r.snapshotRetentionLimit(), 0))
                        .arn(context.arn("elasticache", "serverlesscache:" + name)));
        List<String> interfaces = r.subnetIds().stream()
                .map(subnet -> context.peer(TwinEc2.class)
                        .createInterface(subnet, groups, "ElastiCache serverless " + name, true))
                .toList();
        store.stored(name).attributes().put(INTERFACES, String.join(" ", interfaces));
        store.stored(name)
                .attributes()
                .put("filled from", r.snapshotArnsToRestore().toString());
        work.run(name, "creating", Delay.CACHE);
        return CreateServerlessCacheResponse.builder()
                .serverlessCache(store.shown(made))
                .build();
    }

    private static String major(String engine, @Nullable String asked) {
        String major = asked == null ? Objects.requireNonNull(NEWEST.get(engine)) : asked;
        if (!FULL.containsKey(engine + " " + major)) {
            throw combination("Cannot find major version " + asked + " of " + engine + " for serverless caches.");
        }
        return major;
    }

    private static void limits(@Nullable CacheUsageLimits limits) {
        if (limits == null) {
            return;
        }
        DataStorage data = limits.dataStorage();
        if (data != null && (data.unit() == null || (data.maximum() != null && data.maximum() > 5000))) {
            throw invalid("DataStorage needs a unit, and a maximum of 5000 GB or less.");
        }
        ECPUPerSecond units = limits.ecpuPerSecond();
        if (units != null && units.maximum() != null && units.maximum() < 1000) {
            throw invalid("The maximum of ECPUPerSecond must be at least 1000.");
        }
        if (units != null && units.minimum() != null && units.maximum() != null && units.minimum() > units.maximum()) {
            throw combination("The minimum of ECPUPerSecond must not be above its maximum.");
        }
    }

    /** The subnets must be in two or three zones of one VPC. */
    private String vpc(List<String> subnets) {
        Set<String> vpcs = new TreeSet<>();
        Set<String> zones = new TreeSet<>();
        for (String id : subnets) {
            var subnet = context.peer(TwinEc2.class).subnet(id);
            if (subnet == null) {
                throw invalid("Subnet " + id + " does not exist.");
            }
            vpcs.add(subnet.vpcId());
            zones.add(subnet.availabilityZone());
        }
        if (vpcs.size() != 1 || zones.size() != subnets.size() || zones.size() < 2 || zones.size() > 3) {
            throw invalid("SubnetIds must name two or three subnets of one VPC, each in another zone.");
        }
        return vpcs.iterator().next();
    }

    private List<String> groups(String vpc, List<String> asked) {
        return context.peer(TwinEc2.class)
                .securityGroups(
                        vpc, asked, id -> invalid("The security group " + id + " is not in the VPC " + vpc + "."));
    }

    ModifyServerlessCacheResponse modify(ModifyServerlessCacheRequest r) {
        ServerlessCache old = available(r.serverlessCacheName()).shape();
        List<String> given = new ArrayList<>();
        boolean version = r.engine() != null || r.majorEngineVersion() != null;
        add(given, "engine", version);
        add(given, "description", r.description() != null);
        add(given, "cacheUsageLimits", r.cacheUsageLimits() != null);
        add(given, "userGroup", r.userGroupId() != null || Boolean.TRUE.equals(r.removeUserGroup()));
        add(given, "securityGroupIds", !r.securityGroupIds().isEmpty());
        add(given, "snapshotRetentionLimit", r.snapshotRetentionLimit() != null);
        add(given, "dailySnapshotTime", r.dailySnapshotTime() != null);
        if (given.size() != 1) {
            throw combination(
                    given.isEmpty()
                            ? "No modifications were requested"
                            : "Serverless Cache modifications only support modifying one field per request.");
        }
        String engine = r.engine() == null ? old.engine() : CacheUsers.engine(r.engine());
        String major = version ? major(engine, r.majorEngineVersion()) : old.majorEngineVersion();
        if (old.engine().equals("valkey") && !engine.equals("valkey")) {
            throw combination("The engine of a serverless cache of Valkey cannot be changed to " + engine + ".");
        }
        if (Integer.parseInt(major) < Integer.parseInt(old.majorEngineVersion())) {
            throw combination("A downgrade to version " + major + " is not supported.");
        }
        limits(r.cacheUsageLimits());
        if (r.userGroupId() != null) {
            users.usable(r.userGroupId(), engine);
        }
        List<String> groups = r.securityGroupIds().isEmpty()
                ? old.securityGroupIds()
                : groups(vpc(old.subnetIds()), r.securityGroupIds());
        String name = old.serverlessCacheName();
        store.modify(name, r);
        store.change(name, c -> {
            c.engine(engine)
                    .majorEngineVersion(major)
                    .fullEngineVersion(FULL.get(engine + " " + major))
                    .securityGroupIds(groups);
            if (Boolean.TRUE.equals(r.removeUserGroup())) {
                c.userGroupId(null);
            }
        });
        interfaces(name).forEach(eni -> context.peer(TwinEc2.class).setInterfaceGroups(eni, groups));
        work.run(name, "modifying", Delay.CACHE);
        return ModifyServerlessCacheResponse.builder()
                .serverlessCache(store.shown(name))
                .build();
    }

    private static void add(List<String> given, String member, boolean is) {
        if (is) {
            given.add(member);
        }
    }

    boolean has(String name) {
        return store.has(name);
    }

    /** Lets the creation that is under way fail, in which case the cache never gets an endpoint. */
    void failCreation(String name) {
        store.stored(name).attributes().put(FAILS, "yes");
    }

    DeleteServerlessCacheResponse delete(DeleteServerlessCacheRequest r) {
        StoredResource<ServerlessCache> cache = work.seen(r.serverlessCacheName());
        String name = cache.id();
        if (!cache.shape().status().equals("create-failed")) {
            available(name);
        }
        if (r.finalSnapshotName() != null && !snapshots.add(r.finalSnapshotName())) {
            throw refused(
                    "ServerlessCacheSnapshotAlreadyExistsFault",
                    "Serverless cache snapshot " + r.finalSnapshotName() + " already exists.");
        }
        work.run(name, "deleting", Delay.CACHE);
        return DeleteServerlessCacheResponse.builder()
                .serverlessCache(store.shown(name))
                .build();
    }

    private List<String> interfaces(String name) {
        return List.of(Objects.requireNonNull(store.stored(name).attributes().get(INTERFACES))
                .split(" "));
    }

    /** Ends the work that is over by now. */
    void settle() {
        work.settle();
    }

    private void end(TimedWork.Ended ended) {
        String name = ended.name();
        Instant at = ended.at();
        if (ended.on().equals("deleting")) {
            events.record(CacheNews.DELETED, name, at);
            interfaces(name).forEach(eni -> context.peer(TwinEc2.class).deleteInterface(eni));
            store.remove(name);
        } else if (store.stored(name).attributes().remove(FAILS) != null) {
            store.change(name, c -> c.status("create-failed"));
        } else {
            String suffix = "-" + context.region() + ".serverless.cache.amazonaws.com";
            store.change(
                    name,
                    c -> c.status("available")
                            .endpoint(e -> e.address(name + suffix).port(6379))
                            .readerEndpoint(e -> e.address(name + suffix).port(6380)));
            events.record(ended.on().equals("creating") ? CacheNews.CREATED : CacheNews.UPDATED, name, at);
        }
    }
}
