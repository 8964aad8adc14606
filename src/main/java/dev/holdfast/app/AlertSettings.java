package dev.holdfast.app;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * The configured destinations of alerts and metrics.
 *
 * @param topic the ARN of an SNS topic, or null
 * @param webhook the URL of the webhook, which is a secret, or null
 * @param cloudWatch whether metrics are published to CloudWatch
 */
record AlertSettings(@Nullable String topic, @Nullable URI webhook, boolean cloudWatch) {
    static final AlertSettings NONE = new AlertSettings(null, null, false);

    private static final String TOPIC = "HOLDFAST_ALERT_TOPIC";
    private static final String WEBHOOK = "HOLDFAST_ALERT_WEBHOOK";
    private static final String METRICS = "HOLDFAST_METRICS";

    /** https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
    private static final Pattern TOPIC_ARN =
            Pattern.compile("arn:aws[a-z-]*:sns:([a-z0-9-]+):\\d{12}:[A-Za-z0-9_-]{1,256}");

    private static final Pattern THIS_MACHINE = Pattern.compile("localhost|127\\.0\\.0\\.1|\\[::1]");

    /** @throws CommandFailure if a variable has a wrong value; the message names the variable */
    static AlertSettings read() {
        return of(name ->
                ConfigProvider.getConfig().getOptionalValue(name, String.class).orElse(""));
    }

    /** @param variables returns the empty string for a variable that is not set */
    static AlertSettings of(UnaryOperator<String> variables) {
        String topic = variables.apply(TOPIC).strip();
        String webhook = variables.apply(WEBHOOK).strip();
        String metrics = variables.apply(METRICS).strip();
        if (!topic.isEmpty() && !TOPIC_ARN.matcher(topic).matches()) {
            throw wrong(
                    TOPIC, "'" + topic + "' is not the ARN of a standard SNS topic, arn:aws:sns:REGION:ACCOUNT:NAME");
        }
        if (!metrics.isEmpty() && !metrics.equals("cloudwatch")) {
            throw wrong(METRICS, "'" + metrics + "' is not a valid value; the only value is 'cloudwatch'");
        }
        return new AlertSettings(
                topic.isEmpty() ? null : topic, webhook.isEmpty() ? null : address(webhook), !metrics.isEmpty());
    }

    /** The address is a secret, so the messages do not contain it. */
    private static URI address(String text) {
        URI address;
        try {
            address = new URI(text);
        } catch (URISyntaxException e) {
            throw wrong(WEBHOOK, "the value is not a URL");
        }
        if (address.getHost() == null || address.getScheme() == null) {
            throw wrong(WEBHOOK, "the value is not a URL of the form https://…");
        }
        boolean here = THIS_MACHINE.matcher(address.getHost()).matches();
        if (!address.getScheme().equals("https") && !(address.getScheme().equals("http") && here)) {
            throw wrong(WEBHOOK, "the URL must begin with https://, because it is a secret");
        }
        return address;
    }

    private static CommandFailure wrong(String variable, String why) {
        return new CommandFailure(variable + ": " + why, ExitCodes.USAGE);
    }

    /** The region of the topic. */
    static String regionOf(String topicArn) {
        Matcher arn = TOPIC_ARN.matcher(topicArn);
        if (!arn.matches()) {
            throw new IllegalArgumentException(topicArn);
        }
        return arn.group(1);
    }

    /** Leaves out the webhook's address. */
    @Override
    public String toString() {
        return "AlertSettings[topic=" + topic + ", webhook=" + (webhook == null ? "none" : "set") + ", cloudWatch="
                + cloudWatch + "]";
    }
}
