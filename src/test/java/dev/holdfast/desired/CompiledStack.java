package dev.holdfast.desired;

import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.Revision;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Revisions of the stack {@code test}, whose only settings are its account and region. */
public final class CompiledStack {
    private CompiledStack() {}

    /** @param documents a JSON array, or one document */
    public static Revision of(String documents) {
        return inRegion("eu-west-2", documents);
    }

    public static Revision inRegion(String region, String documents) {
        String stack = """
            {"apiVersion":"holdfast.dev/v1","kind":"Stack","metadata":{"name":"test"},
             "spec":{"account":"123456789012","region":"%s","include":["in.json"]}}
            """.formatted(region);
        return valid(new DesiredCompiler(TestKinds.all())
                .compile(Map.of("stack.json", bytes(stack), "in.json", bytes(documents)))
                .get("test"));
    }

    /** The revision that was loaded; fails the test if there is none. */
    public static Revision valid(@Nullable LoadResult loaded) {
        if (loaded instanceof LoadResult.ValidRevision(Revision revision, var published, var warnings)) {
            return revision;
        }
        throw new AssertionError("not valid: " + loaded);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
