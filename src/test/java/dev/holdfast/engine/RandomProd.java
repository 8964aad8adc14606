package dev.holdfast.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The whole of Skin Club Pro's stack prod with plausible changes: without some of its services, with other sizes and
 * versions. Its zones stay, because AWS does not delete a subnet in which a database or a cache runs.
 */
final class RandomProd implements Consumer<World> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STACK = "prod/stack.json";
    /** The files to which no other document of the stack refers. */
    private static final List<String> OPTIONAL = List.of(
            "base/services/identity.json",
            "base/services/bookings.json",
            "base/services/payments.json",
            "base/services/media.json",
            "base/services/notifications.json",
            "base/tracing.json");

    private final Random random;
    /** The text of each changed file; null: the file does not exist. */
    private final Map<String, @Nullable String> files = new TreeMap<>();

    RandomProd(Random random) {
        this.random = random;
        for (String path : OPTIONAL) {
            files.put(path, random.nextInt(4) == 0 ? null : read(path));
        }
        String sizes = read("prod/patches/sizes.json");
        // The patch of a missing service would be an error.
        files.put("prod/patches/sizes.json", """
            [{"kind":"Service","metadata":{"name":"api"},"spec":%s}]
            """.formatted(
                        oneOf("{\"cpu\":512,\"memory\":1024}", "{\"cpu\":256,\"memory\":512}")));
        if (files.get("base/services/bookings.json") != null && random.nextBoolean()) {
            files.put("prod/patches/sizes.json", sizes);
        }
        files.put(STACK, stack());
    }

    @Override
    public void accept(World world) {
        files.forEach(world::file);
    }

    /** @return the text of the file in the repository's desired state */
    private static String read(String path) {
        try {
            return Files.readString(SkinClub.DESIRED.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String stack() {
        try {
            ObjectNode stack = (ObjectNode) JSON.readTree(read(STACK));
            ObjectNode params = (ObjectNode) stack.at("/spec/params");
            set(params, "containerInsights", "'enabled'", "'enhanced'", "'disabled'");
            set(
                    params,
                    "webOrigins",
                    "['https://www.skinclubpro.example']",
                    "['https://a.example','https://b.example']");
            set(params.withObject("/network"), "natGateways", "'OnePerZone'", "'One'");
            without(params.withObject("/network").withArray("interfaceEndpoints"));
            set(params.withObject("/database"), "backupRetentionPeriod", "30", "14");
            set(params.withObject("/database"), "deletionProtection", "true", "false");
            set(params.withObject("/database"), "multiAZ", "true", "false");
            set(params.withObject("/cache"), "nodes", "2", "3");
            set(params.withObject("/cache"), "snapshotRetentionLimit", "7", "3");
            service(params.withObject("/service"));
            ObjectNode images = params.withObject("/images");
            images.properties()
                    .forEach(image -> image.setValue(images.textNode(
                            image.getValue().asText().replace(":1.0.0", ":1." + random.nextInt(3) + ".0"))));
            set(
                    (ObjectNode) stack.at("/spec"),
                    "limits",
                    "{'maxDeletes':9999,'maxReplaces':9999,'maxUpdates':9999,'maxRollouts':9999}");
            set((ObjectNode) stack.at("/spec"), "tags", "{'Project':'SkinClubPro'}", "{'Project':'P','Team':'red'}");
            return JSON.writeValueAsString(stack);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void service(ObjectNode service) throws JsonProcessingException {
        set(service.withObject("/environment"), "LOG_LEVEL", "'info'", "'debug'");
        set(service, "logRetentionInDays", "365", "90");
        set(service, "scaling", "{'min':2,'max':10}", "{'min':1,'max':4,'cpu':50}", "false");
        set(service, "alarms", "{'actions':['${Topic/alerts}']}", "{'actions':[],'cpu':70}", "false");
        set(service, "tracing", "true", "false");
    }

    private void set(ObjectNode object, String field, String... values) throws JsonProcessingException {
        JsonNode value = JSON.readTree(oneOf(values).replace('\'', '"'));
        object.set(field, value);
    }

    private void without(ArrayNode some) {
        for (int i = some.size() - 1; i >= 0; i--) {
            if (random.nextInt(3) == 0) {
                some.remove(i);
            }
        }
    }

    private String oneOf(String... values) {
        return values[random.nextInt(values.length)];
    }
}
