package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * The state keeps only keyed hashes of write-only values. Without the key, nothing shows whether a value is the one
 * that was applied, and writing it again would undo a rotation.
 */
class LostHashKeyTest {
    private static final String SECRETS = """
        [{'apiVersion':'holdfast.dev/v1','kind':'Secret','metadata':{'name':'a'},'spec':{'secretString':'%s'}},
         {'apiVersion':'holdfast.dev/v1','kind':'Secret','metadata':{'name':'b'},'spec':{'secretString':'other'}}]""";

    private static String value(World world, String secret) {
        return world.somebody(SecretsManagerClient.class)
                .getSecretValue(r -> r.secretId(world.resource(secret).physicalId()))
                .secretString();
    }

    private static List<Event> said(World world) {
        return world.events.stream()
                .filter(e -> e.reason().equals("AppliedValueUnknown"))
                .toList();
    }

    private static void asAnOlderVersion(MemoryStore store) {
        boolean found = false;
        for (String key : store.list("")) {
            String text = new String(Objects.requireNonNull(store.get(key)).content(), StandardCharsets.UTF_8);
            String older = text.replaceAll("\"hmac:[0-9a-f]{8}:", "\"hmac:");
            if (!older.equals(text)) {
                found = true;
                store.put(key, older.getBytes(StandardCharsets.UTF_8));
            }
        }
        assertThat(found).isTrue();
    }

    @Test
    void aLostKeyWritesNoValueAgainAndTheNextChangeIsWritten() {
        try (World world = new World()) {
            world.desire(SECRETS.formatted("first")).converged();
            String id = String.valueOf(world.resource("Secret/a").physicalId());
            world.somebody(SecretsManagerClient.class)
                    .putSecretValue(r -> r.secretId(id).secretString("rotated"));
            world.run(Duration.ofMinutes(2));
            Map<String, Long> before = world.writes();

            world.store.delete("hash.key");
            world.restart().converged();

            assertThat(world.writes()).isEqualTo(before);
            assertThat(value(world, "Secret/a")).isEqualTo("rotated");
            assertThat(said(world))
                    .extracting(e -> String.valueOf(e.resource()))
                    .containsExactlyInAnyOrder("Secret/a", "Secret/b");
            assertThat(said(world).getFirst().message()).contains("/secretString", "hash.key");
            assertThat(said(world).getFirst().severity()).isEqualTo(Event.Severity.Warning);

            world.restart().converged();
            assertThat(said(world)).hasSize(2);
            world.desire(SECRETS.formatted("second")).converged();
            assertThat(value(world, "Secret/a")).isEqualTo("second");
            assertThat(value(world, "Secret/b")).isEqualTo("other");
        }
    }

    /** An older version recorded the hashes without the name of their key. */
    @Test
    void hashesOfAnOlderVersionAreStillCompared() {
        try (World world = new World()) {
            world.desire(SECRETS.formatted("first")).converged();
            asAnOlderVersion(world.store);
            Map<String, Long> before = world.writes();

            world.restart().converged();
            assertThat(world.writes()).isEqualTo(before);
            asAnOlderVersion(world.store);
            world.desire(SECRETS.formatted("second")).restart().converged();

            assertThat(value(world, "Secret/a")).isEqualTo("second");
            assertThat(said(world)).isEmpty();
        }
    }
}
