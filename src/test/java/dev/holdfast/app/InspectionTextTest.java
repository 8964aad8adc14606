package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.holdfast.kind.TestKinds;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The text forms of stacks and resources. */
@Isolated("it sets properties of its process")
class InspectionTextTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static JsonNode needing(String id, String status, String reason, String message) throws IOException {
        return JSON.readTree("""
                {"kind":"%s","metadata":{"name":"%s"},"status":{"status":"%s","reason":"%s","message":"%s"}}""".formatted(id.split("/", -1)[0], id.split("/", -1)[1], status, reason, message));
    }

    @Test
    void eachCauseIsSaidOnceWithWhatOneCanDo() throws IOException {
        List<JsonNode> resources = new ArrayList<>();
        for (int i = 1; i <= 7; i++) {
            resources.add(needing("Alarm/a" + i, "AwaitingApproval", "LimitExceeded", "too many deletions"));
        }
        resources.add(needing("Service/a", "AwaitingApproval", "LimitExceeded", "Alarm/a1: too many deletions"));
        resources.add(needing("EcsService/api", "Stalled", "RolloutHeld", "not found"));
        resources.add(needing("Service/api", "Stalled", "RolloutHeld", "EcsService/api: not found"));

        assertThat(AttentionText.of("prod", resources))
                .startsWith(
                        "prod: 7 resources (Alarm/a1, Alarm/a2, Alarm/a3, Alarm/a4, Alarm/a5 and 2 more)"
                                + " AwaitingApproval: LimitExceeded: too many deletions",
                        "prod: EcsService/api Stalled: RolloutHeld: not found")
                .filteredOn(line -> line.startsWith("  holdfast"))
                .extracting(line -> line.trim().split(" ", -1)[1])
                .containsExactly("describe", "approve", "rollback");
        assertThat(AttentionText.of("prod", List.of())).isEmpty();
    }

    @Test
    void anElementThatSomebodyAddedOrTookAwayIsSaidInWords() throws IOException {
        assertThat(DriftCommand.field(JSON.readTree("""
                {"words":"ingress: tcp 22 from 0.0.0.0/0","observed":{"protocol":"tcp"},"desired":null,"cause":"Drift"}""")))
                .isEqualTo("ingress: tcp 22 from 0.0.0.0/0: exists, and is not desired  [Drift]");
        assertThat(DriftCommand.field(JSON.readTree("""
                {"words":"ingress: tcp 80 from 0.0.0.0/0","observed":null,"desired":{"protocol":"tcp"},"cause":"Drift"}""")))
                .isEqualTo("ingress: tcp 80 from 0.0.0.0/0: is desired, and does not exist  [Drift]");
        assertThat(DriftCommand.field(JSON.readTree("""
                {"words":"healthCheckPath","observed":"/wrong","desired":"/health","cause":"Drift"}""")))
                .isEqualTo("healthCheckPath: \"/wrong\" -> \"/health\"  [Drift]");
    }

    @Test
    void yamlIsReadBackAsTheSameJson() throws IOException {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            JsonNode json = any(random, 4);

            String yaml = YamlText.of(json);

            assertThat(YAML.readTree(yaml)).as("seed %s:\n%s", seed, yaml).isEqualTo(JSON.readTree(json.toString()));
        }
    }

    private static JsonNode any(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 5 : 7)) {
            case 0 -> JsonNodeFactory.instance.nullNode();
            case 1 -> JsonNodeFactory.instance.booleanNode(random.nextBoolean());
            case 2 -> JsonNodeFactory.instance.numberNode(random.nextInt(1000));
            case 3, 4 -> JsonNodeFactory.instance.textNode(text(random));
            case 5 -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(any(random, depth - 1));
                }
                yield array;
            }
            default -> {
                ObjectNode object = JsonNodeFactory.instance.objectNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    object.set(text(random), any(random, depth - 1));
                }
                yield object;
            }
        };
    }

    private static String text(Random random) {
        List<String> texts = List.of(
                "",
                "a",
                "yes",
                "No",
                "null",
                "1.5",
                "0x1f",
                "12:30",
                "- x",
                "a: b",
                "a #b",
                "#",
                "'",
                "\"",
                "a\nb",
                " a ",
                "é",
                "{}",
                "[",
                "*",
                "&a",
                "!t",
                "%",
                "@",
                "`",
                "2026-01-01",
                "~",
                "/x/y",
                "tcp:22:0.0.0.0~10",
                "_a",
                "1e3",
                "=",
                "<<",
                "a-b_c.d");
        return texts.get(random.nextInt(texts.size()));
    }

    @Test
    void kindsAreFoundInAnyCaseSingularAndPlural() {
        KindWords words = new KindWords(TestKinds.all());
        for (String kind : TestKinds.all().all().keySet()) {
            assertThat(words.kind(kind.toLowerCase(java.util.Locale.ROOT))).isEqualTo(kind);
            assertThat(words.kind(KindWords.plural(kind))).isEqualTo(kind);
        }
        assertThat(words.kind("services")).isEqualTo("Service");
        assertThat(words.kind("REPOSITORIES")).isEqualTo("Repository");
        assertThat(words.kind("natgateways")).isEqualTo("NatGateway");
        assertThatThrownBy(() -> words.kind("buckt")).hasMessageContaining("did you mean \"Bucket\"?");
        assertThat(words.id("bucket/media")).isEqualTo("Bucket/media");
        assertThatThrownBy(() -> words.id("bucket")).hasMessageContaining("Kind/name");
    }

    @Test
    void whatIsChosenIsKindsOrSingleResources() {
        KindWords words = new KindWords(TestKinds.all());

        assertThat(ResourceChoice.of(List.of(), words)).isEqualTo(new ResourceChoice(false, Set.of(), Set.of()));
        assertThat(ResourceChoice.of(List.of("vpcs"), words))
                .isEqualTo(new ResourceChoice(false, Set.of("Vpc"), Set.of()));
        assertThat(ResourceChoice.of(List.of("vpc", "a", "b"), words).ids()).containsExactly("Vpc/a", "Vpc/b");
        assertThat(ResourceChoice.of(List.of("vpc/a", "bucket/b"), words).ids()).containsExactly("Vpc/a", "Bucket/b");
        assertThat(ResourceChoice.of(List.of("Stacks"), words).ofStacks()).isTrue();
        assertThat(ResourceChoice.of(List.of("stack", "prod"), words).ids()).containsExactly("prod");
        assertThatThrownBy(() -> ResourceChoice.of(List.of("vpc/a", "stack/b"), words))
                .hasMessageContaining("not both");
    }

    @Test
    void agesAreInTheLargestUnit() {
        Instant now = Instant.parse("2026-01-31T12:00:00Z");

        assertThat(AgeWords.since("2026-01-31T11:59:15Z", now)).isEqualTo("45s");
        assertThat(AgeWords.since("2026-01-31T11:48:00Z", now)).isEqualTo("12m");
        assertThat(AgeWords.since("2026-01-31T07:00:00Z", now)).isEqualTo("5h");
        assertThat(AgeWords.since("2026-01-28T11:00:00Z", now)).isEqualTo("3d");
        assertThat(AgeWords.since("2026-01-31T12:00:09Z", now)).isEqualTo("0s");
        assertThat(AgeWords.since("", now)).isEmpty();
    }

    @Test
    void aTreeUnfoldsASharedDependencyOnceAndEndsInACycle() throws IOException {
        JsonNode graph = JSON.readTree("""
            {"nodes":[{"id":"A/a","status":"Synced"},{"id":"B/b","status":"Failed"},{"id":"C/c","status":"Synced"},
                      {"id":"D/d","status":"Synced"},{"id":"X/x","status":"Synced"},{"id":"Y/y","status":"Synced"}],
             "edges":[["A/a","B/b"],["A/a","C/c"],["B/b","C/c"],["C/c","D/d"],["X/x","Y/y"],["Y/y","X/x"]]}""");

        assertThat(DependencyTree.of(graph, false).lines(null, new Palette(false)))
                .containsExactly(
                        "A/a  Synced",
                        "├─ B/b  Failed",
                        "│  └─ C/c  Synced",
                        "│     └─ D/d  Synced",
                        "└─ C/c  Synced  (see above)",
                        "X/x  Synced",
                        "└─ Y/y  Synced",
                        "   └─ X/x  Synced  (see above)");
        assertThat(DependencyTree.of(graph, true).reached("C/c")).containsExactly("A/a", "B/b", "C/c");
    }

    @Test
    void theColumnsOfALaterLookLineUpWithTheFirst() {
        TextTable first = new TextTable("NAME", "STATUS", "READY");
        first.row("EcsService/api", "Progressing", "False");
        TextTable second = new TextTable("NAME", "STATUS", "READY");
        second.row("EcsService/api", "Synced", "True");
        TextTable third = new TextTable("NAME", "STATUS", "READY");
        third.row("EcsService/a", "Synced", "True");

        assertThat(first.lines(true, (cell, padded) -> padded))
                .containsExactly("NAME             STATUS        READY", "EcsService/api   Progressing   False");
        assertThat(second.below(first).lines(false, (cell, padded) -> padded))
                .containsExactly("EcsService/api   Synced        True");
        assertThat(third.below(second).lines(false, (cell, padded) -> padded))
                .containsExactly("EcsService/a     Synced        True");
    }

    @Test
    void coloursComeOnlyWhereTheyAreOn() {
        assertThat(new Palette(true).status("Failed", "Failed")).isEqualTo("\u001b[31mFailed\u001b[0m");
        assertThat(new Palette(false).status("Failed", "Failed")).isEqualTo("Failed");
        CommandContext context = new CommandContext(TestKinds.all());
        context.terminal(null);
        assertThat(Palette.of(context).on()).isFalse();
        context.terminal(question -> "");
        assertThat(Palette.of(context).on()).isTrue();
        System.setProperty("NO_COLOR", "1");
        try {
            assertThat(Palette.of(context).on()).isFalse();
        } finally {
            System.clearProperty("NO_COLOR");
        }
    }
}
