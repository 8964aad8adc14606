package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.TwinFault;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A pass is a trace that contains the spans of its steps, although the steps run on other threads. */
class TracesTest {
    private final Spans collected = new Spans();
    private final List<SpanData> spans = collected.all;

    private static String said(SpanData span, String attribute) {
        return String.valueOf(span.getAttributes().get(AttributeKey.stringKey("holdfast." + attribute)));
    }

    private SpanData only(String name) {
        return spans.stream()
                .filter(s -> s.getName().equals(name))
                .reduce((a, b) -> {
                    throw new AssertionError("two spans " + name);
                })
                .orElseThrow();
    }

    @Test
    void aPassIsATraceOfWhatItDid() {
        try (World world = collected.of(new World())) {
            world.desire("""
                [{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'a'},'spec':{}},
                 {'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'b'},'spec':{}}]""");
            world.twin.faults().add("logs:CreateLogGroup", new TwinFault.Deny());
            world.pass();

            SpanData pass = only("pass");
            assertThat(pass.getParentSpanId()).isEqualTo(SpanId.getInvalid());
            assertThat(said(pass, "stack")).isEqualTo("test");
            assertThat(said(pass, "outcome")).isEqualTo("Passed");
            assertThat(said(pass, "revision")).isEqualTo(world.view().revision());
            assertThat(said(pass, "pass")).matches("[0-9a-f]{8}");
            assertThat(spans).allMatch(s -> s.getTraceId().equals(pass.getTraceId()));
            assertThat(spans.stream().filter(s -> s != pass))
                    .allMatch(s -> s.getParentSpanId().equals(pass.getSpanId()));
            Map<String, Long> names =
                    spans.stream().collect(Collectors.groupingBy(SpanData::getName, Collectors.counting()));
            assertThat(names)
                    .isEqualTo(Map.of(
                            "pass", 1L,
                            "observe", 1L,
                            "plan", 1L,
                            "guard", 1L,
                            "Create LogGroup/a", 1L,
                            "Create LogGroup/b", 1L));
            SpanData step = only("Create LogGroup/a");
            assertThat(said(step, "action")).isEqualTo("Create");
            assertThat(said(step, "outcome")).isEqualTo("Failed");
            assertThat(said(step, "fault")).isEqualTo("DENIED");
            assertThat(step.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        }
    }

    @Test
    void everyPassIsATraceOfItsOwnAndAFailedOneSaysSo() {
        try (World world = collected.of(new World())) {
            world.desire("[]");
            world.pass();
            world.store.put("stacks/test/stack.json", "damaged".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            world.restart();
            world.pass();

            List<SpanData> passes =
                    spans.stream().filter(s -> s.getName().equals("pass")).toList();
            assertThat(passes).extracting(s -> said(s, "outcome")).containsExactly("Passed", "Failed");
            assertThat(passes.get(0).getTraceId()).isNotEqualTo(passes.get(1).getTraceId());
            assertThat(passes.get(1).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        }
    }
}
