package dev.holdfast.plan;

import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.ResourceId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The hash that identifies exactly one step, and to which an approval is bound. */
final class StepHash {
    private StepHash() {}

    static String of(
            String revision,
            ResourceId id,
            Action action,
            @Nullable String physicalId,
            List<FieldChange> changes,
            String reason) {
        StringBuilder text = new StringBuilder(revision)
                .append('\n')
                .append(id)
                .append('\n')
                .append(action)
                .append('\n')
                .append(physicalId)
                .append('\n')
                .append(reason);
        if (action != Action.Create) {
            changes.stream()
                    .filter(c -> c.effect() != FieldChange.Effect.Released)
                    .map(c -> c.path() + "=" + c.desired() + (c.forcesReplacement() ? "!" : ""))
                    .sorted()
                    .forEach(line -> text.append('\n').append(line));
        }
        return digest(text);
    }

    /**
     * The hash of a step that follows a replacement and whose values are not known yet. It does not depend on the
     * values, because an approval is for this action on this object under this revision.
     */
    static String foretold(String revision, ResourceId id, Action action, @Nullable String physicalId) {
        return digest(new StringBuilder("foretold\n")
                .append(revision)
                .append('\n')
                .append(id)
                .append('\n')
                .append(action)
                .append('\n')
                .append(physicalId));
    }

    private static String digest(CharSequence text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
