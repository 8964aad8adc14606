package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeyState;

/** A key is deleted only if the user requests it, and its deletion is cancelled as long as AWS still has the key. */
class KeyTest {
    private static String key(String more, String lifecycle) {
        return "{'apiVersion':'holdfast.dev/v1','kind':'Key','metadata':{'name':'main'},%s'spec':{'description':'d',%s'enabled':true}}"
                .formatted(lifecycle, more);
    }

    private static final String ALIAS =
            Docs.document("KeyAlias", "main", "'aliasName':'alias/main','targetKeyId':'${Key/main.keyId}'");
    private static final String DELETES = "'lifecycle':{'onDelete':'Delete'},";

    private static KeyMetadata key(World world) {
        return world.somebody(KmsClient.class)
                .describeKey(r -> r.keyId("alias/main"))
                .keyMetadata();
    }

    private static long deletions(World world) {
        return world.twin.log().count(c -> c.operation().equals("kms:ScheduleKeyDeletion") && c.write());
    }

    @Test
    void isDeletedOnTheUsersWordAndComesBackIfItIsDesiredAgain() {
        try (World world = new World()) {
            world.desire(Docs.of(key("'pendingWindowInDays':7,", DELETES), ALIAS))
                    .converged();
            String id = key(world).keyId();

            world.desire(Docs.of(Docs.vpc("")), Docs.UNLIMITED).run(Duration.ofMinutes(20));
            assertThat(deletions(world)).isEqualTo(1);

            world.desire(Docs.of(key("'pendingWindowInDays':7,", DELETES), ALIAS))
                    .converged();

            assertThat(key(world).keyId()).isEqualTo(id);
            assertThat(key(world).keyState()).isEqualTo(KeyState.ENABLED);
        }
    }

    @Test
    void oneThatSomebodyScheduledForDeletionOrDisabledIsUsableAgain() {
        try (World world = new World()) {
            world.desire(Docs.of(key("", ""), ALIAS)).converged();
            String id = key(world).keyId();
            world.somebody(KmsClient.class).scheduleKeyDeletion(r -> r.keyId(id).pendingWindowInDays(7));
            world.run(Duration.ofMinutes(20));
            assertThat(key(world).keyState()).isEqualTo(KeyState.ENABLED);

            world.somebody(KmsClient.class).disableKey(r -> r.keyId(id));
            world.run(Duration.ofMinutes(20));

            assertThat(key(world).keyState()).isEqualTo(KeyState.ENABLED);
            assertThat(world.status("Key/main")).isEqualTo(Status.Synced);
        }
    }

    /** The tagging API does not show a key that was created a moment ago. */
    @Test
    void noSecondOneIsMadeWhereTheStateIsLostAndTheIndexIsLate() {
        try (World world = new World()) {
            world.desire(Docs.of(key("", ""))).converged();

            world.stateIn(new MemoryStore()).converged();

            assertThat(world.owned().get("Key/main")).as(world.describe()).hasSize(1);
        }
    }

    @Test
    void aKeyThatHidesItsTagsIsSomebodyElses() {
        try (World world = new World()) {
            world.somebody(KmsClient.class).createKey();
            world.somebody(KmsClient.class).createKey();
            world.twin
                    .faults()
                    .add(TwinFaultRule.on("kms:ListResourceTags", new TwinFault.Deny())
                            .times(1));

            world.desire(Docs.of(key("", ""))).converged();

            assertThat(world.owned().get("Key/main")).hasSize(1);
        }
    }

    @Test
    void noneIsMadeWhereNoTagsCanBeRead() {
        try (World world = new World()) {
            world.somebody(KmsClient.class).createKey();
            world.twin.faults().add("kms:ListResourceTags", new TwinFault.Deny());

            world.desire(Docs.of(key("", ""))).run(Duration.ofMinutes(2));

            assertThat(world.owned()).doesNotContainKey("Key/main");
            assertThat(world.status("Key/main")).isEqualTo(Status.Unknown);
        }
    }

    @Test
    void oneThatIsNoLongerDeclaredStays() {
        try (World world = new World()) {
            world.desire(Docs.of(key("", ""), ALIAS)).converged();
            String id = key(world).keyId();

            world.desire(Docs.of(Docs.vpc("")), Docs.UNLIMITED).run(Duration.ofMinutes(30));
            world.approveHeld();
            world.run(Duration.ofMinutes(10));

            assertThat(world.somebody(KmsClient.class)
                            .describeKey(r -> r.keyId(id))
                            .keyMetadata()
                            .keyState())
                    .isEqualTo(KeyState.ENABLED);
            assertThat(deletions(world)).isZero();
        }
    }
}
