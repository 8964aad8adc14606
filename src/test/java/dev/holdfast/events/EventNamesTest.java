package dev.holdfast.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.SkinClub;
import dev.holdfast.engine.StackView;
import dev.holdfast.events.EventParser.ParsedMessage;
import dev.holdfast.events.ResourceIndex.IndexedResource;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.ResourceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

/** The records of the calls that create the first user's infrastructure lead to each of its resources. */
class EventNamesTest {
    @Test
    @DisplayName("Each resource of the first user is found by the events of the calls that made it, and few others are")
    void everyResourceIsNamedByItsEvents() {
        try (EventsWorld all = new EventsWorld()) {
            SkinClub.prod(all.world).unlimited().converged();
            all.world.clock.advance(Duration.ofMinutes(1));
            List<ChangeEvent> events = events(all);
            assertThat(events).hasSizeGreaterThan(150);
            StackView view = all.world.view();
            ResourceIndex index = new ResourceIndex(List.of(KnownStack.of(view)), TestKinds.all());
            EventTable table = new EventTable(TestKinds.all());
            Map<ResourceId, Set<String>> named = new HashMap<>();
            Set<String> unknown = new TreeSet<>();
            long meant = 0;
            for (ChangeEvent event : events) {
                Set<String> kinds = table.changedBy(event.call());
                // AWS's services also record their own work, such as the end of a rotation.
                if (kinds.isEmpty() && event.ofHoldfast()) {
                    unknown.add(event.call());
                }
                Set<IndexedResource> found = index.named(event.account(), event.texts()).stream()
                        .filter(one -> kinds.contains(one.id().kind()))
                        .collect(Collectors.toSet());
                meant += found.size();
                found.forEach(one ->
                        named.computeIfAbsent(one.id(), id -> new HashSet<>()).add(event.call()));
            }
            assertThat(unknown).as("calls of ours that the table does not have").isEmpty();
            Set<ResourceId> without = new TreeSet<>(view.resources().keySet());
            without.removeAll(named.keySet());
            assertThat(without).as("resources that no event names").isEmpty();
            // Each unnecessary hint causes an unnecessary read.
            assertThat(meant).isLessThan(events.size() * 3L / 2);
        }
    }

    private static List<ChangeEvent> events(EventsWorld all) {
        EventParser parser = new EventParser(new AuthorReader(true));
        List<ChangeEvent> events = new ArrayList<>();
        for (List<Message> some = receive(all); !some.isEmpty(); some = receive(all)) {
            for (Message message : some) {
                ParsedMessage parsed = parser.read(message.body());
                assertThat(parsed).isNotInstanceOf(ParsedMessage.UnreadableMessage.class);
                if (parsed instanceof ParsedMessage.Changed(ChangeEvent event)) {
                    events.add(event);
                }
                all.sqs.deleteMessage(r -> r.queueUrl(all.url).receiptHandle(message.receiptHandle()));
            }
        }
        return events;
    }

    private static List<Message> receive(EventsWorld all) {
        return all.sqs
                .receiveMessage(r -> r.queueUrl(all.url).maxNumberOfMessages(10))
                .messages();
    }
}
