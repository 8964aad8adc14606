package dev.holdfast.app;

import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.TwinServer;
import dev.holdfast.twin.store.Delay;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Creates in the twin the queue and the rules that deploy/holdfast.yaml and deploy/events-us-east-1.yaml create in a
 * real account.
 */
final class DemoEvents {
    static final String PATTERN = """
            {"detail-type": ["AWS API Call via CloudTrail", "AWS Service Event via CloudTrail",
                "AWS Console Action via CloudTrail", "ECS Deployment State Change", "ECS Service Action",
                "ECS Task State Change", "ECR Image Action", "RDS DB Instance Event", "RDS DB Cluster Event",
                "RDS DB Parameter Group Event", "Cache Created", "Cache Creation Failed", "Cache Updated",
                "Cache Update Failed", "Cache Deleted", "Cache Limit Approaching", "AWS Health Event"]}""";

    private static final String NAME = "holdfast-events";
    /** About the delay of EventBridge in AWS. */
    private static final Duration DELAY = Duration.ofSeconds(2);

    private static final String GLOBAL = "us-east-1";

    private DemoEvents() {}

    /** @return the settings of a daemon that reads the queue */
    static ChangeEventSettings start(TwinServer twin, String account, String region) {
        twin.settings().events().trail(true);
        twin.settings().delay(Delay.EVENT, DELAY);
        TwinAccount aws = twin.account(account);
        String url = aws.service(region, SqsClient.class)
                .createQueue(r -> r.queueName(NAME))
                .queueUrl();
        String arn = "arn:aws:sqs:" + region + ":" + account + ":" + NAME;
        aws.service(region, SqsClient.class)
                .setQueueAttributes(
                        r -> r.queueUrl(url).attributes(Map.of(QueueAttributeName.POLICY, """
                        {"Statement": [{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"},
                          "Action": "sqs:SendMessage", "Resource": "%s"}]}""".formatted(arn))));
        rule(aws, region, arn, null);
        if (!region.equals(GLOBAL)) {
            rule(
                    aws,
                    GLOBAL,
                    "arn:aws:events:" + region + ":" + account + ":event-bus/default",
                    "arn:aws:iam::" + account + ":role/holdfast-events");
        }
        return new ChangeEventSettings(twin.endpoint() + "/" + account + "/" + NAME, true);
    }

    private static void rule(TwinAccount aws, String region, String target, @Nullable String role) {
        EventBridgeClient events = aws.service(region, EventBridgeClient.class);
        events.putRule(r -> r.name(NAME).eventPattern(PATTERN));
        events.putTargets(r -> r.rule(NAME)
                .targets(Target.builder()
                        .id("holdfast")
                        .arn(target)
                        .roleArn(role)
                        .build()));
    }
}
