package dev.holdfast.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.DriftItem;
import dev.holdfast.engine.OpenedPort;
import dev.holdfast.engine.World;
import dev.holdfast.model.ChangeAuthor;
import dev.holdfast.twin.LoggedRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** The path from a person's call to the drift item that names this person; the interval is a day. */
class ChangeEventsTest {
    private static final String NETWORK = """
            [{'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16'}},
             {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'web'},'spec':{'vpcId':'${Vpc/main}','description':'web',
                'ingress':[{'protocol':'tcp','fromPort':443,'toPort':443,'cidrIpv4':'10.0.0.0/8'}]}},
             {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'other'},'spec':{'vpcId':'${Vpc/main}','description':'other','ingress':[]}}]
            """;

    private static EventsWorld converged() {
        EventsWorld all = new EventsWorld();
        all.world.desire(NETWORK, "'interval':'PT24H',").converged();
        // The first deployment and its events end here.
        all.run(Duration.ofMinutes(2));
        return all;
    }

    private static void openPort(EventsWorld all, String person) {
        String id =
                Objects.requireNonNull(all.world.resource("SecurityGroup/web").physicalId());
        OpenedPort.toInternet(all.person(Ec2Client.class, person), id, 22);
    }

    @Test
    @DisplayName("An opened port is closed because of its event, and the drift item names the person")
    void namesThePersonWhoOpenedAPort() {
        try (EventsWorld all = converged()) {
            List<LoggedRequest> before = all.twin().log().requests();
            openPort(all, "alice");
            Duration took = all.runUntil(() -> all.isRepaired("SecurityGroup/web"), Duration.ofMinutes(5));
            // EventBridge takes 5 s here, and the debounce 2 s.
            assertThat(took).isLessThanOrEqualTo(Duration.ofSeconds(9));
            DriftItem item = Objects.requireNonNull(all.item("SecurityGroup/web"));
            ChangeAuthor by = Objects.requireNonNull(item.by());
            assertThat(by.who()).isEqualTo("alice");
            assertThat(by.event()).isEqualTo("ec2:AuthorizeSecurityGroupIngress");
            assertThat(by.from()).isEqualTo("127.0.0.1");
            assertThat(all.world.events)
                    .anyMatch(e ->
                            e.reason().equals("DriftDetected") && e.message().contains("by alice"));
            List<String> sent = all.twin().log().requests().stream()
                    .filter(r -> r.sequence() > before.getLast().sequence()
                            && r.caller().equals(all.world.caller()))
                    .map(LoggedRequest::operation)
                    .toList();
            assertThat(sent).hasSizeLessThanOrEqualTo(12).contains("ec2:RevokeSecurityGroupIngress");
            all.run(Duration.ofMinutes(2));
            assertThat(all.world.view().status()).isEqualTo("Synced");
            assertThat(all.reader().status().inWords()).matches("on, [78] s behind");
        }
    }

    @Test
    @DisplayName("Events of our own calls are no hints, also after a restart")
    void recognisesItsOwnCalls() {
        try (EventsWorld all = converged()) {
            assertThat(all.handedOn).isEmpty();
            assertThat(all.reader().status().counts().ours()).isPositive();
            openPort(all, "alice");
            all.runUntil(() -> all.isRepaired("SecurityGroup/web"), Duration.ofMinutes(5));
            int hints = all.handedOn.size();
            // The event of our repair has not arrived yet.
            all.restart();
            all.run(Duration.ofMinutes(2));
            assertThat(all.handedOn.subList(hints, all.handedOn.size()).stream().flatMap(List::stream))
                    .allMatch(hint -> hint.by() == null);
            assertThat(all.world.view().drift())
                    .allMatch(item -> item.by() == null || item.by().who().equals("alice"));
        }
    }

    @Test
    @DisplayName(
            "Tags that a tool changes on more resources than are asked for one by one are healed, though their index lags")
    void healsTheTagsOfMany() {
        List<String> names = IntStream.range(0, 25).mapToObj(n -> "app-" + n).toList();
        String groups = names.stream()
                .map(name -> "{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'" + name
                        + "'},'spec':{'logGroupName':'/" + name + "','tags':{'Team':'one'}}}")
                .collect(Collectors.joining(",", "[", "]"));
        try (EventsWorld all = new EventsWorld()) {
            all.world.desire(groups, "'interval':'PT24H',").converged();
            all.run(Duration.ofMinutes(2));
            CloudWatchLogsClient tool = all.person(CloudWatchLogsClient.class, "alice");
            names.forEach(name -> tool.tagResource(
                    r -> r.resourceArn("arn:aws:logs:" + World.REGION + ":" + World.ACCOUNT + ":log-group:/" + name)
                            .tags(Map.of("Team", "two"))));
            all.runUntil(
                    () -> names.stream().allMatch(name -> all.isRepaired("LogGroup/" + name)), Duration.ofMinutes(5));
            assertThat(names)
                    .allSatisfy(name -> assertThat(Objects.requireNonNull(all.item("LogGroup/" + name))
                                    .by())
                            .isNotNull());
        }
    }

    @Test
    @DisplayName(
            "The author of a deletion is named when the event arrives, even if the resource was created again with another id")
    void namesWhoDeletedThoughTheEventIsLate() {
        try (EventsWorld all = converged()) {
            all.twin().settings().events().late(Duration.ofMinutes(3));
            String id = Objects.requireNonNull(
                    all.world.resource("SecurityGroup/web").physicalId());
            all.person(Ec2Client.class, "alice").deleteSecurityGroup(r -> r.groupId(id));
            all.world.reconciler().requestFull();
            all.run(Duration.ofMinutes(2));
            assertThat(all.isRepaired("SecurityGroup/web")).isTrue();
            assertThat(all.world.resource("SecurityGroup/web").physicalId()).isNotEqualTo(id);
            all.run(Duration.ofMinutes(2));
            DriftItem item = Objects.requireNonNull(all.item("SecurityGroup/web"));
            assertThat(Objects.requireNonNull(item.by()).event()).isEqualTo("ec2:DeleteSecurityGroup");
        }
    }
}
