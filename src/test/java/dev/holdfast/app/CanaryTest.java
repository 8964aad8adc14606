package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.alerts.AlertService;
import dev.holdfast.alerts.SnsSink;
import dev.holdfast.alerts.WebhookSink;
import dev.holdfast.api.ApiModel;
import dev.holdfast.api.RunningAlerts;
import dev.holdfast.api.StackMetrics;
import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.SkinClub;
import dev.holdfast.engine.Spans;
import dev.holdfast.engine.World;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import dev.holdfast.twin.sns.TwinSns;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sns.SnsClient;

/** No secret of prod appears in the operator's output or state, nor in AWS outside the secret itself. */
class CanaryTest {
    private static final String CANARY = "c4n4ry-5e7-e15ewh3re";
    private static final String ENVIRONMENT = "c4n4ry-env-b3h1nd";

    private final Map<String, StringBuilder> said = new TreeMap<>();
    private final ObjectMapper json = new ObjectMapper().registerModule(new JavaTimeModule());
    private final Spans spans = new Spans();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final StackMetrics metrics = new StackMetrics(registry, new RunningAlerts(registry));
    private final List<String> hooked = new CopyOnWriteArrayList<>();
    private final Handler logs = new Handler() {
        @Override
        public void publish(LogRecord logged) {
            say(
                    "logs",
                    logged instanceof ExtLogRecord e ? e.getFormattedMessage() : logged.getMessage(),
                    logged.getThrown());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private synchronized void say(String where, Object... what) {
        StringBuilder text = said.computeIfAbsent(where, w -> new StringBuilder());
        for (Object part : what) {
            text.append(part).append('\n');
        }
    }

    @Test
    void noCanaryIsInAnythingSaidOrKept() throws IOException {
        HttpServer hook = hook();
        Logger.getLogger("").addHandler(logs);
        try (World world = spans.of(new World());
                WebhookSink webhook = new WebhookSink(
                        URI.create("http://127.0.0.1:" + hook.getAddress().getPort() + "/"), "inst")) {
            // Given
            SnsClient sns = world.somebody(SnsClient.class);
            String topic = sns.createTopic(r -> r.name("told")).topicArn();
            AlertService alerts = new AlertService(
                    world.store,
                    world.clock,
                    List.of(webhook, new SnsSink(world.strangerOverHttp().client(SnsClient.class), topic, "inst")),
                    Runnable::run);
            // The fault repeats until the client gives up once, so that the engine reports it.
            world.twin
                    .faults()
                    .add(TwinFaultRule.on("secretsmanager:CreateSecret", new TwinFault.Fail())
                            .times(4));
            SkinClub.prod(world).converged();
            world.twin.faults().clear();
            Collection<String> secret = secrets(world);
            assertThat(secret).hasSizeGreaterThan(5).allMatch(s -> s.length() > 10);
            listen(world, alerts, Duration.ofMinutes(2));

            // When
            setElsewhere(world);
            for (ResourceView view : ofKind(world, "TaskDefinition")) {
                behindOurBack(world, view);
            }
            world.clock.advance(Duration.ofMinutes(11));
            world.reconciler().plan();
            shown(world);
            listen(world, alerts, Duration.ofMinutes(20));

            // Then
            shown(world);
            say("kept", world.store.text());
            say("events", world.events);
            say("metrics", registry.scrape());
            say("webhook", hooked);
            say("sns", world.account().service(World.REGION, TwinSns.class).published());
            spans.all.forEach(s -> say("spans", s.getName(), s.getAttributes(), s.getEvents(), s.getStatus()));
            say("requests", world.twin.log().writes());
            assertThat(said.keySet())
                    .contains("kept", "views", "plan", "metrics", "webhook", "sns", "spans", "events", "requests");
            assertThat(said.get("webhook").toString()).contains("DriftRepaired");
            assertThat(said.get("sns").toString()).contains("DriftRepaired");
            assertThat(said.get("metrics").toString()).contains("holdfast_requests");
            said.forEach((where, text) -> assertThat(text.toString())
                    .as(where)
                    .isNotBlank()
                    .doesNotContain(CANARY, ENVIRONMENT)
                    .doesNotContain(secret));
            world.account()
                    .inventory()
                    .forEach(i -> assertThat(i.detail()).as(i.arn()).doesNotContain(secret));
            assertThat(world.twin
                            .log()
                            .counts(c -> c.operation().equals("secretsmanager:GetSecretValue")
                                    && "holdfast".equals(c.app())))
                    .isEmpty();
        } finally {
            Logger.getLogger("").removeHandler(logs);
            hook.stop(0);
        }
    }

    private HttpServer hook() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            hooked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    /** Lets time go by, and sends the alerts after each pass. */
    private void listen(World world, AlertService alerts, Duration time) {
        Instant end = world.clock.instant().plus(time);
        while (world.clock.instant().isBefore(end)) {
            metrics.passed(world.reconciler(), world.reconciler().run());
            alerts.passed(world.view(), world.reconciler().events(), 1);
            alerts.tick(stack -> true);
            world.clock.advance(Duration.ofSeconds(10));
        }
    }

    /** All representations of a stack: of the API, of the status page, and of {@code plan} in its three formats. */
    private void shown(World world) throws IOException {
        say("views", world.view(), json.writeValueAsString(ApiModel.stack(world.view())));
        say("views", json.writeValueAsString(ApiModel.drift(world.view())));
        say("views", json.writeValueAsString(ApiModel.graph(world.view())));
        for (ResourceView view : world.view().resources().values()) {
            say("views", json.writeValueAsString(ApiModel.resource(view, null)));
        }
        for (ResourceView view : world.view().composites().values()) {
            say("composites", json.writeValueAsString(ApiModel.resource(view, null)));
        }
        say("plan", PlanText.text(world.view(), true), PlanText.markdown(world.view()));
        say("plan", json.writeValueAsString(ApiModel.plan(world.view())));
    }

    private static List<ResourceView> ofKind(World world, String kind) {
        return world.view().resources().values().stream()
                .filter(r -> r.id().kind().equals(kind))
                .toList();
    }

    /** The generated secrets. */
    private static Collection<String> secrets(World world) {
        SecretsManagerClient client = world.somebody(SecretsManagerClient.class);
        List<String> values = new ArrayList<>();
        for (ResourceView view : ofKind(world, "Secret")) {
            values.add(client.getSecretValue(r -> r.secretId(String.valueOf(view.physicalId())))
                    .secretString());
        }
        return values;
    }

    private static void setElsewhere(World world) {
        SecretsManagerClient client = world.somebody(SecretsManagerClient.class);
        for (ResourceView view : ofKind(world, "Secret")) {
            client.putSecretValue(
                    r -> r.secretId(String.valueOf(view.physicalId())).secretString(CANARY));
            client.updateSecret(
                    r -> r.secretId(String.valueOf(view.physicalId())).description("edited at the console"));
        }
    }

    /**
     * A task definition that another principal registered at the console, with our tags and a secret environment value.
     */
    private static void behindOurBack(World world, ResourceView view) {
        EcsClient ecs = world.somebody(EcsClient.class);
        String arn = String.valueOf(view.physicalId());
        TaskDefinition ours =
                ecs.describeTaskDefinition(r -> r.taskDefinition(arn)).taskDefinition();
        var tags = ecs.listTagsForResource(r -> r.resourceArn(arn)).tags();
        ecs.registerTaskDefinition(r -> r.family(ours.family())
                .cpu(ours.cpu())
                .memory(ours.memory())
                .networkMode(ours.networkMode())
                .requiresCompatibilities(ours.requiresCompatibilities())
                .executionRoleArn(ours.executionRoleArn())
                .taskRoleArn(ours.taskRoleArn())
                .tags(tags)
                .containerDefinitions(ours.containerDefinitions().stream()
                        .map(c -> c.toBuilder()
                                .environment(List.of(KeyValuePair.builder()
                                        .name("LEAK")
                                        .value(ENVIRONMENT)
                                        .build()))
                                .build())
                        .toList()));
        ecs.deregisterTaskDefinition(r -> r.taskDefinition(arn));
    }
}
