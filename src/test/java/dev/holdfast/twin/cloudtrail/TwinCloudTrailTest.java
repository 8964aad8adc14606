package dev.holdfast.twin.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.OverHttp;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.TrailNotFoundException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AuthorizeSecurityGroupIngressResponse;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/** Tests the way from a call to the message in a queue, over HTTP with the SDK's own clients. */
class TwinCloudTrailTest {
    private static final String ACCOUNT = "123456789012";
    private static final String QUEUE_ARN = "arn:aws:sqs:eu-west-2:" + ACCOUNT + ":changes";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"));
    private TwinServer twin;
    private SqsClient sqs;
    private String url;

    @BeforeEach
    void start() throws IOException {
        twin = TwinServer.start(TwinOptions.defaults().withClock(clock));
        twin.settings().events().trail(true);
        sqs = client(SqsClient.class, ACCOUNT);
        url = sqs.createQueue(r ->
                        r.queueName("changes").attributes(Map.of(QueueAttributeName.POLICY, """
                                {"Statement":[{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},
                                "Action":"sqs:SendMessage","Resource":"%s"}]}""".formatted(QUEUE_ARN))))
                .queueUrl();
        EventBridgeClient events = client(EventBridgeClient.class, ACCOUNT);
        events.putRule(r -> r.name("changes").eventPattern("{\"detail-type\":[\"AWS API Call via CloudTrail\"]}"));
        events.putTargets(r -> r.rule("changes").targets(t -> t.id("queue").arn(QUEUE_ARN)));
        clock.advance(Duration.ofSeconds(5));
        received();
    }

    @AfterEach
    void stop() {
        twin.close();
    }

    private <C extends SdkClient> C client(Class<C> api, String accessKey) {
        return OverHttp.client(api, twin.endpoint(), accessKey);
    }

    private List<JsonNode> received() throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (List<Message> some = receive(); !some.isEmpty(); some = receive()) {
            for (Message message : some) {
                events.add(JSON.readTree(message.body()));
                sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(message.receiptHandle()));
            }
        }
        return events;
    }

    private List<Message> receive() {
        return sqs.receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(10).waitTimeSeconds(20))
                .messages();
    }

    private List<JsonNode> afterFiveSeconds() throws IOException {
        clock.advance(Duration.ofSeconds(5));
        return received();
    }

    @Test
    void anOpenedPortIsInTheQueueFiveSecondsLaterWithTheNameOfWhoOpenedIt() throws IOException {
        Ec2Client alice = client(Ec2Client.class, "alice-" + ACCOUNT);
        String vpc = alice.createVpc(r -> r.cidrBlock("10.0.0.0/16")).vpc().vpcId();
        String group = alice.createSecurityGroup(
                        r -> r.groupName("web").description("web").vpcId(vpc))
                .groupId();
        afterFiveSeconds();

        AuthorizeSecurityGroupIngressResponse opened = alice.authorizeSecurityGroupIngress(r -> r.groupId(group)
                .ipPermissions(p -> p.ipProtocol("tcp").fromPort(22).toPort(22).ipRanges(x -> x.cidrIp("0.0.0.0/0"))));

        clock.advance(Duration.ofMillis(4999));
        assertThat(received()).isEmpty();
        clock.advance(Duration.ofMillis(1));
        JsonNode event = received().getFirst();
        assertThat(event.path("source").asText()).isEqualTo("aws.ec2");
        assertThat(event.path("detail-type").asText()).isEqualTo("AWS API Call via CloudTrail");
        assertThat(event.path("region").asText()).isEqualTo("eu-west-2");
        JsonNode record = event.path("detail");
        assertThat(record.path("eventName").asText()).isEqualTo("AuthorizeSecurityGroupIngress");
        assertThat(record.at("/userIdentity/type").asText()).isEqualTo("IAMUser");
        assertThat(record.at("/userIdentity/userName").asText()).isEqualTo("alice");
        assertThat(record.path("requestParameters")).isEqualTo(JSON.readTree("""
                        {"groupId":"%s","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":22,"toPort":22,"groups":{},
                        "ipRanges":{"items":[{"cidrIp":"0.0.0.0/0"}]},"ipv6Ranges":{},"prefixListIds":{}}]}}""".formatted(group)));
        assertThat(record.path("requestID").asText())
                .isEqualTo(opened.responseMetadata().requestId());
        assertThat(record.at("/responseElements/securityGroupRuleSet/items/0/securityGroupRuleId")
                        .asText())
                .startsWith("sgr-");
        assertThat(record.path("eventTime").asText()).isEqualTo("2026-01-01T00:00:10Z");
        assertThat(record.path("readOnly").asBoolean(true)).isFalse();
        assertThat(record.path("userAgent").asText()).contains("app/test");
    }

    @Test
    void whatWasRefusedIsRecordedWithItsErrorAndWithoutAResponse() throws IOException {
        Ec2Client alice = client(Ec2Client.class, "alice-" + ACCOUNT);
        twin.faults().add("ec2:DeleteSecurityGroup", new TwinFault.Deny());

        assertThatExceptionOfType(Ec2Exception.class)
                .isThrownBy(() -> alice.deleteSecurityGroup(r -> r.groupId("sg-1")));
        assertThatExceptionOfType(Ec2Exception.class).isThrownBy(() -> alice.deleteVpc(r -> r.vpcId("vpc-1")));

        List<JsonNode> events = afterFiveSeconds();
        assertThat(events)
                .extracting(e -> e.at("/detail/errorCode").asText())
                .containsExactly("Client.UnauthorizedOperation", "Client.InvalidVpcID.NotFound");
        assertThat(events).allMatch(e -> e.at("/detail/responseElements").isNull());
        assertThat(events.getFirst().at("/detail/requestParameters/groupId").asText())
                .isEqualTo("sg-1");
    }

    @Test
    void anAssumedRoleIsNamedWithItsSessionAndItsSource() throws IOException {
        Credentials given = client(StsClient.class, "bob-" + ACCOUNT)
                .assumeRole(r -> r.roleArn("arn:aws:iam::" + ACCOUNT + ":role/teams/Deploy")
                        .roleSessionName("bob@example.com")
                        .sourceIdentity("bob"))
                .credentials();
        SnsClient sns = OverHttp.client(
                SnsClient.class,
                twin.endpoint(),
                AwsSessionCredentials.create(given.accessKeyId(), given.secretAccessKey(), given.sessionToken()),
                "terraform");

        sns.createTopic(r -> r.name("a"));

        JsonNode identity = afterFiveSeconds().getFirst().at("/detail/userIdentity");
        assertThat(identity.path("type").asText()).isEqualTo("AssumedRole");
        assertThat(identity.path("arn").asText())
                .isEqualTo("arn:aws:sts::" + ACCOUNT + ":assumed-role/Deploy/bob@example.com");
        assertThat(identity.at("/sessionContext/sessionIssuer/arn").asText())
                .isEqualTo("arn:aws:iam::" + ACCOUNT + ":role/teams/Deploy");
        assertThat(identity.at("/sessionContext/sourceIdentity").asText()).isEqualTo("bob");
    }

    @Test
    void secretsAndObjectsAreNotRecorded() throws IOException {
        client(SecretsManagerClient.class, ACCOUNT)
                .createSecret(r -> r.name("db").secretString("hunter2"));
        S3Client s3 = client(S3Client.class, ACCOUNT);
        s3.createBucket(r -> r.bucket("assets").createBucketConfiguration(c -> c.locationConstraint("eu-west-2")));
        s3.putObject(r -> r.bucket("assets").key("a"), software.amazon.awssdk.core.sync.RequestBody.fromString("a"));

        List<JsonNode> events = afterFiveSeconds();

        assertThat(events)
                .extracting(e -> e.at("/detail/eventName").asText())
                .containsExactly("CreateSecret", "CreateBucket");
        assertThat(events.toString()).doesNotContain("hunter2");
        assertThat(events.getLast().at("/detail/requestParameters/bucketName").asText())
                .isEqualTo("assets");
    }

    @Test
    void lambdaHasTheDatesOfItsOperations() throws IOException {
        LambdaClient lambda = client(LambdaClient.class, ACCOUNT);
        assertThatExceptionOfType(software.amazon.awssdk.services.lambda.model.LambdaException.class)
                .isThrownBy(() -> lambda.updateFunctionConfiguration(
                        r -> r.functionName("none").timeout(3)));

        assertThat(afterFiveSeconds().getFirst().at("/detail/eventName").asText())
                .isEqualTo("UpdateFunctionConfiguration20150331v2");
    }

    @Test
    void aGlobalServiceIsRecordedInOneRegionOnlyAndForwardedFromThere() throws IOException {
        IamClient iam = client(IamClient.class, "alice-" + ACCOUNT);
        iam.createRole(r -> r.roleName("a").assumeRolePolicyDocument(trust()));
        assertThat(afterFiveSeconds()).isEmpty();

        TwinAccountEvents far = new TwinAccountEvents(twin);
        far.forward("arn:aws:events:eu-west-2:" + ACCOUNT + ":event-bus/default");
        iam.createRole(r -> r.roleName("b").assumeRolePolicyDocument(trust()));

        List<JsonNode> events = afterFiveSeconds();
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().path("region").asText()).isEqualTo("us-east-1");
        assertThat(events.getFirst().at("/detail/requestParameters/roleName").asText())
                .isEqualTo("b");
    }

    private static String trust() {
        return """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",\
                "Principal":{"Service":"ecs-tasks.amazonaws.com"}}]}""";
    }

    /** Access to the rules of us-east-1; the clients of this test use another region. */
    private record TwinAccountEvents(TwinServer twin) {
        void forward(String bus) {
            var events = twin.account(ACCOUNT).service("us-east-1", dev.holdfast.twin.events.TwinEventBridge.class);
            events.putRule(r -> r.name("forward").eventPattern("{\"source\":[\"aws.iam\"]}"));
            events.putTargets(r -> r.rule("forward")
                    .targets(t -> t.id("home").arn(bus).roleArn("arn:aws:iam::" + ACCOUNT + ":role/forwarder")));
        }
    }

    @Test
    void withoutATrailThatLogsNothingIsRecorded() throws IOException {
        twin.settings().events().trail(false);
        CloudTrailClient trails = client(CloudTrailClient.class, ACCOUNT);
        String arn = "arn:aws:cloudtrail:us-east-1:" + ACCOUNT + ":trail/management-events";
        assertThat(trails.getTrailStatus(r -> r.name(arn)).isLogging()).isTrue();
        twin.account(ACCOUNT).service("us-east-1", TwinCloudTrail.class).stopLogging(r -> r.name("management-events"));
        SnsClient sns = client(SnsClient.class, ACCOUNT);
        sns.createTopic(r -> r.name("unseen"));
        assertThat(afterFiveSeconds()).isEmpty();

        trails.createTrail(r -> r.name("own").s3BucketName("logs").isMultiRegionTrail(true));
        sns.createTopic(r -> r.name("unseen-too"));
        assertThat(afterFiveSeconds()).isEmpty();
        trails.startLogging(r -> r.name("own"));
        sns.createTopic(r -> r.name("seen"));

        assertThat(afterFiveSeconds())
                .extracting(e -> e.at("/detail/requestParameters/name").asText())
                .containsExactly("own", "seen");
        assertThat(trails.describeTrails().trailList()).hasSize(2);
        assertThatExceptionOfType(TrailNotFoundException.class)
                .isThrownBy(() -> trails.getTrailStatus(r -> r.name("other")));
    }

    @Test
    void eventsAreLostDoubledLateAndOutOfOrderWhenTheTwinIsToldSo() throws IOException {
        SnsClient sns = client(SnsClient.class, ACCOUNT);
        twin.settings().events().loseEvery(2);
        for (int i = 0; i < 4; i++) {
            create(sns, "lost" + i);
        }
        assertThat(names(afterFiveSeconds())).containsExactly("lost0", "lost2");

        twin.settings().events().loseEvery(0).twice(true);
        create(sns, "twice");
        assertThat(names(afterFiveSeconds())).containsExactly("twice", "twice");

        twin.settings().events().twice(false).late(Duration.ofMinutes(20));
        create(sns, "late");
        assertThat(afterFiveSeconds()).isEmpty();
        clock.advance(Duration.ofMinutes(20));
        assertThat(names(received())).containsExactly("late");

        twin.settings().events().late(Duration.ZERO).jitter(Duration.ofMinutes(1));
        for (int i = 0; i < 8; i++) {
            create(sns, "mixed" + i);
        }
        clock.advance(Duration.ofSeconds(65));
        assertThat(names(received()))
                .doesNotHaveDuplicates()
                .hasSize(8)
                .isNotEqualTo(List.of("mixed0", "mixed1", "mixed2", "mixed3", "mixed4", "mixed5", "mixed6", "mixed7"));
    }

    private static void create(SnsClient sns, String topic) {
        sns.createTopic(r -> r.name(topic));
    }

    private static List<String> names(List<JsonNode> events) {
        return events.stream()
                .map(e -> e.at("/detail/requestParameters/name").asText())
                .toList();
    }
}
