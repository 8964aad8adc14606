package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A client reads on from the id of the last event that it has received. */
class EventLogTest {

    @Test
    void noIdIsGivenAgainThatAKilledProcessDidNotRecord() {
        try (World world = new World().desire(Docs.of(Docs.vpc(""))).converged()) {
            EventLog before = world.reconciler().events();
            for (int i = 0; i < 3; i++) {
                before.add(null, Event.Severity.Info, "Told", "and not recorded");
            }
            long seen = before.last();

            world.restart().converged();

            List<Event> later = world.reconciler().events().after(seen);
            assertThat(later).extracting(Event::reason).contains("RevisionTaken");
            assertThat(later).extracting(Event::id).doesNotHaveDuplicates().allMatch(id -> id > seen);
        }
    }

    @Test
    void theFirstEventOfAStackHasTheIdOne() {
        try (World world = new World().desire(Docs.of(Docs.vpc("")))) {
            world.converged();

            assertThat(world.reconciler().events().after(0))
                    .first()
                    .extracting(Event::id)
                    .isEqualTo(1L);
        }
    }
}
