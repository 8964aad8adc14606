package dev.holdfast.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.ChangeHint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of the templates let through the events of every service that the kinds use, and the services' own events. */
class EventRulesTest {
    private static final Map<String, String> SOURCES =
            Map.of("cloudwatch", "monitoring", "application-autoscaling", "autoscaling", "tag", "tagging");

    private static JsonNode pattern(String template, String rule) throws IOException {
        return new ObjectMapper(new YAMLFactory())
                .readTree(Files.readString(Path.of(template)))
                .path("Resources")
                .path(rule)
                .path("Properties")
                .path("EventPattern");
    }

    private static Set<String> texts(JsonNode list) {
        Set<String> texts = new TreeSet<>();
        list.forEach(one -> texts.add(one.asText()));
        return texts;
    }

    @Test
    void theRuleHasEveryServiceOfTheKinds() throws IOException {
        Set<String> services = TestKinds.all().all().values().stream()
                .map(Kind::changingCalls)
                .flatMap(Set::stream)
                .map(call -> call.substring(0, call.indexOf(':')))
                .map(service -> SOURCES.getOrDefault(service, service) + ".amazonaws.com")
                .collect(Collectors.toCollection(TreeSet::new));
        services.add("tagging.amazonaws.com");
        assertThat(texts(pattern("deploy/holdfast.yaml", "CallRule").at("/detail/eventSource")))
                .isEqualTo(services);
    }

    @Test
    void theForwarderHasTheServicesOfWhichAwsKeepsTheRecordsElsewhere() throws IOException {
        assertThat(texts(pattern("deploy/events-us-east-1.yaml", "Rule").at("/detail/eventSource")))
                .containsExactlyInAnyOrder("iam.amazonaws.com", "route53.amazonaws.com", "cloudfront.amazonaws.com");
    }

    @Test
    void theServicesOwnEventsAreReadByTheParser() throws IOException {
        EventParser parser = new EventParser(new AuthorReader(true));
        assertThat(parser.read("""
                        {"detail-type":"ECS Deployment State Change","source":"aws.ecs","account":"123456789012",
                         "time":"2026-11-30T10:00:00Z","region":"eu-west-2",
                         "resources":["arn:aws:ecs:eu-west-2:123456789012:service/main/api"],
                         "detail":{"eventType":"ERROR","eventName":"SERVICE_DEPLOYMENT_FAILED","deploymentId":"ecs-svc/1",
                          "updatedAt":"2026-11-30T10:00:00Z","reason":"ECS deployment circuit breaker: tasks failed to start."}}
                        """)).isInstanceOfSatisfying(EventParser.ParsedMessage.Told.class, told -> {
            assertThat(told.notice().type()).isEqualTo(ServiceNotice.NoticeType.ROLLOUT);
            assertThat(told.notice().texts()).contains("main", "api");
        });
    }

    @Test
    void aTaskThatStopsByItselfIsToldAndOneThatARolloutStopsIsNot() {
        EventParser parser = new EventParser(new AuthorReader(true));
        String stopped = """
                {"detail-type":"ECS Task State Change","source":"aws.ecs","account":"123456789012",
                 "time":"2026-11-30T10:00:00Z","region":"eu-west-2",
                 "resources":["arn:aws:ecs:eu-west-2:123456789012:task/main/1"],
                 "detail":{"clusterArn":"arn:aws:ecs:eu-west-2:123456789012:cluster/main","group":"service:api",
                  "lastStatus":"STOPPED","stopCode":"TaskFailedToStart","stoppedReason":"CannotPullContainerError: no image"}}
                """;
        assertThat(parser.read(stopped)).isInstanceOfSatisfying(EventParser.ParsedMessage.Told.class, told -> {
            assertThat(told.notice().texts()).contains("main", "api");
            assertThat(String.valueOf(told.notice().word())).contains("CannotPullContainerError: no image");
        });
        assertThat(parser.read(stopped.replace("TaskFailedToStart", "ServiceSchedulerInitiated")))
                .isInstanceOf(EventParser.ParsedMessage.Ignored.class);
    }

    @ParameterizedTest
    @CsvSource({
        "Cache Updated, configuration change, ServiceEvent",
        "Cache Update Failed, notification, ServiceFailure",
        "Cache Limit Approaching, notification, ServiceFailure",
        "RDS DB Instance Event, availability, ServiceEvent",
        "RDS DB Cluster Event, failure, ServiceFailure"
    })
    void aDatabaseOrACacheIsNamedAndAFailureIsToldAsOne(String type, String category, String reason) {
        EventParser parser = new EventParser(new AuthorReader(true));
        String told = """
                {"detail-type":"%s","source":"aws.any","account":"123456789012","time":"2026-11-30T10:00:00Z",
                 "region":"eu-west-2","resources":[],"detail":{"EventCategories":["%s"],"SourceIdentifier":"main",
                  "SourceArn":"arn:aws:elasticache:eu-west-2:123456789012:serverlesscache:main","Message":"in words"}}
                """.formatted(type, category);
        assertThat(parser.read(told)).isInstanceOfSatisfying(EventParser.ParsedMessage.Told.class, notice -> {
            assertThat(notice.notice().texts()).contains("main");
            assertThat(notice.notice().word()).isEqualTo(new ChangeHint.ServiceWord(reason, "in words"));
        });
    }

    @Test
    void whatTheRuleOfTheServicesLetsThroughIsRead() throws IOException {
        EventParser parser = new EventParser(new AuthorReader(true));
        for (String type : texts(pattern("deploy/holdfast.yaml", "ServiceRule").path("detail-type"))) {
            assertThat(parser.read("""
                            {"detail-type":"%s","account":"123456789012","time":"2026-11-30T10:00:00Z","resources":["x"],
                             "detail":{"action-type":"PUSH","result":"SUCCESS","eventTypeCategory":"scheduledChange"}}
                            """.formatted(type))).as(type).isInstanceOf(EventParser.ParsedMessage.Told.class);
        }
    }
}
