package dev.holdfast.engine;

import static dev.holdfast.engine.Caches.LOGS;
import static dev.holdfast.engine.Caches.PAIR;
import static dev.holdfast.engine.Caches.SINGLE;
import static dev.holdfast.engine.Caches.SLOW_LOG;
import static dev.holdfast.engine.Caches.allowed;
import static dev.holdfast.engine.Caches.cache;
import static dev.holdfast.engine.Caches.count;
import static dev.holdfast.engine.Caches.group;
import static dev.holdfast.engine.Caches.node;
import static dev.holdfast.engine.Caches.redis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Action;
import dev.holdfast.model.Plan;
import dev.holdfast.model.Status;
import dev.holdfast.model.SupportEnd;
import dev.holdfast.twin.elasticache.TwinElastiCache;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.AutomaticFailoverStatus;
import software.amazon.awssdk.services.elasticache.model.ClusterMode;
import software.amazon.awssdk.services.elasticache.model.MultiAZStatus;
import software.amazon.awssdk.services.elasticache.model.TransitEncryptionMode;

/**
 * A cache is created with all its settings, changed by one call at a time in the order that ElastiCache requires, and
 * never lost.
 */
class CacheTest {
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
            List<String> replacements = new ArrayList<>();
            world.desire(redis(PAIR + ",'port':6380"));

            world.runUntil(
                    () -> {
                        Plan plan = world.view().plan();
                        if (plan != null) {
                            plan.steps().stream()
                                    .filter(step -> step.action() == Action.Replace)
                                    .forEach(step -> replacements.add(step.toString()));
                        }
                        return world.view().converged();
                    },
                    Duration.ofHours(1));

            assertThat(world.resource("ReplicationGroup/main").outputs()).containsEntry("port", 6380);
            assertThat(replacements).isEmpty();
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

    /** AWS installs minor versions by itself, and allows no downgrade to an older one. */
    @ParameterizedTest
    @CsvSource({"redis, 6.2, redis 6, 2027-01-31", "redis, 7.1, , ", "valkey, 8.0, , "})
    void theEndOfSupportIsKnown(String engine, String version, @Nullable String of, @Nullable LocalDate day) {
        try (World world = new World()) {
            world.desire(cache("'engine':'" + engine + "','engineVersion':'" + version
                            + "','transitEncryptionEnabled':true," + SINGLE))
                    .converged();

            SupportEnd end = world.resource("ReplicationGroup/main").outlook().support();
            assertThat(end == null ? null : end.of()).isEqualTo(of);
            assertThat(end == null ? null : LocalDate.ofInstant(end.at(), ZoneOffset.UTC))
                    .isEqualTo(day);
        }
    }

    @Test
    void aNewerMinorVersionStays() {
        try (World world = new World()) {
            world.desire(cache("'engine':'valkey','engineVersion':'8.0','transitEncryptionEnabled':true,"
                            + "'cacheParameterGroupName':'${CacheParameterGroup/valkey}'," + SINGLE))
                    .converged();
            world.somebody(ElastiCacheClient.class)
                    .modifyReplicationGroup(
                            r -> r.replicationGroupId(group(world).replicationGroupId())
                                    .engineVersion("8.1")
                                    .applyImmediately(true));

            world.run(Duration.ofHours(1));

            assertThat(node(world).engineVersion()).startsWith("8.1");
            assertThat(world.view().converged()).as(world.describe()).isTrue();
            assertThat(world.view().drift()).isEmpty();
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

    /** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Log_Delivery.html */
    @Test
    void aLogIsDeliveredAtOnceAlthoughOtherChangesWaitForTheWindow() {
        try (World world = new World()) {
            String waits = redis("'applyImmediately':false," + SINGLE, LOGS);
            world.desire(waits).converged();

            world.desire(redis("'applyImmediately':false," + SLOW_LOG + SINGLE, LOGS))
                    .converged();

            assertThat(group(world).logDeliveryConfigurations()).hasSize(1);
            assertThat(count(world, "ModifyReplicationGroup")).isEqualTo(1);
        }
    }

    /** https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_LogDeliveryConfiguration.html */
    @Test
    void aLogThatIsNotDeliveredIsShownWithTheReason() {
        try (World world = new World()) {
            world.desire(redis(SLOW_LOG + SINGLE, LOGS)).converged();

            world.account()
                    .service(World.REGION, TwinElastiCache.class)
                    .failLogs(group(world).replicationGroupId(), "no permission for the log group");
            world.run(Duration.ofMinutes(10));

            assertThat(world.resource("ReplicationGroup/main").conditions()).anySatisfy(condition -> {
                assertThat(condition.reason()).isEqualTo("LogDeliveryFailed");
                assertThat(condition.message()).contains("slow-log", "no permission for the log group");
            });
            assertThat(world.status("ReplicationGroup/main")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void aChangeThatWouldHastenTheChangesOfTheWindowWaitsForAnApproval() {
        try (World world = new World()) {
            String waits = redis("'applyImmediately':false," + SINGLE, LOGS);
            world.desire(waits).converged();
            world.desire(waits.replace("cache.t4g.small", "cache.t4g.medium")).converged();
            assertThat(world.resource("ReplicationGroup/main").outlook().pending())
                    .containsExactly("cacheNodeType");

            world.desire(redis("'applyImmediately':false," + SLOW_LOG + SINGLE, LOGS)
                            .replace("cache.t4g.small", "cache.t4g.medium"))
                    .run(Duration.ofMinutes(20));

            assertThat(world.status("ReplicationGroup/main")).isEqualTo(Status.AwaitingApproval);
            assertThat(world.resource("ReplicationGroup/main").message()).contains("cacheNodeType");
            assertThat(group(world).cacheNodeType()).isEqualTo("cache.t4g.small");
            assertThat(group(world).logDeliveryConfigurations()).isEmpty();

            world.account()
                    .service(World.REGION, TwinElastiCache.class)
                    .openWindow(group(world).replicationGroupId());
            world.run(Duration.ofMinutes(40));
            world.converged();

            assertThat(group(world).cacheNodeType()).isEqualTo("cache.t4g.medium");
            assertThat(group(world).logDeliveryConfigurations()).hasSize(1);
        }
    }

    @Test
    void eachChangeThatElastiCacheAcceptsOnlyAloneIsACallOfItsOwn() {
        try (World world = new World()) {
            world.desire(redis("'clusterMode':'disabled'," + SINGLE, LOGS)).converged();

            world.desire(redis("'clusterMode':'compatible'," + SLOW_LOG + SINGLE, LOGS)
                            .replace("'sessions'", "'sessions and locks'"))
                    .converged();

            assertThat(group(world).description()).isEqualTo("sessions and locks");
            assertThat(group(world).clusterMode()).isEqualTo(ClusterMode.COMPATIBLE);
            assertThat(group(world).logDeliveryConfigurations()).hasSize(1);
            assertThat(count(world, "ModifyReplicationGroup")).isEqualTo(3);
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
                    .runUntil(() -> group(world).pendingModifiedValues() != null, Duration.ofMinutes(5));
            world.account()
                    .service(World.REGION, TwinElastiCache.class)
                    .migrates(group(world).replicationGroupId(), 42.5);
            world.run(Duration.ofMinutes(1));
            assertThat(world.resource("ReplicationGroup/main").toString()).contains("Resharding=42.5 %");
            world.converged();
            assertThat(group(world).nodeGroups()).hasSize(3);
            assertThat(world.resource("ReplicationGroup/main").toString()).doesNotContain("Resharding=");
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
