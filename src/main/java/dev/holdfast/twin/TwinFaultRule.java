package dev.holdfast.twin;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.holdfast.twin.store.PolicyElements;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A fault, and the requests that it affects.
 *
 * @param operation {@code ec2:DescribeVpcs}; {@code *} matches any text, and {@code ?} one
 *     character: {@code ec2:*}, {@code *:Delete*}
 * @param caller an access key id; null matches every caller
 * @param app the app in the User-Agent header; null matches any app
 * @param times the number of hits after which the rule ends; null if it never ends
 * @param probability the probability, from 0 to 1, that the fault hits a matching request
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

    /** @param glob a pattern with the wildcards of IAM; it ignores case, as IAM does for actions */
    static boolean matches(String glob, String text) {
        return PolicyElements.fits(glob, text, true);
    }

    /** A rule that hits every request for these operations from every caller. */
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
