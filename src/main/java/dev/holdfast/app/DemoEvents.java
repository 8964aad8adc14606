package dev.holdfast.app;

import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.TwinServer;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The queue and the rules that deploy/events.yaml makes in a real account, made in the twin. */
final class DemoEvents {
    static final String PATTERN = """
            {"detail-type": ["AWS API Call via CloudTrail", "AWS Service Event via CloudTrail",
                "AWS Console Action via CloudTrail", "ECS Deployment State Change", "ECS Task State Change",
                "ECR Image Action", "RDS DB Instance Event", "RDS DB Cluster Event", "AWS Health Event"]}""";

    private static final String GLOBAL = "us-east-1";

    private DemoEvents() {}

    /** @return the settings of a daemon that reads the queue */
    static ChangeEventSettings start(TwinServer twin, String account, String region) {
        TwinAccount aws = twin.account(account);
        String url = aws.service(region, SqsClient.class)
                .createQueue(r -> r.queueName("holdfast-events"))
                .queueUrl();
        String arn = aws.service(region, SqsClient.class)
                .getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
        rule(aws, region, arn);
        if (!region.equals(GLOBAL)) {
            rule(aws, GLOBAL, "arn:aws:events:" + region + ":" + account + ":event-bus/default");
        }
        return new ChangeEventSettings(twin.endpoint() + "/" + account + "/holdfast-events", true);
    }

    private static void rule(TwinAccount aws, String region, String target) {
        EventBridgeClient events = aws.service(region, EventBridgeClient.class);
        events.putRule(r -> r.name("holdfast-events").eventPattern(PATTERN));
        events.putTargets(r -> r.rule("holdfast-events")
                .targets(Target.builder().id("holdfast").arn(target).build()));
    }
}
