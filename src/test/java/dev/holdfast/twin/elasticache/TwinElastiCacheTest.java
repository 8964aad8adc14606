package dev.holdfast.twin.elasticache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.ec2.TwinEc2;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.elasticache.model.CreateReplicationGroupRequest;
import software.amazon.awssdk.services.elasticache.model.ModifyReplicationGroupRequest;
import software.amazon.awssdk.services.elasticache.model.ReplicationGroup;
import software.amazon.awssdk.services.elasticache.model.TransitEncryptionMode;

class TwinElastiCacheTest {
    private final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final TwinAccount account = new TwinAccount("123456789012", clock, new TwinSettings(), 1);
    private final TwinElastiCache cache = account.service("eu-west-2", TwinElastiCache.class);
    private final TwinEc2 ec2 = account.service("eu-west-2", TwinEc2.class);

    @BeforeEach
    void aSubnetGroup() {
        String vpc = ec2.createVpc(r -> r.cidrBlock("10.0.0.0/16")).vpc().vpcId();
        String subnet = ec2.createSubnet(r -> r.vpcId(vpc).cidrBlock("10.0.0.0/24"))
                .subnet()
                .subnetId();
        cache.createCacheSubnetGroup(r ->
                r.cacheSubnetGroupName("one").cacheSubnetGroupDescription("x").subnetIds(subnet));
        cache.createCacheParameterGroup(r -> r.cacheParameterGroupName("mine")
                .cacheParameterGroupFamily("redis7")
                .description("x"));
    }

    private static void refused(String code, ThrowingCallable call) {
        AwsServiceException e = catchThrowableOfType(AwsServiceException.class, call);
        assertThat(e).isNotNull();
        assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
    }

    private void create(Consumer<CreateReplicationGroupRequest.Builder> more) {
        cache.createReplicationGroup(r -> {
            r.replicationGroupId("main")
                    .replicationGroupDescription("x")
                    .cacheNodeType("cache.t4g.small")
                    .engineVersion("7.1")
                    .cacheSubnetGroupName("one");
            more.accept(r);
        });
    }

    private void available() {
        clock.advance(Duration.ofMinutes(10));
    }

    private ReplicationGroup main() {
        return cache.describeReplicationGroups(r -> {}).replicationGroups().getFirst();
    }

    private void modify(Consumer<ModifyReplicationGroupRequest.Builder> change) {
        cache.modifyReplicationGroup(r -> {
            r.replicationGroupId("main").applyImmediately(true);
            change.accept(r);
        });
    }

    @Test
    void creatingTakesMinutesInWhichNothingElseIsPossible() {
        create(r -> r.numCacheClusters(2));

        assertThat(main().status()).isEqualTo("creating");
        assertThat(main().nodeGroups()).isEmpty();
        String arn = main().arn();
        refused("InvalidReplicationGroupState", () -> cache.listTagsForResource(r -> r.resourceName(arn)));
        refused("InvalidReplicationGroupState", () -> modify(r -> r.replicationGroupDescription("y")));
        refused("InvalidReplicationGroupState", () -> cache.deleteReplicationGroup(r -> r.replicationGroupId("main")));
        available();

        assertThat(main().status()).isEqualTo("available");
        assertThat(main().nodeGroups().getFirst().nodeGroupMembers()).hasSize(2);
        assertThat(cache.listTagsForResource(r -> r.resourceName(arn)).tagList())
                .isEmpty();
    }

    @Test
    void whatIsUsedCannotBeDeleted() {
        create(r -> r.cacheParameterGroupName("mine"));
        available();

        refused("CacheSubnetGroupInUse", () -> cache.deleteCacheSubnetGroup(r -> r.cacheSubnetGroupName("one")));
        refused(
                "InvalidCacheParameterGroupState",
                () -> cache.deleteCacheParameterGroup(r -> r.cacheParameterGroupName("mine")));
        refused(
                "InvalidCacheParameterGroupState",
                () -> cache.deleteCacheParameterGroup(r -> r.cacheParameterGroupName("default.redis7")));
    }

    @Test
    void aNodeAloneHasNoFailover() {
        refused("InvalidParameterCombination", () -> create(r -> r.automaticFailoverEnabled(true)));
        refused(
                "InvalidParameterCombination",
                () -> create(r -> r.numCacheClusters(2).multiAZEnabled(true)));
        create(r -> r.numCacheClusters(2).automaticFailoverEnabled(true).multiAZEnabled(true));
        available();

        refused(
                "InvalidParameterValue",
                () -> cache.decreaseReplicaCount(
                        r -> r.replicationGroupId("main").newReplicaCount(0).applyImmediately(true)));
        refused(
                "NoOperationFault",
                () -> cache.increaseReplicaCount(
                        r -> r.replicationGroupId("main").newReplicaCount(1).applyImmediately(true)));
    }

    @Test
    void tlsComesByWayOfPreferred() {
        create(r -> {});
        available();

        refused(
                "InvalidParameterCombination",
                () -> modify(
                        r -> r.transitEncryptionEnabled(true).transitEncryptionMode(TransitEncryptionMode.REQUIRED)));
        modify(r -> r.transitEncryptionEnabled(true).transitEncryptionMode(TransitEncryptionMode.PREFERRED));
        available();
        modify(r -> r.transitEncryptionMode(TransitEncryptionMode.REQUIRED));
        available();

        refused("InvalidParameterCombination", () -> modify(r -> r.transitEncryptionEnabled(false)));
    }

    @Test
    void anEngineChangesOnlyWithAVersionAndNeverBackFromALaterOne() {
        create(r -> r.cacheParameterGroupName("mine"));
        available();

        refused("InvalidParameterCombination", () -> modify(r -> r.engine("valkey")));
        refused("InvalidParameterCombination", () -> modify(r -> r.engineVersion("7.0")));
        // The parameter group is of another family.
        refused(
                "InvalidParameterCombination",
                () -> modify(r -> r.engine("valkey").engineVersion("8.1")));
        modify(r -> r.engine("valkey").engineVersion("8.1").cacheParameterGroupName("default.valkey8"));
        available();

        refused(
                "InvalidParameterCombination",
                () -> modify(r -> r.engine("redis").engineVersion("7.1")));
        assertThat(main().engine()).isEqualTo("valkey");
    }

    @Test
    void aTokenIsSetOnlyAfterItWasRotatedIn() {
        create(r -> r.transitEncryptionEnabled(true).authToken("first-token-0123456789"));
        available();

        refused(
                "InvalidParameterCombination",
                () -> modify(r -> r.authToken("other-token-0123456789").authTokenUpdateStrategy("SET")));
        refused("InvalidParameterCombination", () -> modify(r -> r.userGroupIdsToAdd("users")));
        refused("InvalidParameterValue", () -> modify(r -> r.authToken("short").authTokenUpdateStrategy("ROTATE")));
        modify(r -> r.authToken("other-token-0123456789").authTokenUpdateStrategy("ROTATE"));
        available();
        modify(r -> r.authToken("other-token-0123456789").authTokenUpdateStrategy("SET"));
        available();

        assertThat(main().authTokenEnabled()).isTrue();
        assertThat(main().toString()).doesNotContain("token-0123456789");
    }

    @Test
    void snapshotsNeedANodeToBeMadeOf() {
        create(r -> r.numCacheClusters(2));
        available();

        refused("InvalidParameterCombination", () -> modify(r -> r.snapshotRetentionLimit(5)));
        modify(r -> r.snapshotRetentionLimit(5).snapshottingClusterId("main-002"));
        available();
        cache.deleteReplicationGroup(r -> r.replicationGroupId("main").finalSnapshotIdentifier("last"));
        available();

        assertThat(cache.describeReplicationGroups(r -> {}).replicationGroups()).isEmpty();
        create(r -> {});
        available();
        refused(
                "SnapshotAlreadyExistsFault",
                () -> cache.deleteReplicationGroup(
                        r -> r.replicationGroupId("main").finalSnapshotIdentifier("last")));
    }
}
