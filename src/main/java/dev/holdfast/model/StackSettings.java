package dev.holdfast.model;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a stack document that the engine uses.
 *
 * @param account 12 digits, checked against STS before the first read
 * @param roleArn the role to assume for this stack; null: the operator's own credentials
 * @param tags the tags of every resource that supports tags
 * @param showEnvironment whether an observed environment value that differs may be shown
 */
public record StackSettings(
        String name,
        String account,
        String region,
        @Nullable String roleArn,
        Map<String, String> tags,
        Mode mode,
        Duration interval,
        boolean prune,
        Limits limits,
        boolean showEnvironment) {

    /** The settings of a revision that tears the stack down: it prunes, and each deletion waits for an approval. */
    public StackSettings ofTeardown() {
        Limits held = new Limits(0, limits.maxReplaces, limits.maxUpdates, limits.maxRollouts);
        return new StackSettings(name, account, region, roleArn, tags, mode, interval, true, held, showEnvironment);
    }

    public enum Mode {
        /** Differences are converged. */
        Enforce,
        /** Differences are reported, and nothing is written. */
        Observe
    }

    /**
     * The maximum number of steps of each action in one plan. If a plan contains more, all steps of that action wait
     * for approval.
     */
    public record Limits(int maxDeletes, int maxReplaces, int maxUpdates, int maxRollouts) {
        public static final Limits DEFAULT = new Limits(3, 1, 50, 10);

        /** The lower value of each limit. */
        public Limits stricter(Limits other) {
            return new Limits(
                    Math.min(maxDeletes, other.maxDeletes),
                    Math.min(maxReplaces, other.maxReplaces),
                    Math.min(maxUpdates, other.maxUpdates),
                    Math.min(maxRollouts, other.maxRollouts));
        }
    }
}
