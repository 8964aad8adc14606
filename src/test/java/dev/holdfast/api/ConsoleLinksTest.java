package dev.holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.holdfast.engine.ResourceView;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleLinksTest {
    private static final String REGION = "eu-west-2";

    private static List<ConsoleLinks.ConsoleLink> of(
            String kind, @Nullable String id, Map<String, Object> outputs, @Nullable String region) {
        return of(kind, id, null, outputs, region);
    }

    private static List<ConsoleLinks.ConsoleLink> of(
            String kind,
            @Nullable String id,
            @Nullable String own,
            Map<String, Object> outputs,
            @Nullable String region) {
        return ConsoleLinks.of(
                new ResourceView(
                        new ResourceId(kind, "main"),
                        "prod",
                        null,
                        null,
                        id,
                        own,
                        Status.Synced,
                        null,
                        null,
                        List.of(),
                        outputs,
                        List.of(),
                        null,
                        Map.of(),
                        null,
                        null,
                        List.of(),
                        ResourceView.ShownOutlook.NONE,
                        Map.of()),
                region);
    }

    @ParameterizedTest
    @CsvSource({
        "SecurityGroup, sg-1, https://eu-west-2.console.aws.amazon.com/vpcconsole/home?region=eu-west-2#SecurityGroup:groupId=sg-1",
        "Bucket, media, https://eu-west-2.console.aws.amazon.com/s3/buckets/media?region=eu-west-2",
        "DbInstance, prod-main, https://eu-west-2.console.aws.amazon.com/rds/home?region=eu-west-2#database:id=prod-main;is-cluster=false",
        "ReplicationGroup, prod-main, https://eu-west-2.console.aws.amazon.com/elasticache/home?region=eu-west-2#/redis/prod-main",
        "Distribution, E123, https://us-east-1.console.aws.amazon.com/cloudfront/v4/home#/distributions/E123",
        "LogGroup, /prod/api, https://eu-west-2.console.aws.amazon.com/cloudwatch/home?region=eu-west-2#logsV2:log-groups/log-group/$252Fprod$252Fapi",
        "TaskDefinition, arn:aws:ecs:eu-west-2:1:task-definition/api:7, https://eu-west-2.console.aws.amazon.com/ecs/v2/task-definitions/api/7/containers?region=eu-west-2",
        "Certificate, arn:aws:acm:us-east-1:1:certificate/c-1, https://us-east-1.console.aws.amazon.com/acm/home?region=us-east-1#/certificates/c-1"
    })
    void eachKindHasItsPage(String kind, String id, String url) {
        assertThat(of(kind, id, Map.of(), REGION))
                .extracting(ConsoleLinks.ConsoleLink::url)
                .containsExactly(url);
    }

    @Test
    void aResourceInAnotherRegionHasItsPageThere() {
        assertThat(of("LogGroup", "/edge", "us-east-1", Map.of(), REGION))
                .extracting(ConsoleLinks.ConsoleLink::url)
                .containsExactly(
                        "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#logsV2:log-groups/log-group/$252Fedge");
    }

    @Test
    void aServiceHasItsLogsAndEventsToo() {
        Map<String, Object> outputs =
                Map.of("arn", "arn:aws:ecs:eu-west-1:1:service/c/api", "clusterName", "c", "name", "api");

        assertThat(of("EcsService", "arn:aws:ecs:eu-west-1:1:service/c/api", outputs, REGION))
                .extracting(ConsoleLinks.ConsoleLink::name, ConsoleLinks.ConsoleLink::url)
                .containsExactly(
                        tuple(
                                "AWS console",
                                "https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/c/services/api/health?region=eu-west-1"),
                        tuple(
                                "Logs",
                                "https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/c/services/api/logs?region=eu-west-1"),
                        tuple(
                                "Events",
                                "https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/c/services/api/events?region=eu-west-1"));
    }

    @Test
    void otherPartitionsHaveConsolesOfTheirOwn() {
        assertThat(of("Vpc", "vpc-1", Map.of(), "cn-north-1"))
                .extracting(ConsoleLinks.ConsoleLink::url)
                .containsExactly(
                        "https://cn-north-1.console.amazonaws.cn/vpcconsole/home?region=cn-north-1#VpcDetails:VpcId=vpc-1");
        assertThat(of("Distribution", "E1", Map.of(), "us-gov-west-1"))
                .extracting(ConsoleLinks.ConsoleLink::url)
                .containsExactly(
                        "https://us-gov-west-1.console.amazonaws-us-gov.com/cloudfront/v4/home#/distributions/E1");
    }

    @Test
    void whatIsNotThereHasNoPage() {
        assertThat(of("Vpc", null, Map.of(), REGION)).isEmpty();
        assertThat(of("Vpc", "vpc-1", Map.of(), null)).isEmpty();
        assertThat(of("RecordSet", "r", Map.of(), REGION)).isEmpty();
    }
}
