package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.kind.TestKinds;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An author of documents cannot stop, hang or exhaust the operator: each such stack is refused with a location, and the
 * other stacks are not affected. The time limit only ends a test that would otherwise never end.
 */
@Timeout(60)
class HostileDocumentsTest {
    private static final String STACK = """
            {"apiVersion":"holdfast.dev/v1","kind":"Stack","metadata":{"name":"%s"},
             "spec":{"account":"123456789012","region":"eu-west-2","include":[%s],"params":{%s}}}
            """;
    private static final String VPC =
            "{\"apiVersion\":\"holdfast.dev/v1\",\"kind\":\"Vpc\",\"metadata\":{\"name\":\"%s\"},\"spec\":{%s}}";
    private static final String GOOD = VPC.formatted("main", "\"cidrBlock\":\"10.0.0.0/16\"");

    private static final String OTHER = VPC.formatted("other", "\"cidrBlock\":\"10.1.0.0/16\"");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Map<String, byte[]> files = new TreeMap<>();

    @Test
    void anAddressThatIsNoneIsAProblemOfItsDocument() {
        stack("bad", "", VPC.formatted("main", "\"cidrBlock\":\"*\""));
        stack("good", "", GOOD);

        assertThat(problems("bad")).singleElement().satisfies(p -> {
            assertThat(p.pointer()).startsWith("/spec");
            assertThat(p.message()).doesNotContain("unexpectedly");
        });
        assertGood();
    }

    /** A reference may replace any value of a spec, but no value of the envelope. */
    @ParameterizedTest
    @ValueSource(strings = {"${Vpc/main}", "${Vpc/main.cidrBlock}", "x${Vpc/main}", "${params.x}", "${", "$${x}"})
    void aReferenceInPlaceOfAnyMemberOfAnEnvelopeIsAProblemAtItsPlace(String text) throws IOException {
        String stack = """
                {"apiVersion":"holdfast.dev/v1","kind":"Stack","metadata":{"name":"bad"},
                 "spec":{"account":"123456789012","region":"eu-west-2","include":["docs.json","other.json"],
                         "patches":["patches/*.json"],"roleArn":"arn:aws:iam::123456789012:role/a","mode":"Observe",
                         "interval":"PT1M","prune":true,"showEnvironment":false,"limits":{"maxDeletes":1}}}""";
        String resource = """
                {"apiVersion":"holdfast.dev/v1","kind":"Vpc",
                 "metadata":{"name":"main","region":"eu-west-2","dependsOn":["Vpc/other"]},
                 "lifecycle":{"ignore":["/tags"],"onDelete":"Retain"},"spec":{"cidrBlock":"10.0.0.0/16"}}""";
        stack("good", "", GOOD);
        files.put("bad/stack.json", stack.getBytes(StandardCharsets.UTF_8));
        files.put("bad/docs.json", resource.getBytes(StandardCharsets.UTF_8));
        files.put("bad/patches/other.json", VPC.formatted("main", "").getBytes(StandardCharsets.UTF_8));
        files.put("bad/other.json", OTHER.getBytes(StandardCharsets.UTF_8));
        assertThat(problems("bad")).isEmpty();
        for (String pointer : pointers(stack)) {
            files.put("bad/stack.json", replaced(stack, pointer, text));
            assertRefused(pointer);
        }
        files.put("bad/stack.json", stack.getBytes(StandardCharsets.UTF_8));
        for (String pointer : pointers(resource)) {
            if (!pointer.startsWith("/spec/")) {
                files.put("bad/docs.json", replaced(resource, pointer, text));
                assertRefused(pointer);
            }
        }
    }

    private void assertRefused(String pointer) {
        assertThat(problems("bad")).as(pointer).isNotEmpty().allSatisfy(p -> {
            assertThat(p.hint()).isNotBlank();
            assertThat(p.message()).doesNotContain("unexpectedly");
        });
        assertGood();
    }

    /** The pointers of all members and elements, from the top down. */
    private static List<String> pointers(String document) throws IOException {
        List<String> found = new ArrayList<>();
        collect(MAPPER.readTree(document), "", found);
        return found;
    }

    private static void collect(JsonNode node, String pointer, List<String> found) {
        node.properties().forEach(member -> {
            found.add(pointer + "/" + member.getKey());
            collect(member.getValue(), pointer + "/" + member.getKey(), found);
        });
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            found.add(pointer + "/" + i);
        }
    }

    private static byte[] replaced(String document, String pointer, String text) throws IOException {
        JsonNode root = MAPPER.readTree(document);
        JsonPointer place = JsonPointer.compile(pointer);
        if (root.at(place.head()) instanceof ObjectNode object) {
            object.put(place.last().getMatchingProperty(), text);
        } else {
            ((ArrayNode) root.at(place.head())).set(place.last().getMatchingIndex(), TextNode.valueOf(text));
        }
        return MAPPER.writeValueAsBytes(root);
    }

    @Test
    void aPointerOfAnyLengthIsAnswered() {
        String pointer = "/a".repeat(200_000);
        stack("bad", "", GOOD.replace("\"spec\"", "\"lifecycle\":{\"ignore\":[\"" + pointer + "\"]},\"spec\""));

        assertThat(problems("bad"))
                .singleElement()
                .satisfies(p -> assertThat(p.message())
                        .startsWith("expected a JSON pointer")
                        .hasSizeLessThan(200));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "**/**/**/**/**/**/**/**/**/**/**/**/**/**/**/x",
                "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b"
            })
    void aGlobMatchesInTimeThatGrowsWithItsLengthOnly(String glob) {
        files.put("bad/" + "a".repeat(200) + ".json", GOOD.getBytes(StandardCharsets.UTF_8));
        files.put("bad/" + "d/".repeat(60) + "f.json", GOOD.getBytes(StandardCharsets.UTF_8));
        files.put("bad/stack.json", STACK.formatted("bad", '"' + glob + '"', "").getBytes(StandardCharsets.UTF_8));
        stack("good", "", GOOD);

        assertThat(problems("bad"))
                .extracting(Problem::message)
                .first()
                .asString()
                .contains("matches no JSON file");
        assertGood();
    }

    @Test
    void aLongParamThatIsUsedOftenIsRefused() {
        String uses = IntStream.range(0, 3_000)
                .mapToObj(i -> VPC.formatted("v" + i, "\"tags\":{\"a\":\"${params.long}\"}"))
                .collect(Collectors.joining(",", "[", "]"));
        stack("bad", "\"long\":\"" + "x".repeat(1 << 20) + "\"", uses);

        assertThat(problems("bad")).extracting(Problem::message).anyMatch(m -> m.contains("characters after"));
    }

    @Test
    void aLongListThatIsUsedOftenIsRefused() {
        String list = IntStream.range(0, 20_000).mapToObj(i -> "1").collect(Collectors.joining(",", "[", "]"));
        String uses = IntStream.range(0, 20_000)
                .mapToObj(i -> VPC.formatted("v" + i, "\"tags\":\"${params.list}\""))
                .collect(Collectors.joining(",", "[", "]"));
        stack("bad", "\"list\":" + list, uses);

        assertThat(problems("bad")).extracting(Problem::message).anyMatch(m -> m.contains("JSON values"));
    }

    @Test
    void deepNestingIsRefusedAlsoWhenAParamCompletesIt() {
        stack("deep", "", VPC.formatted("main", "\"tags\":" + nested(900, "1")));
        stack(
                "twice",
                "\"deep\":" + nested(50, "1"),
                VPC.formatted("main", "\"tags\":" + nested(50, "\"${params.deep}\"")));

        assertThat(problems("deep")).isNotEmpty();
        assertThat(problems("twice")).extracting(Problem::message).anyMatch(m -> m.contains("nested"));
    }

    @Test
    void aChainOfDependenciesMayBeAsLongAsTheStack() {
        String chain = IntStream.range(0, 15_000)
                .mapToObj(i -> VPC.formatted(
                        "v" + i + (i == 0 ? "" : "\",\"dependsOn\":[\"Vpc/v" + (i - 1) + "\"],\"region\":\"eu-west-2"),
                        "\"cidrBlock\":\"10.0.0.0/16\""))
                .collect(Collectors.joining(",", "[", "]"));
        stack("long", "", chain);

        assertThat(problems("long")).isEmpty();
        assertThat(compiled("long")).isInstanceOf(LoadResult.ValidRevision.class);
    }

    @Test
    void manyUnknownNamesAreReportedUntilThereAreTooMany() {
        List<String> documents = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            documents.add(VPC.formatted("known" + i, "\"cidrBlock\":\"10.0.0.0/16\""));
            documents.add("{\"apiVersion\":\"holdfast.dev/v1\",\"kind\":\"InternetGateway\",\"metadata\":{\"name\":\"g"
                    + i + "\"},\"spec\":{\"vpcId\":\"${Vpc/unknown" + i + "}\"}}");
        }
        stack("bad", "", documents.toString());

        assertThat(problems("bad")).hasSize(InputCaps.PROBLEMS + 1);
    }

    @Test
    void aNameOfAnyLengthIsAnsweredShortly() {
        String name = "n".repeat(70_000);
        stack("bad", "", VPC.formatted(name, "\"cidrBlock\":\"10.0.0.0/16\"") + "");
        stack("refers", "", "[" + GOOD + "," + VPC.formatted("b", "\"cidrBlock\":\"${Vpc/" + name + "}\"") + "]");

        assertThat(problems("bad"))
                .isNotEmpty()
                .allSatisfy(p -> assertThat(p.toString()).hasSizeLessThan(8_000));
        assertThat(problems("refers"))
                .isNotEmpty()
                .allSatisfy(p -> assertThat(p.toString()).hasSizeLessThan(8_000));
    }

    @Test
    void aMillionValuesThatAreNoDocumentsAreRefused() {
        stack("bad", "", IntStream.range(0, 1_000_000).mapToObj(i -> "1").collect(Collectors.joining(",", "[", "]")));
        stack("some", "", IntStream.range(0, 100_000).mapToObj(i -> "1").collect(Collectors.joining(",", "[", "]")));

        assertThat(problems("bad")).extracting(Problem::message).anyMatch(m -> m.contains("JSON values"));
        assertThat(problems("some")).hasSize(InputCaps.PROBLEMS + 1);
    }

    @Test
    void aNumberThatIsTooLargeIsRefusedAtItsPlace() {
        stack(
                "bad",
                "",
                "{\"apiVersion\":\"holdfast.dev/v1\",\"kind\":\"LogGroup\",\"metadata\":{\"name\":\"a\"},"
                        + "\"spec\":{\"retentionInDays\":99999999999}}");

        assertThat(problems("bad")).singleElement().satisfies(p -> {
            assertThat(p.pointer()).isEqualTo("/spec/retentionInDays");
            assertThat(p.hint()).contains("too large");
        });
    }

    @Test
    void aLargeFileThatNothingIncludesConcernsNobody(@TempDir Path root) throws IOException {
        Files.createDirectories(root.resolve("good"));
        Files.writeString(root.resolve("good/stack.json"), STACK.formatted("good", "\"docs.json\"", ""));
        Files.writeString(root.resolve("good/docs.json"), GOOD);
        try (RandomAccessFile sparse =
                new RandomAccessFile(root.resolve("sparse.json").toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }

        Map<String, LoadResult> loaded = new DesiredCompiler(TestKinds.all()).compile(root);

        assertThat(loaded).containsOnlyKeys("good");
        assertThat(loaded.get("good")).isInstanceOf(LoadResult.ValidRevision.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"aa/resources/${x", "../../../evil${", "a\\nb", "<b>a</b>", "${stack.name}", "a${"})
    void aNameThatIsNoneNamesNoStack(String name) {
        files.put(
                "folder/stack.json", STACK.formatted(name, "\"docs.json\"", "").getBytes(StandardCharsets.UTF_8));
        files.put("folder/docs.json", GOOD.getBytes(StandardCharsets.UTF_8));

        assertThat(new DesiredCompiler(TestKinds.all()).compile(files)).containsOnlyKeys("folder");
        assertThat(problems("folder")).anyMatch(p -> p.pointer().equals("/metadata/name"));
    }

    @Test
    void aFaultOfACheckIsAProblemAtItsDocument() {
        List<Problem> found = new ArrayList<>();
        SourceLocation place = new SourceLocation("a.json", 3, 4, "/spec");

        assertThatCode(() -> {
                    ContainedCheck.run(place, found, () -> {
                        throw new IllegalStateException("a secret value");
                    });
                    ContainedCheck.run(place, found, HostileDocumentsTest::endless);
                })
                .doesNotThrowAnyException();

        assertThat(found).hasSize(2).allSatisfy(p -> {
            assertThat(p.line()).isEqualTo(3);
            assertThat(p.toString()).contains("unexpectedly").doesNotContain("secret");
        });
    }

    @Test
    void noStackWaitsForAnotherOneThatIsBeingCompiled() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        StackSet stacks = new StackSet(Map.of(
                "slow",
                () -> {
                    begun.countDown();
                    await(end);
                    return new LoadResult.NoDesiredState("slow");
                },
                "good",
                () -> new LoadResult.NoDesiredState("good")));
        Thread slow = Thread.ofPlatform().start(() -> stacks.read("slow"));
        begun.await();

        assertThat(stacks.read("good")).isEqualTo(new LoadResult.NoDesiredState("good"));
        end.countDown();
        slow.join();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int endless() {
        return 1 + endless();
    }

    private static String nested(int depth, String inner) {
        return "[".repeat(depth) + inner + "]".repeat(depth);
    }

    private void stack(String name, String params, String documents) {
        files.put(
                name + "/stack.json",
                STACK.formatted(name, "\"docs.json\"", params).getBytes(StandardCharsets.UTF_8));
        files.put(name + "/docs.json", documents.getBytes(StandardCharsets.UTF_8));
    }

    private List<Problem> problems(String stack) {
        return compiled(stack) instanceof LoadResult.RefusedRevision refused ? refused.problems() : List.of();
    }

    private @Nullable LoadResult compiled(String stack) {
        return new DesiredCompiler(TestKinds.all()).stacks(files).read(stack);
    }

    private void assertGood() {
        assertThat(compiled("good")).isInstanceOf(LoadResult.ValidRevision.class);
    }
}
