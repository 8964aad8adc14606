package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.holdfast.alerts.Alert;
import dev.holdfast.alerts.AlertService;
import dev.holdfast.alerts.Sink;
import dev.holdfast.alerts.SinkStatus;
import dev.holdfast.api.RunningAlerts;
import dev.holdfast.api.RunningEvents;
import dev.holdfast.api.StackMetrics;
import dev.holdfast.engine.PassReport;
import dev.holdfast.engine.World;
import dev.holdfast.events.EventsStatus;
import dev.holdfast.model.Status;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The dashboard and the alert rules query metrics that the operator serves. */
class MonitoringFilesTest {
    private static final Pattern SERVED = Pattern.compile("(?m)^(holdfast_\\w+)(?:\\{(.*?)})? ");
    private static final Pattern ASKED = Pattern.compile("(holdfast_\\w+)(?:\\{(.*?)})?");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=~?\"(.*?)\"");
    private static final Pattern GROUPED = Pattern.compile("by \\((.*?)\\)");
    private static final Pattern SHOWN = Pattern.compile("\\{\\{ ?\\$?(?:labels\\.)?(\\w+) ?}}");

    /** The labels of each metric. */
    private static final Map<String, Set<String>> METRICS = new TreeMap<>();

    /** A sink that accepts everything. */
    private static final class Deaf implements Sink {
        @Override
        public String name() {
            return "deaf";
        }

        @Override
        public void send(Alert alert) {
            // The names of the metrics do not depend on it.
        }
    }

    @BeforeAll
    static void serve() {
        try (World world = new World()) {
            world.desire(
                            "[{'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16'}}]")
                    .converged();
            PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            RunningAlerts alerts = new RunningAlerts(registry);
            AlertService service = new AlertService(world.store, world.clock, List.of(new Deaf()), Runnable::run);
            List<SinkStatus> sinks = service.sinks();
            alerts.started(service, () -> sinks);
            new RunningEvents(registry).started(() -> EventsStatus.OFF);
            new StackMetrics(registry, alerts)
                    .passed(
                            world.reconciler(),
                            new PassReport(world.clock.instant(), 1, Map.of("ec2:DescribeVpcs", 1L), 0, 1));
            Matcher served = SERVED.matcher(registry.scrape());
            while (served.find()) {
                METRICS.computeIfAbsent(served.group(1), name -> new TreeSet<>())
                        .addAll(labels(served.group(2)).keySet());
            }
        }
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new TreeMap<>();
        Matcher label = LABEL.matcher(text == null ? "" : text);
        while (label.find()) {
            labels.put(label.group(1), label.group(2));
        }
        return labels;
    }

    /** @return the labels by which the query groups */
    private static Set<String> checked(String query) {
        Set<String> there = new HashSet<>();
        Matcher asked = ASKED.matcher(query);
        while (asked.find()) {
            assertThat(METRICS).as(query).containsKey(asked.group(1));
            Set<String> labels = METRICS.getOrDefault(asked.group(1), Set.of());
            Map<String, String> wanted = labels(asked.group(2));
            assertThat(labels).as(query).containsAll(wanted.keySet());
            if (wanted.containsKey("status")) {
                assertThat(Stream.of(Status.values()).map(Status::name))
                        .as(query)
                        .contains(wanted.get("status"));
            }
            there.addAll(labels);
        }
        Set<String> grouped = new TreeSet<>();
        Matcher groups = GROUPED.matcher(query);
        while (groups.find()) {
            grouped.addAll(List.of(groups.group(1).split(", ")));
        }
        assertThat(query).contains("holdfast_");
        assertThat(there).as(query).containsAll(grouped);
        assertThat(query.chars().filter(c -> c == '(').count())
                .as(query)
                .isEqualTo(query.chars().filter(c -> c == ')').count());
        return grouped;
    }

    private static Set<String> shown(String text) {
        Set<String> names = new TreeSet<>();
        Matcher shown = SHOWN.matcher(text);
        while (shown.find()) {
            names.add(shown.group(1));
        }
        names.remove("value");
        return names;
    }

    @Test
    void everyRuleAsksForWhatIsServedAndSaysWhatToDo() throws IOException {
        JsonNode groups = new ObjectMapper(new YAMLFactory())
                .readTree(Files.readString(Path.of("deploy/prometheus-rules.yaml")))
                .path("groups");
        Set<String> names = new TreeSet<>();

        assertThat(groups).hasSize(1);
        for (JsonNode rule : groups.path(0).path("rules")) {
            String name = rule.path("alert").asText();
            assertThat(names.add(name)).as(name).isTrue();
            Set<String> grouped = checked(rule.path("expr").asText());
            assertThat(rule.path("for").asText()).as(name).matches("[1-9]\\d*[mh]");
            assertThat(rule.at("/labels/severity").asText()).as(name).isIn("critical", "warning", "info");
            assertThat(rule.at("/annotations/summary").asText()).as(name).isNotBlank();
            assertThat(rule.at("/annotations/action").asText()).as(name).isNotBlank();
            assertThat(grouped)
                    .as(name)
                    .containsAll(shown(rule.path("annotations").toString()));
        }
        assertThat(names).contains("HoldfastDown", "HoldfastNoGoodPass", "HoldfastAlertsOpen");
    }

    @Test
    void everyPanelShowsWhatIsServed() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(Files.readString(Path.of("deploy/grafana-dashboard.json")));
        Set<Integer> ids = new TreeSet<>();

        assertThat(dashboard.path("panels")).isNotEmpty();
        for (JsonNode panel : dashboard.path("panels")) {
            assertThat(ids.add(panel.path("id").asInt())).isTrue();
            assertThat(panel.path("title").asText()).isNotBlank();
            assertThat(panel.path("targets")).isNotEmpty();
            for (JsonNode target : panel.path("targets")) {
                Set<String> grouped = checked(target.path("expr").asText());
                assertThat(grouped)
                        .as(panel.path("title").asText())
                        .containsAll(shown(target.path("legendFormat").asText()));
            }
        }
        checked(dashboard.at("/templating/list/1/query").asText());
    }

    /** The dashboard has to show every new metric. */
    @Test
    void theDashboardLeavesNoMetricOut() throws IOException {
        String dashboard = Files.readString(Path.of("deploy/grafana-dashboard.json"));

        assertThat(METRICS.keySet())
                .hasSizeGreaterThan(15)
                .allMatch(name -> name.endsWith("_max") || dashboard.contains(name));
    }
}
