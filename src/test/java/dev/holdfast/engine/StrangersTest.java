package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.TwinItem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** What is not ours is never written, deleted or tagged, whatever its name and tags look like. */
class StrangersTest {
    private static final String TRUST =
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ecs-tasks.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}";

    @Test
    void threeHundredLookAlikesStayByteForByte() {
        try (World world = new World()) {
            for (int i = 0; i < 50; i++) {
                lookAlikes(world, i);
            }
            Map<String, String> before = details(world, Set.of());
            assertThat(before).hasSizeGreaterThanOrEqualTo(300);

            SkinClub.oneService(world).converged();
            world.run(Duration.ofMinutes(90));

            assertThat(details(world, before.keySet())).isEqualTo(before);
        }
    }

    /** Of another installation, of another stack, and of nobody, with names as ours have. */
    private static void lookAlikes(World world, int i) {
        Map<String, String> tags = switch (i % 3) {
            case 0 -> Map.of("holdfast:stack", "other/dev", "holdfast:resource", "Vpc/main", "Project", "SkinClubPro");
            case 1 ->
                Map.of("holdfast:stack", "inst/prod", "holdfast:resource", "Role/api-task", "Project", "SkinClubPro");
            default -> Map.of("Project", "SkinClubPro");
        };
        List<Tag> ec2Tags = tags.entrySet().stream()
                .map(e -> Tag.builder().key(e.getKey()).value(e.getValue()).build())
                .toList();
        world.somebody(Ec2Client.class)
                .allocateAddress(r -> r.tagSpecifications(TagSpecification.builder()
                        .resourceType(ResourceType.ELASTIC_IP)
                        .tags(ec2Tags)
                        .build()));
        world.somebody(Ec2Client.class)
                .createVpc(r -> r.cidrBlock("10.0.0.0/16")
                        .tagSpecifications(TagSpecification.builder()
                                .resourceType(ResourceType.VPC)
                                .tags(ec2Tags)
                                .build()));
        world.somebody(CloudWatchLogsClient.class)
                .createLogGroup(r -> r.logGroupName("dev-api-" + i).tags(tags));
        world.somebody(IamClient.class)
                .createRole(r -> r.roleName("dev-api-task-" + i)
                        .assumeRolePolicyDocument(TRUST)
                        .tags(tags.entrySet().stream()
                                .map(e -> software.amazon.awssdk.services.iam.model.Tag.builder()
                                        .key(e.getKey())
                                        .value(e.getValue())
                                        .build())
                                .toList()));
        world.somebody(SecretsManagerClient.class)
                .createSecret(r -> r.name("Dev/SkinClubPro/Api/" + i)
                        .secretString("x")
                        .tags(tags.entrySet().stream()
                                .map(e -> software.amazon.awssdk.services.secretsmanager.model.Tag.builder()
                                        .key(e.getKey())
                                        .value(e.getValue())
                                        .build())
                                .toList()));
        world.somebody(S3Client.class)
                .createBucket(r -> r.bucket("skin-club-pro-dev-media-" + i)
                        .createBucketConfiguration(c -> c.locationConstraint(World.REGION)));
        world.somebody(CloudWatchClient.class)
                .putMetricAlarm(r -> r.alarmName("dev-api-cpu-" + i)
                        .namespace("AWS/ECS")
                        .metricName("CPUUtilization")
                        .statistic("Average")
                        .period(60)
                        .evaluationPeriods(1)
                        .threshold(80d)
                        .comparisonOperator("GreaterThanThreshold")
                        .tags(tags.entrySet().stream()
                                .map(e -> software.amazon.awssdk.services.cloudwatch.model.Tag.builder()
                                        .key(e.getKey())
                                        .value(e.getValue())
                                        .build())
                                .toList()));
    }

    private static Map<String, String> details(World world, Set<String> only) {
        return world.account().inventory().stream()
                .filter(i -> only.isEmpty() || only.contains(key(i)))
                .collect(Collectors.toMap(StrangersTest::key, i -> i.tags() + i.detail(), (a, b) -> a + b));
    }

    private static String key(TwinItem item) {
        return item.type() + " " + item.id();
    }
}
