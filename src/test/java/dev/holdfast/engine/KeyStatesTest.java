package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Health;
import dev.holdfast.model.Status;
import dev.holdfast.twin.kms.TwinKms;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.OriginType;

/** A key in a state that Holdfast did not cause and cannot end: it is shown with the way out, and it is not written. */
class KeyStatesTest {
    private static final String REPLICA = "arn:aws:kms:eu-west-1:123456789012:key/mrk-1";
    private static final String KEY = Docs.document(
            "Key",
            "main",
            "'onDelete':'Delete'",
            "'description':'d','enabled':true,'enableKeyRotation':false,'multiRegion':true");

    private static String id(World world) {
        return world.resource("Key/main").physicalId();
    }

    private static KeyMetadata key(World world) {
        return world.somebody(KmsClient.class)
                .describeKey(r -> r.keyId(id(world)))
                .keyMetadata();
    }

    private static void become(World world, KeyState state, OriginType origin, String... replicas) {
        world.account().service(World.REGION, TwinKms.class).become(id(world), state, origin, replicas);
    }

    @ParameterizedTest
    @CsvSource({
        "Creating, AWS_KMS, Progressing, False, KMS creates the replica",
        "Updating, AWS_KMS, Progressing, True, ",
        "PendingImport, EXTERNAL, Synced, False, until somebody imports its material",
        "Unavailable, AWS_CLOUDHSM, Synced, False, custom key store of the key is disconnected",
    })
    void isShownAndNotWritten(String state, OriginType origin, Status status, Health.Ready ready, String words) {
        try (World world = new World()) {
            world.desire(Docs.of(KEY)).converged();
            long writes = world.writeCount();

            become(world, KeyState.fromValue(state), origin);
            world.run(Duration.ofMinutes(30));

            ResourceView view = world.resource("Key/main");
            assertThat(view.status()).as(world.describe()).isEqualTo(status);
            assertThat(view.conditions())
                    .as(world.describe())
                    .anyMatch(c -> c.type() == dev.holdfast.model.Condition.ConditionType.Ready
                            && c.status() == ready
                            && (words == null || String.valueOf(c.message()).contains(words)));
            assertThat(world.writeCount()).as(world.describe()).isEqualTo(writes);

            become(world, KeyState.ENABLED, OriginType.AWS_KMS);
            world.run(Duration.ofMinutes(20));
            assertThat(world.status("Key/main")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void aPrimaryKeyThatSomebodyScheduledForDeletionIsRestored() {
        try (World world = new World()) {
            world.desire(Docs.of(KEY)).converged();
            String id = id(world);
            become(world, KeyState.ENABLED, OriginType.AWS_KMS, REPLICA);
            world.somebody(KmsClient.class).scheduleKeyDeletion(r -> r.keyId(id).pendingWindowInDays(7));
            assertThat(key(world).keyState()).isEqualTo(KeyState.PENDING_REPLICA_DELETION);

            world.run(Duration.ofMinutes(30));

            assertThat(world.status("Key/main")).as(world.describe()).isEqualTo(Status.Synced);
            assertThat(id(world)).isEqualTo(id);
            assertThat(key(world).keyState()).isEqualTo(KeyState.ENABLED);
        }
    }

    /** KMS keeps a primary key as long as it has replicas, so that it does not count as deleted. */
    @Test
    void aDeletedPrimaryKeyIsShownUntilItsReplicasAreGone() {
        try (World world = new World()) {
            world.desire(Docs.of(KEY)).converged();
            String id = id(world);
            become(world, KeyState.ENABLED, OriginType.AWS_KMS, REPLICA);

            world.desire(Docs.of(Docs.vpc("")), Docs.UNLIMITED).run(Duration.ofMinutes(20));
            world.approveHeld();
            world.run(Duration.ofMinutes(60));

            assertThat(world.status("Key/main")).as(world.describe()).isEqualTo(Status.Progressing);
            assertThat(key(world).keyState()).isEqualTo(KeyState.PENDING_REPLICA_DELETION);
            assertThat(world.twin.log().count(c -> c.operation().equals("kms:ScheduleKeyDeletion")))
                    .isEqualTo(1);
        }
    }
}
