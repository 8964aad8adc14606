package dev.holdfast.twin.elasticache;

import static dev.holdfast.twin.TwinRefusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.ec2.TwinEc2;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticache.model.CreateReplicationGroupRequest;
import software.amazon.awssdk.services.elasticache.model.ModifyReplicationGroupRequest;
import software.amazon.awssdk.services.elasticache.model.ReplicationGroup;
import software.amazon.awssdk.services.elasticache.model.ServerlessCache;
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
        // The parameter group belongs to another family.
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

    private ServerlessCache serverless() {
        return cache.describeServerlessCaches(r -> {}).serverlessCaches().getFirst();
    }

    /** The error for several members is from https://github.com/hashicorp/terraform-provider-aws/issues/37499. */
    /** https://github.com/hashicorp/terraform/issues/17247: also for a cache without snapshots. */
    @Test
    void snapshotsAndMaintenanceAreAtDifferentTimes() {
        String words = "The snapshot window and maintenance window must not overlap.";
        refused(
                "InvalidParameterValue",
                words,
                () -> create(r -> r.snapshotWindow("03:30-04:30").preferredMaintenanceWindow("sun:03:00-sun:04:00")));
        refused("InvalidParameterValue", () -> create(r -> r.snapshotWindow("03:30-04:29")));

        create(r -> r.preferredMaintenanceWindow("Sun:02:00-Sun:03:00"));
        available();
        assertThat(main().snapshotWindow()).isEqualTo("14:00-15:00");

        refused("InvalidParameterValue", words, () -> modify(r -> r.snapshotWindow("02:30-03:30")));
        modify(r -> r.snapshotWindow("02:30-03:30").preferredMaintenanceWindow("mon:14:00-mon:15:00"));
        refused("InvalidParameterValue", words, () -> modify(r -> r.preferredMaintenanceWindow("tue:02:00-tue:04:00")));
    }

    @Test
    void aServerlessCacheTakesOneMemberAtATimeWhileItIsAvailable() {
        String vpc = ec2.describeSubnets(r -> {}).subnets().getFirst().vpcId();
        String one = ec2.describeSubnets(r -> {}).subnets().getFirst().subnetId();
        String two = ec2.createSubnet(r -> r.vpcId(vpc).cidrBlock("10.0.1.0/24").availabilityZone("eu-west-2c"))
                .subnet()
                .subnetId();
        refused(
                "InvalidParameterValue",
                () -> cache.createServerlessCache(
                        r -> r.serverlessCacheName("s").engine("redis").subnetIds(one)));
        cache.createServerlessCache(
                r -> r.serverlessCacheName("s").engine("redis").subnetIds(one, two));
        refused(
                "InvalidServerlessCacheStateFault",
                () -> cache.modifyServerlessCache(
                        r -> r.serverlessCacheName("s").description("x")));
        assertThat(serverless().endpoint()).isNull();
        available();
        assertThat(serverless().endpoint().port()).isEqualTo(6379);
        assertThat(serverless().readerEndpoint().port()).isEqualTo(6380);

        refused(
                "InvalidParameterCombination",
                () -> cache.modifyServerlessCache(
                        r -> r.serverlessCacheName("s").description("x").snapshotRetentionLimit(1)));
        cache.modifyServerlessCache(
                r -> r.serverlessCacheName("s").engine("valkey").majorEngineVersion("8"));
        available();

        assertThat(serverless().fullEngineVersion()).isEqualTo("8.1");
        refused(
                "InvalidParameterCombination",
                () -> cache.modifyServerlessCache(
                        r -> r.serverlessCacheName("s").majorEngineVersion("7")));
        cache.deleteServerlessCache(r -> r.serverlessCacheName("s").finalSnapshotName("last"));
        available();
        refused("ServerlessCacheNotFoundFault", () -> cache.describeServerlessCaches(r -> r.serverlessCacheName("s")));
        assertThat(cache.serverlessSnapshots()).containsExactly("last");
    }

    private void user(String id, String name, String engine) {
        cache.createUser(r -> r.userId(id)
                .userName(name)
                .engine(engine)
                .accessString("on ~* +@all")
                .passwords("password-0123456789"));
    }

    /**
     * The answer for this string: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/User-Secrets-Manager.html.
     */
    @Test
    void anAccessStringIsAnsweredInAnOrderOfItsOwn() {
        cache.createUser(r -> r.userId("user1")
                .userName("user1")
                .engine("redis")
                .noPasswordRequired(true)
                .accessString("off +get ~keys*"));

        assertThat(cache.describeUsers(r -> r.userId("user1"))
                        .users()
                        .getFirst()
                        .accessString())
                .isEqualTo("off ~keys* -@all +get");
        refused(
                "InvalidParameterValue",
                () -> cache.modifyUser(r -> r.userId("user1").accessString("on >secret +@all")));
    }

    /** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html */
    @Test
    void aGroupOfRedisNeedsOneUserNamedDefaultAndAGroupOfValkeyNone() {
        user("one", "one", "redis");
        user("mine", "default", "redis");
        user("two", "two", "valkey");

        refused(
                "DefaultUserRequired",
                () -> cache.createUserGroup(
                        r -> r.userGroupId("g").engine("redis").userIds("one")));
        refused(
                "DuplicateUserName",
                () -> cache.createUserGroup(
                        r -> r.userGroupId("g").engine("redis").userIds("default", "mine")));
        refused(
                "InvalidParameterCombination",
                () -> cache.createUserGroup(
                        r -> r.userGroupId("g").engine("redis").userIds("default", "two")));
        refused(
                "InvalidParameterCombination",
                () -> cache.createUserGroup(
                        r -> r.userGroupId("g").engine("valkey").userIds("default")));
        cache.createUserGroup(r -> r.userGroupId("g").engine("valkey").userIds("one", "two"));
        cache.createUserGroup(r -> r.userGroupId("h").engine("redis").userIds("mine"));
        available();

        refused("DefaultUserAssociatedToUserGroup", () -> cache.deleteUser(r -> r.userId("mine")));
        refused(
                "InvalidParameterCombination",
                () -> create(r -> r.transitEncryptionEnabled(true).userGroupIds("g")));
        assertThat(cache.describeUsers(r -> r.userId("two")).users().getFirst().userGroupIds())
                .containsExactly("g");
    }

    /** https://github.com/hashicorp/terraform-provider-aws/issues/49726 and 37911 */
    @Test
    void usersAndGroupsTakeOneChangeAtATime() {
        user("one", "one", "redis");
        cache.createUserGroup(r -> r.userGroupId("g").engine("redis").userIds("default"));
        refused(
                "InvalidUserGroupState",
                () -> cache.modifyUserGroup(r -> r.userGroupId("g").userIdsToAdd("one")));
        available();
        cache.modifyUserGroup(r -> r.userGroupId("g").userIdsToAdd("one"));
        assertThat(cache.describeUserGroups(r -> {})
                        .userGroups()
                        .getFirst()
                        .pendingChanges()
                        .userIdsToAdd())
                .containsExactly("one");
        available();

        cache.modifyUser(r -> r.userId("one").accessString("on ~* +@read"));

        refused("InvalidUserState", () -> cache.modifyUser(r -> r.userId("one").accessString("on ~* +@write")));
        refused("InvalidUserGroupState", () -> cache.deleteUserGroup(r -> r.userGroupId("g")));
        available();
        refused(
                "InvalidParameterValue",
                () -> cache.modifyUserGroup(r -> r.userGroupId("g").userIdsToRemove("nobody")));
    }

    @Test
    void aUserThatIsDeletedLeavesItsGroupsAndAGroupInUseStays() {
        user("one", "one", "redis");
        cache.createUserGroup(r -> r.userGroupId("g").engine("redis").userIds("default", "one"));
        available();
        create(r -> r.transitEncryptionEnabled(true).userGroupIds("g"));
        available();

        refused("InvalidUserGroupState", () -> cache.deleteUserGroup(r -> r.userGroupId("g")));
        cache.deleteUser(r -> r.userId("one"));
        assertThat(main().status()).isEqualTo("modifying");
        available();

        assertThat(cache.describeUserGroups(r -> {}).userGroups().getFirst().userIds())
                .containsExactly("default");
        assertThat(cache.describeUserGroups(r -> {}).userGroups().getFirst().replicationGroups())
                .containsExactly("main");
        refused("UserNotFound", () -> cache.describeUsers(r -> r.userId("one")));
        refused("InvalidParameterValue", () -> cache.deleteUser(r -> r.userId("default")));
    }
}
