package dev.holdfast.app;

import dev.holdfast.aws.Partitions;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * The source of change events.
 *
 * @param queue the URL of the SQS queue; null: events are off
 * @param names whether the names and addresses of people may be stored and shown
 */
record ChangeEventSettings(@Nullable String queue, boolean names) {
    static final ChangeEventSettings OFF = new ChangeEventSettings(null, true);

    private static final Pattern REGION = Pattern.compile("sqs\\.([a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?");

    /** @throws CommandFailure if a variable has an invalid value */
    static ChangeEventSettings read() {
        Config config = ConfigProvider.getConfig();
        String queue = config.getOptionalValue("HOLDFAST_EVENTS", String.class)
                .filter(v -> !v.isBlank())
                .orElse(null);
        String names = config.getOptionalValue("HOLDFAST_EVENTS_NAMES", String.class)
                .filter(v -> !v.isBlank())
                .orElse("show");
        if (!names.equals("show") && !names.equals("hide")) {
            throw new CommandFailure(
                    "HOLDFAST_EVENTS_NAMES must be show or hide; found '" + names + "'", ExitCodes.USAGE);
        }
        if (queue != null && !isUrl(queue)) {
            throw new CommandFailure(
                    "HOLDFAST_EVENTS must be the URL of an SQS queue, https://sqs.REGION.amazonaws.com/ACCOUNT/NAME; found '"
                            + queue + "'",
                    ExitCodes.USAGE);
        }
        return new ChangeEventSettings(queue, names.equals("show"));
    }

    private static boolean isUrl(String text) {
        try {
            URI uri = URI.create(text);
            return uri.getHost() != null
                    && uri.getScheme().startsWith("http")
                    && uri.getPath().length() > 1;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The ARN of the queue; null: events are off. */
    @Nullable
    String queueArn() {
        if (queue == null) {
            return null;
        }
        String region = region();
        String[] path = URI.create(queue).getPath().split("/", -1);
        return "arn:" + Partitions.id(region == null ? "us-east-1" : region) + ":sqs:" + (region == null ? "*" : region)
                + ":" + (path.length > 2 ? path[path.length - 2] : "*") + ":" + path[path.length - 1];
    }

    /** The queue's region according to its URL; null if the URL does not contain it. */
    @Nullable
    String region() {
        Matcher matcher = REGION.matcher(queue == null ? "" : queue);
        return matcher.find() ? matcher.group(1) : null;
    }
}
