package dev.holdfast.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.BareService;
import dev.holdfast.model.Event;
import dev.holdfast.model.ResourceId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecs.EcsClient;

/** The notices that AWS services send about their own work. */
class ServiceNoticesTest {
    private static final String TASKS = """
            [{'apiVersion':'holdfast.dev/v1','kind':'Role','metadata':{'name':'pull'},'spec':{'assumeRolePolicyDocument':
              {'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':{'Service':'ecs-tasks.amazonaws.com'},
              'Action':'sts:AssumeRole'}]}}},
             {'apiVersion':'holdfast.dev/v1','kind':'TaskDefinition','metadata':{'name':'one'},'spec':{'cpu':'256',
              'memory':'512','networkMode':'awsvpc','requiresCompatibilities':['FARGATE'],'executionRoleArn':'${Role/pull}',
              'containerDefinitions':[{'name':'main',
                'image':'123456789012.dkr.ecr.eu-west-2.amazonaws.com/team/api:1','imageResolution':'Digest'}]}}]
            """;

    private static final String CACHE = """
            [{'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16'}},
             {'apiVersion':'holdfast.dev/v1','kind':'Subnet','metadata':{'name':'a'},'spec':{'vpcId':'${Vpc/main}',
              'cidrBlock':'10.0.0.0/24','availabilityZone':'eu-west-2a'}},
             {'apiVersion':'holdfast.dev/v1','kind':'Subnet','metadata':{'name':'b'},'spec':{'vpcId':'${Vpc/main}',
              'cidrBlock':'10.0.1.0/24','availabilityZone':'eu-west-2b'}},
             {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'s'},'spec':{'vpcId':'${Vpc/main}',
              'description':'sessions'}},
             {'apiVersion':'holdfast.dev/v1','kind':'ServerlessCache','metadata':{'name':'sessions'},'spec':{
              'serverlessCacheName':'sessions','engine':'valkey','majorEngineVersion':'8','securityGroupIds':['${SecurityGroup/s}'],
              'subnetIds':['${Subnet/a}','${Subnet/b}']}}]
            """;

    private static String push(EventsWorld all, String manifest) {
        return all.world
                .somebody(EcrClient.class)
                .putImage(r -> r.repositoryName("team/api").imageTag("1").imageManifest(manifest))
                .image()
                .imageId()
                .imageDigest();
    }

    private static String image(EventsWorld all) {
        return all.world
                .somebody(EcsClient.class)
                .describeTaskDefinition(r -> r.taskDefinition(
                        all.world.resource("TaskDefinition/one").physicalId()))
                .taskDefinition()
                .containerDefinitions()
                .getFirst()
                .image();
    }

    private static String told(String type, String source, String resources, String detail) {
        return """
                {'version':'0','id':'1','detail-type':'%s','source':'%s','account':'123456789012',
                 'time':'2026-01-01T00:01:00Z','region':'eu-west-2','resources':[%s],'detail':%s}""".formatted(type, source, resources, detail).replace('\'', '"');
    }

    @Test
    @DisplayName("The event of a push resolves a moved tag again, without the wait of a day")
    void aPushedImageIsRegisteredAtOnce() {
        try (EventsWorld all = new EventsWorld()) {
            all.world.somebody(EcrClient.class).createRepository(r -> r.repositoryName("team/api"));
            String first = push(all, "{\"v\":1}");
            all.world.desire(TASKS, "'interval':'PT24H',").converged();
            assertThat(image(all)).endsWith(first);
            all.run(Duration.ofMinutes(1));
            String second = push(all, "{\"v\":2}");
            all.sqs.sendMessage(r -> r.queueUrl(all.url)
                    .messageBody(told(
                            "ECR Image Action",
                            "aws.ecr",
                            "",
                            "{'result':'SUCCESS','repository-name':'team/api','image-digest':'" + second
                                    + "','action-type':'PUSH','image-tag':'1'}")));
            Duration took = all.runUntil(() -> image(all).endsWith(second), Duration.ofMinutes(5));
            assertThat(took).isLessThan(Duration.ofSeconds(30));
            assertThat(all.world.events)
                    .anyMatch(e -> e.reason().equals("ImagePushed")
                            && e.message().equals("an image was pushed under the tag 1"));
        }
    }

    @Test
    @DisplayName(
            "The reason why tasks stop is reported once, for the service and not for the cluster, until the reason changes")
    void tellsOnceWhyTasksStop() {
        try (EventsWorld all = new EventsWorld()) {
            all.world
                    .desire(BareService.documents("stable", 200), "'interval':'PT24H',")
                    .converged();
            all.run(Duration.ofMinutes(1));
            String service = String.valueOf(
                    all.world.resource("EcsService/app").outputs().get("name"));
            String cluster = String.valueOf(
                    all.world.resource("EcsCluster/main").outputs().get("arn"));
            for (String reason : List.of("no such image", "no such image", "out of memory", "out of memory")) {
                all.sqs.sendMessage(r -> r.queueUrl(all.url)
                        .messageBody(told(
                                "ECS Task State Change",
                                "aws.ecs",
                                "'arn:aws:ecs:eu-west-2:123456789012:task/x/1'",
                                "{'lastStatus':'STOPPED','stopCode':'TaskFailedToStart','group':'service:" + service
                                        + "','clusterArn':'" + cluster + "','stoppedReason':'" + reason + "'}")));
                all.run(Duration.ofSeconds(10));
            }
            assertThat(all.world.events)
                    .filteredOn(e -> e.reason().equals("TaskStopped"))
                    .extracting(e -> e.resource() + ": " + e.message())
                    .containsExactly(
                            "EcsService/app: a task has stopped: no such image",
                            "EcsService/app: a task has stopped: out of memory");
        }
    }

    @Test
    @DisplayName("A retirement is reported with its date")
    void tellsWhatAwsWillDo() {
        try (EventsWorld all = new EventsWorld()) {
            all.world.somebody(EcrClient.class).createRepository(r -> r.repositoryName("team/api"));
            push(all, "{\"v\":1}");
            all.world.desire(TASKS, "'interval':'PT24H',").converged();
            all.run(Duration.ofMinutes(1));
            String arn = String.valueOf(all.world.resource("TaskDefinition/one").physicalId());
            all.sqs.sendMessage(r -> r.queueUrl(all.url)
                    .messageBody(told(
                            "AWS Health Event",
                            "aws.health",
                            "'" + arn + "'",
                            "{'service':'ECS','eventTypeCode':'AWS_ECS_TASK_PATCHING_RETIREMENT','eventTypeCategory':'scheduledChange',"
                                    + "'startTime':'Mon, 12 Jan 2026 00:00:00 GMT'}")));
            all.run(Duration.ofSeconds(10));
            assertThat(all.world.events)
                    .filteredOn(e -> e.reason().equals("RetirementScheduled"))
                    .singleElement()
                    .satisfies(e -> {
                        assertThat(e.severity()).isEqualTo(Event.Severity.Warning);
                        assertThat(e.resource()).isEqualTo(ResourceId.parse("TaskDefinition/one"));
                        assertThat(e.message())
                                .contains("AWS_ECS_TASK_PATCHING_RETIREMENT", "Mon, 12 Jan 2026 00:00:00 GMT");
                    });
        }
    }

    @Test
    @DisplayName("A serverless cache that ends its work is read at once, and what it cannot do is a warning")
    void aServerlessCacheTellsOfItself() {
        try (EventsWorld all = new EventsWorld()) {
            all.world.desire(CACHE, "'interval':'PT24H',").converged();
            all.run(Duration.ofMinutes(1));
            assertThat(all.world.events)
                    .filteredOn(e -> e.reason().equals("ServiceEvent"))
                    .singleElement()
                    .satisfies(e -> assertThat(e.message()).isEqualTo("Cache sessions is created and ready for use."));
            all.sqs.sendMessage(
                    r -> r.queueUrl(all.url)
                            .messageBody(
                                    told(
                                            "Cache Limit Approaching",
                                            "aws.elasticache",
                                            "'arn:aws:elasticache:eu-west-2:123456789012:serverlesscache:sessions'",
                                            "{'SourceType':'serverless-cache','SourceIdentifier':'sessions','Message':'Slots are nearly full.'}")));
            all.run(Duration.ofSeconds(10));
            assertThat(all.world.events)
                    .filteredOn(e -> e.reason().equals("ServiceFailure"))
                    .singleElement()
                    .satisfies(e -> {
                        assertThat(e.severity()).isEqualTo(Event.Severity.Warning);
                        assertThat(e.resource()).isEqualTo(ResourceId.parse("ServerlessCache/sessions"));
                        assertThat(e.message()).isEqualTo("Slots are nearly full.");
                    });
        }
    }
}
