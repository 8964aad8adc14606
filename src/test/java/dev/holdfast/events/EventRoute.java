package dev.holdfast.events;

import dev.holdfast.engine.World;
import dev.holdfast.twin.OverHttp;
import dev.holdfast.twin.TwinServer;
import java.util.Map;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A trail that is logging, and rules that send its records to a queue. */
public final class EventRoute {
    static final String QUEUE_ARN = "arn:aws:sqs:" + World.REGION + ":" + World.ACCOUNT + ":changes";
    private static final String FORWARDER = "arn:aws:iam::" + World.ACCOUNT + ":role/forwarder";
    private static final String PATTERN = """
            {"source":[{"prefix":"aws."}]}""";

    private final TwinServer twin;
    public final SqsClient sqs;
    public final String url;

    public EventRoute(TwinServer twin) {
        this.twin = twin;
        twin.settings().events().trail(true);
        sqs = client(SqsClient.class, World.ACCOUNT);
        url = sqs.createQueue(r ->
                        r.queueName("changes").attributes(Map.of(QueueAttributeName.POLICY, """
                        {"Statement":[{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},
                        "Action":"sqs:SendMessage","Resource":"%s"}]}""".formatted(QUEUE_ARN))))
                .queueUrl();
        rule(World.REGION, QUEUE_ARN);
        rule("us-east-1", "arn:aws:events:" + World.REGION + ":" + World.ACCOUNT + ":event-bus/default");
    }

    private void rule(String region, String target) {
        EventBridgeClient bridge = twin.account(World.ACCOUNT).service(region, EventBridgeClient.class);
        bridge.putRule(r -> r.name("changes").eventPattern(PATTERN));
        bridge.putTargets(r -> r.rule("changes")
                .targets(t -> t.id("next").arn(target).roleArn(target.contains(":event-bus/") ? FORWARDER : null)));
    }

    /** The source of events for a reader of the queue. */
    public ChangeEvents.EventOrigin origin() {
        return new ChangeEvents.EventOrigin(sqs, url, client(CloudTrailClient.class, World.ACCOUNT));
    }

    /** A client of a person, over HTTP. */
    public <C extends SdkClient> C person(Class<C> api, String name) {
        return client(api, name + "-" + World.ACCOUNT);
    }

    private <C extends SdkClient> C client(Class<C> api, String accessKey) {
        return OverHttp.client(api, twin.endpoint(), accessKey);
    }
}
