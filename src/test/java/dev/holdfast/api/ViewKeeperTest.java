package dev.holdfast.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.engine.Databases;
import dev.holdfast.engine.MemoryStore;
import dev.holdfast.engine.World;
import dev.holdfast.model.Event;
import dev.holdfast.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The view that the state keeps for people who cannot reach the daemon. */
class ViewKeeperTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "stacks/test/view.json";
    private static final String GROUP = """
        [{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'app'},
          'spec':{'logGroupName':'/app','retentionInDays':%d}}]
        """;
    private static final String GATEWAY = """
        [{'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16'}},
         {'apiVersion':'holdfast.dev/v1','kind':'Subnet','metadata':{'name':'a'},
          'spec':{'vpcId':'${Vpc/main}','cidrBlock':'10.0.0.0/24','availabilityZone':'eu-west-2a'}},
         {'apiVersion':'holdfast.dev/v1','kind':'ElasticIp','metadata':{'name':'a'},'spec':{}},
         {'apiVersion':'holdfast.dev/v1','kind':'NatGateway','metadata':{'name':'a'},
          'spec':{'subnetId':'${Subnet/a}','allocationId':'${ElasticIp/a}'}}]
        """;

    private final MemoryStore views = new MemoryStore();

    private ViewKeeper keeper(World world) {
        return new ViewKeeper(views, "s3://bucket/desired/", stack -> true, world.clock);
    }

    private int writes() {
        var stored = views.get(KEY);
        return stored == null ? 0 : Integer.parseInt(stored.etag());
    }

    private JsonNode kept() throws IOException {
        return JSON.readTree(Objects.requireNonNull(views.get(KEY)).content());
    }

    @Test
    void keepsWhatTheApiShowsAndWritesNothingWhileNothingChanges() throws IOException {
        try (World world = new World().desire(GROUP.formatted(7)).converged()) {
            ViewKeeper keeper = keeper(world);
            keeper.passed(world.reconciler());
            assertThat(writes()).isEqualTo(1);
            assertThat(kept().path("stack").path("status").asText()).isEqualTo("Synced");
            assertThat(kept().path("desiredState").asText()).isEqualTo("s3://bucket/desired/");
            assertThat(kept().path("resources")
                            .path("items")
                            .path(0)
                            .path("kind")
                            .asText())
                    .isEqualTo("LogGroup");
            assertThat(kept().path("graph").path("nodes")).hasSize(1);
            assertThat(kept().path("events").path("items")).isNotEmpty();

            for (int i = 0; i < 10; i++) {
                world.clock.advance(Duration.ofMinutes(2));
                world.pass();
                keeper.passed(world.reconciler());
            }

            assertThat(writes()).isEqualTo(1);
            world.desire(GROUP.formatted(3)).converged();
            keeper.passed(world.reconciler());
            assertThat(writes()).isEqualTo(2);
            assertThat(kept().path("resources")
                            .path("items")
                            .path(0)
                            .path("spec")
                            .path("retentionInDays")
                            .asInt())
                    .isEqualTo(3);
        }
    }

    /** A NAT gateway takes minutes, and light passes observe the stack every few seconds. */
    @Test
    void writesAtMostOnceAMinuteWhileTheStackIsBusy() {
        try (World world = new World().desire(GATEWAY)) {
            ViewKeeper keeper = keeper(world);
            for (int second = 0; second < 75; second++) {
                world.run(Duration.ofSeconds(1));
                keeper.passed(world.reconciler());
            }

            assertThat(world.view().converged()).isFalse();
            assertThat(writes()).isBetween(1, 2);
        }
    }

    @Test
    void writesNothingForAStackThatAnotherProcessHolds() {
        try (World world = new World().desire(GROUP.formatted(7)).converged()) {
            new ViewKeeper(views, "", stack -> false, world.clock).passed(world.reconciler());

            assertThat(writes()).isZero();
        }
    }

    @Test
    void goesOnAfterAnotherProcessHasWritten() throws IOException {
        try (World world = new World().desire(GROUP.formatted(7)).converged()) {
            ViewKeeper first = keeper(world);
            first.passed(world.reconciler());
            long events = kept().path("events").path("items").size();
            world.restart().converged();
            ViewKeeper second = keeper(world);
            second.passed(world.reconciler());
            assertThat(kept().path("events").path("items").size())
                    .as("what the former process told is kept")
                    .isGreaterThanOrEqualTo((int) events);
            int before = writes();

            world.desire(GROUP.formatted(3)).converged();
            first.passed(world.reconciler());
            assertThat(writes()).isEqualTo(before);
            first.passed(world.reconciler());

            assertThat(writes()).isEqualTo(before + 1);
        }
    }

    @Test
    void anObjectThatIsTooLargeForAViewIsReplaced() throws IOException {
        views.put(KEY, new byte[ObjectStore.LARGEST + 1]);
        try (World world = new World().desire(GROUP.formatted(7)).converged()) {
            ViewKeeper keeper = keeper(world);
            keeper.passed(world.reconciler());

            assertThat(kept().path("stack").path("status").asText()).isEqualTo("Synced");
            assertThat(world.reconciler().events().after(0))
                    .noneMatch(e -> e.reason().equals("ViewNotKept"));
            int written = writes();
            world.pass();
            keeper.passed(world.reconciler());
            assertThat(writes()).isEqualTo(written);
        }
    }

    /** A process that has lost the stack must not delete what the new holder wrote. */
    @Test
    void anObjectThatIsTooLargeStaysWhileAnotherProcessHoldsTheStack() {
        views.put(KEY, new byte[ObjectStore.LARGEST + 1]);
        try (World world = new World().desire(GROUP.formatted(7)).converged()) {
            new ViewKeeper(views, "", stack -> false, world.clock).passed(world.reconciler());

            assertThat(views.writes()).isEqualTo(1);
        }
    }

    @Test
    void tellsOnceThatAViewCannotBeKept() {
        MemoryStore store = new MemoryStore();
        store.refuse("", () -> new UncheckedIOException(new IOException("the disk is full")));
        try (World world = new World().desire(GROUP.formatted(7)).converged()) {
            ViewKeeper keeper = new ViewKeeper(store, "", stack -> true, world.clock);

            keeper.passed(world.reconciler());
            keeper.passed(world.reconciler());

            assertThat(world.reconciler().events().after(0).stream()
                            .filter(e -> e.reason().equals("ViewNotKept")))
                    .singleElement()
                    .extracting(Event::message)
                    .asString()
                    .contains("the disk is full");
            store.refuseNothing();
            keeper.passed(world.reconciler());
            assertThat(store.get(KEY)).isNotNull();
        }
    }

    @Test
    void neverHoldsASecret() {
        String word = "hunter2-hunter2-hunter2";
        try (World world = new World().desire("""
            [{'apiVersion':'holdfast.dev/v1','kind':'Secret','metadata':{'name':'db'},
              'spec':{'name':'db','secretString':'%s'}}]
            """.formatted(word))) {
            world.pass();
            ViewKeeper keeper = keeper(world);
            keeper.passed(world.reconciler());
            world.converged();
            keeper.passed(world.reconciler());

            assertThat(new String(Objects.requireNonNull(views.get(KEY)).content(), UTF_8))
                    .contains("(sensitive)")
                    .doesNotContain(word);
        }
    }

    @Test
    void writesNothingBecauseAFactMovesWithTheTime() throws IOException {
        try (World world = new World().desire(Databases.postgres("")).converged()) {
            ViewKeeper keeper = keeper(world);
            keeper.passed(world.reconciler());
            String until = backups();
            assertThat(until).isNotEmpty();
            for (int i = 0; i < 3; i++) {
                world.clock.advance(Duration.ofMinutes(10));
                world.pass();
                keeper.passed(world.reconciler());
            }

            assertThat(world.view().resources().values())
                    .anySatisfy(r -> assertThat(r.facts().getOrDefault("Backups until", until))
                            .isNotEqualTo(until));
            assertThat(writes()).isEqualTo(1);
        }
    }

    private String backups() throws IOException {
        for (JsonNode resource : kept().path("resources").path("items")) {
            JsonNode until = resource.path("status").path("facts").path("Backups until");
            if (until.isTextual()) {
                return until.textValue();
            }
        }
        return "";
    }
}
