package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Action;
import dev.holdfast.model.Status;
import dev.holdfast.twin.elasticache.TwinElastiCache;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.AutomaticFailoverStatus;
import software.amazon.awssdk.services.elasticache.model.CacheCluster;
import software.amazon.awssdk.services.elasticache.model.MultiAZStatus;
import software.amazon.awssdk.services.elasticache.model.ReplicationGroup;
import software.amazon.awssdk.services.elasticache.model.TransitEncryptionMode;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** A cache is created whole, changed by one call at a time in the order that ElastiCache requires, and never lost. */
class CacheTest {
    private static final String NETWORK = String.join(
            ",",
            Docs.vpc(""),
            Docs.subnet("a", "10.0.0.0/24", "eu-west-2a"),
            Docs.subnet("b", "10.0.1.0/24", "eu-west-2b"),
            Docs.document(
                    "CacheSubnetGroup",
                    "main",
                    "'cacheSubnetGroupDescription':'two zones','subnetIds':['${Subnet/a}','${Subnet/b}']"),
            Docs.document("SecurityGroup", "redis", "'vpcId':'${Vpc/main}','description':'cache'"),
            Docs.document("CacheParameterGroup", "redis", "'cacheParameterGroupFamily':'redis7','description':'p'"),
            Docs.document("CacheParameterGroup", "valkey", "'cacheParameterGroupFamily':'valkey8','description':'p'"));

    private static String cache(String more, String... beside) {
        return Docs.of(
                NETWORK + Stream.of(beside).map(d -> "," + d).collect(Collectors.joining()),
                Docs.document("ReplicationGroup", "main", """
                'replicationGroupDescription':'sessions','cacheNodeType':'cache.t4g.small',
                'cacheSubnetGroupName':'${CacheSubnetGroup/main}','securityGroupIds':['${SecurityGroup/redis}'],
                'atRestEncryptionEnabled':true,'snapshotRetentionLimit':0,%s""".formatted(more)));
    }

    private static String redis(String more, String... beside) {
        return cache(
                "'engine':'redis','engineVersion':'7.1','cacheParameterGroupName':'${CacheParameterGroup/redis}',"
                        + "'transitEncryptionEnabled':true," + more,
                beside);
    }

    private static final String SINGLE = "'numCacheClusters':1,'automaticFailoverEnabled':false,'multiAZEnabled':false";
    private static final String PAIR = "'numCacheClusters':2,'automaticFailoverEnabled':true,'multiAZEnabled':true";

    private static ReplicationGroup group(World world) {
        return world.somebody(ElastiCacheClient.class)
                .describeReplicationGroups(r -> {})
                .replicationGroups()
                .getFirst();
    }

    private static CacheCluster node(World world) {
        return world.somebody(ElastiCacheClient.class)
                .describeCacheClusters(r -> {})
                .cacheClusters()
                .getFirst();
    }

    private static long count(World world, String operation) {
        return world.twin.log().counts(c -> true).getOrDefault("elasticache:" + operation, 0L);
    }

    private static void allowed(World world) {
        for (int i = 0; i < 4; i++) {
            world.run(Duration.ofMinutes(10));
            world.approveHeld();
        }
        world.converged();
    }

    @Test
    void isCreatedByOneCallWithEverythingThatItTakes() {
        try (World world = new World()) {
            world.desire(redis(PAIR)).converged();

            assertThat(group(world).memberClusters()).hasSize(2);
            assertThat(group(world).automaticFailover()).isEqualTo(AutomaticFailoverStatus.ENABLED);
            assertThat(group(world).transitEncryptionMode()).isEqualTo(TransitEncryptionMode.REQUIRED);
            assertThat(node(world).engineVersion()).isEqualTo("7.1.0");
            assertThat(world.resource("ReplicationGroup/main").outputs())
                    .containsEntry("port", 6379)
                    .hasEntrySatisfying(
                            "endpoint", host -> assertThat(host.toString()).startsWith("master."));
            assertThat(count(world, "ModifyReplicationGroup")).isZero();
        }
    }

    @Test
    void nobodyIsAskedForAReplacementWhileItsPortIsNotKnownYet() {
        try (World world = new World()) {
            Set<Action> planned = EnumSet.noneOf(Action.class);
            world.desire(redis(PAIR + ",'port':6380"));

            world.runUntil(
                    () -> {
                        world.view().verdicts().keySet().stream()
                                .filter(step -> step.resource().kind().equals("ReplicationGroup"))
                                .forEach(step -> planned.add(step.action()));
                        return world.view().converged();
                    },
                    Duration.ofHours(1));

            assertThat(world.resource("ReplicationGroup/main").outputs()).containsEntry("port", 6380);
            assertThat(planned).contains(Action.Create).doesNotContain(Action.Replace);
        }
    }

    @Test
    void aReplicaComesBeforeFailoverAndNoCallIsRefused() {
        try (World world = new World()) {
            world.desire(redis(SINGLE)).converged();

            world.desire(redis(PAIR)).converged();

            assertThat(group(world).memberClusters()).hasSize(2);
            assertThat(group(world).automaticFailover()).isEqualTo(AutomaticFailoverStatus.ENABLED);
            assertThat(group(world).multiAZ()).isEqualTo(MultiAZStatus.ENABLED);
            assertThat(count(world, "IncreaseReplicaCount")).isEqualTo(1);
            assertThat(count(world, "ModifyReplicationGroup")).isEqualTo(1);
        }
    }

    @Test
    void failoverIsSwitchedOffBeforeTheLastReplicaGoes() {
        try (World world = new World()) {
            world.desire(redis(PAIR)).converged();

            world.desire(redis(SINGLE)).converged();

            assertThat(group(world).memberClusters()).hasSize(1);
            assertThat(group(world).automaticFailover()).isEqualTo(AutomaticFailoverStatus.DISABLED);
            assertThat(count(world, "DecreaseReplicaCount")).isEqualTo(1);
            assertThat(count(world, "ModifyReplicationGroup")).isEqualTo(1);
        }
    }

    @Test
    void redisBecomesValkeyInPlaceAfterAnApproval() {
        try (World world = new World()) {
            world.desire(redis(SINGLE)).converged();
            String nodes = group(world).memberClusters().toString();

            world.desire(cache("'engine':'valkey','engineVersion':'8.1','transitEncryptionEnabled':true,"
                            + "'cacheParameterGroupName':'${CacheParameterGroup/valkey}'," + SINGLE))
                    .run(Duration.ofMinutes(20));
            assertThat(world.status("ReplicationGroup/main")).isEqualTo(Status.AwaitingApproval);
            assertThat(group(world).engine()).isEqualTo("redis");
            allowed(world);

            assertThat(group(world).engine()).isEqualTo("valkey");
            assertThat(node(world).engineVersion()).isEqualTo("8.1.0");
            assertThat(node(world).cacheParameterGroup().cacheParameterGroupName())
                    .contains("valkey");
            assertThat(group(world).memberClusters()).hasToString(nodes);
            assertThat(count(world, "ModifyReplicationGroup")).isEqualTo(1);
        }
    }

    @Test
    void tlsIsPreferredFirstAndRequiredOnlyAfterAnApproval() {
        try (World world = new World()) {
            String plain = cache("'engine':'redis','engineVersion':'7.1','transitEncryptionEnabled':false," + SINGLE);
            world.desire(plain).converged();

            world.desire(redis("'transitEncryptionMode':'required'," + SINGLE)).run(Duration.ofMinutes(30));
            assertThat(group(world).transitEncryptionMode()).isEqualTo(TransitEncryptionMode.PREFERRED);
            assertThat(world.status("ReplicationGroup/main")).isEqualTo(Status.AwaitingApproval);
            allowed(world);

            assertThat(group(world).transitEncryptionMode()).isEqualTo(TransitEncryptionMode.REQUIRED);
        }
    }

    private static final String SECRET = Docs.document(
            "Secret",
            "token",
            "'name':'app/token','generateSecretString':{'passwordLength':32,'excludePunctuation':true}");
    private static final String TOKEN = "'authToken':'${Secret/token}:::${Secret/token.versionId}',";

    private static String secured(String more) {
        return redis(TOKEN + more + SINGLE, SECRET);
    }

    private static String token(World world) {
        return world.somebody(SecretsManagerClient.class)
                .getSecretValue(r -> r.secretId("app/token"))
                .secretString();
    }

    /** Whether clients that give the token are let in. */
    private static boolean lets(World world, String token) {
        return world.account()
                .service(World.REGION, TwinElastiCache.class)
                .lets(group(world).replicationGroupId(), token);
    }

    @Test
    void aNewVersionOfTheSecretIsANewTokenBesideTheFormerOneAndStandsNowhere() {
        try (World world = new World()) {
            world.desire(secured("")).converged();
            String first = token(world);
            assertThat(lets(world, first)).isTrue();

            world.somebody(SecretsManagerClient.class)
                    .putSecretValue(r -> r.secretId("app/token").secretString("other-token-0123456789"));
            world.run(Duration.ofMinutes(40));
            world.converged();

            assertThat(lets(world, first)).isTrue();
            assertThat(lets(world, "other-token-0123456789")).isTrue();
            assertThat(count(world, "ModifyReplicationGroup")).isEqualTo(1);
            assertThat(group(world).authTokenEnabled()).isTrue();
            assertThat(world.events + world.describe() + world.view() + world.store.text())
                    .doesNotContain("token-0123456789")
                    .doesNotContain(first);
        }
    }

    @Test
    void theFormerTokenEndsByAnApprovalOnlyAfterEachRotation() {
        try (World world = new World()) {
            world.desire(secured("'authTokenUpdateStrategy':'SET',")).converged();
            for (String next : List.of("second-token-0123456789", "third-token-0123456789")) {
                String former = token(world);
                world.somebody(SecretsManagerClient.class)
                        .putSecretValue(r -> r.secretId("app/token").secretString(next));
                world.run(Duration.ofMinutes(40));
                assertThat(world.status("ReplicationGroup/main")).isEqualTo(Status.AwaitingApproval);
                assertThat(lets(world, former)).isTrue();
                assertThat(lets(world, next)).isTrue();

                allowed(world);

                assertThat(lets(world, former)).isFalse();
                assertThat(lets(world, next)).isTrue();
            }
            assertThat(count(world, "ModifyReplicationGroup")).isEqualTo(4);
        }
    }

    private static final String USERS = String.join(
            ",",
            SECRET,
            Docs.document(
                    "CacheUser",
                    "nobody",
                    "'userName':'default','engine':'redis','accessString':'off -@all',"
                            + "'authenticationMode':{'type':'no-password-required'}"),
            Docs.document(
                    "CacheUser",
                    "app",
                    "'userName':'app','engine':'redis','accessString':'on ~* +@all','authenticationMode':"
                            + "{'type':'password','password':'${Secret/token}:::${Secret/token.versionId}'}"),
            Docs.document(
                    "CacheUserGroup", "app", "'engine':'redis','userIds':['${CacheUser/nobody}','${CacheUser/app}']"));

    private static final String GROUP = "'userGroupIds':['${CacheUserGroup/app}']," + SINGLE;

    @Test
    void usersTakeThePlaceOfATokenInOneCall() {
        try (World world = new World()) {
            world.desire(secured("")).converged();

            world.desire(redis(GROUP, USERS)).converged();

            assertThat(group(world).userGroupIds()).singleElement().asString().contains("app");
            assertThat(group(world).authTokenEnabled()).isFalse();
            assertThat(count(world, "ModifyReplicationGroup")).isEqualTo(1);
        }
    }

    @Test
    void aTokenTakesThePlaceOfUsersInOneCall() {
        try (World world = new World()) {
            world.desire(redis(GROUP, USERS)).converged();

            world.desire(redis(TOKEN + SINGLE, USERS)).converged();

            assertThat(group(world).userGroupIds()).isEmpty();
            assertThat(lets(world, token(world))).isTrue();
        }
    }

    @Test
    void aUserLeavesItsGroupBeforeItIsDeleted() {
        try (World world = new World()) {
            String users = redis(
                    GROUP,
                    USERS,
                    Docs.document(
                            "CacheUser",
                            "more",
                            "'userName':'more','engine':'redis','accessString':'on ~* +@read','authenticationMode':"
                                    + "{'type':'password','password':'${Secret/token}:::${Secret/token.versionId}'}"));
            world.desire(
                            users.replace("'${CacheUser/app}']", "'${CacheUser/app}','${CacheUser/more}']"),
                            Docs.UNLIMITED)
                    .converged();

            world.desire(redis(GROUP, USERS), Docs.UNLIMITED).converged();

            ElastiCacheClient cache = world.somebody(ElastiCacheClient.class);
            assertThat(cache.describeUserGroups(r -> {}).userGroups().getFirst().userIds())
                    .hasSize(2);
            assertThat(cache.describeUsers(r -> {}).users()).hasSize(3);
            assertThat(count(world, "DeleteUser")).isEqualTo(1);
        }
    }

    @Test
    void aPasswordOfAUserFollowsItsSecret() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""), USERS)).converged();
            long before = count(world, "ModifyUser");

            world.somebody(SecretsManagerClient.class)
                    .putSecretValue(r -> r.secretId("app/token").secretString("other-token-0123456789"));
            world.run(Duration.ofMinutes(20));
            world.converged();

            assertThat(count(world, "ModifyUser") - before).isEqualTo(1);
            assertThat(world.events + world.describe() + world.view() + world.store.text())
                    .doesNotContain("token-0123456789");
        }
    }

    @Test
    void snapshotsAreMadeOfAReplica() {
        try (World world = new World()) {
            world.desire(redis(PAIR)).converged();

            world.desire(redis(PAIR).replace("'snapshotRetentionLimit':0", "'snapshotRetentionLimit':5"))
                    .converged();

            assertThat(group(world).snapshotRetentionLimit()).isEqualTo(5);
            assertThat(group(world).snapshottingClusterId()).endsWith("-002");
        }
    }

    @Test
    void aChangeThatWaitsForTheWindowIsNoDriftAndIsSentOnce() {
        try (World world = new World()) {
            String waits = redis("'applyImmediately':false," + SINGLE);
            world.desire(waits).converged();

            world.desire(waits.replace("cache.t4g.small", "cache.t4g.medium")).converged();
            world.run(Duration.ofHours(3));

            assertThat(group(world).cacheNodeType()).isEqualTo("cache.t4g.small");
            assertThat(world.status("ReplicationGroup/main")).isEqualTo(Status.Synced);
            assertThat(count(world, "ModifyReplicationGroup")).isEqualTo(1);
            world.account()
                    .service(World.REGION, TwinElastiCache.class)
                    .openWindow(group(world).replicationGroupId());
            world.run(Duration.ofMinutes(30));
            assertThat(group(world).cacheNodeType()).isEqualTo("cache.t4g.medium");
            assertThat(count(world, "ModifyReplicationGroup")).isEqualTo(1);
        }
    }

    @Test
    void shardsAreAddedAndRemovedByName() {
        try (World world = new World()) {
            String shards = cache(
                    "'engine':'redis','engineVersion':'7.1','transitEncryptionEnabled':true,"
                            + "'clusterMode':'enabled','automaticFailoverEnabled':true,'numNodeGroups':2,'replicasPerNodeGroup':1");
            world.desire(shards).converged();

            world.desire(shards.replace("'numNodeGroups':2", "'numNodeGroups':3"))
                    .converged();
            assertThat(group(world).nodeGroups()).hasSize(3);
            world.desire(shards.replace("'numNodeGroups':2", "'numNodeGroups':1"))
                    .converged();

            assertThat(group(world).nodeGroups())
                    .extracting(n -> n.nodeGroupId())
                    .containsExactly("0001");
            assertThat(count(world, "ModifyReplicationGroupShardConfiguration")).isEqualTo(2);
        }
    }

    @Test
    void aNewerMinorVersionThatElastiCacheInstalledStays() {
        try (World world = new World()) {
            world.desire(redis(SINGLE)).converged();
            world.account()
                    .service(World.REGION, TwinElastiCache.class)
                    .upgrade(group(world).replicationGroupId(), "7.1.3");

            world.run(Duration.ofHours(1));

            assertThat(world.status("ReplicationGroup/main")).isEqualTo(Status.Synced);
            assertThat(world.view().drift()).isEmpty();
        }
    }

    @Test
    void aCacheThatVanishedIsNotMadeAnew() {
        try (World world = new World()) {
            world.desire(redis(SINGLE)).converged();
            String name = group(world).replicationGroupId();
            world.somebody(ElastiCacheClient.class).deleteReplicationGroup(r -> r.replicationGroupId(name));

            world.run(Duration.ofHours(1));

            assertThat(world.resource("ReplicationGroup/main").reason()).hasToString("LostStateful");
            assertThat(count(world, "CreateReplicationGroup")).isEqualTo(1);
        }
    }

    @Test
    void aCacheThatMayGoLeavesASnapshotAndThenItsGroupsGo() {
        try (World world = new World()) {
            String going = redis(SINGLE)
                    .replace(
                            "'kind':'ReplicationGroup',",
                            "'kind':'ReplicationGroup','lifecycle':{'onDelete':'Delete'},");
            world.desire(going, Docs.UNLIMITED).converged();
            String name = group(world).replicationGroupId();

            world.desire(Docs.of(Docs.vpc("")), Docs.UNLIMITED).run(Duration.ofMinutes(40));

            ElastiCacheClient cache = world.somebody(ElastiCacheClient.class);
            assertThat(cache.describeReplicationGroups(r -> {}).replicationGroups())
                    .isEmpty();
            assertThat(cache.describeCacheSubnetGroups(r -> {}).cacheSubnetGroups())
                    .isEmpty();
            assertThat(List.copyOf(world.account()
                            .service(World.REGION, TwinElastiCache.class)
                            .snapshots()))
                    .singleElement()
                    .asString()
                    .startsWith(name + "-final-");
        }
    }
}
