package dev.holdfast.engine;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.model.Condition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.api.AutoCloseableSoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * An object of the state is damaged: a member is missing, null or of another type, or the whole object is not JSON. The
 * damage causes no write, and the operator names the object to the user, who has to repair it.
 */
class DamagedStateTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long SEED = Long.getLong("holdfast.seed", 42);
    private static final int CASES = Integer.getInteger("holdfast.damages", 60);
    private static final String TEXT = "\"x\"";
    private static final List<String> VALUES = List.of("gone", "null", "7", TEXT, "{}", "[null]", "{\"a\":null}");
    private static final String REST = """
        {'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16'}},
        {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'web'},'spec':{'vpcId':'${Vpc/main}',
          'description':'Web'}},
        {'apiVersion':'holdfast.dev/v1','kind':'Secret','metadata':{'name':'key'},'spec':{
          'name':'Dev/App/api/key','generateSecretString':{'passwordLength':40}}},
        {'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'app'},
          'lifecycle':{'onDelete':'Delete'},'spec':{'logGroupName':'/app%s'}}""";

    private record DamagedObject(String key, String damage, byte[] content) {}

    @Test
    void nothingIsWrittenAndTheObjectIsNamed() throws IOException {
        try (World world = new World();
                AutoCloseableSoftAssertions all = new AutoCloseableSoftAssertions()) {
            world.desire("[" + Docs.bucket("kept", "") + "," + Docs.bucket("left", "") + "," + REST.formatted("") + "]")
                    .converged();
            // The state records a retained orphan, a step that waits for an approval, and a pause.
            world.desire("[" + Docs.bucket("kept", "") + "," + REST.formatted("2") + "]", "'limits':{'maxReplaces':0},")
                    .run(Duration.ofMinutes(10));
            world.pause("Vpc/main", Duration.ofDays(300));
            world.run(Duration.ofMinutes(10));
            Map<String, byte[]> good = contents(world.store);
            List<DamagedObject> cases = cases(good);
            Collections.shuffle(cases, new Random(SEED));
            System.out.println(
                    "seed " + SEED + ": " + Math.min(CASES, cases.size()) + " of " + cases.size() + " damages");

            for (DamagedObject damaged : cases.subList(0, Math.min(CASES, cases.size()))) {
                world.store.clear();
                good.forEach(world.store::put);
                world.store.put(damaged.key(), damaged.content());
                long before = world.writeCount();

                world.restart().run(Duration.ofMinutes(3));

                String what = damaged.key() + ": " + damaged.damage();
                all.assertThat(world.writeCount())
                        .as(what + "\n" + world.describe())
                        .isEqualTo(before);
                if (world.view().status().equals("Failed")) {
                    all.assertThat(world.view().conditions())
                            .as(what)
                            .extracting(Condition::message)
                            .singleElement()
                            .asString()
                            .contains("memory/" + damaged.key());
                }
            }
        }
    }

    private static Map<String, byte[]> contents(MemoryStore store) {
        Map<String, byte[]> all = new TreeMap<>();
        store.list("")
                .forEach(key ->
                        all.put(key, Objects.requireNonNull(store.get(key)).content()));
        return all;
    }

    private static List<DamagedObject> cases(Map<String, byte[]> good) throws IOException {
        List<DamagedObject> cases = new ArrayList<>();
        for (Map.Entry<String, byte[]> object : good.entrySet()) {
            String key = object.getKey();
            for (String whole : List.of("", "null", "{}", "[]", "0", "{\"")) {
                cases.add(new DamagedObject(key, "'" + whole + "'", whole.getBytes(StandardCharsets.UTF_8)));
            }
            if (!key.endsWith(".json")) {
                continue;
            }
            List<String> pointers = new ArrayList<>();
            collect(MAPPER.readTree(object.getValue()), "", pointers);
            for (String pointer : pointers) {
                for (String value : VALUES) {
                    if (TEXT.equals(value)
                            && MAPPER.readTree(object.getValue()).at(pointer).isTextual()) {
                        continue; // Only the bucket's policy can prevent another valid text.
                    }
                    cases.add(new DamagedObject(
                            key,
                            pointer + " = " + value,
                            damaged(object.getValue(), JsonPointer.compile(pointer), value)));
                }
            }
        }
        return cases;
    }

    private static void collect(JsonNode node, String pointer, List<String> found) {
        node.properties().forEach(member -> {
            String inner = pointer + "/" + member.getKey().replace("~", "~0").replace("/", "~1");
            found.add(inner);
            collect(member.getValue(), inner, found);
        });
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            found.add(pointer + "/" + i);
            collect(node.get(i), pointer + "/" + i, found);
        }
    }

    private static byte[] damaged(byte[] content, JsonPointer place, String value) throws IOException {
        JsonNode root = MAPPER.readTree(content);
        @Nullable JsonNode next = value.equals("gone") ? null : MAPPER.readTree(value);
        if (root.at(place.head()) instanceof ObjectNode object) {
            object.remove(place.last().getMatchingProperty());
            if (next != null) {
                object.set(place.last().getMatchingProperty(), next);
            }
        } else {
            ArrayNode array = (ArrayNode) root.at(place.head());
            array.remove(place.last().getMatchingIndex());
            if (next != null) {
                array.insert(place.last().getMatchingIndex(), next);
            }
        }
        return MAPPER.writeValueAsBytes(root);
    }
}
