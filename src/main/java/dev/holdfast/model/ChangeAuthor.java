package dev.holdfast.model;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The author of a change in AWS, as CloudTrail's record of the call tells it. It contains ids and names only: no parameter of
 * the call.
 *
 * @param who the person: the session's name, the source identity, the IAM user or the federated name; or AWS's own service
 * @param type of the identity
 * @param role that the person assumed, by name; null: none
 * @param through what: {@code AWS console}, {@code Terraform}, {@code aws-cli}; null: the record does not say
 * @param from the address, or the service that made the call on somebody's behalf; null: it is not to be shown
 * @param at when the call was made, by AWS's clock
 * @param event the call: {@code ec2:AuthorizeSecurityGroupIngress}
 * @param eventId CloudTrail's id of the record
 * @see <a href="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html">userIdentity</a>
 */
public record ChangeAuthor(
        String who,
        IdentityType type,
        @Nullable String role,
        @Nullable String through,
        @Nullable String from,
        Instant at,
        String event,
        String eventId) {
    /** What is read back from the state without one of these is no author: reading it fails here. */
    public ChangeAuthor {
        Objects.requireNonNull(who);
        Objects.requireNonNull(type);
        Objects.requireNonNull(at);
        Objects.requireNonNull(event);
        Objects.requireNonNull(eventId);
    }

    /** The type of an identity, in our words. */
    public enum IdentityType {
        Root,
        IamUser,
        AssumedRole,
        Federated,
        AwsAccount,
        AwsService,
        /** A type that this version does not know. */
        Other
    }

    /** {@code alice (role admin) through aws-cli from 203.0.113.7} */
    public String inWords() {
        String kind = switch (type) {
            case Root -> " (root user)";
            case IamUser -> " (IAM user)";
            case AssumedRole -> role == null ? " (assumed role)" : " (role " + role + ")";
            case Federated -> " (federated user)";
            case AwsAccount -> " (another account)";
            case AwsService -> " (AWS service)";
            case Other -> "";
        };
        return who + kind + (through == null ? "" : " through " + through) + (from == null ? "" : " from " + from);
    }
}
