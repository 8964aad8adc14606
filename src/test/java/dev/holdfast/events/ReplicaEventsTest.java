package dev.holdfast.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.ChangeHint;
import dev.holdfast.model.ResourceId;
import dev.holdfast.state.RequestInbox;
import dev.holdfast.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** An event that another replica has read reaches the replica that holds the stack. */
class ReplicaEventsTest {
    private static final ResourceId WEB = ResourceId.parse("SecurityGroup/web");

    @Test
    @DisplayName("A hint in the state is taken by the holder, with its author, and taken away")
    void theHolderTakesHintsFromTheState() {
        try (EventsWorld all = new EventsWorld()) {
            all.world.desire(EventsWorld.GROUP, "'interval':'PT24H',").converged();
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
        ResourceIndex index = new ResourceIndex(List.of(known), TestKinds.all());
        assertThat(index.named("123456789012", Set.of("sg-1")))
                .containsExactly(new ResourceIndex.IndexedResource("prod", WEB));
        assertThat(index.named("123456789012", Set.of("prod-web"))).hasSize(1);
        assertThat(index.named("210987654321", Set.of("sg-1"))).isEmpty();
        assertThat(KnownStack.of("prod", new ObjectMapper().readTree("{\"resources\":{\"items\":[{}]}}")))
                .isNull();
    }

    @Test
    @DisplayName(
            "A route table is known by the ids of its associations, and a record set however a caller writes its name")
    void knowsWhatCallersWriteInOtherWays() throws IOException {
        KnownStack known = Objects.requireNonNull(KnownStack.of("prod", new ObjectMapper().readTree("""
                {"at":"2026-01-01T00:00:00Z","stack":{"name":"prod","account":"123456789012"},
                 "resources":{"items":[
                  {"kind":"RouteTable","metadata":{"name":"a"},"status":{"physicalId":"rtb-1",
                   "outputs":{"id":"rtb-1","associationIds":{"subnet-1":"rtbassoc-1","subnet-2":"rtbassoc-2"}}}},
                  {"kind":"RecordSet","metadata":{"name":"all"},"status":{"physicalId":"Z1/*.example.com./A"}},
                  {"kind":"RecordSet","metadata":{"name":"www"},"status":{"physicalId":"Z1/www.example.com./A"}}]}}
                """)));
        ResourceIndex index = new ResourceIndex(List.of(known), TestKinds.all());
        assertThat(index.named("123456789012", Set.of("rtbassoc-2")))
                .containsExactly(new ResourceIndex.IndexedResource("prod", ResourceId.parse("RouteTable/a")));
        for (String name : List.of("*.example.com.", "*.Example.com", "\\052.example.com.")) {
            Set<String> texts = new HashSet<>();
            List.of("/hostedzone/Z1", name, "A").forEach(text -> ResourceNames.parts(text, texts));
            assertThat(index.named("123456789012", texts))
                    .as(name)
                    .containsExactly(new ResourceIndex.IndexedResource("prod", ResourceId.parse("RecordSet/all")));
        }
    }

    @Test
    @DisplayName("An event that names a part is about all groups, and one that names somebody else's group about none")
    void tellsAPartFromSomebodyElses() throws IOException {
        KnownStack known = Objects.requireNonNull(KnownStack.of("prod", new ObjectMapper().readTree("""
                {"at":"2026-01-01T00:00:00Z","stack":{"name":"prod","account":"123456789012"},
                 "resources":{"items":[
                  {"kind":"RouteTable","metadata":{"name":"a"},"status":{"physicalId":"rtb-0123456789abcdef0"}},
                  {"kind":"Alarm","metadata":{"name":"b"},"status":{"physicalId":"prod-b"}}]}}
                """)));
        ResourceIndex index = new ResourceIndex(List.of(known), TestKinds.all());
        Set<String> kinds = Set.of("RouteTable", "Alarm");
        assertThat(index.unnamed("123456789012", kinds, Set.of("rtbassoc-0123456789abcdef0")))
                .containsExactly(new ResourceIndex.IndexedResource("prod", ResourceId.parse("RouteTable/a")));
        assertThat(index.unnamed("123456789012", kinds, Set.of("rtb-0fedcba9876543210")))
                .isEmpty();
        assertThat(index.unnamed("210987654321", kinds, Set.of())).isEmpty();
    }

    @Test
    @DisplayName("A giant object instead of the own calls stops no event, and the next write of own calls replaces it")
    void readsEventsWithoutTheOwnCalls() {
        try (EventsWorld all = new EventsWorld()) {
            all.world.store.put(OwnCallStore.KEY, new byte[ObjectStore.LARGEST + 1]);
            all.world.desire(EventsWorld.GROUP, "'interval':'PT24H',").converged();
            all.run(Duration.ofMinutes(1));
            String id = Objects.requireNonNull(
                    all.world.resource("SecurityGroup/web").physicalId());
            String call = EventParserTest.message("{'type':'IAMUser','userName':'ann'}", "")
                    .replace("sg-1", id)
                    .replace("2026-11-30T10:00:00Z", all.world.clock.instant().toString());
            all.sqs.sendMessage(r -> r.queueUrl(all.url).messageBody(call));

            all.run(Duration.ofSeconds(20));

            assertThat(all.handedOn.stream().flatMap(List::stream)).hasSize(1);
            assertThat(all.world.store.get(OwnCallStore.KEY).content()).isNotEmpty();
        }
    }

    @Test
    @DisplayName(
            "The events of another replica's calls are no hints, and one that only calls itself Holdfast is named later")
    void waitsForTheProofOfItsOwnName() {
        try (EventsWorld all = new EventsWorld()) {
            all.world.desire(EventsWorld.GROUP, "'interval':'PT24H',").converged();
            all.run(Duration.ofMinutes(1));
            String id = Objects.requireNonNull(
                    all.world.resource("SecurityGroup/web").physicalId());
            String call = EventParserTest.message("{'type':'IAMUser','userName':'mallory'}", "")
                    .replace("sg-1", id)
                    .replace("2026-11-30T10:00:00Z", all.world.clock.instant().toString())
                    .replace("aws-cli/2.15.0", "aws-sdk-java/2.57.8 app/holdfast");
            all.sqs.sendMessage(r -> r.queueUrl(all.url).messageBody(call.replace("r-1", "theirs")));
            all.sqs.sendMessage(r -> r.queueUrl(all.url).messageBody(call.replace("e-1", "e-2")));
            all.run(Duration.ofSeconds(10));
            assertThat(all.handedOn).isEmpty();
            // The other replica stores the request ids of its calls.
            all.world.store.put(
                    OwnCallStore.KEY,
                    "{\"theirs\":\"%s\"}".formatted(all.world.clock.instant()).getBytes(StandardCharsets.UTF_8));
            all.run(Duration.ofSeconds(20));
            assertThat(all.handedOn.stream().flatMap(List::stream))
                    .singleElement()
                    .satisfies(
                            hint -> assertThat(Objects.requireNonNull(hint.by()).eventId())
                                    .isEqualTo("e-2"));
        }
    }
}
