package dev.holdfast.twin;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.List;

/** A fault that can be injected. The member {@code type} of its JSON is the name of the record. */
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
    /** Refuses the request because a permission is missing, in the error format of the service. */
    record Deny() implements TwinFault {}

    /**
     * Refuses every other action because its permission is missing, except {@code sts:GetCallerIdentity}.
     *
     * @param actions IAM actions, with IAM's wildcards: {@code ec2:Describe*}
     */
    record AllowOnly(List<String> actions) implements TwinFault {
        public AllowOnly {
            actions = List.copyOf(actions);
        }
    }

    /** Refuses the request because there are too many, in the error format of the service. */
    record Throttle() implements TwinFault {}

    /**
     * A token bucket for each account, region and service. A request that finds the bucket empty is throttled.
     *
     * @param rate the tokens per second, by the twin's clock
     * @param burst the capacity of the bucket, which is full at first
     */
    record Limit(double rate, int burst) implements TwinFault {}

    /**
     * Refuses the request with this error and does not carry it out.
     *
     * @param status the HTTP status
     * @param code the code on the wire
     */
    record Refuse(int status, String code, String message) implements TwinFault {}

    /** Answers with HTTP 500 and does not carry the request out. */
    record Fail() implements TwinFault {}

    /** Cuts the connection instead of an answer and does not carry the request out. */
    record Cut() implements TwinFault {}

    /**
     * Cuts the connection of the n-th write that matches the rule, and afterwards every connection of its caller, as if
     * the caller had been killed. The count starts when the rule is added and includes writes that AWS's rules refuse.
     *
     * @param n the number of the write, from 1
     * @param takesEffect whether that write is carried out before the connection is cut
     */
    record CutAtWrite(int n, boolean takesEffect) implements TwinFault {}

    /** Waits, in real time, before the request is carried out. */
    record Latency(Duration delay) implements TwinFault {}

    /**
     * Answers a read with its answer before the last change, if the same read was made at that time.
     *
     * @param maxAge the time, by the twin's clock, within which the stale answer must have been true
     */
    record StaleRead(Duration maxAge) implements TwinFault {}
}
