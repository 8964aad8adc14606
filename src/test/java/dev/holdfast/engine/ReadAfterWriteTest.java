package dev.holdfast.engine;

import static dev.holdfast.engine.CacheTokenRolloutTest.last;
import static dev.holdfast.engine.CacheTokenRolloutTest.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * A write-only field no longer differs once its value is recorded. Until a read shows the resource after the write, the
 * resource is neither in sync nor ready for its dependents.
 */
class ReadAfterWriteTest {
    private static final String NEXT = "second-token-0123456789";

    @Test
    void noServiceTakesTheNewTokenUpBeforeTheUpdatedCacheIsRead() {
        HeldRead read = new HeldRead(
                "ReplicationGroup/main", "<ModifyReplicationGroupResponse", "<DescribeReplicationGroupsResponse");
        try (World world = read.world) {
            world.desire(CacheTokenRolloutTest.DOCUMENTS).converged();
            world.somebody(SecretsManagerClient.class)
                    .putSecretValue(r -> r.secretId(secret(world).arn()).secretString(NEXT));
            read.arm();

            world.run(Duration.ofHours(1));

            assertThat(read.shown()).isNotNull().isNotEqualTo(Status.Synced);
            assertThat(last(world, "ecs:RegisterTaskDefinition"))
                    .isAfter(last(world, "elasticache:ModifyReplicationGroup").plus(Duration.ofMinutes(5)));
        }
    }

    @Test
    void aUserWithANewPasswordIsNotInSyncBeforeItIsRead() {
        HeldRead read = new HeldRead("CacheUser/app", "<ModifyUserResponse", "<DescribeUsersResponse");
        try (World world = read.world) {
            world.desire(Docs.of(CacheAccessTest.USERS)).converged();
            world.somebody(SecretsManagerClient.class)
                    .putSecretValue(r -> r.secretId("app/token").secretString(NEXT));
            read.arm();

            world.run(Duration.ofMinutes(40));

            assertThat(read.shown()).isEqualTo(Status.Progressing);
            assertThat(world.status("CacheUser/app")).isEqualTo(Status.Synced);
        }
    }
}
