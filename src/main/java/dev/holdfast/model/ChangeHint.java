package dev.holdfast.model;

import org.jspecify.annotations.Nullable;

/**
 * A report that another principal may have changed a resource. The resource is read at once, regardless of the
 * interval, and the result of the read decides.
 *
 * @param by the author of the change; null: the author is unknown, and the resource only has to be read
 * @param notice the notice of the AWS service about the resource; null: none
 */
public record ChangeHint(
        ResourceId resource,
        @Nullable ChangeAuthor by,
        @Nullable ServiceWord notice) {
    public ChangeHint(ResourceId resource, @Nullable ChangeAuthor by) {
        this(resource, by, null);
    }

    /**
     * The notice of an AWS service about a resource.
     *
     * @param reason one word, like the reason of an event: {@code TaskStopped}
     * @param message the notice for people
     */
    public record ServiceWord(String reason, String message) {
        /** An image was pushed: a tag may now name another image. */
        public static final String IMAGE_PUSHED = "ImagePushed";

        /** A task stopped without a request. A rollout that fails sends this notice for each of its tasks. */
        public static final String TASK_STOPPED = "TaskStopped";

        /** The service failed to do something, or will fail soon. */
        public static final String FAILURE = "ServiceFailure";

        /** AWS will replace tasks at the date in the message. */
        public static final String RETIREMENT = "RetirementScheduled";
    }
}
