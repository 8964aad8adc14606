package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The page about moving in: its documents and commands, step by step, and the output that it shows. */
@Execution(ExecutionMode.SAME_THREAD) // its commands read the settings of the process
class MoveInTest {
    private static final Path PAGE = Path.of("docs/move-in.md");
    private static final Pattern JSON = Pattern.compile("(?s)```json\\n(.*?)```");
    private static final Pattern SHELL = Pattern.compile("(?s)```\\n(\\$ \\./holdfast .*?)```");

    @TempDir
    Path temp;

    private TwinServer twin;
    private Path directory;

    @BeforeEach
    void start() throws IOException {
        twin = TwinServer.start(TwinOptions.defaults().withSettings(new TwinSettings().speed(1000)));
    }

    @AfterEach
    void stop() {
        twin.close();
    }

    private static String section(String title) throws IOException {
        String page = Files.readString(PAGE);
        String from = page.substring(page.indexOf("\n## " + title + "\n"));
        int end = from.indexOf("\n## ", 4);
        return end < 0 ? from : from.substring(0, end);
    }

    private void written(String section, Map<String, String> ids) throws IOException {
        List<String> files =
                JSON.matcher(section).results().map(found -> found.group(1)).toList();
        Files.createDirectories(directory.resolve("shop"));
        String documents = files.get(1);
        for (Map.Entry<String, String> id : ids.entrySet()) {
            assertThat(documents).contains(id.getKey());
            documents = documents.replace(id.getKey(), id.getValue());
        }
        Files.writeString(directory.resolve("shop/stack.json"), files.get(0));
        Files.writeString(directory.resolve("shop/docs.json"), documents);
    }

    /** Writes the documents of a section into a new directory. @return the section's blocks of commands */
    private List<String> prepared(String name, String heading, Map<String, String> ids) throws IOException {
        directory = temp.resolve(name);
        String section = section(heading);
        written(section, ids);
        return SHELL.matcher(section).results().map(found -> found.group(1)).toList();
    }

    private void edit(String file, UnaryOperator<String> how) throws IOException {
        String before = Files.readString(directory.resolve(file));
        String after = how.apply(before);
        assertThat(after).isNotEqualTo(before);
        Files.writeString(directory.resolve(file), after);
    }

    private CommandLines.RanLine reconcile(String stack) {
        return run("reconcile", directory.toString(), "--stack", stack, "--timeout", "60s");
    }

    private CommandLines.RanLine run(String... arguments) {
        Map<String, String> environment = new HashMap<>();
        environment.put("aws.region", Installation.REGION);
        environment.put("aws.accessKeyId", Installation.ACCOUNT);
        environment.put("aws.secretAccessKey", "secret");
        environment.put("AWS_ENDPOINT_URL", twin.endpoint().toString());
        environment.put("HOLDFAST_STATE", temp.resolve("state").toString());
        environment.put("HOLDFAST_INSTALLATION", "move");
        environment.put("quarkus.application.version", "test");
        try (Installation.Properties ignored = new Installation.Properties(environment)) {
            return CommandLines.run(arguments);
        }
    }

    /**
     * Runs the commands of a block and expects the lines that the page shows; {@code …} stands for text that the page
     * leaves out.
     */
    private void shows(String block) {
        List<String> lines = block.lines().toList();
        CommandLines.RanLine ran = null;
        for (String line : lines) {
            if (line.startsWith("$ ")) {
                String[] words = line.replaceFirst("^\\$ \\./holdfast +", "").split(" ");
                for (int i = 0; i < words.length; i++) {
                    words[i] = words[i].equals("move") || words[i].equals("copilot") ? directory.toString() : words[i];
                }
                ran = words[0].equals("reconcile") ? reconcile(words[words.length - 1]) : run(words);
                assertThat(ran.code())
                        .as("%s: %s%s", line, ran.out(), ran.err())
                        .isZero();
            } else if (ran != null && !line.isBlank() && !line.strip().equals("…")) {
                assertThat(ran.out()).as(line).containsPattern(pattern(line));
            }
        }
        assertThat(ran).isNotNull();
    }

    private static Pattern pattern(String line) {
        String wanted = Pattern.quote(line.stripTrailing())
                .replaceAll("(?:vpc|sg|subnet)-[0-9a-f]{17}", "\\\\E[a-z]+-[0-9a-f]+\\\\Q")
                .replaceAll("revision [0-9a-f]{12}…", "revision \\\\E[0-9a-f]{64}\\\\Q")
                .replace("…", "\\E.*\\Q");
        return Pattern.compile(wanted);
    }

    private Map<String, Map<String, String>> things() {
        return twin.account(Installation.ACCOUNT).inventory().stream()
                .filter(item -> !item.type().startsWith("ec2:network-interface")
                        && !item.type().startsWith("ecs:task/"))
                .collect(Collectors.toMap(TwinItem::arn, TwinItem::tags, (one, same) -> one, TreeMap::new));
    }

    private void onlyOurTagsWereAdded(Map<String, Map<String, String>> before, int adopted) {
        Map<String, Map<String, String>> after = things();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        int changed = 0;
        for (Map.Entry<String, Map<String, String>> thing : after.entrySet()) {
            Map<String, String> rest = new TreeMap<>(thing.getValue());
            boolean ours = rest.keySet().removeAll(Set.of("holdfast:stack", "holdfast:resource"));
            changed += ours ? 1 : 0;
            assertThat(rest).as(thing.getKey()).isEqualTo(before.get(thing.getKey()));
        }
        assertThat(changed).isEqualTo(adopted);
    }

    @Test
    void whatCdkMadeIsHandedOver() throws IOException {
        List<String> blocks = prepared("move", "From CloudFormation and CDK", MadeByTemplates.cdk(twin));
        Map<String, Map<String, String>> before = things();

        shows(blocks.get(0));
        edit(
                "shop/docs.json",
                d -> d.replace("\"adopt\": \"IfUnowned\"", "\"adopt\": \"IfUnowned\", \"handover\": true"));
        shows(blocks.get(1));
        edit("shop/docs.json", d -> d.replace(", \"retentionInDays\": 14", ""));
        CommandLines.RanLine tagsOnly = run("plan", directory.toString(), "--stack", "shop");
        assertThat(tagsOnly.out().lines().filter(l -> l.startsWith("      ") && !l.contains("held")))
                .hasSize(10)
                .allMatch(l -> l.contains("+ tags: holdfast:"));
        assertThat(things()).isEqualTo(before);
        edit("shop/stack.json", s -> s.replace("Observe", "Enforce"));
        shows(blocks.get(2));
        onlyOurTagsWereAdded(before, 5);
        edit("shop/docs.json", d -> d.replaceAll("(?m)\"lifecycle\": \\{[^}]*}, ?\\n? *", ""));
        shows(blocks.get(3));
    }

    @Test
    void whatCopilotMadeIsHandedOver() throws IOException {
        List<String> blocks = prepared("copilot", "From Copilot", MadeByTemplates.copilot(twin));
        Map<String, Map<String, String>> before = things();

        shows(blocks.get(0));
        edit("shop/stack.json", s -> s.replace("Observe", "Enforce"));
        shows(blocks.get(1));

        onlyOurTagsWereAdded(before, 10);
        assertThat(run("plan", directory.toString(), "--stack", "shop-prod", "--detailed-exitcode")
                        .code())
                .isZero();
    }

    /** The removal of the tags afterwards is tested by LetGoTest. */
    @Test
    void whatIsLetGoStaysAsItIs() throws IOException {
        prepared("copilot", "From Copilot", MadeByTemplates.copilot(twin));
        edit("shop/stack.json", s -> s.replace("Observe", "Enforce"));
        assertThat(reconcile("shop-prod").code()).isZero();
        Map<String, Map<String, String>> before = things();

        String group = "\"kind\": \"LogGroup\", \"metadata\": { \"name\": \"api\" },\n    \"lifecycle\": { ";
        edit("shop/docs.json", d -> d.replace(group, group + "\"onDelete\": \"Retain\", "));
        assertThat(reconcile("shop-prod").code()).isZero();
        edit(
                "shop/docs.json",
                d -> d.replaceAll("(?s)  \\{[^{]*\"kind\": \"LogGroup\".*?\"retentionInDays\": 30 } },\\n", ""));
        CommandLines.RanLine let = reconcile("shop-prod");
        assertThat(let.code()).isZero();
        CommandLines.RanLine seen = run(
                "get", "--stack", "shop-prod", "--state", temp.resolve("state").toString());
        assertThat(seen.out()).containsPattern("LogGroup/api +Orphaned");
        assertThat(things()).isEqualTo(before);
    }
}
