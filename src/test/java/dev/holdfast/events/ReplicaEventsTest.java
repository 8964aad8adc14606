package dev.holdfast.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.model.ChangeHint;
import dev.holdfast.model.ResourceId;
import dev.holdfast.state.RequestInbox;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** An event that another replica has read reaches the replica that holds the stack. */
class ReplicaEventsTest {
    private static final String GROUP = """
            [{'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16'}},
             {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'web'},'spec':{'vpcId':'${Vpc/main}',
                'description':'web','ingress':[]}}]
            """;
    private static final ResourceId WEB = ResourceId.parse("SecurityGroup/web");

    @Test
    @DisplayName("A hint in the state is taken by the holder, with its author, and taken away")
    void theHolderTakesHintsFromTheState() {
        try (EventsWorld all = new EventsWorld()) {
            all.world.desire(GROUP, "'interval':'PT24H',").converged();
            all.run(Duration.ofMinutes(1));
            long before = all.twin().log().requests().getLast().sequence();
            RequestInbox inbox = new RequestInbox(all.world.state(), all.world.stack());
            inbox.addHints(List.of(new ChangeHint(WEB, null), new ChangeHint(WEB, null)));
            all.world.reconciler().lookForRequests();
            all.run(Duration.ofSeconds(10));
            assertThat(inbox.read().hints()).isEmpty();
            assertThat(all.twin().log().requests())
                    .anyMatch(r -> r.sequence() > before && r.operation().equals("ec2:DescribeSecurityGroups"));
        }
    }

    @Test
    @DisplayName("The resources of a stack that another replica holds are known by its last view in the state")
    void knowsTheResourcesOfAnotherReplica() throws IOException {
        KnownStack known = Objects.requireNonNull(KnownStack.of("prod", new ObjectMapper().readTree("""
                {"at":"2026-01-01T00:00:00Z","stack":{"name":"prod","account":"123456789012"},
                 "resources":{"items":[{"kind":"SecurityGroup","metadata":{"name":"web","stack":"prod"},"spec":{"vpcId":"vpc-1"},
                   "status":{"physicalId":"sg-1","outputs":{"id":"sg-1","groupName":"prod-web"}}}]}}
                """)));
        ResourceIndex index = new ResourceIndex(List.of(known), dev.holdfast.kind.TestKinds.all());
        assertThat(index.named("123456789012", Set.of("sg-1")))
                .containsExactly(new ResourceIndex.IndexedResource("prod", WEB));
        assertThat(index.named("123456789012", Set.of("prod-web"))).hasSize(1);
        assertThat(index.named("210987654321", Set.of("sg-1"))).isEmpty();
        assertThat(KnownStack.of("prod", new ObjectMapper().readTree("{\"resources\":{\"items\":[{}]}}")))
                .isNull();
    }
}
