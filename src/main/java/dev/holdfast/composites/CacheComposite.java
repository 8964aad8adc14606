package dev.holdfast.composites;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Offers;
import dev.holdfast.kind.Range;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Setting;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/** An ElastiCache cache in the isolated subnets, with all its resources. */
final class CacheComposite implements Composite<CacheComposite.Spec> {
    private static final String TOKEN = "token";
    private static final String USERS = "users";
    private static final String NONE = "none";

    public record Spec(
            @Setting("The engine: redis or valkey. Each can change to the other in place. Default: redis.")
            @Offers({"redis", "valkey"})
            String engine,

            @Setting("The version, or the beginning of it: 7.1 for Redis OSS, 8.0 for Valkey.") @Required
            String engineVersion,

            @Setting("The type of the nodes, for example cache.t4g.small.") @Required
            String cacheNodeType,

            @Setting("The number of nodes, the primary and its replicas, in one shard. Default: 1.")
            @Range(min = 1, max = 6)
            Integer nodes,

            @Setting("Whether a replica in another zone takes over when the primary fails. Default: true with more than"
                    + " one node.")
            Boolean failover,

            @Doc("The family of the parameter group. Default: the engine and its major version, such as redis7.")
            String parameterGroupFamily,

            @Doc("The parameters by name.") Map<String, String> parameters,

            @Setting("The port on which the Network's group of the cache admits the services. Default: 6379.")
            @Range(min = 1, max = 65535)
            Integer port,

            @Setting("The authentication of clients: token (a secret that the composite creates), users (those of"
                    + " userGroupId) or none. Default: users with a userGroupId, otherwise none.")
            @Offers({"token", "users", "none"})
            String auth,

            @Doc("The user group whose users may use the cache. Default: all clients, without a password.")
            String userGroupId,

            @Doc("The prefix of the secret's name, before /Cache/Main. Default: the stack's name.")
            String secretPrefix,

            @Setting("The number of days for which snapshots are kept; 0: no snapshots. Default: 7.")
            @Range(min = 0, max = 35)
            Integer snapshotRetentionLimit,

            @Setting("The window in which snapshots are created, in UTC. Default: 01:00-02:00.")
            String snapshotWindow,

            @Setting("The window in which ElastiCache may maintain the nodes, in UTC. Default: sun:03:00-sun:04:00.")
            String preferredMaintenanceWindow,

            @Setting("The thresholds of the alarms of each node; false: there are no alarms.") @Switchable
            CacheAlarms alarms,

            @Setting("The security groups of the cache. Default: the Network's group, which admits the services only.")
            List<String> securityGroupIds,

            @Setting("The name of the Network with the isolated subnets. Default: main.")
            String network,

            @Doc("Tags for all parts that take tags.") Map<String, String> tags,
            @Doc(Expansion.OVERRIDES) Map<String, JsonNode> overrides,
            @Doc(Expansion.WITHOUT) SequencedSet<String> without) {
        public Spec {
            engine = engine == null ? "redis" : engine;
            nodes = nodes == null ? Integer.valueOf(1) : nodes;
            failover = failover == null ? Boolean.valueOf(nodes > 1) : failover;
            port = port == null ? Integer.valueOf(6379) : port;
            auth = auth == null ? userGroupId == null ? NONE : USERS : auth;
            snapshotRetentionLimit = snapshotRetentionLimit == null ? Integer.valueOf(7) : snapshotRetentionLimit;
            snapshotWindow = snapshotWindow == null ? "01:00-02:00" : snapshotWindow;
            preferredMaintenanceWindow =
                    preferredMaintenanceWindow == null ? "sun:03:00-sun:04:00" : preferredMaintenanceWindow;
            alarms = alarms == null ? CacheAlarms.DEFAULT : alarms;
            network = network == null ? Expansion.MAIN : network;
        }
    }

    public record CacheAlarms(
            @Setting("Whether there are alarms. Default: true.")
            Boolean enabled,

            @Setting("The ARNs of the topics that receive the alarms and their end. Default: none.")
            SequencedSet<String> actions,

            @Setting("The threshold of the utilization of the engine's core in percent. Default: 80.")
            @Range(min = 1, max = 100)
            Integer cpu,

            @Setting("The threshold of the memory in use in percent. Default: 80.") @Range(min = 1, max = 100)
            Integer memory,

            @Setting("The number of values that a lack of memory removes in 5 minutes, above which the alarm fires."
                    + " Default: 100.")
            @Range(min = 0, max = 1000000000)
            Integer evictions) {
        static final CacheAlarms DEFAULT = new CacheAlarms(true, JsonFields.ordered(), 80, 80, 100);

        public CacheAlarms {
            enabled = enabled == null ? Boolean.TRUE : enabled;
            actions = actions == null ? JsonFields.ordered() : actions;
            cpu = cpu == null ? DEFAULT.cpu() : cpu;
            memory = memory == null ? DEFAULT.memory() : memory;
            evictions = evictions == null ? DEFAULT.evictions() : evictions;
        }
    }

    @Override
    public CompositeInfo<Spec> info() {
        return CompositeInfo.of(
                        "Cache",
                        Spec.class,
                        "A cache of ElastiCache: nodes, subnets, parameters, the token and the alarms of each node.")
                .output("endpoint", "The host name to write to.")
                .output("readerEndpoint", "The host name to read from.")
                .output("port", "The port.")
                .output("secretArn", "The ARN of the secret with the token; only with auth token.")
                .output("secretVersionId", "The id of the secret's current version.")
                .output("id", "The name of the replication group.")
                .output("arn", "The ARN of the replication group.");
    }

    @Override
    public void expand(Spec spec, Expansion into) {
        CompositePart subnets = into.part("CacheSubnetGroup")
                .set("cacheSubnetGroupDescription", "Isolated subnets: no way out")
                .set("subnetIds", Expansion.network(spec.network(), "isolatedSubnetIds"), "/network")
                .tags(spec.tags());
        CompositePart parameters = into.part("CacheParameterGroup")
                .set("cacheParameterGroupFamily", family(spec, into))
                .from(
                        "/cacheParameterGroupFamily",
                        spec.parameterGroupFamily() == null ? "/engineVersion" : "/parameterGroupFamily")
                .set("description", "Parameters of " + into.name())
                .set("parameters", spec.parameters() == null ? Map.of() : spec.parameters(), "/parameters")
                .tags(spec.tags());
        CompositePart group = nodes(spec, into, subnets, parameters);
        authenticate(spec, into, group);
        alarms(spec, into, group);
        into.output("endpoint", group.ref("endpoint"));
        into.output("readerEndpoint", group.ref("readerEndpoint"));
        into.output("port", group.ref("port"));
        into.output("id", group.ref("id"));
        into.output("arn", group.ref("arn"));
    }

    /**
     * The families are redis6.x, redis7, valkey7 and valkey8.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html">families</a>
     */
    private static String family(Spec spec, Expansion into) {
        if (spec.parameterGroupFamily() != null) {
            return spec.parameterGroupFamily();
        }
        String major = spec.engineVersion().split("\\.")[0];
        if (spec.engine().equals("redis") && !major.equals("7") && !major.equals("6")) {
            into.mistake(
                    "/engineVersion",
                    "expected 6 or 7 as the major version of redis, found " + spec.engineVersion(),
                    "set engineVersion to 6 or 7, or set parameterGroupFamily");
        }
        return spec.engine() + (spec.engine().equals("redis") && major.equals("6") ? "6.x" : major);
    }

    private static CompositePart nodes(Spec spec, Expansion into, CompositePart subnets, CompositePart parameters) {
        Object groups = spec.securityGroupIds() == null
                ? List.of(Expansion.network(spec.network(), "redisSecurityGroupId"))
                : spec.securityGroupIds();
        return into.part("ReplicationGroup")
                .set(
                        "replicationGroupDescription",
                        "The cache " + into.name() + " of " + into.stack().name())
                .set("engine", spec.engine(), "/engine")
                .set("engineVersion", spec.engineVersion(), "/engineVersion")
                .set("cacheNodeType", spec.cacheNodeType(), "/cacheNodeType")
                .set("numCacheClusters", spec.nodes(), "/nodes")
                .set("automaticFailoverEnabled", spec.failover(), "/failover")
                .set("multiAZEnabled", spec.failover(), "/failover")
                .set("cacheSubnetGroupName", subnets.ref())
                .set("cacheParameterGroupName", parameters.ref())
                .set("securityGroupIds", groups, spec.securityGroupIds() == null ? "/network" : "/securityGroupIds")
                .set("port", spec.port(), "/port")
                .set("atRestEncryptionEnabled", true)
                .set("transitEncryptionEnabled", true)
                .set("transitEncryptionMode", "required")
                .set("snapshotRetentionLimit", spec.snapshotRetentionLimit(), "/snapshotRetentionLimit")
                .set("snapshotWindow", spec.snapshotWindow(), "/snapshotWindow")
                .set("preferredMaintenanceWindow", spec.preferredMaintenanceWindow(), "/preferredMaintenanceWindow")
                .set("autoMinorVersionUpgrade", true)
                .tags(spec.tags());
    }

    /** The former token stays valid in addition to a new token, until its removal is approved. */
    private static void authenticate(Spec spec, Expansion into, CompositePart group) {
        boolean users = spec.auth().equals(USERS);
        if (users != (spec.userGroupId() != null)) {
            into.mistake(
                    "/auth",
                    users
                            ? "expected a userGroupId with auth users, found none"
                            : "expected auth users with a userGroupId, found " + spec.auth(),
                    users ? "set userGroupId, for example to ${CacheUserGroup/main}" : "remove auth or userGroupId");
        }
        if (!spec.auth().equals(TOKEN)) {
            group.set(
                    "userGroupIds",
                    users && spec.userGroupId() != null ? List.of(spec.userGroupId()) : List.of(),
                    "/userGroupId");
            return;
        }
        String prefix = spec.secretPrefix() == null ? into.stack().name() : spec.secretPrefix();
        CompositePart secret = into.part("Secret", "cache")
                .set("name", prefix + "/Cache/" + ServiceSecrets.capitalised(into.name()), "/secretPrefix")
                .set("description", "The token of the cache " + into.name())
                .set("generateSecretString", JsonFields.of("passwordLength", 64, "excludePunctuation", true))
                .tags(spec.tags());
        group.set("authToken", secret.ref("arn") + ":::" + secret.ref("versionId"), "/auth")
                .set("authTokenUpdateStrategy", "SET", "/auth");
        into.output("secretArn", secret.ref("arn"));
        into.output("secretVersionId", secret.ref("versionId"));
    }

    private static void alarms(Spec spec, Expansion into, CompositePart group) {
        CacheAlarms alarms = spec.alarms();
        for (int node = 1; alarms.enabled() && node <= spec.nodes(); node++) {
            String member = "%03d".formatted(node);
            alarm(spec, into, group, "cpu-high", member, "is short of CPU: the engine runs its commands on one core")
                    .set("metricName", "EngineCPUUtilization")
                    .set("statistic", "Maximum")
                    .set("threshold", alarms.cpu(), "/alarms/cpu");
            alarm(spec, into, group, "memory-high", member, "uses more than " + alarms.memory() + " % of its memory")
                    .set("metricName", "DatabaseMemoryUsagePercentage")
                    .set("statistic", "Maximum")
                    .set("threshold", alarms.memory(), "/alarms/memory");
            alarm(spec, into, group, "evictions", member, "drops values for want of memory")
                    .set("metricName", "Evictions")
                    .set("statistic", "Sum")
                    .set("threshold", alarms.evictions(), "/alarms/evictions");
        }
    }

    private static CompositePart alarm(
            Spec spec, Expansion into, CompositePart group, String name, String node, String what) {
        return into.part("Alarm", "cache-" + name + "-" + node)
                .set("alarmDescription", "Node " + node + " of the cache " + into.name() + " " + what)
                .set("namespace", "AWS/ElastiCache")
                .set(
                        "dimensions",
                        List.of(JsonFields.of("name", "CacheClusterId", "value", group.ref("id") + "-" + node)))
                .set("period", 300)
                .set("evaluationPeriods", 3)
                .set("comparisonOperator", "GreaterThanThreshold")
                .set("treatMissingData", "missing")
                .reportsTo(spec.alarms().actions())
                .tags(spec.tags());
    }
}
