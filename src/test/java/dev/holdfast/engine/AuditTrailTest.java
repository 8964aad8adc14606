package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.ResourceId;
import dev.holdfast.state.AuditTrail.AuditEntry;
import dev.holdfast.state.RequestAnswer;
import dev.holdfast.state.RequestedAct;
import dev.holdfast.state.UserRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The audit trail keeps every request: the user, the time, the request and its result. */
class AuditTrailTest {
    private static UserRequest ask(World world, String id, String by, RequestedAct act) {
        UserRequest request = new UserRequest(id, world.clock.instant(), by, act, null, null);
        world.inbox().add(request);
        world.reconciler().lookForRequests();
        world.run(Duration.ofSeconds(10));
        world.reconciler().lookForRequests();
        return request;
    }

    @Test
    void actsAndRefusalsAreKeptInTheirOrderAndNeverChanged() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarm("a", 1))).converged();
            UserRequest pause = ask(
                    world,
                    "1",
                    "ann",
                    new RequestedAct.PauseUntil(null, world.clock.instant().plus(Duration.ofHours(1)), "night"));
            ask(world, "../../HEAD", "bob", new RequestedAct.Approve(List.of("0123456789abcdef")));
            ask(world, "3", "ann", new RequestedAct.Resume(null));

            List<AuditEntry> all = world.inbox().trail().after("", 10);

            assertThat(all).extracting(AuditEntry::by).containsExactly("ann", "bob", "ann");
            assertThat(all).extracting(AuditEntry::carriedOut).containsExactly(true, false, true);
            assertThat(all.getFirst().act()).isEqualTo(pause.act());
            assertThat(all.getFirst().at()).isEqualTo(pause.at());
            assertThat(all.get(1).message()).contains("0123456789abcdef");
            assertThat(world.inbox().trail().after(all.getFirst().entry(), 1)).containsExactly(all.get(1));
            assertThat(world.state().list("")).allMatch(key -> !key.contains("..") && !key.contains("HEAD"));
            assertThat(world.state().list("stacks/" + world.stack() + "/audit/"))
                    .hasSize(3);
            world.restart();
            ask(world, "4", "cid", new RequestedAct.Retry(ResourceId.parse("Alarm/none")));
            assertThat(world.inbox().trail().after("", 10)).hasSize(4).startsWith(all.toArray(AuditEntry[]::new));
        }
    }

    /** A process that was killed in between answers again; the entry contains the first answer. */
    @Test
    void anAnswerThatIsGivenTwiceIsOneEntry() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarm("a", 1))).converged();
            ask(world, "1", "ann", new RequestedAct.Reconcile());
            List<AuditEntry> before = world.inbox().trail().after("", 10);
            UserRequest again =
                    new UserRequest("1", world.clock.instant(), "mallory", new RequestedAct.Resume(null), null, null);
            world.inbox().add(again);

            world.inbox()
                    .answer(Map.of("1", new RequestAnswer("1", before.getFirst().answeredAt(), false, "another")));

            assertThat(world.inbox().trail().after("", 10)).isEqualTo(before);
        }
    }
}
