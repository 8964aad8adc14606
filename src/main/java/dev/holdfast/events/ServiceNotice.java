package dev.holdfast.events;

import static dev.holdfast.events.EventParser.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.model.ChangeHint;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A notice that an AWS service sends about its own work.
 *
 * @param account twelve digits
 * @param type the subject, derived from EventBridge's {@code detail-type}
 * @param texts the texts that name resources
 * @param message the text for people: the reason of a stop, the date of a retirement; null: none
 */
record ServiceNotice(
        String account,
        NoticeType type,
        Instant at,
        Set<String> texts,
        @Nullable String message) {
    /**
     * The codes of stops that nobody requested.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html">stopCode</a>
     */
    private static final Set<String> FAILURES = Set.of("TaskFailedToStart", "EssentialContainerExited");

    /** The subject of a notice. */
    enum NoticeType {
        /** A rollout of an ECS service has progressed, ended or failed. */
        ROLLOUT,
        /** A task has stopped, with the reason. */
        TASK_STOPPED,
        /** An image was pushed. */
        IMAGE_PUSHED,
        /** A database or a serverless cache has changed by itself, or has completed a change. */
        DATA_STORE,
        /** A database or a serverless cache has failed, or approaches a limit. */
        DATA_STORE_FAILURE,
        /** AWS will replace tasks, at a known time. */
        RETIREMENT
    }

    /** The notice for people; null: the notice is only a reason to read the resource. */
    ChangeHint.@Nullable ServiceWord word() {
        return switch (type) {
            case ROLLOUT -> null;
            case TASK_STOPPED ->
                new ChangeHint.ServiceWord(
                        ChangeHint.ServiceWord.TASK_STOPPED,
                        "a task has stopped: " + (message == null ? "ECS gives no reason" : message));
            case IMAGE_PUSHED ->
                new ChangeHint.ServiceWord(
                        ChangeHint.ServiceWord.IMAGE_PUSHED,
                        "an image was pushed" + (message == null ? "" : " under the tag " + message));
            case DATA_STORE -> message == null ? null : new ChangeHint.ServiceWord("ServiceEvent", message);
            case DATA_STORE_FAILURE ->
                new ChangeHint.ServiceWord(
                        ChangeHint.ServiceWord.FAILURE,
                        message == null ? "it failed, and AWS gives no reason" : message);
            case RETIREMENT ->
                new ChangeHint.ServiceWord(ChangeHint.ServiceWord.RETIREMENT, "AWS will replace tasks: " + message);
        };
    }

    /** @return null if the event is of no interest */
    static @Nullable ServiceNotice of(String detailType, JsonNode envelope, JsonNode detail) {
        return switch (detailType) {
            case "ECS Deployment State Change", "ECS Service Action" ->
                notice(envelope, NoticeType.ROLLOUT, resources(envelope), text(detail, "reason"));
            case "ECS Task State Change" -> stopped(envelope, detail);
            case "ECR Image Action" -> pushed(envelope, detail);
            case "RDS DB Instance Event",
                    "RDS DB Cluster Event",
                    "RDS DB Parameter Group Event",
                    "RDS DB Security Group Event" -> dataStore(envelope, detail, failed(detail));
            // Events of snapshots are left out, because a snapshot does not change the cache.
            case "Cache Created", "Cache Updated", "Cache Deleted" -> dataStore(envelope, detail, false);
            case "Cache Creation Failed", "Cache Update Failed", "Cache Limit Approaching" ->
                dataStore(envelope, detail, true);
            case "AWS Health Event" -> health(envelope, detail);
            default -> null;
        };
    }

    private static @Nullable ServiceNotice stopped(JsonNode envelope, JsonNode detail) {
        if (!text(detail, "lastStatus").equals("STOPPED") || !FAILURES.contains(text(detail, "stopCode"))) {
            return null;
        }
        Set<String> texts = resources(envelope);
        String group = text(detail, "group");
        ResourceNames.parts(group, texts);
        ResourceNames.parts(text(detail, "clusterArn"), texts);
        return group.startsWith("service:")
                ? notice(envelope, NoticeType.TASK_STOPPED, texts, text(detail, "stoppedReason"))
                : null;
    }

    private static @Nullable ServiceNotice pushed(JsonNode envelope, JsonNode detail) {
        if (!text(detail, "action-type").equals("PUSH")
                || !text(detail, "result").equals("SUCCESS")) {
            return null;
        }
        Set<String> texts = resources(envelope);
        texts.add(text(detail, "repository-name"));
        return notice(envelope, NoticeType.IMAGE_PUSHED, texts, text(detail, "image-tag"));
    }

    /**
     * Events of RDS and ElastiCache have the same members. ElastiCache sends events of serverless caches to
     * EventBridge, and events of node-based caches only to SNS.
     *
     * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-rds.html">RDS's events</a>
     * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-elasticache.html">ElastiCache's events</a>
     */
    private static @Nullable ServiceNotice dataStore(JsonNode envelope, JsonNode detail, boolean failed) {
        Set<String> texts = resources(envelope);
        ResourceNames.parts(text(detail, "SourceIdentifier"), texts);
        ResourceNames.parts(text(detail, "SourceArn"), texts);
        NoticeType type = failed ? NoticeType.DATA_STORE_FAILURE : NoticeType.DATA_STORE;
        return notice(envelope, type, texts, text(detail, "Message"));
    }

    /** @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html">RDS's categories</a> */
    private static boolean failed(JsonNode detail) {
        boolean failed = false;
        for (JsonNode category : detail.path("EventCategories")) {
            failed |= category.asText().equals("failure");
        }
        return failed;
    }

    /** @see <a href="https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html">Health's events</a> */
    private static @Nullable ServiceNotice health(JsonNode envelope, JsonNode detail) {
        String code = text(detail, "eventTypeCode");
        if (!text(detail, "eventTypeCategory").equals("scheduledChange")) {
            return null;
        }
        Set<String> texts = resources(envelope);
        detail.path("affectedEntities").forEach(one -> ResourceNames.parts(text(one, "entityValue"), texts));
        return notice(envelope, NoticeType.RETIREMENT, texts, code + ", begins " + text(detail, "startTime"));
    }

    private static Set<String> resources(JsonNode envelope) {
        Set<String> texts = new HashSet<>();
        envelope.path("resources").forEach(one -> {
            if (one.isTextual()) {
                ResourceNames.parts(one.textValue(), texts);
            }
        });
        return texts;
    }

    private static @Nullable ServiceNotice notice(
            JsonNode envelope, NoticeType type, Set<String> texts, String message) {
        Instant at;
        try {
            at = Instant.parse(text(envelope, "time"));
        } catch (DateTimeException e) {
            return null;
        }
        texts.remove("");
        return new ServiceNotice(
                text(envelope, "account"), type, at, Set.copyOf(texts), message.isEmpty() ? null : message);
    }
}
