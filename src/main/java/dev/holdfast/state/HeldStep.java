package dev.holdfast.state;

import dev.holdfast.model.Action;
import dev.holdfast.model.ResourceId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step of the last plan that an approval releases.
 *
 * @param message why the step is held, or null if it only follows a replacement
 * @param needs hashes of the other held steps that have to be carried out before this step
 */
public record HeldStep(
        String hash,
        ResourceId resource,
        Action action,
        @Nullable String message,
        List<String> needs) {}
