package dev.holdfast.twin.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.kinds.ecs.EcsWorld;
import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.InProcess;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.ecs.TwinEcs;
import dev.holdfast.twin.sqs.TwinSqs;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.PackageType;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Events that services send without a call, as a queue receives them. */
class ServiceEventsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String QUEUE = "arn:aws:sqs:eu-west-2:123456789012:q";
    private static final Duration DELAY = Duration.ofSeconds(5);

    private final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final TwinSettings settings = new TwinSettings();
    private final TwinAccount account = new TwinAccount("123456789012", clock, settings, 1);
    private final InProcess clients = new InProcess(account, "eu-west-2");
    private final EcsWorld world = new EcsWorld(clock, settings, clients);
    private final TwinSqs sqs = account.service("eu-west-2", TwinSqs.class);

    @BeforeEach
    void listen() {
        settings.events().trail(true);
        sqs.createQueue(r -> r.queueName("q").attributes(Map.of(QueueAttributeName.POLICY, """
                        {"Statement":{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},
                        "Action":"sqs:SendMessage","Resource":"*"}}""")));
        TwinEventBridge events = account.service("eu-west-2", TwinEventBridge.class);
        events.putRule(r -> r.name("r").eventPattern("{\"account\":[\"123456789012\"]}"));
        events.putTargets(r -> r.rule("r").targets(t -> t.id("1").arn(QUEUE)));
    }

    /** All events that have arrived by now. */
    private List<JsonNode> received() throws JsonProcessingException {
        List<JsonNode> events = new ArrayList<>();
        for (List<Message> some = receive(); !some.isEmpty(); some = receive()) {
            for (Message message : some) {
                events.add(JSON.readTree(message.body()));
            }
        }
        return events;
    }

    private List<Message> receive() {
        return sqs.receiveMessage(r -> r.queueUrl("q").maxNumberOfMessages(10).visibilityTimeout(43_200))
                .messages();
    }

    private List<JsonNode> after(Duration time) throws JsonProcessingException {
        clock.advance(time.plus(DELAY));
        return received();
    }

    private static List<String> all(List<JsonNode> events, String pointer) {
        return events.stream().map(e -> e.at(pointer).asText()).toList();
    }

    private void service() {
        world.ecs.createCluster(r -> r.clusterName("main"));
        clock.advance(Duration.ofMinutes(1));
        String definition = world.taskDefinition("nginx");
        world.ecs.createService(r -> r.cluster("main")
                .serviceName("api")
                .taskDefinition(definition)
                .desiredCount(1)
                .launchType("FARGATE")
                .networkConfiguration(n -> n.awsvpcConfiguration(
                        v -> v.subnets(world.subnetA, world.subnetB).securityGroups(world.group))));
    }

    @Test
    void aRolloutTellsHowItGoesThoughNobodyLooksAtEcs() throws JsonProcessingException {
        service();

        List<JsonNode> events = after(Duration.ofMinutes(2));

        assertThat(all(events, "/detail-type"))
                .containsExactly(
                        "ECS Deployment State Change",
                        "ECS Task State Change",
                        "ECS Deployment State Change",
                        "ECS Service Action");
        assertThat(all(events, "/detail/eventName"))
                .containsExactly(
                        "SERVICE_DEPLOYMENT_IN_PROGRESS", "", "SERVICE_DEPLOYMENT_COMPLETED", "SERVICE_STEADY_STATE");
        assertThat(events.getLast().at("/resources/0").asText())
                .isEqualTo("arn:aws:ecs:eu-west-2:123456789012:service/main/api");
        assertThat(events.get(1).path("time").asText()).isEqualTo("2026-01-01T00:06:30Z");
    }

    @Test
    void aTaskTellsWhyItStopped() throws JsonProcessingException {
        service();
        after(Duration.ofMinutes(2));
        String task = world.ecs.listTasks(r -> r.cluster("main")).taskArns().getFirst();
        world.ecs.stopTask(r -> r.cluster("main").task(task).reason("by hand"));

        List<JsonNode> stopped = after(Duration.ofMinutes(2)).stream()
                .filter(e -> e.at("/detail/lastStatus").asText().equals("STOPPED"))
                .toList();

        assertThat(all(stopped, "/detail/taskArn")).containsExactly(task);
        assertThat(all(stopped, "/detail/stoppedReason")).containsExactly("by hand");
        assertThat(all(stopped, "/detail/group")).containsExactly("service:api");
    }

    @Test
    void applicationAutoScalingScalesInItsOwnName() throws JsonProcessingException {
        service();
        after(Duration.ofMinutes(2));

        account.service("eu-west-2", TwinEcs.class).scale("service/main/api", 3);

        JsonNode record = after(Duration.ZERO).stream()
                .filter(e -> e.path("detail-type").asText().equals("AWS API Call via CloudTrail"))
                .toList()
                .getFirst()
                .path("detail");
        assertThat(record.path("eventName").asText()).isEqualTo("UpdateService");
        assertThat(record.at("/requestParameters/desiredCount").asInt()).isEqualTo(3);
        assertThat(record.at("/userIdentity/invokedBy").asText())
                .isEqualTo("ecs.application-autoscaling.amazonaws.com");
        assertThat(record.at("/userIdentity/sessionContext/sessionIssuer/userName")
                        .asText())
                .isEqualTo("AWSServiceRoleForApplicationAutoScaling_ECSService");
    }

    @Test
    void fargateGivesNoticeOfARetirement() throws JsonProcessingException {
        service();
        after(Duration.ofMinutes(2));

        account.service("eu-west-2", TwinEcs.class).announceRetirement(Duration.ofDays(7));

        JsonNode event = after(Duration.ZERO).getFirst();
        assertThat(event.path("source").asText()).isEqualTo("aws.health");
        assertThat(event.at("/resources/0").asText()).isEqualTo("main|api");
        assertThat(event.at("/detail/eventTypeCode").asText()).isEqualTo("AWS_ECS_TASK_PATCHING_RETIREMENT");
        assertThat(event.at("/detail/startTime").asText()).isEqualTo("Thu, 8 Jan 2026 00:08:05 GMT");
    }

    @Test
    void aPushedImageIsTold() throws JsonProcessingException {
        EcrClient ecr = clients.client(EcrClient.class);
        ecr.createRepository(r -> r.repositoryName("api"));

        ecr.putImage(r -> r.repositoryName("api").imageTag("main").imageManifest("{}"));

        JsonNode event = after(Duration.ZERO).getFirst();
        assertThat(event.path("detail-type").asText()).isEqualTo("ECR Image Action");
        assertThat(event.at("/detail/action-type").asText()).isEqualTo("PUSH");
        assertThat(event.at("/detail/image-tag").asText()).isEqualTo("main");
        assertThat(event.at("/detail/image-digest").asText()).startsWith("sha256:");
    }

    @Test
    void aRotationTellsItsBeginningAndItsEnd() throws JsonProcessingException {
        SecretsManagerClient secrets = clients.client(SecretsManagerClient.class);
        String secret =
                secrets.createSecret(r -> r.name("db").secretString("{}")).arn();
        String role = world.role("rotation");
        IamClient iam = clients.client(IamClient.class);
        iam.updateAssumeRolePolicy(r -> r.roleName("rotation").policyDocument("""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
                "Principal":{"Service":"lambda.amazonaws.com"}}]}"""));
        clock.advance(Duration.ofMinutes(1));
        LambdaClient lambda = clients.client(LambdaClient.class);
        String function = lambda.createFunction(r -> r.functionName("rotate")
                        .role(role)
                        .packageType(PackageType.IMAGE)
                        .code(c -> c.imageUri("123456789012.dkr.ecr.eu-west-2.amazonaws.com/rotate:1")))
                .functionArn();
        lambda.addPermission(r -> r.functionName("rotate")
                .statementId("a")
                .action("lambda:InvokeFunction")
                .principal("secretsmanager.amazonaws.com"));
        clock.advance(Duration.ofMinutes(1));

        secrets.rotateSecret(r ->
                r.secretId("db").rotationLambdaARN(function).rotationRules(rules -> rules.automaticallyAfterDays(30L)));

        List<JsonNode> events = after(Duration.ofMinutes(1));
        assertThat(all(events, "/detail-type")).containsOnly("AWS Service Event via CloudTrail");
        assertThat(all(events, "/detail/eventName")).containsExactly("RotationStarted", "RotationSucceeded");
        assertThat(all(events, "/detail/additionalEventData/SecretId")).containsOnly(secret);
    }

    @Test
    void aDatabaseTellsThatItIsThere() throws JsonProcessingException {
        RdsClient rds = clients.client(RdsClient.class);
        rds.createDBSubnetGroup(
                r -> r.dbSubnetGroupName("s").dbSubnetGroupDescription("s").subnetIds(world.subnetA, world.subnetB));
        rds.createDBInstance(r -> r.dbInstanceIdentifier("db")
                .engine("postgres")
                .dbInstanceClass("db.t4g.micro")
                .allocatedStorage(20)
                .masterUsername("root")
                .masterUserPassword("a-password")
                .dbSubnetGroupName("s"));

        JsonNode event = after(Duration.ofMinutes(20)).getFirst();

        assertThat(event.path("detail-type").asText()).isEqualTo("RDS DB Instance Event");
        assertThat(event.at("/detail/SourceIdentifier").asText()).isEqualTo("db");
        assertThat(event.at("/detail/EventID").asText()).isEqualTo("RDS-EVENT-0005");
    }

    @Test
    void aServerlessCacheTellsThatItIsThere() throws JsonProcessingException {
        ElastiCacheClient caches = clients.client(ElastiCacheClient.class);
        caches.createServerlessCache(
                r -> r.serverlessCacheName("c").engine("valkey").subnetIds(world.subnetA, world.subnetB));

        JsonNode event = after(Duration.ofMinutes(20)).getFirst();

        assertThat(event.path("source").asText()).isEqualTo("aws.elasticache");
        assertThat(event.path("detail-type").asText()).isEqualTo("Cache Created");
        assertThat(event.at("/detail/SourceIdentifier").asText()).isEqualTo("c");
        assertThat(event.at("/detail/SourceType").asText()).isEqualTo("serverless-cache");
    }
}
