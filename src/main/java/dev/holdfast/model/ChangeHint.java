package dev.holdfast.model;

import org.jspecify.annotations.Nullable;

/**
 * Says that somebody may have changed a resource: it is read at once, whatever the interval says. What the read shows decides.
 *
 * @param by who did it; null: nobody is known, and the resource is only to be read
 * @param notice what the service itself tells of the resource; null: nothing
 */
public record ChangeHint(
        ResourceId resource,
        @Nullable ChangeAuthor by,
        @Nullable ServiceWord notice) {
    public ChangeHint(ResourceId resource, @Nullable ChangeAuthor by) {
        this(resource, by, null);
    }

    /**
     * What a service tells of a resource.
     *
     * @param reason one word, as of an event: {@code TaskStopped}
     * @param message for people
     */
    public record ServiceWord(String reason, String message) {
        /** An image was pushed: a tag may mean another one now. */
        public static final String IMAGE_PUSHED = "ImagePushed";

        /** A task has stopped, and nobody asked for it: a rollout that fails says the same of each of its tasks. */
        public static final String TASK_STOPPED = "TaskStopped";

        /** The service has failed to do something, or will soon. */
        public static final String FAILURE = "ServiceFailure";

        /** AWS will replace something, at the date that it says. */
        public static final String RETIREMENT = "RetirementScheduled";
    }
}
