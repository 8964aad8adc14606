package dev.holdfast.twin.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.OverHttp;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.InvalidEventPatternException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.services.eventbridge.model.Rule;
import software.amazon.awssdk.services.eventbridge.model.RuleState;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class TwinEventBridgeTest {
    private static final String ARN = "arn:aws:sqs:eu-west-2:123456789012:q";
    private static final String RULE_ARN = "arn:aws:events:eu-west-2:123456789012:rule/r";

    private TwinServer twin;
    private EventBridgeClient events;
    private SqsClient sqs;
    private String url;

    @BeforeEach
    void start() throws IOException {
        twin = TwinServer.start(
                TwinOptions.defaults().withClock(new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"))));
        events = OverHttp.client(EventBridgeClient.class, twin.endpoint(), "123456789012");
        sqs = OverHttp.client(SqsClient.class, twin.endpoint(), "123456789012");
        url = sqs.createQueue(r -> r.queueName("q")).queueUrl();
        admit(RULE_ARN);
    }

    @AfterEach
    void stop() {
        twin.close();
    }

    private void admit(String ruleArn) {
        String policy = """
                {"Statement":{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sqs:SendMessage",
                "Resource":"%s","Condition":{"ArnEquals":{"aws:SourceArn":"%s"}}}}""".formatted(ARN, ruleArn);
        sqs.setQueueAttributes(r -> r.queueUrl(url).attributes(Map.of(QueueAttributeName.POLICY, policy)));
    }

    private void rule(String pattern) {
        events.putRule(r -> r.name("r").eventPattern(pattern));
        events.putTargets(r -> r.rule("r").targets(t -> t.id("1").arn(ARN)));
    }

    private PutEventsResponse put(String detail) {
        return events.putEvents(
                r -> r.entries(e -> e.source("shop").detailType("Order").detail(detail)));
    }

    private List<String> received() {
        return sqs.receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(10)).messages().stream()
                .map(Message::body)
                .toList();
    }

    @Test
    void anEventReachesTheQueueOfARuleThatMatchesIt() {
        rule("{\"source\":[\"shop\"],\"detail\":{\"state\":[{\"prefix\":\"pa\"}]}}");

        put("{\"state\":\"open\"}");
        put("{\"state\":\"paid\"}");

        List<String> bodies = received();
        assertThat(bodies).hasSize(1);
        assertThat(bodies.getFirst())
                .contains("\"detail-type\":\"Order\"", "\"account\":\"123456789012\"", "{\"state\":\"paid\"}");
    }

    @Test
    void aQueueThatDoesNotAdmitTheRuleGetsNothing() {
        rule("{\"source\":[\"shop\"]}");
        admit(RULE_ARN + "2");
        put("{}");
        assertThat(received()).isEmpty();

        admit("arn:aws:events:*:123456789012:rule/*");
        put("{}");

        assertThat(received()).hasSize(1);
    }

    @Test
    void aRuleIsDisabledAndEnabledAndDeletedWithoutTargets() {
        rule("{\"source\":[\"shop\"]}");
        events.disableRule(r -> r.name("r"));
        put("{}");
        assertThat(received()).isEmpty();
        assertThat(events.describeRule(r -> r.name("r")).state()).isEqualTo(RuleState.DISABLED);
        events.enableRule(r -> r.name("r"));
        put("{}");
        assertThat(received()).hasSize(1);

        assertThatExceptionOfType(EventBridgeException.class).isThrownBy(() -> events.deleteRule(r -> r.name("r")));
        assertThat(events.listTargetsByRule(r -> r.rule("r")).targets()).hasSize(1);
        events.removeTargets(r -> r.rule("r").ids("1"));
        assertThat(events.listRules(r -> r.namePrefix("r")).rules())
                .extracting(Rule::arn)
                .containsExactly(RULE_ARN);
        events.deleteRule(r -> r.name("r"));

        assertThat(events.listRules(r -> {}).rules()).isEmpty();
        assertThatExceptionOfType(ResourceNotFoundException.class)
                .isThrownBy(() -> events.describeRule(r -> r.name("r")));
    }

    @Test
    void ownEventsHaveASourceThatIsNotAws() {
        PutEventsResponse answer = events.putEvents(r -> r.entries(
                e -> e.source("aws.ec2").detailType("x").detail("{}"),
                e -> e.source("shop").detailType("x").detail("no JSON"),
                e -> e.source("shop").detailType("x").detail("{}")));

        assertThat(answer.failedEntryCount()).isEqualTo(2);
        assertThat(answer.entries().get(1).errorCode()).isEqualTo("MalformedDetail");
        assertThat(answer.entries().get(2).eventId()).isNotEmpty();
    }

    @Test
    void refusesPatternsThatEventBridgeRefuses() {
        for (String pattern :
                List.of("no JSON", "[]", "{}", "{\"a\":\"b\"}", "{\"a\":[]}", "{\"a\":[{\"like\":\"b\"}]}")) {
            assertThatExceptionOfType(InvalidEventPatternException.class)
                    .isThrownBy(() -> events.putRule(r -> r.name("r").eventPattern(pattern)));
        }
    }
}
