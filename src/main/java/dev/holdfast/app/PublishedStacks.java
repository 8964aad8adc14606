package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.holdfast.aws.ClientFactory;
import dev.holdfast.desired.Head;
import dev.holdfast.desired.PublishedSource;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.store.ObjectStore;
import dev.holdfast.store.ObjectStores;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;

/** The commits of a published desired state, read with the user's own AWS credentials. */
final class PublishedStacks {
    /** The most commits in a list, as in the HTTP API. */
    static final int MOST = 50;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private PublishedStacks() {}

    /** {@code {"items": [...]}}, the newest first; empty for a directory, which keeps no commits. */
    static JsonNode commits(String location, String stack) {
        if (!InstallationConfig.isS3(location)) {
            return json(List.of());
        }
        try (ClientFactory clients = CommandContext.clients()) {
            ObjectStore store = ObjectStores.open(
                    location, () -> clients.of("", Operator.region(), null).client(S3Client.class));
            return json(new PublishedSource(store, new KindCatalog(List.of())).revisions(stack, MOST));
        }
    }

    private static JsonNode json(List<Head> heads) {
        ObjectNode all = MAPPER.createObjectNode();
        heads.forEach(all.putArray("items")::addPOJO);
        return MAPPER.valueToTree(all);
    }
}
