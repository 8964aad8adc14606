package dev.holdfast.twin;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which requests a fault befalls.
 *
 * @param operation {@code ec2:DescribeVpcs}, with {@code *}: {@code ec2:*}, {@code *:Delete*}
 * @param caller an access key id; null: everybody
 * @param app of the User-Agent; null: any
 * @param times after so many hits the rule is over; null: never
 * @param probability that it hits a request that it fits, 0 to 1
 */
public record TwinFaultRule(
        String operation,
        @Nullable String caller,
        @Nullable String app,
        @Nullable Integer times,
        double probability,
        TwinFault fault) {

    boolean fits(String requested, String by, @Nullable String ofApp) {
        return matches(operation, requested)
                && (caller == null || caller.equals(by))
                && (app == null || app.equals(ofApp));
    }

    /** @param glob with {@code *} for any text; without case, as IAM compares actions */
    static boolean matches(String glob, String text) {
        if (glob.equals("*")) {
            return true;
        }
        if (glob.indexOf('*') < 0) {
            return glob.equalsIgnoreCase(text);
        }
        String regex = Pattern.quote(glob).replace("*", "\\E.*\\Q");
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE).matcher(text).matches();
    }

    /** Hits every request for these operations, from everybody. */
    public static TwinFaultRule on(String operation, TwinFault fault) {
        return new TwinFaultRule(operation, null, null, null, 1, fault);
    }

    public TwinFaultRule by(String accessKey) {
        return new TwinFaultRule(operation, accessKey, app, times, probability, fault);
    }

    public TwinFaultRule ofApp(String name) {
        return new TwinFaultRule(operation, caller, name, times, probability, fault);
    }

    public TwinFaultRule times(int hits) {
        return new TwinFaultRule(operation, caller, app, hits, probability, fault);
    }

    public TwinFaultRule withProbability(double p) {
        return new TwinFaultRule(operation, caller, app, times, p, fault);
    }

    @JsonCreator
    static TwinFaultRule of(
            @JsonProperty("operation") @Nullable String operation,
            @JsonProperty("caller") @Nullable String caller,
            @JsonProperty("app") @Nullable String app,
            @JsonProperty("times") @Nullable Integer times,
            @JsonProperty("probability") @Nullable Double probability,
            @JsonProperty(value = "fault", required = true) TwinFault fault) {
        return new TwinFaultRule(
                Objects.requireNonNullElse(operation, "*"),
                caller,
                app,
                times,
                Objects.requireNonNullElse(probability, 1.0),
                fault);
    }
}
