package dev.holdfast.twin;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.List;

/** A fault that can be injected. In JSON, {@code type} is its name. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = TwinFault.Deny.class, name = "Deny"),
    @JsonSubTypes.Type(value = TwinFault.AllowOnly.class, name = "AllowOnly"),
    @JsonSubTypes.Type(value = TwinFault.Throttle.class, name = "Throttle"),
    @JsonSubTypes.Type(value = TwinFault.Limit.class, name = "Limit"),
    @JsonSubTypes.Type(value = TwinFault.Refuse.class, name = "Refuse"),
    @JsonSubTypes.Type(value = TwinFault.Fail.class, name = "Fail"),
    @JsonSubTypes.Type(value = TwinFault.Cut.class, name = "Cut"),
    @JsonSubTypes.Type(value = TwinFault.CutAtWrite.class, name = "CutAtWrite"),
    @JsonSubTypes.Type(value = TwinFault.Latency.class, name = "Latency"),
    @JsonSubTypes.Type(value = TwinFault.StaleRead.class, name = "StaleRead")
})
public sealed interface TwinFault {
    /** Refused for lack of a permission, in the service's own dialect. */
    record Deny() implements TwinFault {}

    /**
     * Everything else is refused for lack of a permission; {@code sts:GetCallerIdentity} never is.
     *
     * @param actions of IAM, with {@code *}: {@code ec2:Describe*}
     */
    record AllowOnly(List<String> actions) implements TwinFault {
        public AllowOnly {
            actions = List.copyOf(actions);
        }
    }

    /** Refused as too many, in the service's own dialect. */
    record Throttle() implements TwinFault {}

    /**
     * A token bucket for each account, region and service; a request that finds it empty is throttled.
     *
     * @param rate tokens a second, by the twin's clock
     * @param burst tokens that it holds, and starts with
     */
    record Limit(double rate, int burst) implements TwinFault {}

    /**
     * Refused with this error; nothing was done.
     *
     * @param status of HTTP
     * @param code as on the wire
     */
    record Refuse(int status, String code, String message) implements TwinFault {}

    /** Answered with HTTP 500; nothing was done. */
    record Fail() implements TwinFault {}

    /** The connection is cut instead of an answer; nothing was done. */
    record Cut() implements TwinFault {}

    /**
     * The n-th write that the rule fits is cut off, and from then on every connection of its caller is: as if the
     * caller had been killed. Counts from when the rule was added, writes that are refused by AWS's rules too.
     *
     * @param n from 1
     * @param takesEffect whether that write is carried out before the connection is cut
     */
    record CutAtWrite(int n, boolean takesEffect) implements TwinFault {}

    /** In real time, before anything is done. */
    record Latency(Duration delay) implements TwinFault {}

    /**
     * A read is answered as the same read was before something changed, if it was made then.
     *
     * @param maxAge how long ago, by the twin's clock, the stale answer may have been true
     */
    record StaleRead(Duration maxAge) implements TwinFault {}
}
